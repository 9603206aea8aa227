// SPDX-License-Identifier: GPL-2.0
/* Integers to text. A dump prints little else, so no printf() here. */
#include <linux/kernel.h>
#include <linux/math64.h>
#include "text.h"

static const char hex_digits[] = "0123456789abcdef";

static void put_pair(char *buf, u32 pair)
{
	buf[0] = '0' + pair / 10;
	buf[1] = '0' + pair % 10;
}

/**
 * bpffs_format_u64() - decimal digits of a number
 * @buf: BPFFS_DECIMAL_LEN bytes, not NUL-terminated
 * @value: any
 *
 * Return: digits written.
 */
u32 bpffs_format_u64(char *buf, u64 value)
{
	char tmp[BPFFS_DECIMAL_LEN];
	u32 pos = sizeof(tmp);
	u32 small;
	u64 rest;

	while (value > U32_MAX) {
		rest = div_u64(value, 100);
		pos -= 2;
		put_pair(tmp + pos, value - rest * 100);
		value = rest;
	}
	small = value;
	while (small >= 100) {
		pos -= 2;
		put_pair(tmp + pos, small % 100);
		small /= 100;
	}
	do {
		tmp[--pos] = '0' + small % 10;
		small /= 10;
	} while (small);
	memcpy(buf, tmp + pos, sizeof(tmp) - pos);
	return sizeof(tmp) - pos;
}

/**
 * bpffs_put_u64() - print a number
 * @out: where to
 * @value: any
 */
void bpffs_put_u64(struct bpffs_text *out, u64 value)
{
	char buf[BPFFS_DECIMAL_LEN];

	if (value < 10)
		bpffs_put_char(out, '0' + value);
	else
		bpffs_put(out, buf, bpffs_format_u64(buf, value));
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
		pair[0] = hex_digits[byte[i] >> 4];
		pair[1] = hex_digits[byte[i] & 15];
		bpffs_put(out, pair, 2);
	}
	bpffs_put_char(out, '"');
}
