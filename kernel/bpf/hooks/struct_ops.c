// SPDX-License-Identifier: GPL-2.0
/*
 * Structs of functions that the kernel calls: what is attached is the map that has
 * them, and which struct it is, and under which name, its value says.
 */
#include "hooks.h"
#include "../services/services.h"

const struct bpffs_hook bpffs_hook_struct_ops = {
	.name		= "struct_ops",
	.attach_map	= bpffs_struct_ops_register,
	.detach		= bpffs_struct_ops_unregister,
};
