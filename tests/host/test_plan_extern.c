// SPDX-License-Identifier: GPL-2.0
/* What a plan says of externs, and values for them out of a configuration. */
#include <stdlib.h>
#include <linux/btf.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include "../../kernel/bpf/loader/plan.h"
#include "../../kernel/bpf/loader/type_compat.h"
#include "check_plan.h"
#include "test.h"
#include "objects/objects.h"
#include "plan_build.h"

static const struct bpffs_plan_extern *find(const struct bpffs_plan *plan, const char *name)
{
	u32 i;

	for (i = 0; i < plan->nr_externs; i++) {
		if (!strcmp(plan->externs[i].name, name))
			return &plan->externs[i];
	}
	fprintf(stderr, "no extern %s\n", name);
	exit(1);
}

static void test_kinds(const struct bpffs_plan *plan)
{
	const struct bpffs_btf *btf = &plan->btf;

	is(plan->nr_externs, 6, "every undefined symbol is an extern");
	is_str(plan->externs[0].name, "CONFIG_YES", "values come first");
	is_str(plan->externs[1].name, "address", "then the others by name");
	is(find(plan, "address")->kind, BPFFS_EXTERN_SYMBOL, "void is an address");
	is(find(plan, "address")->weak, 0, "strong");
	is(find(plan, "missing_address")->weak, 1, "weak");
	is(find(plan, "variable")->kind, BPFFS_EXTERN_VAR, "a variable");
	is(bpffs_btf_kind(bpffs_btf_type(btf, find(plan, "variable")->type)), BTF_KIND_FWD,
	   "keeps the type that it was declared with");
	is(find(plan, "function")->kind, BPFFS_EXTERN_FUNC, "a function");
	is(bpffs_btf_kind(bpffs_btf_type(btf, find(plan, "function")->type)),
	   BTF_KIND_FUNC_PROTO, "has its prototype");
	is(plan->nr_maps, 1, "values are a map");
	is(plan->kconfig_map, 0, "of this number");
	is_str(plan->maps[0].name, ".kconfig", "and name");
	is(plan->maps[0].origin, BPFFS_MAP_KCONFIG, "origin");
	is(plan->maps[0].flags, BPF_F_RDONLY_PROG | BPF_F_MMAPABLE, "flags");
	is(plan->nr_vars, 1, "a value is a variable");
	is_str(plan->vars[0].name, "CONFIG_YES", "of its name");
}

static void test_references(const struct bpffs_plan *plan)
{
	const struct bpffs_plan_prog *prog = &plan->progs[0];
	u32 i, nr_calls = 0;

	is(prog->nr_map_refs, 1, "the value is a reference to the map");
	is(prog->insns[prog->map_refs[0].insn].src_reg, BPF_PSEUDO_MAP_VALUE, "of its value");
	is(prog->nr_extern_refs, 6, "the others are references to externs");
	for (i = 0; i < prog->nr_extern_refs; i++) {
		ok(!i || prog->extern_refs[i].insn > prog->extern_refs[i - 1].insn, "in order");
		nr_calls += prog->insns[prog->extern_refs[i].insn].code == (BPF_JMP | BPF_CALL);
	}
	is(nr_calls, 2, "two of them calls");
}

/* Compilers write -1 where a kfunc is called; a file may have anything there. */
static void test_call_operands(struct object *object)
{
	const struct bpf_insn call = {
		.code = BPF_JMP | BPF_CALL, .src_reg = BPF_PSEUDO_CALL, .imm = -1,
	};
	const s32 far = 0x20000;
	struct bpffs_plan *plan;
	u32 i, nr = 0;
	u8 *at;

	for (i = 0; i + sizeof(call) <= object->size; i += sizeof(call)) {
		at = object->image + i;
		if (memcmp(at, &call, sizeof(call)))
			continue;
		memcpy(at + offsetof(struct bpf_insn, imm), &far, sizeof(far));
		plan = plan_of(object);
		memcpy(at, &call, sizeof(call));
		if (IS_ERR(plan))
			continue;
		check_plan(plan);
		bpffs_plan_free(plan);
		nr++;
	}
	is(nr, 2, "a call to a kfunc has any operand, one to a subprogram has not");
}

/* The first load of an extern; what main calls comes behind it in a plan. */
static u32 extern_load(const struct bpffs_plan *plan)
{
	const struct bpffs_plan_prog *prog = &plan->progs[0];
	u32 i = 0;

	while (prog->insns[prog->extern_refs[i].insn].code != CHECK_LD_IMM64)
		i++;
	return prog->extern_refs[i].insn;
}

