// SPDX-License-Identifier: GPL-2.0
/* The maps of a plan, made and filled. */
#include <linux/bpf.h>
#include <linux/cpumask.h>
#include <linux/slab.h>
#include "kernel_numbers.h"
#include "loading.h"

static void init_format(struct bpffs_map *map, const struct bpffs_plan_map *pm)
{
	struct bpffs_format *format = &map->format;

	format->btf = bpffs_object_btf(map->object);
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
	mutex_init(&map->reading);
	map->origin = pm->origin;
	strcpy(map->name, pm->name);
	return map;
}

static void init_attr(union bpf_attr *attr, const struct bpffs_plan_map *pm)
{
	attr->map_type = pm->type;
	attr->key_size = pm->key_size;
	attr->value_size = pm->value_size;
	attr->max_entries = loading_max_entries(pm);
	attr->map_flags = pm->flags;
	attr->numa_node = pm->numa_node;
	attr->map_extra = pm->map_extra;
	if (pm->type == BPFFS_MAP_TYPE_ARENA && !pm->map_extra)
		attr->map_extra = bpffs_arena_address(attr->max_entries);
	loading_kernel_name(attr->map_name, pm->name);
}

/* Would the kernel take it without types? */
static bool types_may_be_why(int err)
{
	return err == -EINVAL || err == -EOPNOTSUPP || err == -EACCES;
}

/*
 * Some maps take types that the core cannot describe, a struct as the key of an
 * array among them. As libbpf does, such a map is made without; its text still
 * follows the object's own BTF.
 */
static struct bpffs_native *create_native_map(struct bpffs_loading *l,
					      const struct bpffs_plan_map *pm,
					      struct bpffs_native *inner)
{
	union bpf_attr attr = {};
	struct bpffs_native *native;

	init_attr(&attr, pm);
	if (l->btf && bpffs_map_takes_btf(pm->type)) {
		attr.btf_key_type_id = pm->key_type;
		attr.btf_value_type_id = pm->value_type;
	}
	if (!attr.btf_key_type_id && !attr.btf_value_type_id)
		return bpffs_map_create(&attr, NULL, inner);
	native = bpffs_map_create(&attr, l->btf, inner);
	if (!IS_ERR(native) || !types_may_be_why(PTR_ERR(native)))
		return native;
	attr.btf_key_type_id = 0;
	attr.btf_value_type_id = 0;
	return bpffs_map_create(&attr, NULL, inner);
}

static int refuse_map(struct bpffs_loading *l, const struct bpffs_plan_map *pm,
		      const char *what, int err)
{
	const char *advice = NULL;

	if (err == -EINVAL)
		advice = bpffs_map_advice(pm, loading_max_entries(pm));
	return bpffs_diag(l->diag, err,
			  "map %s: the kernel refuses %stype %s (%u) with key_size %u, value_size %u, max_entries %u, flags %#x, numa_node %u, extra %llu%s%s",
			  pm->name, what, bpffs_map_type_name(pm->type), pm->type,
			  pm->key_size, pm->value_size, loading_max_entries(pm),
			  pm->flags, pm->numa_node, pm->map_extra, advice ? ": " : "",
			  advice ?: "");
}

/* A template is needed only while the kernel makes the map of maps after it. */
static struct bpffs_native *make_native_map(struct bpffs_loading *l, u32 index)
{
	const struct bpffs_plan_map *pm = &l->plan->maps[index];
	struct bpffs_native *native, *inner = NULL;

	if (pm->origin == BPFFS_MAP_STRUCT_OPS)
		return loading_make_struct_ops(l, index);
	if (bpffs_map_holds_maps(pm->type) && !pm->inner)
		return ERR_PTR(bpffs_diag(l->diag, -EINVAL,
					  "map %s: it does not say what maps it holds; write __array(values, struct { ... }) or set maps.%s.inner",
					  pm->name, pm->name));
	if (pm->inner) {
		inner = create_native_map(l, pm->inner, NULL);
		if (IS_ERR(inner)) {
			refuse_map(l, pm->inner, "its inner map of ",
				   PTR_ERR(inner));
			return inner;
		}
	}
	native = create_native_map(l, pm, inner);
	if (IS_ERR(native))
		refuse_map(l, pm, "", PTR_ERR(native));
	if (inner)
		bpffs_native_put(inner);
	return native;
}

