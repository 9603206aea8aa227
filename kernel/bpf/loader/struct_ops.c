// SPDX-License-Identifier: GPL-2.0
/*
 * Maps of type struct_ops: a struct of functions that the kernel is to call, each
 * a variable in a section of its own. Which struct of the kernel it stands for,
 * and where that has the members, is found when it is loaded.
 */
#include <linux/btf.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "build.h"
#include "kernel_numbers.h"

static bool section_is_struct_ops(const struct bpffs_build *b, u32 section)
{
	return b->sections[section].kind == SECTION_STRUCT_OPS;
}

/**
 * build_count_struct_ops() - how many struct_ops maps the object may have
 * @b: the build, past build_btf_fixup()
 *
 * Return: the number of variables in sections of struct_ops.
 */
u32 build_count_struct_ops(const struct bpffs_build *b)
{
	const struct btf_type *t;
	u32 i, nr = 0;

	for (i = 1; i < b->elf.nr_sections; i++) {
		t = bpffs_btf_type(&b->plan->btf, b->sections[i].datasec);
		if (section_is_struct_ops(b, i) && t)
			nr += BTF_INFO_VLEN(t->info);
	}
	return nr;
}

/* Before: any variable. After: @type is a struct that has a name. */
static int check_struct(struct bpffs_build *b, const char *var, u32 type)
{
	const struct btf_type *t = bpffs_btf_type(&b->plan->btf, type);

	if (!t || bpffs_btf_kind(t) != BTF_KIND_STRUCT)
		return bpffs_diag(b->diag, -EINVAL,
				  "struct_ops map %s: it is no struct", var);
	if (!*bpffs_btf_name(&b->plan->btf, t->name_off))
		return bpffs_diag(b->diag, -EINVAL,
				  "struct_ops map %s: its struct has no name to find it by in the kernel",
				  var);
	if (bpffs_btf_vlen(t) > BUILD_MAX_MEMBERS)
		return bpffs_diag(b->diag, -E2BIG,
				  "struct_ops map %s: its struct has %u members; it may have %u",
				  var, bpffs_btf_vlen(t), BUILD_MAX_MEMBERS);
	return 0;
}

static int copy_value(struct bpffs_build *b, u32 index, u32 section, u32 offset)
{
	struct elf64_shdr shdr = bpffs_elf_section(&b->elf, section);
	struct bpffs_plan_map *map = &b->plan->maps[index];
	int err;

	if (offset > shdr.sh_size || map->value_size > shdr.sh_size - offset)
		return bpffs_diag(b->diag, -EINVAL,
				  "struct_ops map %s: %u bytes at %u are not inside section %s of %llu bytes",
				  map->name, map->value_size, offset,
				  bpffs_elf_section_name(&b->elf, section), shdr.sh_size);
	err = build_map_contents(b, index);
	if (err)
		return err;
	memcpy(map->data, bpffs_elf_bytes(&b->elf, &shdr) + offset, map->value_size);
	return 0;
}

static int read_map(struct bpffs_build *b, u32 section, const struct btf_var_secinfo *info)
{
	const char *name = bpffs_elf_section_name(&b->elf, section);
	const struct btf_type *var = bpffs_btf_type(&b->plan->btf, info->type);
	u32 index = b->plan->nr_maps++;
	struct bpffs_plan_map *map = &b->plan->maps[index];
	int err;

	map->name = bpffs_btf_name(&b->plan->btf, var->name_off);
	map->type = BPF_MAP_TYPE_STRUCT_OPS;
	map->origin = BPFFS_MAP_STRUCT_OPS;
	map->key_size = sizeof(u32);
	map->max_entries = 1;
	map->autocreate = *name != '?';
	if (!strcmp(name + (*name == '?'), ".struct_ops.link"))
		map->flags = BPFFS_MAP_FLAG_LINK;
	map->value_type = bpffs_btf_resolve(&b->plan->btf, var->type);
	err = check_struct(b, map->name, map->value_type);
	if (err)
		return err;
	map->value_size = bpffs_btf_size(&b->plan->btf, map->value_type);
	b->map_places[index].offset = info->offset;
	b->map_places[index].size = map->value_size;
	b->map_places[index].values = NO_VALUES;
	return copy_value(b, index, section, info->offset);
}

static int read_section(struct bpffs_build *b, u32 section)
{
	const struct btf_type *t;
	const struct btf_var_secinfo *info;
	int err = 0;
	u32 i;

	t = bpffs_btf_type(&b->plan->btf, b->sections[section].datasec);
	if (!t)
		return bpffs_diag(b->diag, -EINVAL,
				  "section %s: no BTF describes it; compile with -g",
				  bpffs_elf_section_name(&b->elf, section));
	info = bpffs_btf_tail(t);
	b->sections[section].map = b->plan->nr_maps;
	for (i = 0; !err && i < BTF_INFO_VLEN(t->info); i++) {
		err = read_map(b, section, &info[i]);
		b->sections[section].nr_maps++;
	}
	return err;
}

/**
 * build_struct_ops_maps() - list the struct_ops maps
 * @b: the build, past build_extern_map(), whose map comes before them
 *
 * Return: 0; -ENOMEM; -E2BIG for too much data or too many members; -EINVAL for
 * variables that are no such maps.
 */
int build_struct_ops_maps(struct bpffs_build *b)
{
	int err = 0;
	u32 i;

	for (i = 1; !err && i < b->elf.nr_sections; i++) {
		if (section_is_struct_ops(b, i))
			err = read_section(b, i);
	}
	return err;
}

