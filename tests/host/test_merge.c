// SPDX-License-Identifier: GPL-2.0
/* Data sections of one name: one map, and each variable in its place there. */
#include <linux/err.h>
#include <linux/kernel.h>
#include "../../kernel/bpf/codec/codec.h"
#include "../../kernel/bpf/loader/plan.h"
#include "test.h"
#include "objects/objects.h"
#include "plan_build.h"
#include "plan_find.h"

static struct object apart;

/* The second section of a name. */
static struct elf64_shdr *second(struct object *object, const char *name)
{
	int first = object_section(object, name);
	struct elf64_shdr *shdr = object_shdr(object, first + 1);

	return shdr->sh_name == object_shdr(object, first)->sh_name ? shdr : NULL;
}

static void is_var(const struct bpffs_plan *plan, const char *name, u32 offset, u32 size)
{
	u32 i;

	for (i = 0; i < plan->nr_vars; i++) {
		if (strcmp(plan->vars[i].name, name))
			continue;
		ok(plan->vars[i].offset == offset, "%s is at %u", name, offset);
		is(plan->vars[i].size, size, "with its size");
		return;
	}
	ok(0, "there is a variable %s", name);
}

static void test_variables(void)
{
	struct bpffs_plan *plan = plan_of(&apart);
	const struct bpffs_plan_map *map;
	const u32 table[] = { 10, 20, 30 };

	if (!ok(!IS_ERR(plan), "two sections of one name are taken: %s", diag.text))
		return;
	ok(!!second(&apart, ".rodata.words"), "two there are");
	is(plan->nr_maps, 2, "each name is one map");
	map = find_map(plan, ".rodata.words");
	is(map->value_size, 36, "as large as both");
	is(bpffs_btf_size(&plan->btf, map->value_type), 36, "as its type says");
	is_var(plan, "hello", 0, 6);
	is_var(plan, "factor", 8, 4);
	is_var(plan, "table_apart", 16, 12);
	is_var(plan, "limit_apart", 32, 4);
	is_str(map->data, "hello", "contents of the first one");
	ok(!memcmp(map->data + 16, table, sizeof(table)), "and of the second one");
	bpffs_plan_free(plan);
}

/* The offsets that program 0 loads, as a mask of multiples of four. */
static u64 offsets(const struct bpffs_plan *plan)
{
	const struct bpffs_plan_prog *prog = &plan->progs[0];
	u64 mask = 0;
	u32 i;

	for (i = 0; i < prog->nr_map_refs; i++)
		mask |= 1ULL << (u32)prog->insns[prog->map_refs[i].insn + 1].imm / 4;
	return mask;
}

static void test_addresses(void)
{
	struct bpffs_plan *plan = plan_of(&apart);

	if (!ok(!IS_ERR(plan), "a program that reads both"))
		return;
	is(plan->progs[0].nr_map_refs, 7, "has seven addresses of them");
	is(offsets(plan), 1ULL << 0 | 1ULL << 1 | 1ULL << 2 | 1ULL << 4 | 1ULL << 8,
	   "which are of its variables");
	bpffs_plan_free(plan);
}

/* Without types symbols say where variables are. */
static void test_without_types(void)
{
	struct object o = object_copy(&apart, apart.size);
	struct bpffs_plan *plan;

	object_shdr_of(&o, ".BTF")->sh_type = 0;
	object_shdr_of(&o, ".BTF.ext")->sh_type = 0;
	plan = plan_of(&o);
	if (ok(!IS_ERR(plan), "taken without types: %s", diag.text)) {
		is(plan->nr_maps, 2, "each name is one map");
		is_var(plan, "hello", 0, 6);
		is_var(plan, "table_apart", 16, 12);
		is_var(plan, "limit_apart", 32, 4);
		bpffs_plan_free(plan);
	}
	object_free(&o);
}

/* Writes another name over one, of the same length, wherever it stands. */
static void rename_all(struct object *object, const char *from, const char *to)
{
	char *at = (char *)object->image, *end = at + object->size;
	size_t len = strlen(from) + 1;

	while ((at = memmem(at, end - at, from, len)))
		memcpy(at, to, len);
}

static u32 offset_in(const struct bpffs_plan *plan, const char *map, const char *name)
{
	u32 i;

	for (i = 0; i < plan->nr_vars; i++) {
		if (!strcmp(plan->vars[i].name, name) &&
		    !strcmp(plan->maps[plan->vars[i].map].name, map))
			return plan->vars[i].offset;
	}
	return U32_MAX;
}

/* A static variable has its name for itself only in its own sections. */
static void test_namesakes(void)
{
	struct object o = object_copy(&apart, apart.size);
	struct bpffs_plan *plan;

	rename_all(&o, "grape", "hello");
	plan = plan_of(&o);
	if (ok(!IS_ERR(plan), "variables of one name in two maps are told apart: %s", diag.text)) {
		is(offset_in(plan, ".rodata.words", "hello"), 0, "one is here");
		is(offset_in(plan, ".rodata.more", "hello"), 4, "and one is there");
		bpffs_plan_free(plan);
	}
	object_free(&o);
}

/* @change is what to write where in a copy of the object. */
#define REFUSED(what, part, change) do {				\
	struct object o = object_copy(&apart, apart.size);		\
									\
	change;								\
	is(build(&o), -EINVAL, what);					\
	has_str(diag.text, part, "and says why");			\
	object_free(&o);						\
} while (0)

static void test_hostile(void)
{
	REFUSED("an alignment that is none", "no power of two",
		second(&o, ".rodata.words")->sh_addralign = 12);
	REFUSED("an alignment out of reach", "no power of two",
		second(&o, ".rodata.words")->sh_addralign = 1ULL << 32);
	REFUSED("a static variable without a symbol", "none has such a symbol",
		object_symbol(&o, "table_apart")->st_name = 0);
	REFUSED("a static variable with two", "more than one has",
		object_symbol(&o, "table_apart")->st_name =
			object_symbol(&o, "hello")->st_name);
	REFUSED("an address behind the first section", "which has 12 bytes",
		object_symbol(&o, "factor")->st_value = 12;
		object_symbol(&o, "factor")->st_size = 0);
}

int main(void)
{
	apart = object_read("apart");
	test_variables();
	test_addresses();
	test_without_types();
	test_namesakes();
	test_hostile();
	object_free(&apart);
	return done_testing();
}
