/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BPFFS_LOADER_STRUCT_OPS_H
#define _BPFFS_LOADER_STRUCT_OPS_H

#include <linux/bpffs_diag.h>
#include "plan.h"
#include "type_compat.h"

/**
 * struct bpffs_kernel_ops - a struct of functions that the kernel lets programs be
 * @types: the kernel's types
 * @type: id of the struct
 * @value_type: id of struct bpf_struct_ops_NAME, which it stands in
 * @value_size: bytes of the latter
 * @offset: where in it
 */
struct bpffs_kernel_ops {
	struct bpffs_types types;
	u32 type;
	u32 value_type;
	u32 value_size;
	u32 offset;
};

/**
 * struct bpffs_kernel_callback - where the kernel has one of its functions
 * @member: index in the kernel's struct
 * @offset: bytes from the start of the value
 * @missing: the kernel has it not
 */
struct bpffs_kernel_callback {
	u32 member;
	u32 offset;
	bool missing;
};

bool bpffs_kernel_ops_init(struct bpffs_kernel_ops *kernel, u32 value_type, const char *name);
int bpffs_struct_ops_translate(const struct bpffs_kernel_ops *kernel,
			       const struct bpffs_btf *btf, const struct bpffs_plan_map *map,
			       void *value, struct bpffs_kernel_callback *callbacks,
			       struct bpffs_diag *diag);

#endif /* _BPFFS_LOADER_STRUCT_OPS_H */