/* An offset goes into a value of .kconfig, and nowhere else. */
static void test_offsets(const struct object *whole, u32 insn)
{
	struct object o = object_copy(whole, whole->size);
	struct bpf_insn *insns = object_bytes(&o, "raw_tp/sys_enter");
	struct bpffs_plan *plan;

	insns[insn].imm = 8;
	plan = plan_of(&o);
	is(IS_ERR(plan) ? PTR_ERR(plan) : 0, -EINVAL, "an offset from what has no bytes");
	has_str(diag.text, "offset 8 from \"", "and says from what");
	object_free(&o);
}

/* What the kernel asks of BTF, as far as externs could break it. */
static void test_btf(const struct bpffs_plan *plan)
{
	const struct bpffs_btf *btf = &plan->btf;
	const struct btf_var_secinfo *info;
	const struct btf_param *param;
	const struct btf_type *t;
	u32 i;

	t = bpffs_btf_type(btf, bpffs_btf_find(btf, ".ksyms", BTF_KIND_DATASEC));
	is(t->size, 5 * sizeof(u32), "the section of symbols is one of integers");
	info = bpffs_btf_tail(t);
	for (i = 0; i < bpffs_btf_vlen(t); i++) {
		const struct btf_type *var = bpffs_btf_type(btf, info[i].type);

		ok(bpffs_btf_kind(var) == BTF_KIND_VAR && info[i].offset == i * 4 &&
		   bpffs_btf_size(btf, var->type) == 4 &&
		   ((const struct btf_var *)bpffs_btf_tail(var))->linkage ==
		   BTF_VAR_GLOBAL_ALLOCATED, "member %u is one", i);
	}
	t = bpffs_btf_type(btf, bpffs_btf_find(btf, "function", BTF_KIND_FUNC));
	is(bpffs_btf_vlen(t), BTF_FUNC_GLOBAL, "a function is no extern any more");
	param = bpffs_btf_tail(bpffs_btf_type(btf, t->type));
	is_str(bpffs_btf_name(btf, param[1].name_off), "dummy_ksym",
	       "a parameter without a name has one");
}

/* libbpf would say that the extern is void, which the kernel does not take. */
static void test_no_int(void)
{
	struct object object = object_read("no_int");
	struct bpffs_plan *plan = plan_of(&object);
	const struct btf_var_secinfo *info;
	const struct btf_type *t;

	if (!is_str(diag.text, "", "an object without integers has a plan"))
		return;
	t = bpffs_btf_type(&plan->btf, bpffs_btf_find(&plan->btf, ".ksyms", BTF_KIND_DATASEC));
	info = bpffs_btf_tail(t);
	is(bpffs_btf_size(&plan->btf, bpffs_btf_type(&plan->btf, info->type)->type), 4,
	   "its BTF has got one");
	bpffs_plan_free(plan);
	object_free(&object);
}

static void swap_names(struct object *object, const char *a, const char *b)
{
	struct elf64_sym *left = object_symbol(object, a), *right = object_symbol(object, b);
	u32 name = left->st_name;

	left->st_name = right->st_name;
	right->st_name = name;
}

static void test_lies(void)
{
	struct object whole = object_read("externs"), o;
	struct bpffs_plan *plan;

#define LIE(what, part, change) do {					\
	o = object_copy(&whole, whole.size);				\
	change;								\
	plan = plan_of(&o);						\
	is(IS_ERR(plan) ? PTR_ERR(plan) : 0, -EINVAL, what);		\
	has_str(diag.text, part, "and says why");			\
	object_free(&o);						\
} while (0)

	LIE("an extern that BTF says is none", "is no extern",
	    object_symbol(&o, "function")->st_name = object_symbol(&o, "sub")->st_name);
	LIE("an extern that is there twice", "twice",
	    object_symbol(&o, "function")->st_name = object_symbol(&o, "missing")->st_name);
	LIE("an extern that is none in the file", "not an undefined symbol",
	    object_symbol(&o, "function")->st_shndx = 1);
	LIE("a variable that is called", "not a function", swap_names(&o, "function", "variable"));
	object_free(&whole);
}

static const char config[] =
	"# a comment\n"
	"# CONFIG_NO is not set\n"
	"CONFIG_YES=y\n"
	"CONFIG_YES_AND_MORE=7\n"
	"CONFIG_MODULE=m\n"
	"CONFIG_BUILT_IN=y\n"
	"CONFIG_LETTER=m\n"
	"CONFIG_SMALL=-128\n"
	"CONFIG_NEGATIVE=-0x8000\n"
	"CONFIG_HEX=0xFfffffff\n"
	"CONFIG_WIDE=18446744073709551615\n"
	"CONFIG_EMPTY=\n"
	"CONFIG_STRING=\"a \"b\"\"\n"
	"CONFIG_LONG_STRING=\"much too long\"\n"
	"CONFIG_YES=n";

