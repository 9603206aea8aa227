// SPDX-License-Identifier: GPL-2.0
/* Variables in an arena, memory that programs share with who maps it. */
#include <linux/bpf.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <asm/page.h>
#include "build.h"
#include "kernel_numbers.h"

/* The verifier takes one arena for each program, and variables say not which. */
static int find_arena(struct bpffs_build *b, struct bpffs_plan_map **arena)
{
	struct bpffs_plan_map *map = b->plan->maps;
	struct bpffs_plan_map *end = map + b->plan->nr_maps;

	*arena = NULL;
	for (; map < end; map++) {
		if (map->type != BPFFS_MAP_TYPE_ARENA)
			continue;
		if (*arena)
			return bpffs_diag(b->diag, -EINVAL,
					  "maps %s and %s are both arenas; an object may have one",
					  (*arena)->name, map->name);
		*arena = map;
	}
	return 0;
}

static int place_variables(struct bpffs_build *b, u32 index, struct bpffs_plan_map *arena)
{
	struct elf64_shdr shdr = bpffs_elf_section(&b->elf, index);
	const char *name = bpffs_elf_section_name(&b->elf, index);

	if (!arena)
		return bpffs_diag(b->diag, -ENOENT,
				  "section %s: variables of an arena, and no map in .maps is one; its type would be BPF_MAP_TYPE_ARENA (33)",
				  name);
	if (DIV_ROUND_UP(shdr.sh_size, PAGE_SIZE) > arena->max_entries)
		return bpffs_diag(b->diag, -E2BIG,
				  "section %s: %llu bytes of variables; arena %s has %u pages of %lu",
				  name, shdr.sh_size, arena->name, arena->max_entries,
				  PAGE_SIZE);
	arena->arena_data = bpffs_elf_bytes(&b->elf, &shdr);
	arena->arena_size = shdr.sh_size;
	b->sections[index].map = arena - b->plan->maps;
	build_remark_data_relocs(b, index);
	bpffs_remark(&b->plan->remarks,
		     "section %.64s: its variables get no files; who maps the arena reaches them",
		     name);
	return 0;
}

/**
 * build_arena() - find the arena of the object's variables
 * @b: the build; its maps have their settings
 *
 * Return: 0; -EINVAL for two arenas, or two sections of variables;
 * -ENOENT for variables without an arena; -E2BIG for more than it has room for.
 */
int build_arena(struct bpffs_build *b)
{
	struct bpffs_plan_map *arena;
	u32 index;
	int err;

	err = build_only_section(b, SECTION_ARENA, &index);
	if (!err)
		err = find_arena(b, &arena);
	if (err || !index)
		return err;
	return place_variables(b, index, arena);
}
