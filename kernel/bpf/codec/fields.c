// SPDX-License-Identifier: GPL-2.0
/* Storing a value around what the kernel keeps inside of it. */
#include <linux/compiler.h>
#include <linux/kernel.h>
#include "codec.h"
#include "member.h"

/**
 * struct kept_range - bytes of a value that are the kernel's
 * @start: first byte, from the start of the value
 * @end: past the last byte
 */
struct kept_range {
	u64 start;
	u64 end;
};

static bool find_range(const struct bpffs_btf *btf, u32 id, u64 base, u64 from,
		       struct kept_range *range);

/* Keeps the range that begins first, or reaches further from the same byte. */
static bool nearer(const struct kept_range *candidate, struct kept_range *range, bool any)
{
	if (any && (candidate->start > range->start ||
		    (candidate->start == range->start &&
		     candidate->end <= range->end)))
		return true;
	*range = *candidate;
	return true;
}

static bool find_in_struct(const struct bpffs_btf *btf,
			   const struct btf_type *type, u64 base, u64 from,
			   struct kept_range *range)
{
	const struct btf_member *member = bpffs_btf_tail(type);
	struct kept_range candidate;
	bool any = false;
	u32 i, pos;

	for (i = 0; i < bpffs_btf_vlen(type); i++) {
		bpffs_member_bits(btf, type, member + i, &pos);
		if (find_range(btf, member[i].type, base + pos / 8, from,
			       &candidate))
			any = nearer(&candidate, range, any);
	}
	return any;
}

static bool find_in_section(const struct bpffs_btf *btf,
			    const struct btf_type *type, u64 base, u64 from,
			    struct kept_range *range)
{
	const struct btf_var_secinfo *info = bpffs_btf_tail(type);
	struct kept_range candidate;
	bool any = false;
	u32 i;

	for (i = 0; i < bpffs_btf_vlen(type); i++)
		if (find_range(btf, info[i].type, base + info[i].offset, from,
			       &candidate))
			any = nearer(&candidate, range, any);
	return any;
}

/* Elements are alike, so the first one that ends after @from has it. */
static bool find_in_array(const struct bpffs_btf *btf,
			  const struct btf_array *array, u64 base, u64 from,
			  struct kept_range *range)
{
	u32 size = btf->layouts[array->type].size;
	u32 i = 0;

	if (!size)
		return false;
	if (from > base)
		i = min_t(u64, (u32)(from - base) / size, array->nelems);
	for (; i < array->nelems; i++)
		if (find_range(btf, array->type, base + (u64)i * size, from,
			       range))
			return true;
	return false;
}

/*
 * The first bytes at or after @from that are the kernel's, in a value of type
 * @id that begins at @base.
 */
static bool find_range(const struct bpffs_btf *btf, u32 id, u64 base, u64 from,
		       struct kept_range *range)
{
	const struct bpffs_btf_layout *layout = &btf->layouts[id];
	const struct btf_type *type = btf->types[layout->resolved];

	if (!layout->managed || base + layout->size <= from)
		return false;
	if (layout->managed == BPFFS_MANAGED_WHOLLY) {
		range->start = max(base, from);
		range->end = base + layout->size;
		return true;
	}
	switch (bpffs_btf_kind(type)) {
	case BTF_KIND_ARRAY:
		return find_in_array(btf, bpffs_btf_tail(type), base, from,
				     range);
	case BTF_KIND_DATASEC:
		return find_in_section(btf, type, base, from, range);
	default:
		return find_in_struct(btf, type, base, from, range);
	}
}

/* The largest word, 8 bytes at most, that both are aligned to. */
static size_t word_at(const void *dst, const void *src, size_t size)
{
	size_t word = 8;

	while (word > size || (((unsigned long)dst | (unsigned long)src) & (word - 1)))
		word /= 2;
	return word;
}

/**
 * bpffs_copy_shared() - copy memory that programs use meanwhile
 * @dst: where to
 * @src: where from
 * @size: bytes
 *
 * What lies in an aligned word of 1, 2, 4 or 8 bytes on both sides, as numbers
 * and pointers do, is copied at once: nobody sees the half of it.
 */
void bpffs_copy_shared(void *dst, const void *src, size_t size)
{
	size_t word;

	for (; size; dst += word, src += word, size -= word) {
		word = word_at(dst, src, size);
		if (word == 8)
			WRITE_ONCE(*(u64 *)dst, READ_ONCE(*(const u64 *)src));
		else if (word == 4)
			WRITE_ONCE(*(u32 *)dst, READ_ONCE(*(const u32 *)src));
		else if (word == 2)
			WRITE_ONCE(*(u16 *)dst, READ_ONCE(*(const u16 *)src));
		else
			WRITE_ONCE(*(u8 *)dst, READ_ONCE(*(const u8 *)src));
	}
}

/**
 * bpffs_store_value() - copy a value, but for what the kernel manages in it
 * @btf: types; NULL to copy everything
 * @type: BTF id; 0 to copy everything
 * @size: bytes of the value
 * @dst: where to; locks, timers, kptrs and the like in it stay as they are
 * @src: where from
 *
 * Padding is copied, and all as bpffs_copy_shared() does it. Does not sleep.
 */
void bpffs_store_value(const struct bpffs_btf *btf, u32 type, u32 size,
		       void *dst, const void *src)
{
	struct kept_range range;
	u64 pos = 0;

	if (!bpffs_value_is_typed(btf, type, size) ||
	    !btf->layouts[type].managed) {
		bpffs_copy_shared(dst, src, size);
		return;
	}
	while (find_range(btf, type, 0, pos, &range)) {
		bpffs_copy_shared(dst + pos, src + pos, range.start - pos);
		pos = range.end;
	}
	bpffs_copy_shared(dst + pos, src + pos, size - pos);
}
