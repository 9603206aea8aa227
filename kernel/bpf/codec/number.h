/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Integers of up to 128 bits, as pairs of words: not every architecture has
 * __int128, and none may call its library functions from the kernel.
 */
#ifndef _BPFFS_CODEC_NUMBER_H
#define _BPFFS_CODEC_NUMBER_H

#include <linux/types.h>

struct bpffs_u128 {
	u64 lo;
	u64 hi;
};

/**
 * struct bpffs_number - an integer as it was written
 * @value: without its sign
 * @negative: had a minus sign
 */
struct bpffs_number {
	struct bpffs_u128 value;
	bool negative;
};

static inline int bpffs_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static inline struct bpffs_u128 bpffs_u128(u64 lo)
{
	return (struct bpffs_u128){ .lo = lo };
}

/* The lowest @bits bits, of 1 to 128. */
static inline struct bpffs_u128 bpffs_u128_mask(u32 bits)
{
	struct bpffs_u128 mask = { ~0ULL, ~0ULL };

	if (bits <= 64) {
		mask.hi = 0;
		mask.lo >>= 64 - bits;
	} else {
		mask.hi >>= 128 - bits;
	}
	return mask;
}

/* Two's complement. */
static inline struct bpffs_u128 bpffs_u128_negate(struct bpffs_u128 value)
{
	value.lo = -value.lo;
	value.hi = ~value.hi + !value.lo;
	return value;
}

/* bits.c */
u64 bpffs_load(const void *data, u32 size);
void bpffs_store(void *data, u32 size, u64 value);
struct bpffs_u128 bpffs_load_bits(const void *data, u32 pos, u32 bits);
void bpffs_store_bits(void *data, u32 pos, u32 bits, struct bpffs_u128 value);

#endif /* _BPFFS_CODEC_NUMBER_H */