static int read_config(struct bpffs_plan *plan, const char *text, size_t size, bool *found)
{
	char *exact = malloc(size);
	int err;

	memcpy(exact, text, size);
	memset(&diag, 0, sizeof(diag));
	err = bpffs_kconfig_read(plan, exact, size, found, &diag);
	free(exact);
	return err;
}

static const void *value(const struct bpffs_plan *plan, const char *name)
{
	return plan->maps[plan->kconfig_map].data + find(plan, name)->offset;
}

static void test_values(struct bpffs_plan *plan)
{
	bool found[32] = {};

	is(read_config(plan, config, sizeof(config) - 1, found), 0, "a configuration is read");
	is(*(const u8 *)value(plan, "CONFIG_YES"), 1, "the first line counts");
	is(*(const u8 *)value(plan, "CONFIG_NO"), 0, "what is not set is no");
	is(found[find(plan, "CONFIG_NO") - plan->externs], 0, "and not found");
	is(*(const u32 *)value(plan, "CONFIG_MODULE"), 2, "m");
	is(*(const u32 *)value(plan, "CONFIG_BUILT_IN"), 1, "y");
	is(*(const u8 *)value(plan, "CONFIG_LETTER"), 'm', "m as a letter");
	is(*(const s8 *)value(plan, "CONFIG_SMALL"), -128, "the least that fits");
	is(*(const s16 *)value(plan, "CONFIG_NEGATIVE"), -0x8000, "in hex");
	is(*(const u32 *)value(plan, "CONFIG_HEX"), 0xffffffff, "the most that fits");
	is(*(const s64 *)value(plan, "CONFIG_WIDE"), -1, "64 bits");
	is_str(value(plan, "CONFIG_STRING"), "a \"b\"", "a string");
	is_str(value(plan, "CONFIG_LONG_STRING"), "much ", "a string that is cut off");
	is(*(const u32 *)value(plan, "CONFIG_MISSING"), 0, "what is missing is 0");
	is(bpffs_kconfig_set(find(plan, "LINUX_HAS_BPF_COOKIE"), 2,
			     plan->maps[plan->kconfig_map].data, &diag), -ERANGE,
	   "a bool is 0 or 1");
}

static void test_bad_values(struct bpffs_plan *plan)
{
	static const struct {
		const char *text;
		int err;
	} bad[] = {
		{ "CONFIG_YES=m", -EINVAL },
		{ "CONFIG_YES=1", -EINVAL },
		{ "CONFIG_YES=\"y\"", -EINVAL },
		{ "CONFIG_MODULE=1", -EINVAL },
		{ "CONFIG_HEX=y", -EINVAL },
		{ "CONFIG_HEX=0x", -EINVAL },
		{ "CONFIG_HEX=-", -EINVAL },
		{ "CONFIG_HEX=12 ", -EINVAL },
		{ "CONFIG_HEX=08", -EINVAL },
		{ "CONFIG_HEX=0x100000000", -ERANGE },
		{ "CONFIG_HEX=-1", -ERANGE },
		{ "CONFIG_SMALL=128", -ERANGE },
		{ "CONFIG_SMALL=-129", -ERANGE },
		{ "CONFIG_WIDE=18446744073709551616", -EINVAL },
		{ "CONFIG_STRING=\"", -EINVAL },
		{ "CONFIG_STRING=\"open", -EINVAL },
		{ "CONFIG_STRING=3", -EINVAL },
	};
	bool found[32];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		memset(found, 0, sizeof(found));
		is(read_config(plan, bad[i].text, strlen(bad[i].text), found), bad[i].err,
		   bad[i].text);
		has_str(diag.text, "CONFIG_", "and says of what");
	}
}

/* An option's name ends at no NUL before its '='. */
static void test_nul_in_name(struct bpffs_plan *plan)
{
	static const char head[] = "CONFIG_YES", tail[] = "=y";
	size_t size = 4 << 20;
	char *text = malloc(size);
	bool found[32] = {};

	memset(text, 'x', size);
	memcpy(text, head, sizeof(head));
	memcpy(text + size - 2, tail, 2);
	is(read_config(plan, text, size, found), 0, "a NUL in the name of an option");
	is(found[find(plan, head) - plan->externs], 0, "makes it another's");
	free(text);
}

static void test_killed(struct bpffs_plan *plan)
{
	bool found[32] = {};

	test_kill_at = 1;
	is(read_config(plan, config, sizeof(config) - 1, found), -EINTR,
	   "options are looked for until who looks is killed");
	test_kill_at = 0;
}

/*
 * The object with more types, @size bytes of them, behind those that it has. They
 * are the end of the file: the strings are put before them.
 */
static struct object with_types(struct object *whole, const u32 *types, u32 size)
{
	const u8 *old = object_bytes(whole, ".BTF");
	const struct btf_header *from = (const void *)old;
	const size_t at = round_up(whole->size, 8);
	struct btf_header hdr = *from;
	struct object o;
	u8 *to;

