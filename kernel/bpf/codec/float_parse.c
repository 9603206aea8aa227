// SPDX-License-Identifier: GPL-2.0
/*
 * Decimal text to the nearest floating point number, ties to even, by dividing
 * whole numbers: 64 bits of the quotient and whether there is a remainder are
 * all that rounding needs.
 */
#include <linux/kernel.h>
#include <linux/errno.h>
#include "float.h"

/* Exponents of ten beyond which every number is infinite or 0. */
#define POWER_MAX	310
#define POWER_MIN	(-330)

/**
 * struct quotient - a number as 64 bits
 * @bits: the highest one is set
 * @more: what was cut off is not 0
 * @exponent: of two, of the lowest bit
 */
struct quotient {
	u64 bits;
	bool more;
	s32 exponent;
};

/* Brings both numbers to the same length, @num below @den. */
static s32 align(struct bpffs_big *num, struct bpffs_big *den)
{
	s32 shift = (s32)bpffs_big_bits(num) - (s32)bpffs_big_bits(den);

	if (shift < 0)
		bpffs_big_shift(num, -shift);
	else
		bpffs_big_shift(den, shift);
	if (bpffs_big_cmp(num, den) < 0)
		return shift;
	bpffs_big_shift(den, 1);
	return shift + 1;
}

static void divide(struct quotient *q, struct bpffs_big *num,
		   struct bpffs_big *den)
{
	u32 i;

	q->exponent = align(num, den) - 64;
	q->bits = 0;
	for (i = 0; i < 64; i++) {
		bpffs_big_shift(num, 1);
		q->bits <<= 1;
		if (bpffs_big_cmp(num, den) < 0)
			continue;
		bpffs_big_sub(num, den);
		q->bits |= 1;
	}
	q->more = num->len;
}

static noinline void decimal_quotient(struct quotient *q,
				      const struct bpffs_decimal *decimal)
{
	s32 power = decimal->exponent - (s32)decimal->nr;
	struct bpffs_big num, den, digit;
	u32 i;

	bpffs_big_set(&num, 0);
	bpffs_big_set(&den, 1);
	for (i = 0; i < decimal->nr; i++) {
		bpffs_big_mul(&num, 10);
		bpffs_big_set(&digit, decimal->digit[i]);
		bpffs_big_add(&num, &digit);
	}
	if (power >= 0)
		bpffs_big_mul_pow10(&num, power);
	else
		bpffs_big_mul_pow10(&den, -power);
	divide(q, &num, &den);
	q->more |= decimal->more;
}

/* Cuts @drop bits off, to the nearest, ties to even. */
static u64 round_bits(const struct quotient *q, u32 drop)
{
	u64 kept, rest, half;

	if (drop > 64)
		return 0;
	half = 1ULL << (drop - 1);
	kept = drop == 64 ? 0 : q->bits >> drop;
	rest = q->bits & (half | (half - 1));
	if (rest > half || (rest == half && (q->more || kept & 1)))
		kept++;
	return kept;
}

static int pack(const struct bpffs_float_format *format,
		const struct quotient *q, u64 *bits)
{
	s32 lowest = 1 - bpffs_float_bias(format) - (s32)format->fraction;
	u64 hidden = 1ULL << format->fraction;
	s32 drop = 64 - ((s32)format->fraction + 1);
	s32 exponent;
	u64 kept;

	/* Small numbers have fewer bits, down to none. */
	drop = max(drop, lowest - q->exponent);
	exponent = q->exponent + drop;
	kept = round_bits(q, drop);
	if (kept == hidden << 1) {
		kept >>= 1;
		exponent++;
	}
	if (kept < hidden) {
		*bits = kept;
		return 0;
	}
	exponent += 1 - lowest;
	if (exponent >= (1 << format->exponent) - 1)
		return -ERANGE;
	*bits = (u64)exponent << format->fraction | (kept & (hidden - 1));
	return 0;
}

/**
 * bpffs_float_bits() - round a decimal number to a floating point type
 * @decimal: the number, not negative
 * @size: bytes of the type, 4 or 8
 * @bits: set to its bits
 *
 * Return: 0; -ERANGE if it is too large for the type.
 */
int bpffs_float_bits(const struct bpffs_decimal *decimal, u32 size, u64 *bits)
{
	struct quotient q;

	*bits = 0;
	if (!decimal->nr || decimal->exponent < POWER_MIN)
		return 0;
	if (decimal->exponent > POWER_MAX)
		return -ERANGE;
	decimal_quotient(&q, decimal);
	return pack(bpffs_float_format(size), &q, bits);
}
