// SPDX-License-Identifier: GPL-2.0
/* Where members of structs lie, and what enumerators are. */
#include "member.h"

/**
 * bpffs_member_bits() - tell bitfields from other members
 * @btf: checked at least record by record
 * @parent: struct or union
 * @member: one of its members
 * @pos: set to the member's first bit, counted from the start of @parent
 *
 * There are two ways to write a bitfield: in newer BTF (kind_flag) the member
 * has its width; in older BTF its integer type has.
 *
 * Return: bits in a bitfield; 0 for other members.
 */
u32 bpffs_member_bits(const struct bpffs_btf *btf, const struct btf_type *parent,
		      const struct btf_member *member, u32 *pos)
{
	const struct btf_type *type;
	u32 bits;

	if (BTF_INFO_KFLAG(parent->info)) {
		*pos = BTF_MEMBER_BIT_OFFSET(member->offset);
		return BTF_MEMBER_BITFIELD_SIZE(member->offset);
	}
	*pos = member->offset;
	type = btf->types[btf->layouts[member->type].resolved];
	if (!type || bpffs_btf_kind(type) != BTF_KIND_INT)
		return 0;
	bits = BTF_INT_BITS(bpffs_int_data(type));
	if (bits == 8 * type->size && !(*pos % 8))
		return 0;
	*pos += BTF_INT_OFFSET(bpffs_int_data(type));
	return bits;
}

/**
 * bpffs_enumerator() - one value of an enum
 * @type: enum or enum64
 * @i: which one
 * @bits: of the enum or bitfield that it is for
 * @value: set to its lowest @bits bits
 * @name_off: set to its name
 *
 * What is left out may be the sign: in BTF before that of Linux 6.0 enums do not
 * say whether they have one.
 *
 * Return: whether these bits are all that there is to it.
 */
bool bpffs_enumerator(const struct btf_type *type, u32 i, u32 bits, u64 *value, u32 *name_off)
{
	const struct btf_enum64 *wide = bpffs_btf_tail(type);
	const struct btf_enum *narrow = bpffs_btf_tail(type);
	u64 width = bpffs_u128_mask(8 * type->size).lo;
	u64 mask = bpffs_u128_mask(bits).lo;
	u64 sign = width & ~(mask >> 1);
	u64 full;

	if (bpffs_btf_kind(type) == BTF_KIND_ENUM64) {
		*name_off = wide[i].name_off;
		full = (u64)wide[i].val_hi32 << 32 | wide[i].val_lo32;
	} else {
		*name_off = narrow[i].name_off;
		full = BTF_INFO_KFLAG(type->info) ? (u64)(s64)narrow[i].val :
						    (u32)narrow[i].val;
	}
	*value = full & mask;
	/* All that is left out, and the highest bit of what is not, is the sign. */
	return !(full & width & ~mask) || (full & sign) == sign;
}