	hdr.str_off = 0;
	hdr.type_off = round_up(hdr.str_len, 4);
	hdr.type_len += size;
	o = object_copy(whole, at + sizeof(hdr) + hdr.type_off + hdr.type_len);
	object_shdr_of(&o, ".BTF")->sh_offset = at;
	object_shdr_of(&o, ".BTF")->sh_size = o.size - at;
	to = o.image + at;
	memset(o.image + whole->size, 0, o.size - whole->size);
	memcpy(to, &hdr, sizeof(hdr));
	memcpy(to + sizeof(hdr), old + from->hdr_len + from->str_off, from->str_len);
	to += sizeof(hdr) + hdr.type_off;
	memcpy(to, old + from->hdr_len + from->type_off, from->type_len);
	memcpy(to + from->type_len, types, size);
	return o;
}

/* No bytes of a type say that a pointer is a character; behind this one are none. */
static void test_pointers(struct object *whole)
{
	u32 size = object_shdr_of(whole, ".BTF")->sh_size, nr, integer;
	struct object exact = object_copy(whole, whole->size), o;
	void *btf_bytes = object_bytes(&exact, ".BTF");
	struct bpffs_btf btf;

	is(bpffs_btf_parse(&btf, btf_bytes, size, NULL), 0, "types of values");
	nr = btf.nr_types;
	integer = bpffs_btf_find(&btf, "int", BTF_KIND_INT);
	((struct btf_type *)btf.types[bpffs_btf_find(&btf, "CONFIG_WIDE", BTF_KIND_VAR)])->type =
		nr;
	bpffs_btf_release(&btf);
	o = with_types(&exact, (const u32 []) {
		0, BTF_KIND_ARRAY << 24, 0, nr + 1, integer, 1,
		0, BTF_KIND_PTR << 24, integer,
	}, 9 * sizeof(u32));
	is(build(&o), -EINVAL, "an array of pointers is no value of a configuration");
	has_str(diag.text, "CONFIG_WIDE", "and says which");
	object_free(&o);
	object_free(&exact);
}

/* Any bytes are a configuration, or are refused with a sentence. */
static void test_any_bytes(struct bpffs_plan *plan)
{
	char text[sizeof(config)];
	unsigned int mute = 0, i;
	bool found[32];

	for (i = 0; i < 20 * sizeof(config); i++) {
		memcpy(text, config, sizeof(config));
		text[i % (sizeof(config) - 1)] ^= 1 << (i * 7 % 8);
		memset(found, 0, sizeof(found));
		if (read_config(plan, text, sizeof(config) - 1 - i / 20 % 3, found) && !*diag.text)
			mute++;
	}
	is(mute, 0, "no change is refused without a sentence");
}

static void test_types(const struct bpffs_plan *plan)
{
	const struct bpffs_plan_extern *function = find(plan, "function");
	const struct bpffs_plan_extern *missing = find(plan, "missing");
	struct bpffs_types types;
	char text[96];
	u32 size;

	bpffs_types_of(&types, &plan->btf);
	ok(bpffs_types_fit(&types, function->type, &types, function->type), "a type fits itself");
	ok(!bpffs_types_fit(&types, function->type, &types, missing->type),
	   "not one of other arguments");
	ok(!bpffs_types_fit(&types, function->type, &types, 0), "nor void");
	ok(!bpffs_types_fit(&types, ~0U, &types, function->type), "nor what is not there");
	bpffs_types_describe(&types, function->type, text, sizeof(text));
	is_str(text, "function of 2 arguments", "in words");
	ok(!bpffs_types_size(&types, function->type, &size), "a prototype has no size");
	ok(bpffs_types_size(&types, find(plan, "CONFIG_YES")->type, &size) && size == 1,
	   "a bool has one");
}

int main(void)
{
	struct object externs = object_read("externs"), kconfig = object_read("kconfig");
	struct bpffs_plan *plan = plan_of(&externs);

	if (!is_str(diag.text, "", "an object with externs has a plan"))
		return done_testing();
	test_kinds(plan);
	test_references(plan);
	test_btf(plan);
	test_types(plan);
	test_offsets(&externs, extern_load(plan));
	bpffs_plan_free(plan);
	test_no_int();
	test_lies();
	plan = plan_of(&kconfig);
	if (!is_str(diag.text, "", "an object of values has one"))
		return done_testing();
	test_values(plan);
	test_bad_values(plan);
	test_nul_in_name(plan);
	test_any_bytes(plan);
	test_killed(plan);
	bpffs_plan_free(plan);
	test_pointers(&kconfig);
	test_call_operands(&externs);
	object_free(&externs);
	object_free(&kconfig);
	return done_testing();
}
