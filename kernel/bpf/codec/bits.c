// SPDX-License-Identifier: GPL-2.0
/* Integers and bitfields in memory of any alignment. */
#include <linux/kernel.h>
#include <linux/string.h>
#include <asm/byteorder.h>
#include "number.h"

/*
 * BTF counts a bitfield's position from the low end of its bytes on little
 * endian machines and from the high end on others, whose objects the loader
 * does not take anyway.
 */
#ifndef __LITTLE_ENDIAN_BITFIELD
#error "bpffs knows little endian objects only"
#endif

/* Apart, so that the usual sizes need no stack. */
static noinline u64 load_bytes(const void *data, u32 size)
{
	u64 value = 0;

	memcpy(&value, data, size);
	return value;
}

/* Likewise. */
static noinline void store_bytes(void *data, u32 size, u64 value)
{
	memcpy(data, &value, size);
}

/**
 * bpffs_load() - read an integer
 * @data: where, of any alignment
 * @size: bytes, up to 8
 *
 * Return: it, zero extended.
 */
u64 bpffs_load(const void *data, u32 size)
{
	u32 word;
	u64 value;

	switch (size) {
	case 1:
		return *(const u8 *)data;
	case 4:
		memcpy(&word, data, sizeof(word));
		return word;
	case 8:
		memcpy(&value, data, sizeof(value));
		return value;
	default:
		return load_bytes(data, size);
	}
}

/**
 * bpffs_store() - write an integer
 * @data: where, of any alignment
 * @size: bytes, up to 8
 * @value: its lowest @size bytes are written
 */
void bpffs_store(void *data, u32 size, u64 value)
{
	u32 word = value;

	switch (size) {
	case 4:
		memcpy(data, &word, sizeof(word));
		break;
	case 8:
		memcpy(data, &value, sizeof(value));
		break;
	default:
		store_bytes(data, size, value);
	}
}

/**
 * bpffs_load_bits() - read a bitfield
 * @data: where bit 0 is
 * @pos: first bit
 * @bits: 1 to 128; no byte outside the field is touched
 *
 * Return: it, zero extended.
 */
struct bpffs_u128 bpffs_load_bits(const void *data, u32 pos, u32 bits)
{
	u32 shift = pos % 8;
	u32 bytes = DIV_ROUND_UP(shift + bits, 8);
	struct bpffs_u128 value = {}, mask = bpffs_u128_mask(bits);
	u64 top = 0;

	data += pos / 8;
	memcpy(&value.lo, data, min_t(u32, bytes, 8));
	if (bytes > 8)
		memcpy(&value.hi, data + 8, min_t(u32, bytes - 8, 8));
	if (bytes > 16)
		top = ((const u8 *)data)[16];
	if (shift) {
		value.lo = value.lo >> shift | value.hi << (64 - shift);
		value.hi = value.hi >> shift | top << (64 - shift);
	}
	value.lo &= mask.lo;
	value.hi &= mask.hi;
	return value;
}

/**
 * bpffs_store_bits() - write a bitfield, leaving its neighbours alone
 * @data: where bit 0 is
 * @pos: first bit
 * @bits: 1 to 128
 * @value: its lowest @bits bits are written
 */
void bpffs_store_bits(void *data, u32 pos, u32 bits, struct bpffs_u128 value)
{
	u8 *byte = (u8 *)data + pos / 8;
	u32 shift = pos % 8;
	u32 step;
	u8 mask;

	while (bits) {
		step = min(8 - shift, bits);
		mask = (0xff >> (8 - step)) << shift;
		*byte = (*byte & ~mask) | ((value.lo << shift) & mask);
		value.lo = value.lo >> step | value.hi << (64 - step);
		value.hi >>= step;
		bits -= step;
		shift = 0;
		byte++;
	}
}
