// SPDX-License-Identifier: GPL-2.0
/* Plans for whole objects, for refused ones, and for those that lie. */
#include <linux/err.h>
#include <linux/kernel.h>
#include "../../kernel/bpf/loader/plan.h"
#include "test.h"
#include "objects/objects.h"
#include "plan_build.h"
#include "plan_find.h"

static struct object whole, unusual;

/* @change is what to write where in a copy of the object. */
#define REFUSED(what, err, part, change) do {				\
	struct object o = object_copy(&whole, whole.size);		\
									\
	change;								\
	is(build(&o), err, what);					\
	has_str(diag.text, part, "and says why");			\
	object_free(&o);						\
} while (0)

/* The same for a copy of the unusual one, which is still taken. */
#define TAKEN(what, change) do {					\
	struct object o = object_copy(&unusual, unusual.size);		\
									\
	change;								\
	is(build(&o), 0, what);						\
	is_str(diag.text, "", "and nothing is wrong with it");		\
	object_free(&o);						\
} while (0)

static struct elf64_rel *rels(struct object *object, const char *section)
{
	return object_bytes(object, section);
}

#define TRACEPOINT "tracepoint/syscalls/sys_enter_openat"

static void test_row_5_relocations(void)
{
	REFUSED("row 5: inside an instruction", -EINVAL,
		"relocation 0 of section .text at offset 12",
		rels(&o, ".rel.text")->r_offset = 12);
	REFUSED("row 5: past the section", -EINVAL, "not at an instruction",
		rels(&o, ".rel.text")->r_offset = 1 << 20);
	REFUSED("row 5: far past the section", -EINVAL, "not at an instruction",
		rels(&o, ".rel.text")->r_offset = -8);
	REFUSED("row 5: in the second half of a load", -EINVAL, "second half",
		rels(&o, ".rel.text")->r_offset += 8);
	REFUSED("row 5: on what is no load", -EINVAL, "neither a load",
		rels(&o, ".rel.text")->r_offset -= 8);
	REFUSED("row 5: two at one place", -EINVAL, "same place",
		rels(&o, ".rel.text")[1].r_offset =
			rels(&o, ".rel.text")[0].r_offset);
	REFUSED("row 5: of another type", -EINVAL, "type 2 on a load",
		rels(&o, ".rel.text")->r_info = (27ULL << 32) | 2);
	REFUSED("row 5: against the null symbol", -EINVAL, "symbol 0 of",
		rels(&o, ".rel.text")->r_info = 1);
	REFUSED("row 5: against no symbol", -EINVAL, "symbol 65536 of",
		rels(&o, ".rel.text")->r_info = (65536ULL << 32) | 1);
	REFUSED("row 5: for a section that is not there", -ENOEXEC,
		"relocations for section",
		object_shdr_of(&o, ".rel.text")->sh_info = 0xfff0);
	REFUSED("row 5: for section 0", -ENOEXEC, "relocations for section",
		object_shdr_of(&o, ".rel.text")->sh_info = 0);
	REFUSED("row 5: with other symbols", -ENOEXEC, "its symbols are in",
		object_shdr_of(&o, ".rel.text")->sh_link = 1);
	REFUSED("row 5: twice for one section", -ENOEXEC, "already",
		object_shdr_of(&o, ".rel.text")->sh_info =
			object_section(&o, TRACEPOINT));
	REFUSED("row 5: with addends", -ENOEXEC, "RELA",
		object_shdr_of(&o, ".rel.text")->sh_type = SHT_RELA);
}

static struct bpf_insn *insns(struct object *object, const char *section)
{
	return object_bytes(object, section);
}

/* The instruction that a relocation of a section is for. */
static struct bpf_insn *insn_of(struct object *object, const char *section,
				const struct elf64_rel *rel)
{
	return insns(object, section) + rel->r_offset / 8;
}

static struct elf64_sym *symbol_of(struct object *object,
				   const struct elf64_rel *rel)
{
	struct elf64_sym *symbols = object_bytes(object, ".symtab");

	return symbols + (rel->r_info >> 32);
}

