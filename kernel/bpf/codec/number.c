// SPDX-License-Identifier: GPL-2.0
/* Integers to text. A dump prints little else, so no printf() here. */
#include <linux/kernel.h>
#include <linux/bitops.h>
#include <linux/math64.h>
#include "text.h"

static const char hex_digits[] = "0123456789abcdef";

#define EIGHT_DIGITS	100000000
#define ASCII_ZEROS	0x3030303030303030ULL

/*
 * The digits of a number below EIGHT_DIGITS, one in each byte, the first in the
 * lowest. Each step halves all parts at once: into 4 digits each, 2, and 1;
 * 10486 / 2^20 and 103 / 2^10 stand for 1 / 100 and 1 / 10.
 */
static u64 eight_digits(u32 value)
{
	u32 high = value / 10000;
	u64 fours = high | (u64)(value - high * 10000) << 32;
	u64 upper, twos;

	upper = fours * 10486 >> 20 & 0x0000007f0000007fULL;
	twos = upper | (fours - 100 * upper) << 16;
	upper = twos * 103 >> 10 & 0x000f000f000f000fULL;
	return upper | (twos - 10 * upper) << 8;
}

/*
 * Writes 8 bytes at @buf; returns how many of them count: all if @whole, else
 * what is left without the zeros in front.
 */
static u32 format_eight(char *buf, u32 value, bool whole)
{
	u64 digits = eight_digits(value);
	u32 zeros = 0;

	if (!whole)
		zeros = digits ? __ffs64(digits) / 8 : 7;
	digits = (digits | ASCII_ZEROS) >> (8 * zeros);
	memcpy(buf, &digits, sizeof(digits));
	return 8 - zeros;
}

static noinline u32 format_long(char *buf, u64 value)
{
	u64 high, top;
	u32 len;

	high = div_u64(value, EIGHT_DIGITS);
	if (high < EIGHT_DIGITS) {
		len = format_eight(buf, high, false);
	} else {
		top = div_u64(high, EIGHT_DIGITS);
		len = format_eight(buf, top, false);
		len += format_eight(buf + len, high - top * EIGHT_DIGITS, true);
	}
	return len + format_eight(buf + len, value - high * EIGHT_DIGITS, true);
}

/**
 * bpffs_format_u64() - decimal digits of a number
 * @buf: BPFFS_DECIMAL_LEN bytes, not NUL-terminated; what the digits do not
 *	fill of it may be overwritten, too
 * @value: any
 *
 * Return: digits written.
 */
u32 bpffs_format_u64(char *buf, u64 value)
{
	return value < EIGHT_DIGITS ? format_eight(buf, value, false) : format_long(buf, value);
}

/* Apart, so that who has room needs none on the stack. */
static noinline void put_where_room_ends(struct bpffs_text *out, u64 value)
{
	char buf[BPFFS_DECIMAL_LEN];

	bpffs_put(out, buf, bpffs_format_u64(buf, value));
}

/**
 * bpffs_put_u64() - print a number
 * @out: where to
 * @value: any
 */
void bpffs_put_u64(struct bpffs_text *out, u64 value)
{
	if (out->len + BPFFS_DECIMAL_LEN <= out->cap)
		out->len += bpffs_format_u64(out->buf + out->len, value);
	else
		put_where_room_ends(out, value);
}

/**
 * bpffs_put_s64() - print a number with its sign
 * @out: where to
 * @value: any
 */
void bpffs_put_s64(struct bpffs_text *out, s64 value)
{
	if (value < 0) {
		bpffs_put_char(out, '-');
		bpffs_put_u64(out, -(u64)value);
	} else {
		bpffs_put_u64(out, value);
	}
}

/**
 * bpffs_put_hex() - print a number as "0x...", in quotes
 * @out: where to
 * @value: any; leading zeros are not printed
 */
void bpffs_put_hex(struct bpffs_text *out, struct bpffs_u128 value)
{
	char digits[32];
	u32 pos = sizeof(digits);

	do {
		digits[--pos] = hex_digits[value.lo & 15];
		value.lo = value.lo >> 4 | value.hi << 60;
		value.hi >>= 4;
	} while (value.lo || value.hi);
	bpffs_put(out, "\"0x", 3);
	bpffs_put(out, digits + pos, sizeof(digits) - pos);
	bpffs_put_char(out, '"');
}

/**
 * bpffs_put_bytes() - print memory as "0x...", in quotes, byte for byte
 * @out: where to
 * @data: the bytes
 * @size: their number
 */
void bpffs_put_bytes(struct bpffs_text *out, const void *data, u32 size)
{
	const u8 *byte = data;
	char pair[2];
	u32 i;

	bpffs_put(out, "\"0x", 3);
	for (i = 0; i < size; i++) {
		if (i % BPFFS_TEXT_BYTES == BPFFS_TEXT_BYTES - 1 && !bpffs_text_goes_on(out))
			break;
		pair[0] = hex_digits[byte[i] >> 4];
		pair[1] = hex_digits[byte[i] & 15];
		bpffs_put(out, pair, 2);
	}
	bpffs_put_char(out, '"');
}
