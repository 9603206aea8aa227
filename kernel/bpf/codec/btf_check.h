/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the files that check BTF; nobody else includes it. */
#ifndef _BPFFS_CODEC_BTF_CHECK_H
#define _BPFFS_CODEC_BTF_CHECK_H

#include "btf.h"

/* Structs and arrays nest this deep, which bounds every recursion over values. */
#define BPFFS_BTF_DEPTH		32

/* The same with typedefs and qualifiers between them; kernels have up to 33. */
#define BPFFS_BTF_CHAIN		64

/* Longest text of the name of a field, an enumerator, or a variable in text. */
#define BPFFS_BTF_NAME_LEN	512

/**
 * struct bpffs_btf_rule - how a kind is laid out in BTF
 * @name: for sentences
 * @fixed: bytes that follow struct btf_type
 * @each: bytes that follow for each of vlen elements
 * @named: must have a name
 * @check: what must hold beyond that; every record of @btf has its full length
 *	when it is called, but other records may still be wrong
 *
 * A kind with neither @each nor BTF_KIND_FUNC's use of it has a vlen of 0.
 */
struct bpffs_btf_rule {
	const char *name;
	u8 fixed;
	u8 each;
	bool named;
	int (*check)(struct bpffs_btf *btf, u32 id,
		     const struct btf_type *type, struct bpffs_diag *diag);
};

/* btf_check.c */
const struct bpffs_btf_rule *bpffs_btf_rule(u32 kind);
bool bpffs_btf_take_name(struct bpffs_btf *btf, u32 name_off);
int bpffs_btf_check_types(struct bpffs_btf *btf, struct bpffs_diag *diag);
__printf(4, 5)
int bpffs_btf_refuse(const struct bpffs_btf *btf, u32 id,
		     struct bpffs_diag *diag, const char *fmt, ...);

/* btf_layout.c */
int bpffs_btf_lay_out(struct bpffs_btf *btf, struct bpffs_diag *diag);

/* btf_size.c */
int bpffs_btf_size_up(struct bpffs_btf *btf, u32 id, struct bpffs_diag *diag);

#endif /* _BPFFS_CODEC_BTF_CHECK_H */