static void test_row_5_targets(void)
{
	REFUSED("row 5: past the data section", -EINVAL,
		"offset 1000 of section .bss",
		insn_of(&o, ".text", rels(&o, ".rel.text") + 1)->imm = 1000);
	REFUSED("row 5: before the data section", -EINVAL,
		"offset -1 of section .bss",
		insn_of(&o, ".text", rels(&o, ".rel.text") + 1)->imm = -1);
	REFUSED("row 5: into the middle of a map", -EINVAL,
		"no map is defined at offset 4",
		insn_of(&o, ".text", rels(&o, ".rel.text"))->imm = 4);
	REFUSED("row 5: into debug information", -EOPNOTSUPP,
		"neither maps nor data",
		symbol_of(&o, rels(&o, ".rel.text") + 1)->st_shndx =
			object_section(&o, ".debug_str"));
}

static void test_numbers_of_the_writer(void)
{
	const struct bpf_insn call = {
		.code = BPF_JMP | BPF_CALL, .src_reg = 2, .imm = 1,
	};
	const struct bpf_insn load = {
		.code = BPF_LD | BPF_IMM | BPF_DW, .src_reg = BPF_PSEUDO_MAP_FD,
		.imm = 3,
	};

	REFUSED("a load that names a descriptor", -EINVAL, "by number",
		{ insns(&o, "fentry.s/do_unlinkat")[0] = load;
		  memset(&insns(&o, "fentry.s/do_unlinkat")[1], 0, 8); });
	REFUSED("a load without its second half", -EINVAL, "second half",
		insns(&o, "fentry.s/do_unlinkat")[1] = load);
	REFUSED("a call that names a kernel function", -EINVAL, "by number",
		insns(&o, "fentry.s/do_unlinkat")[0] = call);
	REFUSED("a call out of the section", -EINVAL, "no function begins",
		{ struct bpf_insn *i = insns(&o, "fentry.s/do_unlinkat");
		  i[0] = call; i[0].src_reg = BPF_PSEUDO_CALL;
		  i[0].imm = 0x7fffffff; });
	REFUSED("a call before the section", -EINVAL, "no function begins",
		{ struct bpf_insn *i = insns(&o, "fentry.s/do_unlinkat");
		  i[0] = call; i[0].src_reg = BPF_PSEUDO_CALL;
		  i[0].imm = -0x7fffffff - 1; });
	REFUSED("a call of the program itself", -EINVAL, "calls the program",
		{ struct bpf_insn *i = insns(&o, "fentry.s/do_unlinkat");
		  i[0] = call; i[0].src_reg = BPF_PSEUDO_CALL;
		  i[0].imm = -1; });
}

/* What is wrong with a program that is left out is no matter. */
static void test_number_left_out(void)
{
	static const char setting[] = "progs.on_unlink.autoload: false";
	const struct bpf_insn call = {
		.code = BPF_JMP | BPF_CALL, .src_reg = 2, .imm = 1,
	};
	struct object o = object_copy(&whole, whole.size);
	struct bpffs_config config;
	struct bpffs_plan *plan;

	insns(&o, "fentry.s/do_unlinkat")[0] = call;
	bpffs_config_init(&config);
	is(bpffs_config_set(&config, setting, sizeof(setting) - 1, NULL), 0, setting);
	memset(&diag, 0, sizeof(diag));
	plan = bpffs_plan_build(o.image, o.size, &config, &diag);
	if (ok(!IS_ERR(plan), "a number in a program that is left out"))
		bpffs_plan_free(plan);
	bpffs_config_clear(&config);
	object_free(&o);
}

