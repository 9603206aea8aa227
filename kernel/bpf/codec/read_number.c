// SPDX-License-Identifier: GPL-2.0
/* Numbers from text. Whether they fit is for whoever knows their type. */
#include <linux/kernel.h>
#include <linux/errno.h>
#include <linux/overflow.h>
#include "reader.h"

/* An exponent of ten beyond every type's range, and far from overflowing. */
#define EXPONENT_MAX	100000

static bool is_digit(const struct bpffs_reader *reader, const char *c)
{
	return c < reader->end && *c >= '0' && *c <= '9';
}

/* @value * 10 + @digit; false on overflow. */
static bool push_decimal(struct bpffs_u128 *value, u32 digit)
{
	u64 low = (value->lo & U32_MAX) * 10 + digit;
	u64 high = (value->lo >> 32) * 10 + (low >> 32);

	if (value->hi > U64_MAX / 10)
		return false;
	value->lo = high << 32 | (u32)low;
	return !check_add_overflow(value->hi * 10, high >> 32, &value->hi);
}

static bool push_hex(struct bpffs_u128 *value, u32 digit)
{
	if (value->hi >> 60)
		return false;
	value->hi = value->hi << 4 | value->lo >> 60;
	value->lo = value->lo << 4 | digit;
	return true;
}

static int too_large(struct bpffs_reader *reader, const char *start)
{
	return bpffs_refuse(reader, start, -ERANGE,
			    "the number has more than 128 bits");
}

static int read_hex(struct bpffs_reader *reader, const char *start,
		    const char *c, const char *end, struct bpffs_u128 *value)
{
	const char *first = c;
	int digit;

	for (; c < end; c++) {
		digit = bpffs_hex_digit(*c);
		if (digit < 0)
			break;
		if (!push_hex(value, digit))
			return too_large(reader, start);
	}
	reader->pos = c;
	if (c == first)
		return bpffs_refuse(reader, c, -EINVAL,
				    "hex digits are expected after 0x");
	return 0;
}

static int read_digits(struct bpffs_reader *reader, const char *start,
		       const char *c, struct bpffs_u128 *value)
{
	const char *first = c;

	/* 19 digits always fit. */
	for (; is_digit(reader, c) && c - first < 19; c++)
		value->lo = value->lo * 10 + (*c - '0');
	for (; is_digit(reader, c); c++)
		if (!push_decimal(value, *c - '0'))
			return too_large(reader, start);
	reader->pos = c;
	if (c == first) {
		reader->pos = start;
		return bpffs_refuse_here(reader, "a number");
	}
	if (*first == '0' && c - first > 1)
		return bpffs_refuse(reader, first, -EINVAL,
				    "a number does not begin with 0; octal would be something else");
	return 0;
}

/* What follows a number without a space between belongs to it. */
static int check_tail(struct bpffs_reader *reader, const char *start)
{
	char c = reader->pos < reader->end ? *reader->pos : ' ';

	if (c == '.' || c == 'e' || c == 'E')
		return bpffs_refuse(reader, start, -EINVAL,
				    "a whole number is expected, without point or exponent");
	if (bpffs_continues_number(c)) {
		reader->pos = start;
		return bpffs_refuse_here(reader, "a number");
	}
	return 0;
}

/**
 * bpffs_read_number() - read a whole number
 * @reader: past it afterwards
 * @number: set to it
 * @hex: set if it was written in hex
 *
 * Takes decimal numbers with an optional minus sign, and 0x in bare form.
 *
 * Return: 0; -EINVAL for what is none, -ERANGE above 128 bits.
 */
int bpffs_read_number(struct bpffs_reader *reader, struct bpffs_number *number,
		      bool *hex)
{
	const char *start, *c;
	int err;

	bpffs_skip_space(reader);
	start = reader->pos;
	c = start;
	number->value = bpffs_u128(0);
	number->negative = c < reader->end && *c == '-';
	c += number->negative;
	*hex = reader->end - c > 2 && c[0] == '0' && (c[1] | 0x20) == 'x';
	if (*hex)
		err = read_hex(reader, start, c + 2, reader->end,
			       &number->value);
	else
		err = read_digits(reader, start, c, &number->value);
	return err ? err : check_tail(reader, start);
}

/**
 * bpffs_token_hex() - read the number in a string of the form "0x..."
 * @reader: for refusals
 * @token: the string
 * @value: set to the number
 *
 * Return: 0; -EINVAL for what is none, -ERANGE above 128 bits.
 */
int bpffs_token_hex(struct bpffs_reader *reader,
		    const struct bpffs_token *token, struct bpffs_u128 *value)
{
	const char *end = token->start + token->len;
	const char *after = reader->pos;
	int err;

	*value = bpffs_u128(0);
	if (token->len < 3 || token->start[0] != '0' ||
	    (token->start[1] | 0x20) != 'x')
		return bpffs_refuse(reader, token->start, -EINVAL,
				    "a number is expected, or one in hex as \"0x...\"");
	err = read_hex(reader, token->start, token->start + 2, end, value);
	if (err)
		return err;
	if (reader->pos != end)
		return bpffs_refuse(reader, reader->pos, -EINVAL,
				    "not a hex digit");
	reader->pos = after;
	return 0;
}

/* Adds a digit to @decimal; @point: it stands after the point. */
static void push_digit(struct bpffs_decimal *decimal, u8 digit, bool point)
{
	if (!decimal->nr && !digit) {
		decimal->exponent -= point && decimal->exponent > -EXPONENT_MAX;
		return;
	}
	if (!point && decimal->exponent < EXPONENT_MAX)
		decimal->exponent++;
	if (decimal->nr < BPFFS_DECIMAL_DIGITS)
		decimal->digit[decimal->nr++] = digit;
	else
		decimal->more |= digit;
}

static int read_exponent(struct bpffs_reader *reader, s32 *exponent)
{
	const char *c = reader->pos + 1;
	bool negative = c < reader->end && *c == '-';
	s32 value = 0;

	if (c < reader->end && (*c == '-' || *c == '+'))
		c++;
	if (!is_digit(reader, c))
		return bpffs_refuse(reader, c, -EINVAL,
				    "digits are expected after the e of an exponent");
	for (; is_digit(reader, c); c++)
		value = min(value * 10 + (*c - '0'), 2 * EXPONENT_MAX);
	reader->pos = c;
	*exponent += negative ? -value : value;
	return 0;
}

/**
 * bpffs_read_decimal() - read a number that may have a point and an exponent
 * @reader: past it afterwards
 * @decimal: set to it, without its sign
 * @negative: set to its sign
 *
 * Return: 0, or -EINVAL for what is no number.
 */
int bpffs_read_decimal(struct bpffs_reader *reader,
		       struct bpffs_decimal *decimal, bool *negative)
{
	const char *c;

	decimal->nr = 0;
	decimal->more = false;
	decimal->exponent = 0;
	bpffs_skip_space(reader);
	c = reader->pos;
	*negative = c < reader->end && *c == '-';
	c += *negative;
	if (!is_digit(reader, c))
		return bpffs_refuse_here(reader, "a number");
	for (; is_digit(reader, c); c++)
		push_digit(decimal, *c - '0', false);
	if (c < reader->end && *c == '.') {
		if (!is_digit(reader, c + 1))
			return bpffs_refuse(reader, c, -EINVAL,
					    "digits are expected after the point");
		for (c++; is_digit(reader, c); c++)
			push_digit(decimal, *c - '0', true);
	}
	reader->pos = c;
	if (c < reader->end && (*c == 'e' || *c == 'E'))
		return read_exponent(reader, &decimal->exponent);
	return 0;
}
