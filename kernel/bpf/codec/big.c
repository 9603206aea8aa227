// SPDX-License-Identifier: GPL-2.0
/*
 * Arithmetic on numbers of up to BPFFS_BIG_WORDS words. The callers keep their
 * exponents in a range where nothing overflows.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "float.h"

/**
 * bpffs_big_set() - start with a small number
 * @big: set to it
 * @value: any
 */
void bpffs_big_set(struct bpffs_big *big, u64 value)
{
	for (big->len = 0; value; value >>= 32)
		big->word[big->len++] = value;
}

/**
 * bpffs_big_bits() - how long a number is
 * @big: the number
 *
 * Return: one more than the position of the highest bit set, 0 for 0.
 */
u32 bpffs_big_bits(const struct bpffs_big *big)
{
	return big->len ? 32 * (big->len - 1) + fls(big->word[big->len - 1]) : 0;
}

static void push(struct bpffs_big *big, u32 word)
{
	if (word && big->len < BPFFS_BIG_WORDS)
		big->word[big->len++] = word;
}

static void trim(struct bpffs_big *big)
{
	while (big->len && !big->word[big->len - 1])
		big->len--;
}

/**
 * bpffs_big_mul() - multiply by a small number
 * @big: becomes the product
 * @factor: not 0
 */
void bpffs_big_mul(struct bpffs_big *big, u32 factor)
{
	u64 carry = 0;
	u32 i;

	for (i = 0; i < big->len; i++) {
		carry += (u64)big->word[i] * factor;
		big->word[i] = carry;
		carry >>= 32;
	}
	push(big, carry);
}

/**
 * bpffs_big_mul_pow10() - multiply by a power of ten
 * @big: becomes the product
 * @power: the exponent
 */
void bpffs_big_mul_pow10(struct bpffs_big *big, u32 power)
{
	for (; power >= 9; power -= 9)
		bpffs_big_mul(big, 1000000000);
	for (; power; power--)
		bpffs_big_mul(big, 10);
}

/**
 * bpffs_big_shift() - multiply by a power of two
 * @big: becomes the product
 * @bits: the exponent
 */
void bpffs_big_shift(struct bpffs_big *big, u32 bits)
{
	u32 words = min_t(u32, bits / 32, BPFFS_BIG_WORDS - big->len);

	if (!big->len)
		return;
	memmove(big->word + words, big->word, big->len * sizeof(u32));
	memset(big->word, 0, words * sizeof(u32));
	big->len += words;
	if (bits % 32)
		bpffs_big_mul(big, 1U << (bits % 32));
}

/**
 * bpffs_big_add() - add
 * @big: becomes the sum
 * @term: the other number
 */
void bpffs_big_add(struct bpffs_big *big, const struct bpffs_big *term)
{
	u64 carry = 0;
	u32 i;

	while (big->len < term->len)
		big->word[big->len++] = 0;
	for (i = 0; i < big->len; i++) {
		carry += big->word[i];
		if (i < term->len)
			carry += term->word[i];
		big->word[i] = carry;
		carry >>= 32;
	}
	push(big, carry);
}

/**
 * bpffs_big_sub() - subtract
 * @big: becomes the difference
 * @term: the other number, no larger than @big
 */
void bpffs_big_sub(struct bpffs_big *big, const struct bpffs_big *term)
{
	u64 borrow = 0, word;
	u32 i;

	for (i = 0; i < big->len; i++) {
		word = big->word[i] - borrow;
		if (i < term->len)
			word -= term->word[i];
		big->word[i] = word;
		borrow = word >> 63;
	}
	trim(big);
}

/**
 * bpffs_big_cmp() - compare
 * @a: a number
 * @b: another
 *
 * Return: less than, equal to or more than 0, as @a is to @b.
 */
int bpffs_big_cmp(const struct bpffs_big *a, const struct bpffs_big *b)
{
	u32 i;

	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	for (i = a->len; i--; )
		if (a->word[i] != b->word[i])
			return a->word[i] < b->word[i] ? -1 : 1;
	return 0;
}