static void test_row_6_sections_without_bytes(void)
{
	static const char * const names[] = {
		".data", ".rodata", ".maps", ".BTF", ".BTF.ext", "license",
		"version",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		REFUSED("row 6: NOBITS where bytes are expected", -EINVAL,
			names[i],
			object_shdr_of(&o, names[i])->sh_type = SHT_NOBITS);
	REFUSED("row 6: bytes where none are expected", -EINVAL, ".bss",
		object_shdr_of(&o, ".bss")->sh_type = SHT_PROGBITS);
	REFUSED("row 6: an empty license", -EINVAL, "license",
		object_shdr_of(&o, "license")->sh_size = 0);
	REFUSED("row 6: half a version", -EINVAL, "section version",
		object_shdr_of(&o, "version")->sh_size = 2);
	REFUSED("row 6: no BTF for the maps", -EINVAL, "compile with -g",
		object_shdr_of(&o, ".BTF")->sh_size = 0);
	REFUSED("row 6: a .bss of 4 GiB", -E2BIG, "section .bss: 4294967296 bytes; one without",
		object_shdr_of(&o, ".bss")->sh_size = 1ULL << 32);
	REFUSED("row 6: a .bss of 2 GiB", -E2BIG, "contents may have 2147483647",
		object_shdr_of(&o, ".bss")->sh_size = 1ULL << 31);
}

/* .BTF.ext as 32-bit words: 0 magic, 1 hdr_len, 2.. offsets and lengths. */
static __u32 *ext_words(struct object *object)
{
	return object_bytes(object, ".BTF.ext");
}

/* The head of the second section's records among the first kind's. */
static __u32 *second_head(__u32 *ext)
{
	__u32 *part = ext + ext[1] / 4 + ext[2] / 4;

	return part + 3 + part[2] * part[0] / 4;
}

static void test_row_6_btf_ext(void)
{
	__u32 i;

	for (i = 0; i < 24; i++)
		REFUSED("row 6: a header that is cut short", -EINVAL,
			".BTF.ext",
			object_shdr_of(&o, ".BTF.ext")->sh_size = i ?: 1);
	REFUSED("row 6: a header that says it is shorter", -EINVAL, "a header of",
		ext_words(&o)[1] = 8);
	REFUSED("row 6: a header that says it is longer", -EINVAL, "a header of",
		ext_words(&o)[1] = 0xffffffff);
	REFUSED("row 6: another magic", -EINVAL, "magic", ext_words(&o)[0] = 0);
	REFUSED("row 6: records past the end", -EINVAL, "not inside",
		ext_words(&o)[2] = 0xfffffff0);
	REFUSED("row 6: more records than bytes", -EINVAL, "not inside",
		ext_words(&o)[3] = 0xfffffff0);
	REFUSED("row 6: too few bytes for a record size", -EINVAL, "2 bytes",
		ext_words(&o)[3] = 2);
	REFUSED("row 6: records of size 0", -EINVAL, "of 0 bytes",
		ext_words(&o)[8 + ext_words(&o)[2] / 4] = 0);
	REFUSED("row 6: records that are too short", -EINVAL, "of 4 bytes",
		ext_words(&o)[8 + ext_words(&o)[2] / 4] = 4);
	REFUSED("row 6: records of an odd size", -EINVAL, "of 9 bytes",
		ext_words(&o)[8 + ext_words(&o)[2] / 4] = 9);
	REFUSED("row 6: records longer than all", -EINVAL, "do not fit",
		ext_words(&o)[8 + ext_words(&o)[2] / 4] = 0xfffffffc);
	REFUSED("row 6: more records than fit", -EINVAL, "do not fit",
		ext_words(&o)[8 + ext_words(&o)[2] / 4 + 2] = 0x20000000);
	REFUSED("row 6: no records", -EINVAL, "do not fit",
		ext_words(&o)[8 + ext_words(&o)[2] / 4 + 2] = 0);
	REFUSED("row 6: a section that has records twice", -EINVAL, "are there twice",
		{ __u32 *ext = ext_words(&o);
		  second_head(ext)[0] = ext[ext[1] / 4 + ext[2] / 4 + 1]; });
	REFUSED("row 6: half a head", -EINVAL, "do not fit",
		ext_words(&o)[3] -= 4 * (second_head(ext_words(&o))[1] * 2 + 1));
	REFUSED("row 6: a record past its section", -EINVAL, "is at offset",
		ext_words(&o)[8 + ext_words(&o)[2] / 4 + 3] = 0x7ffffff8);
	REFUSED("row 6: two line records of one instruction", -EINVAL, "is at offset",
		{ __u32 *line = ext_words(&o) + 8 + ext_words(&o)[4] / 4;
		  line[7] = line[3]; });
	REFUSED("row 6: a record of no function", -EINVAL, "not in .BTF",
		ext_words(&o)[8 + ext_words(&o)[2] / 4 + 4] = 1);
}

static const struct {
	const char *name;
	int err;
	const char *part;
} refusals[] = {
	{ "callback", -EINVAL, "takes the address of the program itself" },
	{ "cold", -EOPNOTSUPP, "moved function \"prog\" out of .text" },
	{ "common", -EOPNOTSUPP, "common symbol" },
	{ "conflict", -EINVAL, "map \"torn\": key makes the size 4" },
	{ "extern_map", -EINVAL, "link the object that defines it" },
	{ "inner_itself", -EOPNOTSUPP, "map \"outer\": its inner map: values" },
	{ "inner_pinned", -EINVAL, "map \"outer\": its inner map: a template" },
	{ "inner_unknown", -EOPNOTSUPP, "its inner map: attribute \"colour\"" },
	{ "kconfig_function", -EINVAL, "\"CONFIG_FUNCTION\"" },
	{ "kconfig_large", -EINVAL, "all of .kconfig may have 33554432 bytes" },
	{ "kconfig_struct", -EINVAL, "a value in .kconfig is a bool" },
	{ "legacy_longer", -EINVAL, "section maps: map \"old\": its definition of 24 bytes" },
	{ "legacy_no_type", -EINVAL, "section maps: map \"old\": it has no type" },
	{ "legacy_shorter", -EINVAL, "17 bytes cannot be the definitions of 3 maps" },
	{ "legacy_static", -EOPNOTSUPP, "section maps: map \"old\": it is static" },
	{ "no_arena", -ENOENT, "no map in .maps is one" },
	{ "no_struct", -EINVAL, "section .maps: map \"stray\": it is not defined by a struct" },
	{ "no_type", -EINVAL, "map \"shapeless\": it has no type" },
	{ "not_a_number", -EINVAL, "map \"wrong\": max_entries is not a number" },
	{ "pinning", -EINVAL, "map \"pinned\": pinning is 2" },
	{ "record", -EINVAL, "\"struct nowhere\"" },
	{ "recursion", -EINVAL, "calls the program itself" },
	{ "section", -EOPNOTSUPP, "section nobody/knows of program prog" },
	{ "slot_data", -EINVAL, "offset 0 of section .data is no map" },
	{ "slot_elsewhere", -EINVAL, "definition of map \"outer\", and not at" },
	{ "slot_key", -EINVAL, "map \"outer\" has keys of 8 bytes" },
	{ "slot_subprogram", -EINVAL, "offset 0 of section .text is no program" },
	{ "static", -EOPNOTSUPP, "map \"local\": it is static" },
	{ "static_func", -EOPNOTSUPP, "function \"aside\" is static" },
	{ "struct_ops", -EINVAL, "map ops: its struct has no name" },
	{ "struct_ops_data", -EINVAL, "is no program" },
	{ "struct_ops_int", -EINVAL, "map ops: it is no struct" },
	{ "struct_ops_kind", -EINVAL, "program function of section kprobe/vfs_read is none of" },
	{ "struct_ops_member", -EINVAL, "member pointer of struct_ops map ops is no pointer to a" },
	{ "two_arenas", -EINVAL, "maps one_arena and other_arena are both arenas" },
	{ "undefined", -EINVAL, "\"elsewhere\" is undefined" },
	{ "unknown_attr", -EOPNOTSUPP, "map \"painted\": attribute \"colour\"" },
	{ "values_first", -EOPNOTSUPP, "the type, which has to come first" },
	{ "values_no_programs", -EINVAL, "no array of pointers to functions" },
	{ "values_not_last", -EINVAL, "values is not the last attribute" },
	{ "values_numbers", -EINVAL, "no array of pointers to map definitions" },
	{ "values_plain", -EOPNOTSUPP, "the type, which has to come first, is hash" },
	{ "values_sized", -EINVAL, "values makes the size 4, and it is 8" },
	{ "void_key", -EINVAL, "map \"empty\": key" },
	{ "weak", -EINVAL, "\"elsewhere\" is weak and undefined" },
};

static void test_refused_objects(void)
{
	struct object object;
	char name[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++) {
		snprintf(name, sizeof(name), "refused-%s", refusals[i].name);
		object = object_read(name);
		is(build(&object), refusals[i].err, name);
		is(diag.err, refusals[i].err, "the sentence is of that error");
		has_str(diag.text, refusals[i].part, "and says why");
		object_free(&object);
	}
}

/* Row 24: main is neither called nor called back; a subprogram may be both. */
static void test_row_24_callbacks(void)
{
	struct bpffs_plan *plan = plan_of(&whole);
	const struct bpffs_plan_prog *prog;
	__u32 i, target, found = 0;

	prog = &plan->progs[1];
	for (i = 0; i < prog->nr_insns; i++) {
		if (prog->insns[i].code != (BPF_LD | BPF_IMM | BPF_DW))
			continue;
		if (prog->insns[i].src_reg == BPF_PSEUDO_FUNC) {
			target = i + prog->insns[i].imm + 1;
			ok(target && target < prog->nr_insns,
			   "row 24: a callback at %u", target);
			found++;
		}
		i++;
	}
	is(found, 1, "row 24: a callback by address");
	bpffs_plan_free(plan);
}

static void test_records_are_rebased(void)
{
	struct object object = object_read("core");
	struct bpffs_plan *plan = plan_of(&object);
	const struct bpffs_plan_prog *prog = &plan->progs[1];
	__u32 i, offset, size;

	is(plan->progs[0].nr_core_relos, 0, "a program without CO-RE records");
	ok(prog->nr_core_relos >= 3, "one with those of its subprogram too");
	for (i = 0; i < prog->nr_core_relos; i++) {
		offset = prog->core_relos[i].insn_off;
		size = prog->nr_insns * sizeof(struct bpf_insn);
		if (offset % 8 || offset >= size ||
		    BPF_CLASS(prog->insns[offset / 8].code) == BPF_JMP)
			break;
	}
	is(i, prog->nr_core_relos, "all at instructions that can be patched");
	for (i = 1; i < prog->nr_core_relos; i++) {
		if (prog->core_relos[i].type_id < prog->core_relos[i - 1].type_id)
			break;
	}
	is(i, prog->nr_core_relos, "those of one type in a row");
	is(prog->func_info[0].insn_off, 0, "the program begins with its own");
	for (i = 1; i < prog->nr_line_info; i++) {
		if (prog->line_info[i].insn_off <=
		    prog->line_info[i - 1].insn_off)
			break;
	}
	is(i, prog->nr_line_info, "lines go up");
	bpffs_plan_free(plan);
	object_free(&object);
}

/* Copies records of one kind, each with a word behind it that means nothing. */
static __u32 *widen_part(const __u32 *from, __u32 words, __u32 *to)
{
	const __u32 *end = from + words;
	__u32 size = *from++, i;

	*to++ = size + 4;
	while (from < end) {
		__u32 nr = from[1];

		memcpy(to, from, 8);
		to += 2;
		from += 2;
		for (i = 0; i < nr; i++, from += size / 4) {
			memcpy(to, from, size);
			to += size / 4;
			*to++ = ~0U;
		}
	}
	return to;
}

/* The same object with longer records, which stand behind its end. */
static struct object widened(const struct object *from)
{
	struct object o = object_copy(from, from->size + (1 << 16));
	__u32 *old = object_bytes(&o, ".BTF.ext"), *to, *part;
	__u32 at = (from->size + 7) & ~7U, i;

	memset(o.image + from->size, 0, o.size - from->size);
	to = (__u32 *)(o.image + at);
	memcpy(to, old, old[1]);
	part = to + old[1] / 4;
	for (i = 2; i < 8; i += 2) {
		to[i] = (part - to) * 4 - old[1];
		if (old[i + 1])
			part = widen_part(old + old[1] / 4 + old[i] / 4, old[i + 1] / 4, part);
		to[i + 1] = (part - to) * 4 - old[1] - to[i];
	}
	object_shdr_of(&o, ".BTF.ext")->sh_offset = at;
	object_shdr_of(&o, ".BTF.ext")->sh_size = (part - to) * 4;
	return o;
}

static void same_records(const void *a, __u32 nr_a, const void *b, __u32 nr_b, size_t size,
			 const char *what)
{
	is(nr_a, nr_b, what);
	ok(nr_a == nr_b && (!nr_a || !memcmp(a, b, nr_a * size)), "and the same ones");
}

static void test_longer_records(void)
{
	struct object object = object_read("core"), wide = widened(&object);
	struct bpffs_plan *plan = plan_of(&object), *other = plan_of(&wide);
	const struct bpffs_plan_prog *a, *b;
	__u32 i;

	if (!ok(!IS_ERR(other), "longer records are taken: %s", diag.text))
		goto free;
	for (i = 0; i < plan->nr_progs; i++) {
		a = &plan->progs[i];
		b = &other->progs[i];
		same_records(a->func_info, a->nr_func_info, b->func_info, b->nr_func_info,
			     sizeof(*a->func_info), "as many of functions");
		same_records(a->line_info, a->nr_line_info, b->line_info, b->nr_line_info,
			     sizeof(*a->line_info), "as many of lines");
		same_records(a->core_relos, a->nr_core_relos, b->core_relos, b->nr_core_relos,
			     sizeof(*a->core_relos), "as many of CO-RE");
	}
	bpffs_plan_free(other);
free:
	bpffs_plan_free(plan);
	object_free(&wide);
	object_free(&object);
}

static void test_vars(void)
{
	struct bpffs_plan *plan = plan_of(&whole);
	const struct bpffs_plan_var *var, *last = NULL;
	__u32 i, bad = 0;

	for (i = 0; i < plan->nr_vars; i++, last = var) {
		var = &plan->vars[i];
		if (last && var->map == last->map &&
		    var->offset < last->offset + last->size)
			bad++;
		if (var->offset + var->size > plan->maps[var->map].value_size)
			bad++;
	}
	is(plan->nr_vars, 12, "variables, static ones too");
	is(bad, 0, "in order and inside their sections");
	is_str(plan->license, "GPL", "license");
	is(plan->version, 0x60100, "version");
	bpffs_plan_free(plan);
}

static bool remarks_are(const struct bpffs_plan *plan, const char *part)
{
	return has_str(plan->remarks.text, part, "a remark says so");
}

static void test_addresses_in_data(void)
{
	const struct bpffs_plan_map *map;
	struct bpffs_plan *plan = plan_of(&unusual);
	const char *second;

	if (!ok(!IS_ERR(plan), "addresses in data are taken: %s", diag.text))
		return;
	map = find_map(plan, ".data");
	is(((__u32 *)map->data)[4], 7, "what is beside them is there");
	ok(!((__u64 *)map->data)[0], "they read as what the file holds");
	remarks_are(plan, "section .data: the address of \".text\" at offset 0 is not filled in");
	second = strstr(plan->remarks.text, "filled in");
	ok(second && !strstr(second + 1, "filled in"), "once for the section");
	bpffs_plan_free(plan);
}

/* Two names of the same instructions are two programs of the same. */
static void test_aliases(void)
{
	struct bpffs_plan *plan = plan_of(&unusual);
	const struct bpffs_plan_prog *one, *other;
	__u32 i, bytes;

	if (!ok(!IS_ERR(plan), "aliases are taken: %s", diag.text))
		return;
	if (!is(plan->nr_progs, 3, "each name is a program"))
		goto free;
	for (i = 0; i < 2 && strcmp(plan->progs[i].name, "also_prog"); i++)
		;
	other = &plan->progs[i];
	one = other + 1;
	bytes = one->nr_insns * sizeof(struct bpf_insn);
	is_str(other->name, "also_prog", "the first by name");
	is_str(one->name, "prog", "and the second");
	is(other->nr_insns, one->nr_insns, "as long as each other");
	ok(!memcmp(one->insns, other->insns, bytes), "of the same instructions");
	is(one->nr_map_refs, 2, "with what the functions it calls refer to");
	is(other->nr_map_refs, 2, "which both have");
	is(one->nr_func_info, 3, "with records of all functions");
	is(other->nr_func_info, 3, "which both have");
	ok(one->nr_line_info && one->nr_line_info == other->nr_line_info, "and of lines");
free:
	bpffs_plan_free(plan);
}

static void test_hostile_aliases(void)
{
	struct object o = object_copy(&unusual, unusual.size);

	object_symbol(&o, "also_add")->st_size -= 8;
	is(build(&o), -EINVAL, "the same beginning and another end");
	has_str(diag.text, "\"add\" and \"also_add\" overlap at instruction", "and says why");
	object_symbol(&o, "also_add")->st_value += 8;
	is(build(&o), -EINVAL, "the same end and another beginning");
	has_str(diag.text, "without being the same", "and says why");
	object_free(&o);
	o = object_copy(&unusual, unusual.size);
	insns(&o, "xdp")[4] = (struct bpf_insn) {
		.code = BPF_JMP | BPF_CALL, .src_reg = BPF_PSEUDO_CALL, .imm = -5,
	};
	is(build(&o), -EINVAL, "a program that calls itself");
	has_str(diag.text, "program also_prog: function \"also_prog\" calls the program itself",
		"whatever its name");
	object_free(&o);
}

/* @change is what to write into a copy of the whole object. */
#define LICENSE(what, license_is, change) do {				\
	struct object o = object_copy(&whole, whole.size);		\
	struct bpffs_plan *plan;					\
									\
	change;								\
	plan = plan_of(&o);						\
	if (ok(!IS_ERR(plan), "a license %s: %s", what, diag.text)) {	\
		is_str(plan->license, license_is, "it reads as that");	\
		bpffs_plan_free(plan);					\
	}								\
	object_free(&o);						\
} while (0)

