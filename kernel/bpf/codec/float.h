/* SPDX-License-Identifier: GPL-2.0 */
/* Floating point numbers without a floating point unit, which kernels lack. */
#ifndef _BPFFS_CODEC_FLOAT_H
#define _BPFFS_CODEC_FLOAT_H

#include <linux/types.h>

/* Digits of a decimal number that count; what follows only decides ties. */
#define BPFFS_DECIMAL_DIGITS	40

/**
 * struct bpffs_decimal - a decimal number as it was written
 * @digit: values 0 to 9, the first one not 0
 * @nr: digits in use; 0 for the number 0
 * @more: a digit after those was not 0
 * @exponent: the number is 0.DIGITS times 10 to the power of this
 */
struct bpffs_decimal {
	u8 digit[BPFFS_DECIMAL_DIGITS];
	u32 nr;
	bool more;
	s32 exponent;
};

/* float_parse.c */
int bpffs_float_bits(const struct bpffs_decimal *decimal, u32 size, u64 *bits);

/*
 * The rest is shared by printing and parsing.
 *
 * Whole numbers large enough for every power of two and of ten that the range
 * of double calls for, of 1240 bits at most.
 */
#define BPFFS_BIG_WORDS		40

/**
 * struct bpffs_big - a large number
 * @len: words in use, the highest of them not 0
 * @word: lowest first
 */
struct bpffs_big {
	u32 len;
	u32 word[BPFFS_BIG_WORDS];
};

/**
 * struct bpffs_float_format - how IEEE 754 lays a number out
 * @fraction: bits of the fraction, below the exponent
 * @exponent: bits of the exponent, below the sign
 */
struct bpffs_float_format {
	u32 fraction;
	u32 exponent;
};

/* float.c */
const struct bpffs_float_format *bpffs_float_format(u32 size);

static inline s32 bpffs_float_bias(const struct bpffs_float_format *format)
{
	return (1 << (format->exponent - 1)) - 1;
}

/* big.c */
void bpffs_big_set(struct bpffs_big *big, u64 value);
u32 bpffs_big_bits(const struct bpffs_big *big);
void bpffs_big_mul(struct bpffs_big *big, u32 factor);
void bpffs_big_mul_pow10(struct bpffs_big *big, u32 power);
void bpffs_big_shift(struct bpffs_big *big, u32 bits);
void bpffs_big_add(struct bpffs_big *big, const struct bpffs_big *term);
void bpffs_big_sub(struct bpffs_big *big, const struct bpffs_big *term);
int bpffs_big_cmp(const struct bpffs_big *a, const struct bpffs_big *b);

#endif /* _BPFFS_CODEC_FLOAT_H */
