// SPDX-License-Identifier: GPL-2.0
/*
 * Maps that were there before the load and are used in place of new ones: those
 * linked into the directory beforehand, and those that objects share by name.
 */
#include <linux/bpf.h>
#include <linux/cpumask.h>
#include <linux/slab.h>
#include "kernel_numbers.h"
#include "loading.h"

/**
 * loading_max_entries() - how many entries a map will have
 * @pm: the map as planned
 *
 * Return: what the plan says, and where it leaves the size of an array of perf
 * events open, one for each possible CPU.
 */
u32 loading_max_entries(const struct bpffs_plan_map *pm)
{
	if (pm->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY && !pm->max_entries)
		return num_possible_cpus();
	return pm->max_entries;
}

/*
 * The kernel makes some maps a little larger than was asked for: they fit those
 * that ask for the same again.
 */
static u32 kernel_max_entries(const struct bpffs_plan_map *pm)
{
	u32 entries = loading_max_entries(pm);
	u32 cpus = num_possible_cpus();

	if (!(pm->flags & BPF_F_NO_COMMON_LRU))
		return entries;
	return entries <= rounddown(U32_MAX, cpus) ? roundup(entries, cpus) :
	       rounddown(entries, cpus);
}

/* Devices' maps are made read-only for programs, whatever was asked for. */
static u32 known_flags(const struct bpffs_plan_map *pm, u32 flags)
{
	if (pm->type == BPF_MAP_TYPE_DEVMAP || pm->type == BPF_MAP_TYPE_DEVMAP_HASH)
		return flags & ~BPF_F_RDONLY_PROG;
	return flags;
}

/* An object that leaves the address of an arena open takes any. */
static u64 known_extra(const struct bpffs_plan_map *pm, const struct bpf_map *map)
{
	if (pm->type == BPFFS_MAP_TYPE_ARENA && !pm->map_extra)
		return map->map_extra;
	return pm->map_extra;
}

/* One thing in which the map that is there and the one in the object agree. */
struct trait {
	const char *name;
	u64 have;
	u64 want;
};

#define NR_TRAITS	6

/* What the kernel itself compares maps of maps' entries by comes first. */
static void list_traits(struct trait *traits, const struct bpf_map *map,
			const struct bpffs_plan_map *pm)
{
	const struct trait all[NR_TRAITS] = {
		{ "type", map->map_type, pm->type },
		{ "key_size", map->key_size, pm->key_size },
		{ "value_size", map->value_size, pm->value_size },
		{ "map_flags", known_flags(pm, map->map_flags),
		  known_flags(pm, pm->flags) },
		{ "max_entries", map->max_entries, kernel_max_entries(pm) },
		{ "map_extra", map->map_extra, known_extra(pm, map) },
	};

	memcpy(traits, all, sizeof(all));
}

static const char *differing_trait(const struct bpf_map *map,
				   const struct bpffs_plan_map *pm, u32 nr)
{
	struct trait traits[NR_TRAITS];
	u32 i;

	list_traits(traits, map, pm);
	for (i = 0; i < nr; i++)
		if (traits[i].have != traits[i].want)
			return traits[i].name;
	return NULL;
}

static int refuse_shape(struct bpffs_loading *l, const struct bpffs_plan_map *pm,
			const struct bpf_map *have,
			const struct bpffs_plan_map *want, const char *inner,
			const char *trait)
{
	return bpffs_diag(l->diag, -EINVAL,
			  "map %s: %s%s differs: the map that is there is %s with key_size %u, value_size %u, max_entries %u, flags %#x, extra %llu, the object's is %s with key_size %u, value_size %u, max_entries %u, flags %#x, extra %llu",
			  pm->name, inner, trait,
			  bpffs_map_type_name(have->map_type), have->key_size,
			  have->value_size, have->max_entries, have->map_flags,
			  have->map_extra, bpffs_map_type_name(want->type),
			  want->key_size, want->value_size,
			  kernel_max_entries(want), want->flags, known_extra(want, have));
}

static int check_shape(struct bpffs_loading *l, const struct bpffs_plan_map *pm,
		       const struct bpf_map *map)
{
	const u32 of_inner = NR_TRAITS - 2;
	const char *trait;

	trait = differing_trait(map, pm, NR_TRAITS);
	if (trait)
		return refuse_shape(l, pm, map, pm, "", trait);
	if (!pm->inner || !map->inner_map_meta)
		return 0;
	trait = differing_trait(map->inner_map_meta, pm->inner, of_inner);
	if (trait)
		return refuse_shape(l, pm, map->inner_map_meta, pm->inner,
				    "of its inner maps ", trait);
	return 0;
}

/* The contents are those that are there, and config asks for others. */
static int check_presets(struct bpffs_loading *l, const struct bpffs_plan_map *pm)
{
	if (!pm->preset || loading_is_constant(pm))
		return 0;
	return bpffs_diag(l->diag, -EINVAL,
			  "map %s: config sets variables in it, and it has contents already",
			  pm->name);
}