/* There is room for it where nobody reads. */
static void make_license_long(struct object *object)
{
	struct elf64_shdr *license = object_shdr_of(object, "license");
	struct elf64_shdr *room = object_shdr_of(object, ".debug_str");

	license->sh_offset = room->sh_offset;
	license->sh_size = 300;
	room->sh_offset += license->sh_size;
	room->sh_size -= license->sh_size;
	memset(object->image + license->sh_offset, 'x', license->sh_size);
}

static void test_licenses(void)
{
	char longest[128] = "";

	memset(longest, 'x', sizeof(longest) - 1);
	LICENSE("without a NUL", "GPLx", memcpy(object_bytes(&o, "license"), "GPLx", 4));
	LICENSE("with more behind its NUL", "G", ((char *)object_bytes(&o, "license"))[1] = 0);
	LICENSE("of 300 characters", longest, make_license_long(&o));
}

/* Without contents, what is larger than an object takes no memory in a plan. */
static void test_large_bss(void)
{
	struct bpffs_plan *plan = plan_of(&unusual);
	const struct bpffs_plan_map *map;
	struct bpffs_config config;

	if (!ok(!IS_ERR(plan), "a large .bss is taken: %s", diag.text))
		return;
	map = find_map(plan, ".bss.large");
	is(map->value_size, 40 << 20, "in its size");
	ok(!map->data, "and without contents");
	bpffs_plan_free(plan);
	bpffs_config_init(&config);
	is(bpffs_config_set(&config, "cursor: 1", 9, NULL), 0, "a value for a variable in it");
	plan = bpffs_plan_build(unusual.image, unusual.size, &config, &diag);
	is(PTR_ERR_OR_ZERO(plan), -E2BIG, "is too much");
	has_str(diag.text, "section .bss.large: contents of 41943", "and says why");
	bpffs_config_clear(&config);
}

