// SPDX-License-Identifier: GPL-2.0
/*
 * Floating point numbers to the shortest decimal text that reads back as the
 * same number. The method is the exact one of Steele and White (1990): the
 * number and half the distances to its neighbours are kept as fractions of
 * whole numbers, and digits are produced until what is left is nearer to the
 * number than to any neighbour.
 */
#include <linux/kernel.h>
#include "float.h"
#include "text.h"

/* 17 digits tell any two doubles apart. */
#define DIGITS_MAX	17

static const struct bpffs_float_format binary32 = { 23, 8 };
static const struct bpffs_float_format binary64 = { 52, 11 };

/**
 * bpffs_float_format() - layout of a floating point type
 * @size: bytes
 *
 * Return: the layout; NULL for sizes that are printed as hex.
 */
const struct bpffs_float_format *bpffs_float_format(u32 size)
{
	return size == 8 ? &binary64 : size == 4 ? &binary32 : NULL;
}

/**
 * struct digits - a number on its way to text
 * @rest: what is not printed yet, in units of 1 / @scale
 * @scale: a power of two times a power of ten
 * @gap: half the distance to the next lower number, in the same units
 * @tmp: for sums
 * @wide: the distance to the next higher number is twice as large
 * @even: the fraction is even, so halfway values round to this number
 * @nr: digits in @digit
 * @exponent: of ten, of the first digit
 * @digit: as characters
 */
struct digits {
	struct bpffs_big rest;
	struct bpffs_big scale;
	struct bpffs_big gap;
	struct bpffs_big tmp;
	bool wide;
	bool even;
	u32 nr;
	s32 exponent;
	char digit[DIGITS_MAX];
};

/* Where the upper end of what rounds to the number is, against @scale. */
static int cmp_upper(struct digits *d)
{
	d->tmp = d->rest;
	bpffs_big_add(&d->tmp, &d->gap);
	if (d->wide)
		bpffs_big_add(&d->tmp, &d->gap);
	return bpffs_big_cmp(&d->tmp, &d->scale);
}

static bool reaches(int cmp, bool even)
{
	return even ? cmp >= 0 : cmp > 0;
}

/* Sets up @fraction times two to the power of @exponent. */
static void start_digits(struct digits *d, u64 fraction, s32 exponent)
{
	u32 double_gap = d->wide ? 2 : 1;

	d->nr = 0;
	d->even = !(fraction & 1);
	bpffs_big_set(&d->rest, fraction);
	bpffs_big_shift(&d->rest, double_gap);
	bpffs_big_set(&d->scale, 1);
	bpffs_big_shift(&d->scale, double_gap);
	bpffs_big_set(&d->gap, 1);
	if (exponent >= 0) {
		bpffs_big_shift(&d->rest, exponent);
		bpffs_big_shift(&d->gap, exponent);
	} else {
		bpffs_big_shift(&d->scale, -exponent);
	}
}

/*
 * Scales so that the first digit stands right after the point. 78913 / 2^18 is the
 * logarithm of 2 to base 10, so the guess is right or one too low.
 */
static void scale_digits(struct digits *d, s32 log2)
{
	d->exponent = (log2 * 78913) >> 18;
	if (d->exponent >= 0) {
		bpffs_big_mul_pow10(&d->scale, d->exponent);
	} else {
		bpffs_big_mul_pow10(&d->rest, -d->exponent);
		bpffs_big_mul_pow10(&d->gap, -d->exponent);
	}
	bpffs_big_mul(&d->scale, 10);
	if (reaches(cmp_upper(d), d->even)) {
		d->exponent++;
		bpffs_big_mul(&d->scale, 10);
	}
}

