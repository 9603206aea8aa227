// SPDX-License-Identifier: GPL-2.0
/*
 * Where in its arena an object's variables are: at the end, so that what programs
 * allocate begins at the beginning, unless the kernel lets addresses of variables
 * reach the first half GiB only. There they begin it.
 */
#include <linux/bpf.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include "loading.h"

static u32 variable_pages(const struct bpffs_plan_map *pm)
{
	return DIV_ROUND_UP(pm->arena_size, PAGE_SIZE);
}

/**
 * loading_place_arena() - choose the place of the object's variables in an arena
 * @l: the load; sets arena_base
 * @map: the arena, which was just made; gets arena_base and arena_pages
 * @pm: what the object says of it, with variables
 *
 * Return: 0; what the kernel says if it cannot be asked how far it reaches.
 */
int loading_place_arena(struct bpffs_loading *l, struct bpffs_map *map,
			const struct bpffs_plan_map *pm)
{
	int reaches = bpffs_arena_reaches_end();

	if (reaches < 0)
		return bpffs_diag(l->diag, reaches,
				  "map %s: the kernel cannot be asked where variables can be",
				  pm->name);
	map->arena_pages = variable_pages(pm);
	if (!reaches || map->arena_pages == pm->max_entries)
		return 0;
	map->arena_base = (pm->max_entries - map->arena_pages) << PAGE_SHIFT;
	l->arena_base = map->arena_base;
	bpffs_remark(&l->plan->remarks,
		     "map %s: its variables begin at offset %u, so that they end it", pm->name,
		     l->arena_base);
	return 0;
}

/**
 * loading_find_in_arena() - find the place of the object's variables in an arena
 * @l: the load; sets arena_base
 * @map: the arena, which was there before
 * @pm: what the object says of it, with variables
 *
 * Return: 0; -EINVAL for an arena with more or less room for variables.
 */
int loading_find_in_arena(struct bpffs_loading *l, const struct bpffs_map *map,
			  const struct bpffs_plan_map *pm)
{
	if (map->arena_pages != variable_pages(pm))
		return bpffs_diag(l->diag, -EINVAL,
				  "map %s: the arena that is there has %u pages of variables, the object's has %u",
				  pm->name, map->arena_pages, variable_pages(pm));
	l->arena_base = map->arena_base;
	return 0;
}

/**
 * loading_point_into_arena() - move the addresses of variables to their place
 * @l: the load; its maps are made
 * @pp: a program of the plan, whose instructions are written to, once
 */
void loading_point_into_arena(const struct bpffs_loading *l, struct bpffs_plan_prog *pp)
{
	struct bpf_insn *insn;
	u32 i;

	if (!l->arena_base)
		return;
	for (i = 0; i < pp->nr_map_refs; i++) {
		insn = &pp->insns[pp->map_refs[i].insn];
		if (insn->src_reg == BPF_PSEUDO_MAP_VALUE &&
		    l->plan->maps[pp->map_refs[i].map].arena_data)
			insn[1].imm += l->arena_base;
	}
}
