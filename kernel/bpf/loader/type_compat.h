/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BPFFS_LOADER_TYPE_COMPAT_H
#define _BPFFS_LOADER_TYPE_COMPAT_H

#include <linux/types.h>
#include <linux/btf.h>

/**
 * struct bpffs_types - types of an object or of the kernel, looked at alike
 * @type: the type of an id, NULL for void and for ids out of range
 * @name: the string at an offset, "" where there is none
 * @of: what the two are asked about
 *
 * The types may be anything that has been checked once, by bpffs or by the
 * kernel: what follows a type is there, and chains of typedefs end.
 */
struct bpffs_types {
	const struct btf_type *(*type)(const struct bpffs_types *types, u32 id);
	const char *(*name)(const struct bpffs_types *types, u32 name_off);
	const void *of;
};

struct bpffs_btf;

void bpffs_types_of(struct bpffs_types *types, const struct bpffs_btf *btf);
u32 bpffs_types_resolve(const struct bpffs_types *types, u32 id);
bool bpffs_types_size(const struct bpffs_types *types, u32 id, u32 *size);
bool bpffs_types_fit(const struct bpffs_types *local, u32 local_id,
		     const struct bpffs_types *kernel, u32 kernel_id);
void bpffs_types_describe(const struct bpffs_types *types, u32 id, char *buf, size_t size);

#endif /* _BPFFS_LOADER_TYPE_COMPAT_H */