static bool member_is_function(const struct bpffs_btf *btf, const struct btf_member *member)
{
	const struct btf_type *t = bpffs_btf_type(btf, bpffs_btf_resolve(btf, member->type));

	if (!t || bpffs_btf_kind(t) != BTF_KIND_PTR)
		return false;
	t = bpffs_btf_type(btf, bpffs_btf_resolve(btf, t->type));
	return t && bpffs_btf_kind(t) == BTF_KIND_FUNC_PROTO;
}

/* Before: the relocation is inside of @map. After: @member is a function there. */
static int find_member(const struct build_pointers *p, const struct bpffs_plan_map *map,
		       u32 offset, u32 *index)
{
	const struct bpffs_btf *btf = &p->b->plan->btf;
	const struct btf_type *t = bpffs_btf_type(btf, map->value_type);
	const struct btf_member *member = bpffs_btf_tail(t);

	for (*index = 0; *index < bpffs_btf_vlen(t); ++*index) {
		if (member[*index].offset == offset * 8ULL)
			break;
	}
	if (*index == bpffs_btf_vlen(t))
		return build_refuse_pointer(p, -EINVAL,
					    "no member of struct_ops map %s begins there",
					    map->name);
	if (!member_is_function(btf, &member[*index]))
		return build_refuse_pointer(p, -EINVAL,
					    "member %s of struct_ops map %s is no pointer to a function",
					    bpffs_btf_name(btf, member[*index].name_off),
					    map->name);
	return 0;
}

/* By ascending member, of which each has one. */
static int add_callback(const struct build_pointers *p, struct bpffs_plan_map *map,
			u32 member, u32 prog)
{
	const struct btf_type *t = bpffs_btf_type(&p->b->plan->btf, map->value_type);
	struct bpffs_plan_callback *at, *end;

	if (!map->callbacks)
		map->callbacks = kvcalloc(bpffs_btf_vlen(t), sizeof(*at), GFP_KERNEL_ACCOUNT);
	if (!map->callbacks)
		return -ENOMEM;
	end = map->callbacks + map->nr_callbacks;
	at = end;
	while (at > map->callbacks && at[-1].member > member)
		at--;
	if (at > map->callbacks && at[-1].member == member)
		return build_refuse_pointer(p, -EINVAL, "another relocation is at the same place");
	/* A member that is new has room: there is one entry for each. */
	memmove(at + 1, at, (void *)end - (void *)at);
	at->member = member;
	at->prog = prog;
	map->nr_callbacks++;
	return 0;
}

static int read_callback(struct build_pointers *p)
{
	u32 index, place, member, section, prog;
	const struct bpffs_plan_prog *pp;
	struct bpffs_plan_map *map;
	s64 offset;
	int err;

	err = build_pointer_map(p, &index, &place);
	if (err)
		return err;
	map = &p->b->plan->maps[index];
	err = find_member(p, map, place, &member);
	if (!err)
		err = build_pointer_target(p, &section, &offset);
	if (!err)
		err = build_pointer_prog(p, section, offset, &prog);
	if (err)
		return err;
	pp = &p->b->plan->progs[prog];
	if (pp->def->type != BPF_PROG_TYPE_STRUCT_OPS)
		return build_refuse_pointer(p, -EINVAL,
					    "program %s of section %s is none of struct_ops, as map %s wants",
					    pp->name, pp->section, map->name);
	return add_callback(p, map, member, prog);
}

/*
 * A program that maps have is loaded if one of them is made, whatever its section
 * and config say.
 */
static void choose_progs(struct bpffs_plan *plan, bool created)
{
	const struct bpffs_plan_map *map;
	u32 i, j;

	for (i = 0; i < plan->nr_maps; i++) {
		map = &plan->maps[i];
		if (map->autocreate != created)
			continue;
		for (j = 0; j < map->nr_callbacks; j++)
			plan->progs[map->callbacks[j].prog].autoload = created;
	}
}

/* Maps that are not made are no part of the plan; no instruction names any. */
static void leave_out(struct bpffs_plan *plan)
{
	struct bpffs_plan_map *map;
	u32 i, nr = 0;

	for (i = 0; i < plan->nr_maps; i++) {
		map = &plan->maps[i];
		if (map->origin == BPFFS_MAP_STRUCT_OPS && !map->autocreate) {
			bpffs_remark(&plan->remarks,
				     "struct_ops map %s is left out; maps.%s.autocreate: true makes it",
				     map->name, map->name);
			kvfree(map->data);
			kvfree(map->callbacks);
			continue;
		}
		if (nr != i)
			plan->maps[nr] = *map;
		nr++;
	}
	memset(&plan->maps[nr], 0, (plan->nr_maps - nr) * sizeof(*plan->maps));
	plan->nr_maps = nr;
}

/**
 * build_struct_ops_callbacks() - find the programs of struct_ops maps
 * @b: the build; settings for maps and programs have been applied
 *
 * Decides which of the programs are loaded, and takes the maps that are not to
 * be made out of the plan.
 *
 * Return: 0; -ENOMEM; -EINVAL for pointers to what is no such program.
 */
int build_struct_ops_callbacks(struct bpffs_build *b)
{
	int err = 0;
	u32 i;

	for (i = 1; !err && i < b->elf.nr_sections; i++) {
		if (section_is_struct_ops(b, i))
			err = build_read_pointers(b, i, read_callback);
	}
	if (err)
		return err;
	choose_progs(b->plan, false);
	choose_progs(b->plan, true);
	leave_out(b->plan);
	return 0;
}
