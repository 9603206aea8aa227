// SPDX-License-Identifier: GPL-2.0
/* The maps of a plan, made and filled. */
#include <linux/bpf.h>
#include <linux/cpumask.h>
#include <linux/slab.h>
#include "loading.h"

static void init_format(struct bpffs_map *map, const struct bpffs_plan_map *pm)
{
	struct bpffs_format *format = &map->format;

	format->btf = map->object->btf_data ? &map->object->btf : NULL;
	format->key_type = pm->key_type;
	format->value_type = pm->value_type;
	/* A data section is one value, and has no key as text. */
	if (pm->origin == BPFFS_MAP_DEFINED)
		format->key_size = map->map->key_size;
	format->value_size = map->map->value_size;
	if (bpffs_map_is_percpu(map->map)) {
		format->nr_cpus = num_possible_cpus();
		format->stride = round_up(map->map->value_size, 8);
	}
}

static struct bpffs_map *alloc_map(struct bpffs_object *object,
				   const struct bpffs_plan_map *pm)
{
	struct bpffs_map *map;

	map = kzalloc(struct_size(map, name, strlen(pm->name) + 1),
		      GFP_KERNEL_ACCOUNT);
	if (!map)
		return NULL;
	kref_init(&map->ref);
	map->object = bpffs_object_get(object);
	map->record_type = pm->record_type;
	map->origin = pm->origin;
	strcpy(map->name, pm->name);
	return map;
}

static struct bpffs_native *create_native_map(struct bpffs_loading *l,
					      const struct bpffs_plan_map *pm)
{
	union bpf_attr attr = {
		.map_type = pm->type,
		.key_size = pm->key_size,
		.value_size = pm->value_size,
		.max_entries = pm->max_entries,
		.map_flags = pm->flags,
		.numa_node = pm->numa_node,
		.map_extra = pm->map_extra,
		.btf_key_type_id = pm->key_type,
		.btf_value_type_id = pm->value_type,
	};
	struct bpffs_native *native;

	loading_kernel_name(attr.map_name, pm->name);
	native = bpffs_map_create(&attr, pm->value_type ? l->btf : NULL);
	if (!IS_ERR(native) || !pm->value_type)
		return native;
	/*
	 * Some maps take types that the core cannot describe, a struct as the
	 * key of an array among them. As libbpf does, such a map is made
	 * without; its text still follows the object's own BTF.
	 */
	if (PTR_ERR(native) != -EINVAL && PTR_ERR(native) != -EOPNOTSUPP)
		return native;
	attr.btf_key_type_id = 0;
	attr.btf_value_type_id = 0;
	return bpffs_map_create(&attr, NULL);
}

static int fill_map(struct bpffs_map *map, const struct bpffs_plan_map *pm)
{
	u32 zero = 0;
	int err;

	if (pm->data) {
		err = bpffs_map_update(map->map, &zero, pm->data);
		if (err)
			return err;
	}
	/* The verifier trusts what it reads from here: nobody may write it. */
	if (pm->origin == BPFFS_MAP_RODATA || pm->origin == BPFFS_MAP_KCONFIG)
		return bpffs_map_freeze(map->native);
	return 0;
}

static int load_map(struct bpffs_loading *l, u32 index)
{
	const struct bpffs_plan_map *pm = &l->plan->maps[index];
	struct bpffs_load *load = l->load;
	struct bpffs_map *map;
	struct bpffs_native *native;
	int err;

	map = alloc_map(load->object, pm);
	if (!map)
		return -ENOMEM;
	load->maps[load->nr_maps++] = map;
	native = create_native_map(l, pm);
	if (IS_ERR(native))
		return bpffs_diag(l->diag, PTR_ERR(native),
				  "map %s: the kernel refuses type %u with key_size %u, value_size %u, max_entries %u, flags %#x",
				  pm->name, pm->type, pm->key_size, pm->value_size,
				  pm->max_entries, pm->flags);
	map->native = native;
	map->map = bpffs_native_map(native);
	l->natives[index] = native;
	init_format(map, pm);
	err = fill_map(map, pm);
	if (err)
		return bpffs_diag(l->diag, err,
				  "map %s: its initial contents cannot be set",
				  pm->name);
	return 0;
}

/**
 * loading_maps() - make the maps of the plan and fill them
 * @l: the load; its BTF is loaded
 *
 * Return: 0; -ENOMEM; what the kernel says of the map that the sentence names.
 */
int loading_maps(struct bpffs_loading *l)
{
	u32 i, nr = l->plan->nr_maps;
	int err;

	if (!nr)
		return 0;
	l->load->maps = kvcalloc(nr, sizeof(*l->load->maps), GFP_KERNEL_ACCOUNT);
	l->natives = kvcalloc(nr, sizeof(*l->natives), GFP_KERNEL_ACCOUNT);
	if (!l->load->maps || !l->natives)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		err = load_map(l, i);
		if (err)
			return err;
	}
	return 0;
}
