// SPDX-License-Identifier: GPL-2.0
/* Maps of type struct_ops in a plan, and their values in the kernel's layout. */
#include <stddef.h>
#include <stdlib.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include "../../kernel/bpf/loader/struct_ops.h"
#include "plan_find.h"
#include "test.h"
#include "objects/objects.h"

static struct bpffs_plan *object_plan;
static struct object object;
static struct bpffs_diag diag;

/* As the object has them. */
struct thing {
	long (*last)(void *ctx);
	char name[8];
	int number;
	void *data;
	long (*first)(void *ctx);
	int flags : 3;
	int either;
};

struct kernel_value {
	int state;
	struct thing data;
};

static const struct bpffs_plan_prog *prog(const char *name)
{
	__u32 i;

	for (i = 0; i < object_plan->nr_progs; i++)
		if (!strcmp(object_plan->progs[i].name, name))
			return &object_plan->progs[i];
	return NULL;
}

static struct bpffs_plan *build(const char *setting)
{
	struct bpffs_config config;
	struct bpffs_plan *built;

	memset(&diag, 0, sizeof(diag));
	bpffs_config_init(&config);
	if (setting)
		is(bpffs_config_set(&config, setting, strlen(setting), &diag), 0, setting);
	built = bpffs_plan_build(object.image, object.size, &config, &diag);
	bpffs_config_clear(&config);
	return built;
}

static void test_maps(void)
{
	const struct bpffs_plan_map *map = find_map(object_plan, "same");

	is(map->type, BPF_MAP_TYPE_STRUCT_OPS, "a variable is a map");
	is(map->origin, BPFFS_MAP_STRUCT_OPS, "of this origin");
	is(map->key_size, 4, "its key");
	is(map->max_entries, 1, "its only entry");
	is(map->flags, 0, "no flags");
	is(find_map(object_plan, "linked")->flags, 1 << 13, "BPF_F_LINK in .struct_ops.link");
	is(map->nr_callbacks, 2, "its functions");
	is_str(object_plan->progs[map->callbacks[0].prog].name, "first", "in the order");
	is(map->callbacks[0].member, 2, "of members");
	is_str(object_plan->progs[map->callbacks[1].prog].name, "last", "the other");
	is(map->callbacks[1].member, 6, "at its member");
	ok(!find_map(object_plan, "optional"), "?.struct_ops is left out");
	ok(!find_map(object_plan, "optional_linked"), "?.struct_ops.link, too");
	has_str(object_plan->remarks.text, "struct_ops map optional is left out",
		"a remark says so");
	ok(prog("first")->autoload && prog("first")->nr_insns, "a program in a map is loaded");
	ok(prog("last")->autoload && prog("last")->nr_insns, "whatever its section says");
	ok(!prog("left_out")->autoload, "one in a map that is left out is not");
	ok(prog("in_no_map")->autoload, "one in none is as its section says");
}

static int translate(const char *name, struct kernel_value *value,
		     struct bpffs_kernel_callback *callbacks)
{
	struct bpffs_kernel_ops kernel = {};
	__u32 id = bpffs_btf_find(&object_plan->btf, "bpf_struct_ops_thing", BTF_KIND_STRUCT);

	memset(&diag, 0, sizeof(diag));
	memset(value, 0, sizeof(*value));
	bpffs_types_of(&kernel.types, &object_plan->btf);
	if (!ok(bpffs_kernel_ops_init(&kernel, id, "thing"), "the kernel's struct is found"))
		exit(1);
	is(kernel.value_size, sizeof(*value), "and the size of its value");
	return bpffs_struct_ops_translate(&kernel, &object_plan->btf,
					  find_map(object_plan, name), value, callbacks, &diag);
}

