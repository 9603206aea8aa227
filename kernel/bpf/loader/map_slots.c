// SPDX-License-Identifier: GPL-2.0
/*
 * The entries that maps of maps and arrays of programs begin with: addresses of
 * maps and of programs behind a definition in .maps, each with a relocation.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "build.h"

/* Before: any relocation. After: its map has values where the offset is. */
static int find_slot(const struct build_pointers *s, struct bpffs_plan_slot *slot)
{
	const struct build_map_place *place;
	u32 offset;
	int err;

	err = build_pointer_map(s, &slot->map, &offset);
	if (err)
		return err;
	place = &s->b->map_places[slot->map];
	if (place->values == NO_VALUES || offset < place->values ||
	    (offset - place->values) % BUILD_POINTER_SIZE)
		return build_refuse_pointer(s, -EINVAL,
					    "it is in the definition of map \"%s\", and not at one of its values",
					    s->b->plan->maps[slot->map].name);
	slot->index = (offset - place->values) / BUILD_POINTER_SIZE;
	return 0;
}

static int target_map(const struct build_pointers *s, u32 section, s64 offset, u32 *map)
{
	if (section == s->section &&
	    build_find_map(s->b, section, offset, map))
		return 0;
	return build_refuse_pointer(s, -EINVAL,
				    "what is at offset %lld of section %s is no map that .maps defines",
				    offset, bpffs_elf_section_name(&s->b->elf, section));
}

/* The index of a hash of maps is its key, as long as that is a number. */
static int check_key(const struct build_pointers *s, const struct bpffs_plan_map *map)
{
	if (map->key_size == sizeof(u32))
		return 0;
	return build_refuse_pointer(s, -EINVAL,
				    "map \"%s\" has keys of %u bytes; only keys of %zu can be counted up",
				    map->name, map->key_size, sizeof(u32));
}

static int read_slot(struct build_pointers *s)
{
	struct bpffs_plan *plan = s->b->plan;
	struct bpffs_plan_slot *slot = &plan->slots[plan->nr_slots];
	const struct bpffs_plan_map *map;
	s64 offset = 0;
	u32 section;
	int err;

	err = find_slot(s, slot);
	if (!err)
		err = build_pointer_target(s, &section, &offset);
	if (err)
		return err;
	map = &plan->maps[slot->map];
	err = check_key(s, map);
	if (err)
		return err;
	if (bpffs_map_holds_maps(map->type))
		err = target_map(s, section, offset, &slot->target);
	else
		err = build_pointer_prog(s, section, offset, &slot->target);
	if (!err)
		plan->nr_slots++;
	return err;
}

/**
 * build_map_slots() - read what maps of maps and arrays of programs begin with
 * @b: the build; maps and programs are listed
 *
 * Return: 0; -ENOMEM; -E2BIG for too many; -EINVAL for relocations that cannot
 * be meant.
 */
int build_map_slots(struct bpffs_build *b)
{
	u32 section, nr;
	int err;

	err = build_only_section(b, SECTION_MAPS, &section);
	if (err || !section)
		return err;
	nr = build_count_pointers(b, section);
	if (nr > BUILD_MAX_SLOTS)
		return bpffs_diag(b->diag, -E2BIG,
				  "section .maps: %u initial entries; there may be %u",
				  nr, BUILD_MAX_SLOTS);
	b->plan->slots = kvmalloc_array(nr, sizeof(*b->plan->slots),
					GFP_KERNEL_ACCOUNT);
	if (!b->plan->slots)
		return -ENOMEM;
	return build_read_pointers(b, section, read_slot);
}