static const struct bpffs_plan_var *find_var(const struct bpffs_plan *plan, const char *name)
{
	__u32 i;

	for (i = 0; i < plan->nr_vars; i++) {
		if (!strcmp(plan->vars[i].name, name))
			return &plan->vars[i];
	}
	return NULL;
}

static void test_names_of_no_file(void)
{
	struct bpffs_plan *plan = plan_of(&unusual);
	const struct bpffs_plan_map *map;
	const struct bpffs_plan_var *var;

	if (!ok(!IS_ERR(plan), "names that no file can have are taken: %s", diag.text))
		return;
	map = find_map(plan, ".data.very_odd_name_one");
	var = find_var(plan, "odd");
	if (ok(map && var, "a section gets another"))
		is(var->map, map - plan->maps, "and has its variable");
	remarks_are(plan, "section .data: variable \"gr\303\266\303\237e\" gets no file");
	has_str(plan->remarks.text, "there are 2 of the kind", "with their number");
	ok(find_var(plan, "table") && find_var(plan, "total") && find_var(plan, "cursor"),
	   "others are there");
	bpffs_plan_free(plan);
}

static void test_hostile_addresses(void)
{
	TAKEN("an address past its section", rels(&o, ".rel.data")->r_offset = -1);
	TAKEN("an address of no symbol", rels(&o, ".rel.data")->r_info = ~0ULL);
	TAKEN("an address of an unknown type", rels(&o, ".rel.data")->r_info |= 0xff);
	TAKEN("no address at all", object_shdr_of(&o, ".rel.data")->sh_size = 0);
}