static void test_translation(void)
{
	struct bpffs_kernel_callback callbacks[2] = {};
	struct kernel_value value, want = { .data = { .number = 7, .name = "seven" } };

	is(translate("same", &value, callbacks), 0, "another order, and unknown members");
	ok(!memcmp(&value, &want, sizeof(value)), "each member is where the kernel has it");
	is(callbacks[0].member, 4, "so are functions");
	is(callbacks[0].offset, offsetof(struct kernel_value, data.first), "at their place");
	is(callbacks[1].member, 0, "the other");
	is(callbacks[1].offset, offsetof(struct kernel_value, data.last), "too");
	is(translate("linked", &value, callbacks), 0, "one function");
	is(callbacks[0].member, 4, "is found");
	ok(!callbacks[0].missing, "in the kernel");
	is(translate("set_function", &value, callbacks), 0, "one that the kernel has not");
	ok(callbacks[0].missing, "is none of its");
}

static void test_refused(void)
{
	static const struct {
		const char *map;
		const char *why;
	} refused[] = {
		{ "set", "member unknown: the kernel's struct has none" },
		{ "pointer", "member data: a pointer to something" },
		{ "size", "member number: it has 8 bytes, and 4" },
		{ "kind", "member data: its type is integer int, and the kernel's pointer" },
		{ "value", "member name: its type is pointer, and the kernel's array" },
		{ "bits", "member flags: bitfields" },
		{ "anonymous", "member (anonymous): the kernel's struct has none" },
	};
	struct bpffs_kernel_callback callbacks[2];
	struct kernel_value value;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		is(translate(refused[i].map, &value, callbacks), -EOPNOTSUPP, refused[i].map);
		has_str(diag.text, refused[i].why, "says why");
	}
}

static void test_kernel(void)
{
	struct bpffs_kernel_ops kernel = {};
	__u32 id = bpffs_btf_find(&object_plan->btf, "bpf_struct_ops_nothing", BTF_KIND_STRUCT);

	bpffs_types_of(&kernel.types, &object_plan->btf);
	ok(!bpffs_kernel_ops_init(&kernel, id, "thing"), "a pointer to the struct is not it");
	ok(!bpffs_kernel_ops_init(&kernel, id, "nothing"), "nor a struct of another name");
	ok(!bpffs_kernel_ops_init(&kernel, 0, "thing"), "nor nothing");
}

static void test_settings(void)
{
	struct bpffs_plan *built = build("maps.optional.autocreate: true");

	if (ok(!IS_ERR(built), "a map that is not left out")) {
		ok(!!find_map(built, "optional"), "is there");
		bpffs_plan_free(built);
	}
	built = build("maps.same.autocreate: false");
	if (ok(!IS_ERR(built), "one that is")) {
		ok(!find_map(built, "same"), "is not");
		ok(!!find_map(built, "linked"), "others are");
		bpffs_plan_free(built);
	}
	built = build("maps..bss.autocreate: false");
	is(PTR_ERR_OR_ZERO(built), -EINVAL, "no other maps");
	has_str(diag.text, "no struct_ops map", "says so");
	built = build("maps.same.value_size: 8");
	is(PTR_ERR_OR_ZERO(built), -EINVAL, "its shape");
	has_str(diag.text, "whose shape is that of the kernel's struct", "is not for config");
}

/* Found by the fuzzer: all members have theirs, and one gets another. */
static void test_too_many_callbacks(void)
{
	struct object whole = object, copy = object_copy(&whole, whole.size);
	struct elf64_rel *rels = object_bytes(&copy, ".rel.struct_ops.link");
	size_t place = object_symbol(&copy, "pair")->st_value;
	struct bpffs_plan *built;

	rels[0].r_offset = place;
	rels[1].r_offset = place + sizeof(long);
	rels[2].r_offset = place;
	object = copy;
	built = build(NULL);
	object = whole;
	is(PTR_ERR_OR_ZERO(built), -EINVAL, "two relocations of one member");
	has_str(diag.text, "another relocation is at the same place", "says so");
	object_free(&copy);
}

int main(void)
{
	object = object_read("struct_ops");
	object_plan = build(NULL);
	if (!is_str(diag.text, "", "the loader takes the object"))
		return done_testing();
	test_maps();
	test_translation();
	test_refused();
	test_kernel();
	test_settings();
	test_too_many_callbacks();
	bpffs_plan_free(object_plan);
	object_free(&object);
	return done_testing();
}