/* Takes one digit off; returns whether it is the last one. */
static bool next_digit(struct digits *d)
{
	bool low, high;
	char c = '0';

	bpffs_big_mul(&d->rest, 10);
	bpffs_big_mul(&d->gap, 10);
	while (bpffs_big_cmp(&d->rest, &d->scale) >= 0) {
		bpffs_big_sub(&d->rest, &d->scale);
		c++;
	}
	low = reaches(bpffs_big_cmp(&d->gap, &d->rest), d->even);
	high = reaches(cmp_upper(d), d->even);
	if (low && high) {
		d->tmp = d->rest;
		bpffs_big_add(&d->tmp, &d->rest);
		high = bpffs_big_cmp(&d->tmp, &d->scale) >= 0;
		low = true;
	}
	d->digit[d->nr++] = c + high;
	return low || high || d->nr == DIGITS_MAX;
}

static void put_zeros(struct bpffs_text *out, u32 nr)
{
	while (nr--)
		bpffs_put_char(out, '0');
}

static void put_scientific(struct bpffs_text *out, const struct digits *d)
{
	bpffs_put_char(out, d->digit[0]);
	if (d->nr > 1) {
		bpffs_put_char(out, '.');
		bpffs_put(out, d->digit + 1, d->nr - 1);
	}
	bpffs_put_char(out, 'e');
	bpffs_put_s64(out, d->exponent);
}

static void put_digits(struct bpffs_text *out, const struct digits *d)
{
	u32 whole = d->exponent + 1;

	if (d->exponent < -5 || d->exponent >= DIGITS_MAX) {
		put_scientific(out, d);
	} else if (d->exponent < 0) {
		bpffs_put(out, "0.", 2);
		put_zeros(out, -d->exponent - 1);
		bpffs_put(out, d->digit, d->nr);
	} else if (d->nr <= whole) {
		bpffs_put(out, d->digit, d->nr);
		put_zeros(out, whole - d->nr);
	} else {
		bpffs_put(out, d->digit, whole);
		bpffs_put_char(out, '.');
		bpffs_put(out, d->digit + whole, d->nr - whole);
	}
}

static noinline void put_finite(struct bpffs_text *out, u64 fraction,
				s32 exponent, bool wide)
{
	struct digits d;

	d.wide = wide;
	start_digits(&d, fraction, exponent);
	scale_digits(&d, fls64(fraction) - 1 + exponent);
	while (!next_digit(&d))
		;
	put_digits(out, &d);
}

/* Infinities by name; what is not a number, too, unless its bits are odd. */
static void put_special(struct bpffs_text *out,
			const struct bpffs_float_format *format, u64 bits)
{
	u64 fraction = bits & ((1ULL << format->fraction) - 1);
	bool negative = bits >> (format->fraction + format->exponent);

	if (!fraction)
		bpffs_put(out, negative ? "\"-inf\"" : "\"inf\"", 5 + negative);
	else if (!negative && fraction == 1ULL << (format->fraction - 1))
		bpffs_put(out, "\"nan\"", 5);
	else
		bpffs_put_hex(out, bpffs_u128(bits));
}

/**
 * bpffs_put_float() - print a floating point number
 * @out: where to
 * @bits: its bits
 * @size: bytes of its type, 4 or 8
 */
void bpffs_put_float(struct bpffs_text *out, u64 bits, u32 size)
{
	const struct bpffs_float_format *format = bpffs_float_format(size);
	u32 all_ones = (1U << format->exponent) - 1;
	u64 hidden = 1ULL << format->fraction;
	u64 fraction = bits & (hidden - 1);
	s32 exponent = bits >> format->fraction & all_ones;

	if (exponent == all_ones) {
		put_special(out, format, bits);
		return;
	}
	if (bits >> (format->fraction + format->exponent))
		bpffs_put_char(out, '-');
	if (!exponent && !fraction) {
		bpffs_put_char(out, '0');
		return;
	}
	if (exponent)
		fraction |= hidden;
	put_finite(out, fraction, max(exponent, 1) - bpffs_float_bias(format) -
		   (s32)format->fraction, fraction == hidden && exponent > 1);
}
