// SPDX-License-Identifier: GPL-2.0
/*
 * The input decides which types there are and what values they have. Printed
 * values read back as they were, alone and as the entries of a map; and what
 * was read prints as what reads the same.
 */
#include <linux/kernel.h>
#include "fuzz.h"
#include "random_types.h"
#include "test.h"

#define CPUS_MAX	4

static const u8 *input;
static size_t left;
static u64 after;

/* The bytes of the input, and when they are used up others that follow. */
static u32 rnd(u32 below)
{
	if (left) {
		left--;
		return *input++ % below;
	}
	after = after * 6364136223846793005ULL + 1442695040888963407ULL;
	return (after >> 33) % below;
}

static char text[1 << 20];

static u8 *mask_of(u32 type, u32 size)
{
	u8 *mask = calloc(1, size);

	cover(type, 0, 0, mask);
	return mask;
}

static void require_same(const u8 *got, const u8 *want, const u8 *mask, u32 size)
{
	u32 i;

	for (i = 0; i < size; i++)
		fuzz_require(got[i] == (want[i] & mask[i]));
}

/* Gives @back what the text of @data reads as; false for texts too long. */
static bool round_trip(u32 type, u32 size, const u8 *data, u8 *back)
{
	struct bpffs_text out = { .buf = text, .cap = sizeof(text) };
	struct bpffs_diag diag = {};

	bpffs_print_value(&out, &btf, type, size, data);
	if (!bpffs_text_fits(&out))
		return false;
	if (bpffs_parse_value(text, out.len, &btf, type, size, back, &diag))
		fprintf(stderr, "%s\n%.*s\n", diag.text, (int)out.len, text);
	fuzz_require(!diag.err);
	return true;
}

static void try_value(u32 type, u32 size)
{
	u8 *data = malloc(size), *back = malloc(size), *again = malloc(size);
	u8 *mask = mask_of(type, size);

	fill(data, size);
	if (round_trip(type, size, data, back)) {
		require_same(back, data, mask, size);
		if (round_trip(type, size, back, again))
			fuzz_require(!memcmp(back, again, size));
	}
	bpffs_store_value(&btf, type, size, back, data);
	fuzz_require(!memcmp(back, data, size));
	free(mask);
	free(again);
	free(back);
	free(data);
}

static size_t value_bytes(const struct bpffs_format *format)
{
	return format->nr_cpus ? format->nr_cpus * format->stride :
	       format->value_size;
}

static void require_entry(const struct bpffs_format *format, const u8 *got,
			  const u8 *want, const u8 *mask)
{
	u32 cpu;

	for (cpu = 0; cpu < max(format->nr_cpus, 1U); cpu++)
		require_same(got + cpu * format->stride,
			     want + cpu * format->stride, mask,
			     format->value_size);
}

static void read_entry(const struct bpffs_format *format, size_t len,
		       const u8 *key, const u8 *value)
{
	size_t bytes = value_bytes(format);
	u8 *key_back = malloc(format->key_size), *value_back = malloc(bytes);
	u8 *key_mask = mask_of(format->key_type, format->key_size);
	u8 *value_mask = mask_of(format->value_type, format->value_size);
	struct bpffs_diag diag = {};
	int what;

	what = bpffs_parse_entry(text, len, format, key_back, value_back, &diag);
	if (what < 0)
		fprintf(stderr, "%s\n%.*s\n", diag.text, (int)len, text);
	fuzz_require(what == BPFFS_LINE_UPDATE);
	require_same(key_back, key, key_mask, format->key_size);
	require_entry(format, value_back, value, value_mask);
	free(value_mask);
	free(key_mask);
	free(value_back);
	free(key_back);
}

static void try_entry(void)
{
	struct bpffs_text out = { .buf = text, .cap = sizeof(text) };
	struct bpffs_format format = { .btf = &btf };
	u8 *key, *value;

	format.key_type = 1 + rnd(btf.nr_types - 1);
	format.value_type = 1 + rnd(btf.nr_types - 1);
	format.key_size = bpffs_btf_size(&btf, format.key_type);
	format.value_size = bpffs_btf_size(&btf, format.value_type);
	format.nr_cpus = rnd(CPUS_MAX + 1);
	format.stride = ALIGN(format.value_size, 8);
	if (!format.key_size)
		return;
	key = malloc(format.key_size);
	value = malloc(value_bytes(&format));
	fill(key, format.key_size);
	fill(value, value_bytes(&format));
	bpffs_print_entry(&out, &format, key, value);
	if (bpffs_text_fits(&out))
		read_entry(&format, out.len, key, value);
	free(value);
	free(key);
}

int fuzz_one(const u8 *data, size_t size)
{
	struct bpffs_diag diag = {};
	u32 type, blob_size;
	void *blob;

	input = data;
	left = size;
	after = fuzz_hash(data, size);
	build_types();
	blob = btf_finish(&b, &blob_size);
	if (bpffs_btf_parse(&btf, blob, blob_size, &diag))
		fprintf(stderr, "%s\n", diag.text);
	fuzz_require(!diag.err);
	for (type = 1; type < btf.nr_types; type++)
		try_value(type, bpffs_btf_size(&btf, type));
	for (type = 0; type < 4; type++)
		try_entry();
	bpffs_btf_release(&btf);
	return 0;
}