/**
 * loading_is_constant() - do programs rely on what is in a map
 * @pm: the map as planned
 */
bool loading_is_constant(const struct bpffs_plan_map *pm)
{
	return pm->origin == BPFFS_MAP_RODATA || pm->origin == BPFFS_MAP_KCONFIG;
}

/**
 * loading_check_constants() - may a map that is there serve for constants
 * @l: the load; what its externs are is known
 * @index: of the map, one that was there before
 *
 * Programs are verified for the object's constants. They may share a map that
 * has the very same ones, and that nobody can change.
 *
 * Return: 0, also for maps that hold no constants; -EINVAL.
 */
int loading_check_constants(struct bpffs_loading *l, u32 index)
{
	const struct bpffs_plan_map *pm = &l->plan->maps[index];
	struct bpf_map *map = l->load->maps[index]->map;
	const void *have;

	if (!loading_is_constant(pm))
		return 0;
	if (!READ_ONCE(map->frozen))
		return bpffs_diag(l->diag, -EINVAL,
				  "map %s: the map that is there can be written, and constants are to be read from it",
				  pm->name);
	have = bpffs_map_direct(map);
	if (have && (pm->data ? !memcmp(have, pm->data, pm->value_size) :
				!memchr_inv(have, 0, pm->value_size)))
		return 0;
	return bpffs_diag(l->diag, -EINVAL,
			  "map %s: the map that is there holds other constants than the object",
			  pm->name);
}

/**
 * loading_check_managed() - may a map that is there serve for variables
 * @l: the load; its object is made
 * @index: of the map, one that was there before
 *
 * Variables are read and written where they lie, but for what the object's types
 * say is the kernel's. They say nothing of a map that was made for another object,
 * or for something else in the same.
 *
 * Return: 0, also for maps that hold no variables; -EINVAL.
 */
int loading_check_managed(struct bpffs_loading *l, u32 index)
{
	const struct bpffs_plan_map *pm = &l->plan->maps[index];
	const struct bpffs_map *map = l->load->maps[index];

	if (pm->origin == BPFFS_MAP_DEFINED || !bpffs_map_is_managed(map->map) ||
	    (map->format.value_type == pm->value_type &&
	     !memcmp(map->object->digest, l->load->object->digest, SHA256_DIGEST_SIZE)))
		return 0;
	return bpffs_diag(l->diag, -EINVAL,
			  "map %s: the map that is there has fields that the kernel manages, and was not made for this section of this object",
			  pm->name);
}

static int find_map(struct bpffs_loading *l, u32 index)
{
	const struct bpffs_plan_map *pm = &l->plan->maps[index];
	struct bpffs_load *load = l->load;
	struct bpffs_map *map;
	int err;

	map = load->find_map(load, pm->name, pm->pinned, l->diag);
	if (pm->pinned)
		load->map_flags[index] |= BPFFS_MAP_PINNED;
	if (IS_ERR_OR_NULL(map))
		return PTR_ERR_OR_ZERO(map);
	load->maps[index] = map;
	load->map_flags[index] |= BPFFS_MAP_REUSED;
	l->natives[index] = map->native;
	load->map_names[index] = kstrdup(pm->name, GFP_KERNEL_ACCOUNT);
	if (!load->map_names[index])
		return -ENOMEM;
	err = check_shape(l, pm, map->map);
	return err ?: check_presets(l, pm);
}

/**
 * loading_find_maps() - find the maps that need not be made
 * @l: the load; its plan is made and nothing else
 *
 * Allocates load->maps and l->natives, and fills in what is there already.
 *
 * Return: 0; -ENOMEM; -EINVAL if a map that is there has another shape than the
 * object's, or contents in place of which config sets others; what
 * bpffs_load.find_map says.
 */
int loading_find_maps(struct bpffs_loading *l)
{
	struct bpffs_load *load = l->load;
	u32 i, nr = l->plan->nr_maps;
	int err;

	if (!nr)
		return 0;
	load->maps = kvcalloc(nr, sizeof(*load->maps), GFP_KERNEL_ACCOUNT);
	load->map_flags = kvcalloc(nr, sizeof(*load->map_flags), GFP_KERNEL_ACCOUNT);
	load->map_names = kvcalloc(nr, sizeof(*load->map_names), GFP_KERNEL_ACCOUNT);
	l->natives = kvcalloc(nr, sizeof(*l->natives), GFP_KERNEL_ACCOUNT);
	if (!load->maps || !load->map_flags || !load->map_names || !l->natives)
		return -ENOMEM;
	load->nr_maps = nr;
	for (i = 0; load->find_map && i < nr; i++) {
		if (l->plan->maps[i].origin == BPFFS_MAP_STRUCT_OPS)
			continue;
		err = find_map(l, i);
		if (err)
			return err;
	}
	return 0;
}
