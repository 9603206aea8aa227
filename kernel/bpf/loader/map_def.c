// SPDX-License-Identifier: GPL-2.0
/* The maps that sections define, and where in the file each of them is. */
#include <linux/btf.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/page.h>
#include "build.h"

/* The DATASEC that describes section .maps, @section; NULL if there is none. */
static int find_datasec(struct bpffs_build *b, u32 section,
			const struct btf_type **datasec)
{
	*datasec = NULL;
	if (!section)
		return 0;
	*datasec = bpffs_btf_type(&b->plan->btf, b->sections[section].datasec);
	if (!*datasec)
		return bpffs_diag(b->diag, -EINVAL,
				  "section .maps: no BTF describes it; compile with -g");
	return 0;
}

static int read_map(struct bpffs_build *b, u32 section,
		    const struct btf_var_secinfo *info)
{
	struct elf64_shdr shdr = bpffs_elf_section(&b->elf, section);
	u32 index = b->plan->nr_maps++;
	struct build_map_place *place = &b->map_places[index];
	u32 end;

	b->sections[section].nr_maps++;
	place->offset = info->offset;
	place->size = info->size;
	place->values = NO_VALUES;
	if (check_add_overflow(info->offset, info->size, &end) ||
	    end > shdr.sh_size)
		return bpffs_diag(b->diag, -EINVAL,
				  "section .BTF: a map of %u bytes at %u is not inside section .maps of %llu bytes",
				  info->size, info->offset, shdr.sh_size);
	return build_read_map(b, &b->plan->maps[index], place, info->type);
}

static int read_maps(struct bpffs_build *b, u32 section,
		     const struct btf_type *datasec)
{
	const struct btf_var_secinfo *info;
	u32 i, nr;
	int err;

	if (!datasec)
		return 0;
	info = (const void *)(datasec + 1);
	nr = BTF_INFO_VLEN(datasec->info);
	b->sections[section].map = b->plan->nr_maps;
	for (i = 0; i < nr; i++) {
		err = build_check_signal(b) ?: read_map(b, section, &info[i]);
		if (err)
			return err;
	}
	return 0;
}

static int refuse_number(struct bpffs_build *b, u32 nr)
{
	return bpffs_diag(b->diag, -E2BIG,
			  "the object asks for %u maps; it may have %u",
			  nr, BUILD_MAX_MAPS);
}

static int alloc_maps(struct bpffs_build *b, u32 nr)
{
	if (nr > BUILD_MAX_MAPS)
		return refuse_number(b, nr);
	b->plan->maps = kvcalloc(nr, sizeof(*b->plan->maps),
				 GFP_KERNEL_ACCOUNT);
	b->map_places = kvcalloc(nr, sizeof(*b->map_places),
				 GFP_KERNEL_ACCOUNT);
	return b->plan->maps && b->map_places ? 0 : -ENOMEM;
}

/**
 * build_defined_maps() - read the definitions in sections .maps and maps
 * @b: the build, past build_btf()
 *
 * Allocates the plan's maps, with room for those of data sections and of
 * struct_ops, and fills in the first of them.
 *
 * Return: 0; -ENOMEM; -E2BIG for too many maps, or attributes of one; -EINVAL for
 * definitions that make no sense; -EOPNOTSUPP for attributes that are not known;
 * -EINTR after a fatal signal.
 */
int build_defined_maps(struct bpffs_build *b)
{
	u32 maps, legacy, nr = build_count_data_maps(b) + build_count_struct_ops(b);
	const struct btf_type *datasec;
	int err;

	err = build_only_section(b, SECTION_MAPS, &maps);
	if (!err)
		err = build_only_section(b, SECTION_LEGACY_MAPS, &legacy);
	if (!err)
		err = find_datasec(b, maps, &datasec);
	if (err)
		return err;
	if (datasec)
		nr += BTF_INFO_VLEN(datasec->info);
	err = alloc_maps(b, nr + build_count_legacy_maps(b, legacy));
	if (!err)
		err = read_maps(b, maps, datasec);
	return err ?: build_legacy_maps(b, legacy);
}

/**
 * build_find_map() - the map that is defined at a place
 * @b: the build, past build_defined_maps()
 * @section: index of a section that defines maps
 * @offset: into that section
 * @map: receives the map's index in the plan
 *
 * Return: true if a definition begins exactly there.
 */
bool build_find_map(const struct bpffs_build *b, u32 section, s64 offset,
		    u32 *map)
{
	u32 low = b->sections[section].map;
	u32 mid, high = low + b->sections[section].nr_maps;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (b->map_places[mid].offset < offset)
			low = mid + 1;
		else
			high = mid;
	}
	*map = low;
	return low < b->sections[section].map + b->sections[section].nr_maps &&
	       b->map_places[low].offset == offset;
}

/*
 * A ring buffer is a power of two of pages. What a definition asks for is the
 * least it needs, because its author cannot know the size of a page.
 */
static u32 round_ring_size(u32 size)
{
	u64 rounded = PAGE_SIZE;

	if (!size)
		return 0;
	while (rounded < size)
		rounded <<= 1;
	return rounded <= U32_MAX ? rounded : size;
}

static void round_ring(struct bpffs_plan_map *map)
{
	if (map->type == BPF_MAP_TYPE_RINGBUF ||
	    map->type == BPF_MAP_TYPE_USER_RINGBUF)
		map->max_entries = round_ring_size(map->max_entries);
}

static int use_template(struct bpffs_build *b, u32 index)
{
	struct bpffs_plan_map *map = &b->plan->maps[index];
	u32 template = b->map_places[index].template;
	struct bpffs_plan_map *inner;

	if (!template)
		return 0;
	inner = kmemdup(&b->plan->maps[template - 1], sizeof(*inner),
			GFP_KERNEL_ACCOUNT);
	if (!inner)
		return -ENOMEM;
	kfree(map->inner);
	map->inner = inner;
	if (!map->value_size)
		map->value_size = sizeof(u32);
	return 0;
}

/**
 * build_finish_maps() - what is to be done when all is said about the maps
 * @b: the build; settings for maps have been applied
 *
 * Gives ring buffers a size that the kernel takes and maps of maps the template
 * that config names. A template counts as a map, which it is for as long as the
 * load needs it.
 *
 * Return: 0; -ENOMEM; -E2BIG for too many maps.
 */
int build_finish_maps(struct bpffs_build *b)
{
	u32 i, nr = b->plan->nr_maps;
	struct bpffs_plan_map *map;
	int err;

	for (i = 0; i < b->plan->nr_maps; i++) {
		map = &b->plan->maps[i];
		err = use_template(b, i);
		if (err)
			return err;
		round_ring(map);
		if (map->inner) {
			round_ring(map->inner);
			nr++;
		}
	}
	return nr > BUILD_MAX_MAPS ? refuse_number(b, nr) : 0;
}
