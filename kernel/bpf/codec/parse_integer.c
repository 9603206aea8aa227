// SPDX-License-Identifier: GPL-2.0
/* Whole numbers of a type's size from text. */
#include <linux/kernel.h>
#include <linux/errno.h>
#include "reader.h"

static int refuse_range(struct bpffs_reader *reader, const char *at, u32 bits,
			bool is_signed)
{
	u64 max = bits >= 64 ? U64_MAX : (1ULL << bits) - 1;
	u32 len = min_t(size_t, reader->pos - at, 48);

	if (bits > 64)
		return bpffs_refuse(reader, at, -ERANGE,
				    "%.*s does not fit in %u bits%s", (int)len,
				    at, bits,
				    is_signed ? " with a sign" : "");
	if (is_signed)
		return bpffs_refuse(reader, at, -ERANGE,
				    "%.*s is out of range, which is %lld to %lld",
				    (int)len, at, -(s64)(max >> 1) - 1,
				    (s64)(max >> 1));
	return bpffs_refuse(reader, at, -ERANGE,
			    "%.*s is out of range, which is 0 to %llu",
			    (int)len, at, max);
}

static bool u128_above(struct bpffs_u128 a, struct bpffs_u128 b)
{
	return a.hi > b.hi || (a.hi == b.hi && a.lo > b.lo);
}

/*
 * Makes a number what memory holds, if it fits. Integers of more than 64 bits
 * print in hex whatever their sign, so hex is their bits and not their value.
 */
static bool number_fits(struct bpffs_number *number, u32 bits, bool is_signed,
			bool hex)
{
	struct bpffs_u128 max = bpffs_u128_mask(bits);
	bool is_zero = !number->value.lo && !number->value.hi;

	if (is_signed && !(hex && bits > 64)) {
		max.lo = max.lo >> 1 | max.hi << 63;
		max.hi >>= 1;
		if (number->negative) {
			max.hi += max.lo == U64_MAX;
			max.lo++;
		}
	} else if (number->negative && !is_zero) {
		return false;
	}
	if (u128_above(number->value, max))
		return false;
	if (number->negative)
		number->value = bpffs_u128_negate(number->value);
	return true;
}

/* A number as it is, or in a string as "0x...". */
static int read_integer(struct bpffs_reader *reader,
			struct bpffs_number *number, bool *hex)
{
	struct bpffs_token token;
	int err;

	if (bpffs_peek(reader) != '"')
		return bpffs_read_number(reader, number, hex);
	err = bpffs_read_token(reader, &token);
	if (err)
		return err;
	number->negative = false;
	*hex = true;
	return bpffs_token_hex(reader, &token, &number->value);
}

/* Any other than a plain number; apart, so that those need no stack. */
static noinline int parse_odd_integer(struct bpffs_reader *reader, u32 bits,
				      bool is_signed, struct bpffs_u128 *value)
{
	const char *start = reader->pos;
	struct bpffs_number number;
	bool hex;
	int err;

	err = read_integer(reader, &number, &hex);
	if (err)
		return err;
	if (!number_fits(&number, bits, is_signed, hex))
		return refuse_range(reader, start, bits, is_signed);
	*value = number.value;
	return 0;
}

/*
 * Reads a number as most are, decimal and below 10^19, if one comes next that
 * fits; nothing is read if not, and bpffs_read_number() knows better.
 */
static bool read_plain(struct bpffs_reader *reader, u32 bits, bool is_signed,
		       u64 *value)
{
	const char *c = reader->pos, *first, *end = reader->end;
	u64 sum = 0, max = U64_MAX >> (64 - bits);
	bool negative = c < end && *c == '-';
	u8 digit;

	c += negative;
	first = c;
	end = min(end, c + 19);
	for (; c < end; c++) {
		digit = *c - '0';
		if (digit > 9)
			break;
		sum = sum * 10 + digit;
	}
	if (is_signed)
		max = (max >> 1) + negative;
	else if (negative)
		max = 0;
	if (sum > max || c == first || (*first == '0' && c - first > 1) ||
	    (c < reader->end && bpffs_continues_number(*c)))
		return false;
	*value = negative ? -sum : sum;
	reader->pos = c;
	return true;
}

/**
 * bpffs_parse_integer() - read a whole number that fits into so many bits
 * @reader: at the number, past it afterwards
 * @bits: 1 to 128
 * @is_signed: whether one of them is the sign
 * @value: set to the number's bits; what is above them is undefined
 *
 * Return: 0; -EINVAL for what is no number, -ERANGE if it does not fit.
 */
int bpffs_parse_integer(struct bpffs_reader *reader, u32 bits, bool is_signed,
			struct bpffs_u128 *value)
{
	bpffs_skip_space(reader);
	value->hi = 0;
	if (bits <= 64 && read_plain(reader, bits, is_signed, &value->lo))
		return 0;
	return parse_odd_integer(reader, bits, is_signed, value);
}
