/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What differs between the kernels that bpffs is built for, and nothing else.
 * This is the one file that asks for the kernel's version.
 */
#ifndef _BPFFS_SERVICES_COMPAT_H
#define _BPFFS_SERVICES_COMPAT_H

#include <linux/bpf.h>
#include <linux/fs_struct.h>
#include <linux/module.h>
#include <linux/path.h>
#include <linux/percpu.h>
#include <linux/sched/task.h>
#include <linux/version.h>

#define KERNEL_IS_AT_LEAST(major, minor) \
	(KERNEL_VERSION(major, minor, 0) <= LINUX_VERSION_CODE)

/* Exported for light skeletons, declared in no header of the older kernels. */
int kern_sys_bpf(int cmd, union bpf_attr *attr, unsigned int size);

/*
 * From 6.12 on bpf_link_get_from_fd() is exported into a symbol namespace.
 * Importing one that a kernel does not have is harmless, only the spelling of
 * the import changed.
 */
#if KERNEL_IS_AT_LEAST(6, 13)
#define BPFFS_IMPORT_BPF_INTERNAL	MODULE_IMPORT_NS("BPF_INTERNAL")
#else
#define BPFFS_IMPORT_BPF_INTERNAL	MODULE_IMPORT_NS(BPF_INTERNAL)
#endif

/* What "/" is to the first process; the caller owes path_put(). */
static inline void bpffs_initial_root(struct path *root)
{
#if KERNEL_IS_AT_LEAST(7, 3)
	get_fs_root(userspace_init_fs, root);
#else
	task_lock(&init_task);
	get_fs_root(init_task.fs, root);
	task_unlock(&init_task);
#endif
}

/* Where a value's bpf_spin_lock is, or a negative number if it has none. */
static inline int bpffs_spin_lock_offset(const struct bpf_map *map)
{
#if KERNEL_IS_AT_LEAST(6, 2)
	if (!btf_record_has_field(map->record, BPF_SPIN_LOCK))
		return -ENOENT;
	return map->record->spin_lock_off;
#else
	return map->spin_lock_off;
#endif
}

/* Whether the map's values have locks, timers, pointers and the like. */
static inline bool bpffs_values_are_managed(const struct bpf_map *map)
{
#if KERNEL_IS_AT_LEAST(6, 2)
	return !IS_ERR_OR_NULL(map->record);
#else
	return map_value_has_spin_lock(map) || map_value_has_timer(map) ||
	       map_value_has_kptrs(map);
#endif
}

/* What the map itself says it takes, 0 where the kernel does not ask maps. */
static inline u64 bpffs_map_mem_usage(const struct bpf_map *map)
{
#if KERNEL_IS_AT_LEAST(6, 4)
	return map->ops->map_mem_usage ? map->ops->map_mem_usage(map) : 0;
#else
	return 0;
#endif
}

/* Distance between the copies that two CPUs have of a per-CPU object. */
static inline long bpffs_percpu_distance(int from, int to)
{
#ifdef CONFIG_SMP
	return per_cpu_offset(to) - per_cpu_offset(from);
#else
	return 0;
#endif
}

/* The module whose BTF has the type of a struct_ops map; false where none can. */
static inline bool bpffs_attr_set_value_btf(union bpf_attr *attr, int fd)
{
#if KERNEL_IS_AT_LEAST(6, 9)
	attr->value_type_btf_obj_fd = fd;
	attr->map_flags |= BPF_F_VTYPE_BTF_OBJ_FD;
	return true;
#else
	return false;
#endif
}

/* The kernel's version as LINUX_KERNEL_VERSION tells programs. */
#define BPFFS_LINUX_VERSION	LINUX_VERSION_CODE

#endif /* _BPFFS_SERVICES_COMPAT_H */
