// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>
#include <linux/slab.h>
#include "object.h"
#include "../services/services.h"

static void bpffs_object_free(struct kref *ref)
{
	struct bpffs_object *object = container_of(ref, struct bpffs_object, ref);

	bpffs_btf_release(&object->btf);
	kvfree(object->btf_data);
	kfree(object);
}

/**
 * bpffs_object_get() - one more holder of an object
 * @object: object that the caller holds a reference on
 *
 * Return: @object.
 */
struct bpffs_object *bpffs_object_get(struct bpffs_object *object)
{
	kref_get(&object->ref);
	return object;
}

/**
 * bpffs_object_put() - one holder less; may sleep
 * @object: object, or NULL
 */
void bpffs_object_put(struct bpffs_object *object)
{
	if (object)
		kref_put(&object->ref, bpffs_object_free);
}

/**
 * bpffs_object_btf() - the types of an object
 * @object: object
 *
 * Return: the index over its BTF, valid as long as @object; NULL without.
 */
const struct bpffs_btf *bpffs_object_btf(const struct bpffs_object *object)
{
	return object->btf_data ? &object->btf : NULL;
}

static void bpffs_map_free(struct kref *ref)
{
	struct bpffs_map *map = container_of(ref, struct bpffs_map, ref);

	bpffs_struct_ops_free(map->struct_ops);
	if (map->native)
		bpffs_native_put(map->native);
	bpffs_object_put(map->object);
	mutex_destroy(&map->reading);
	kfree(map);
}

/**
 * bpffs_map_get() - one more holder of a map
 * @map: map that the caller holds a reference on
 *
 * Return: @map.
 */
struct bpffs_map *bpffs_map_get(struct bpffs_map *map)
{
	kref_get(&map->ref);
	return map;
}

/**
 * bpffs_map_put() - one holder less; may sleep
 * @map: map, or NULL
 */
void bpffs_map_put(struct bpffs_map *map)
{
	if (map)
		kref_put(&map->ref, bpffs_map_free);
}

static void bpffs_prog_free(struct kref *ref)
{
	struct bpffs_prog *prog = container_of(ref, struct bpffs_prog, ref);
	u32 i;

	if (prog->native)
		bpffs_native_put(prog->native);
	for (i = 0; i < prog->nr_maps; i++)
		bpffs_map_put(prog->maps[i]);
	kfree(prog->maps);
	kfree(prog->section);
	kfree(prog->target);
	bpffs_object_put(prog->object);
	kfree(prog);
}

/**
 * bpffs_prog_get() - one more holder of a program
 * @prog: program that the caller holds a reference on
 *
 * Return: @prog.
 */
struct bpffs_prog *bpffs_prog_get(struct bpffs_prog *prog)
{
	kref_get(&prog->ref);
	return prog;
}

/**
 * bpffs_prog_put() - one holder less; may sleep
 * @prog: program, or NULL
 */
void bpffs_prog_put(struct bpffs_prog *prog)
{
	if (prog)
		kref_put(&prog->ref, bpffs_prog_free);
}

static void bpffs_var_free(struct kref *ref)
{
	struct bpffs_var *var = container_of(ref, struct bpffs_var, ref);

	bpffs_map_put(var->map);
	bpffs_object_put(var->object);
	kfree(var);
}

/**
 * bpffs_var_put() - one holder less; may sleep
 * @var: variable, or NULL
 */
void bpffs_var_put(struct bpffs_var *var)
{
	if (var)
		kref_put(&var->ref, bpffs_var_free);
}