static void test_nothing_is_aligned(void)
{
	unsigned char *bytes = malloc(whole.size + 1);
	struct object odd = { .image = bytes + 1, .size = whole.size };

	memcpy(odd.image, whole.image, whole.size);
	is(build(&odd), 0, "an image at an odd address");
	free(bytes);
}

static void test_truncation(void)
{
	struct object part;
	size_t size;
	int err = -1;

	for (size = 0; size < whole.size; size++) {
		part = object_copy(&whole, size);
		err = build(&part);
		object_free(&part);
		if (!err || !*diag.text)
			break;
	}
	is(size, whole.size, "every beginning is refused with a sentence");
}

/* Whatever a bit says: a plan, or an error with a sentence. */
static void test_flipped_bits(void)
{
	struct object object = object_copy(&whole, whole.size);
	unsigned long taken = 0, refused = 0, mute = 0;
	size_t i;
	int bit;

	for (i = 0; i < object.size; i++) {
		bit = 1 << (i * 5 % 8);
		object.image[i] ^= bit;
		if (!build(&object))
			taken++;
		else if (*diag.text)
			refused++;
		else
			mute++;
		object.image[i] ^= bit;
	}
	ok(!mute, "a flipped bit in each byte: %lu taken, %lu refused", taken,
	   refused);
	object_free(&object);
}