/* The copy of each CPU begins with the same. */
static int fill_cpus(struct bpffs_map *map, const struct bpffs_plan_map *pm)
{
	size_t at, bytes = bpffs_map_value_bytes(map->map);
	u32 zero = 0;
	void *copies;
	int err;

	copies = kvzalloc(bytes, GFP_KERNEL_ACCOUNT);
	if (!copies)
		return -ENOMEM;
	for (at = 0; at < bytes; at += map->format.stride)
		memcpy(copies + at, pm->data, pm->value_size);
	err = bpffs_map_update(map->map, &zero, copies);
	kvfree(copies);
	return err;
}

static int fill_map(const struct bpffs_loading *l, struct bpffs_map *map,
		    const struct bpffs_plan_map *pm)
{
	u32 zero = 0;
	int err;

	/* Programs have to be loaded first. */
	if (pm->origin == BPFFS_MAP_STRUCT_OPS)
		return 0;
	if (pm->arena_data)
		return bpffs_arena_fill(map->native, map->map->map_extra + l->arena_base,
					pm->arena_data, pm->arena_size);
	if (pm->data && pm->origin == BPFFS_MAP_PERCPU_DATA)
		return fill_cpus(map, pm);
	if (pm->data) {
		err = bpffs_map_update(map->map, &zero, pm->data);
		if (err)
			return err;
	}
	/* The verifier trusts what it reads from here: nobody may write it. */
	if (loading_is_constant(pm))
		return bpffs_map_freeze(map->native);
	return 0;
}

static int load_map(struct bpffs_loading *l, u32 index)
{
	const struct bpffs_plan_map *pm = &l->plan->maps[index];
	struct bpffs_native *native;
	struct bpffs_map *map;
	int err;

	map = alloc_map(l->load->object, pm);
	if (!map)
		return -ENOMEM;
	l->load->maps[index] = map;
	native = make_native_map(l, index);
	if (IS_ERR(native))
		return PTR_ERR(native);
	map->native = native;
	map->map = bpffs_native_map(native);
	l->natives[index] = native;
	init_format(map, pm);
	if (pm->arena_data) {
		err = loading_place_arena(l, map, pm);
		if (err)
			return err;
	}
	err = fill_map(l, map, pm);
	if (!err)
		return 0;
	if (pm->arena_data && (err == -EPERM || err == -EACCES))
		return bpffs_diag(l->diag, err,
				  "map %s: its %u bytes of variables cannot be written; that takes a program of type syscall, CAP_BPF and CAP_PERFMON",
				  pm->name, pm->arena_size);
	return bpffs_diag(l->diag, err, "map %s: its initial contents cannot be set", pm->name);
}

static int check_reused(struct bpffs_loading *l, u32 index)
{
	const struct bpffs_plan_map *pm = &l->plan->maps[index];
	int err;

	if (pm->arena_data)
		return loading_find_in_arena(l, l->load->maps[index], pm);
	err = loading_check_managed(l, index);
	return err ?: loading_check_constants(l, index);
}

/**
 * loading_maps() - make the maps of the plan and fill them
 * @l: the load; its BTF is loaded, maps that were there before are found
 *
 * Return: 0; -ENOMEM; -EINTR after a signal; what the kernel says of the map
 * that the sentence names.
 */
int loading_maps(struct bpffs_loading *l)
{
	u32 i;
	int err;

	for (i = 0; i < l->plan->nr_maps; i++) {
		err = loading_check_signal(l, "map", l->plan->maps[i].name, "made");
		if (err)
			return err;
		if (l->load->maps[i])
			err = check_reused(l, i);
		else
			err = load_map(l, i);
		if (err)
			return err;
	}
	return loading_map_slots(l);
}
