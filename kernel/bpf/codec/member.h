/* SPDX-License-Identifier: GPL-2.0 */
/* Where members of structs and unions lie. */
#ifndef _BPFFS_CODEC_MEMBER_H
#define _BPFFS_CODEC_MEMBER_H

#include <linux/string.h>
#include "btf.h"
#include "number.h"

/* The 32 bits that follow an integer type. */
static inline u32 bpffs_int_data(const struct btf_type *type)
{
	return *(const u32 *)bpffs_btf_tail(type);
}

/* member.c */
u32 bpffs_member_bits(const struct bpffs_btf *btf, const struct btf_type *parent,
		      const struct btf_member *member, u32 *pos);
bool bpffs_enumerator(const struct btf_type *type, u32 i, u32 bits, u64 *value, u32 *name_off);

/* Members without a name: structs and unions lend their fields to the parent. */
static inline bool bpffs_member_is_anonymous(const struct bpffs_btf *btf,
					     const struct btf_member *member)
{
	return !btf->strings[member->name_off];
}

/* How many names @member adds to the text of the struct that it is in. */
static inline u32 bpffs_member_fields(const struct bpffs_btf *btf,
				      const struct btf_member *member)
{
	return bpffs_member_is_anonymous(btf, member) ?
	       btf->layouts[member->type].fields : 1;
}

static inline bool bpffs_is_struct(const struct btf_type *type)
{
	u32 kind = bpffs_btf_kind(type);

	return kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION;
}

/* Whether a value of @size bytes is read by a type, or is hex. */
static inline bool bpffs_value_is_typed(const struct bpffs_btf *btf, u32 type,
					u32 size)
{
	return btf && type && type < btf->nr_types &&
	       btf->layouts[type].has_value && btf->layouts[type].size == size;
}

/* Arrays of char are text, arrays of u8 are numbers. */
static inline bool bpffs_is_char(const struct bpffs_btf *btf,
				 const struct btf_type *type)
{
	if (!type || bpffs_btf_kind(type) != BTF_KIND_INT || type->size != 1 ||
	    BTF_INT_BITS(bpffs_int_data(type)) != 8)
		return false;
	if (BTF_INT_ENCODING(bpffs_int_data(type)) & BTF_INT_CHAR)
		return true;
	return !strcmp(btf->strings + type->name_off, "char");
}

#endif /* _BPFFS_CODEC_MEMBER_H */