/* Offsets and counts are 32 and 64 bits wide: extremes in all of them. */
static void test_extreme_words(void)
{
	static const __u32 words[] = { 0, 1, 0x7fffffff, 0x80000000, ~0U };
	struct object object = object_copy(&whole, whole.size);
	unsigned long mute = 0;
	__u32 old;
	size_t i, j;

	for (i = 0; i + 4 <= object.size; i += 4) {
		memcpy(&old, object.image + i, 4);
		for (j = 0; j < ARRAY_SIZE(words); j++) {
			memcpy(object.image + i, &words[j], 4);
			if (build(&object) && !*diag.text)
				mute++;
		}
		memcpy(object.image + i, &old, 4);
	}
	is(mute, 0, "no extreme in any word is refused without a sentence");
	object_free(&object);
}

static void test_failing_allocations(const char *name)
{
	struct object object = object_read(name);
	unsigned long nth;
	int err = 0;

	for (nth = 1; nth < 10000; nth++) {
		test_fail_alloc(nth);
		err = build(&object);
		if (!test_alloc_failed() || err != -ENOMEM || !*diag.text)
			break;
	}
	test_fail_alloc(0);
	is(err, 0, "after each allocation has failed once");
	ok(nth > 10, "%s: all %lu of them", name, nth - 1);
	object_free(&object);
}

static void test_killed(const char *name)
{
	struct object object = object_read(name);
	unsigned long nth;
	int err = 0;

	for (nth = 1; nth < 10000; nth++) {
		test_kill_at = nth;
		err = build(&object);
		if (err != -EINTR || strcmp(diag.text, "killed while the object was read"))
			break;
	}
	test_kill_at = 0;
	is(err, 0, "after each question for a signal has found one");
	ok(nth > 10, "%s: all %lu of them", name, nth - 1);
	object_free(&object);
}

int main(void)
{
	whole = object_read("whole");
	unusual = object_read("unusual");
	test_row_5_relocations();
	test_row_5_targets();
	test_numbers_of_the_writer();
	test_number_left_out();
	test_row_6_sections_without_bytes();
	test_row_6_btf_ext();
	test_row_24_callbacks();
	test_refused_objects();
	test_records_are_rebased();
	test_longer_records();
	test_vars();
	test_addresses_in_data();
	test_hostile_addresses();
	test_aliases();
	test_hostile_aliases();
	test_licenses();
	test_large_bss();
	test_names_of_no_file();
	test_nothing_is_aligned();
	test_truncation();
	test_flipped_bits();
	test_extreme_words();
	test_failing_allocations("whole");
	test_failing_allocations("core");
	test_failing_allocations("bare");
	test_failing_allocations("externs");
	test_failing_allocations("unusual");
	test_failing_allocations("apart");
	test_failing_allocations("jump_table");
	test_killed("whole");
	test_killed("externs");
	test_killed("legacy");
	object_free(&unusual);
	object_free(&whole);
	return done_testing();
}
