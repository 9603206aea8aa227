// SPDX-License-Identifier: GPL-2.0
/*
 * Random types with random values: what is printed reads back as the same
 * bytes, damaged text is refused or taken and nothing else, and no allocation
 * that fails leaves anything behind.
 */
#include <linux/kernel.h>
#include <linux/errno.h>
#include "../../kernel/bpf/codec/codec.h"
#include "random_types.h"
#include "test.h"

#define ROUNDS		3000

static u32 rnd(u32 below)
{
	static u64 state = 0x9e3779b97f4a7c15ULL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 11) % below;
}

static char text[1 << 20];

static size_t print(u32 type, u32 size, const void *data)
{
	struct bpffs_text out = { .buf = text, .cap = sizeof(text) };

	bpffs_print_value(&out, &btf, type, size, data);
	return out.len <= out.cap ? out.len : 0;
}

static int round_trip_is_wrong(u32 type, u8 *data, u8 *back, u8 *mask)
{
	u32 i, size = bpffs_btf_size(&btf, type);
	struct bpffs_diag d = {};
	size_t len;
	int err;

	fill(data, size);
	len = print(type, size, data);
	if (!len)
		return 0;
	if (len > bpffs_longest_text(&btf, type, size)) {
		note("%zu bytes of text: %.*s", len, (int)len, text);
		return 1;
	}
	err = bpffs_parse_value(text, len, &btf, type, size, back, &d);
	if (err) {
		note("%s", d.text);
		note("%.*s", (int)len, text);
		return 1;
	}
	memset(mask, 0, size);
	cover(type, 0, 0, mask);
	for (i = 0; i < size; i++)
		if (back[i] != (data[i] & mask[i]))
			break;
	if (i == size)
		return 0;
	note("byte %u: %02x %02x %02x: %.*s", i, data[i], back[i], mask[i],
	     (int)len, text);
	return 1;
}

/* A copy of its exact size, for sanitizers to guard. */
static void try_damaged(u32 type, size_t len, u8 *back)
{
	static const char bytes[] = "{}[]\",: \\0x19-.e#u\n";
	u32 size = bpffs_btf_size(&btf, type), i;
	struct bpffs_diag d = {};
	char *copy = malloc(len);
	int err;

	memcpy(copy, text, len);
	for (i = 0; i <= rnd(3); i++)
		copy[rnd(len)] = rnd(2) ? bytes[rnd(sizeof(bytes))] : rnd(256);
	err = bpffs_parse_value(copy, rnd(4) ? len : rnd(len + 1), &btf, type,
				size, back, &d);
	if (err != d.err || (err && (!d.line || !d.column || !*d.text)))
		ok(0, "refused without a sentence: %d", err);
	free(copy);
}

static void test_random(void)
{
	u32 round, type, i, size, wrong = 0, bad_types = 0;
	struct bpffs_diag d;
	u8 *data, *back, *mask;
	void *blob;
	size_t len;

	for (round = 0; round < ROUNDS && wrong < 5; round++) {
		build_types();
		blob = btf_finish(&b, &size);
		d.err = 0;
		if (bpffs_btf_parse(&btf, blob, size, &d)) {
			note("%s", d.text);
			bad_types++;
			continue;
		}
		for (type = 1; type < btf.nr_types && wrong < 5; type++) {
			size = bpffs_btf_size(&btf, type);
			data = malloc(size);
			back = malloc(size);
			mask = malloc(size);
			for (i = 0; i < 2; i++)
				wrong += round_trip_is_wrong(type, data, back,
							     mask);
			bpffs_store_value(&btf, type, size, back, data);
			wrong += memcmp(back, data, size) != 0;
			len = print(type, size, data);
			if (len && len < 4096)
				try_damaged(type, len, back);
			free(mask);
			free(back);
			free(data);
		}
		bpffs_btf_release(&btf);
	}
	is(bad_types, 0, "random types are good");
	is(wrong, 0, "random values read back as they were");
}

/* An object of more than 64 fields, forwards, backwards and without memory. */
static void test_many_fields(void)
{
	static char line[1 << 16];
	struct bpffs_diag d = {};
	u32 at, i, size, got[200], wrong = 0;
	void *blob;
	size_t len;

	btf_start(&b);
	btf_int(&b, "u32", 4, 0);
	at = b.nr;
	nr_names = 0;
	btf_open(&b, "many", BTF_KIND_STRUCT, 800, 0);
	for (i = 0; i < 200; i++)
		btf_member(&b, at, fresh_name(), 1, 32 * i);
	blob = btf_finish(&b, &size);
	is(bpffs_btf_parse(&btf, blob, size, NULL), 0, "many fields");
	len = 0;
	for (i = 200; i--; )
		len += sprintf(line + len, "%s\"m%u\": %u",
			       i == 199 ? "{" : ", ", i, i + 1);
	strcpy(line + len++, "}");
	is(bpffs_parse_value(line, len, &btf, 2, 800, got, NULL), 0,
	   "in reverse order");
	for (i = 0; i < 200; i++)
		wrong += got[i] != i + 1;
	is(wrong, 0, "each in its place");
	strcpy(line + len - 1, ", \"m150\": 1}");
	is(bpffs_parse_value(line, strlen(line), &btf, 2, 800, got, &d),
	   -EINVAL, "one of them twice");
	has_str(d.text, "'m150' is given twice", "and it is named");
	d.err = 0;
	test_fail_alloc(1);
	is(bpffs_parse_value("{}", 2, &btf, 2, 800, got, &d), -ENOMEM,
	   "row 23: no memory");
	test_fail_alloc(0);
	has_str(d.text, "no memory", "and it is said");
	bpffs_btf_release(&btf);
}

/* Fields in reverse take a search each, which ends before it takes long. */
static void test_much_work(void)
{
	static char line[1 << 19];
	struct bpffs_diag d = {};
	u32 at, i, size, nr = 14000;
	void *blob, *got;
	size_t len = 0;

	btf_start(&b);
	btf_int(&b, "u32", 4, 0);
	at = b.nr;
	nr_names = 0;
	btf_open(&b, "very_many", BTF_KIND_STRUCT, 4 * nr, 0);
	for (i = 0; i < nr; i++)
		btf_member(&b, at, fresh_name(), 1, 32 * i);
	blob = btf_finish(&b, &size);
	is(bpffs_btf_parse(&btf, blob, size, NULL), 0, "very many fields");
	for (i = nr; i--; )
		len += sprintf(line + len, "%s\"m%u\": 1",
			       i == nr - 1 ? "{" : ", ", i);
	got = malloc(4 * nr);
	is(bpffs_parse_value(line, len, &btf, 2, 4 * nr, got, &d), -E2BIG,
	   "in reverse are refused");
	has_str(d.text, "order of their declaration", "and a way is shown");
	free(got);
	bpffs_btf_release(&btf);
}

/* So does the last enumerator of many, each time. */
static void test_much_enum(void)
{
	static char line[1 << 15];
	u32 at, i, size, nr = 25000, elements = 3000;
	struct bpffs_diag d = {};
	size_t len = 0;
	void *blob, *got;

	btf_start(&b);
	btf_int(&b, "u32", 4, 0);
	at = b.nr;
	nr_names = 0;
	btf_open(&b, "large", BTF_KIND_ENUM, 4, 0);
	for (i = 0; i < nr; i++)
		btf_value(&b, at, fresh_name(), i);
	btf_array(&b, 2, 1, elements);
	blob = btf_finish(&b, &size);
	is(bpffs_btf_parse(&btf, blob, size, NULL), 0, "a large enum");
	for (i = 0; i < elements; i++)
		len += sprintf(line + len, "%s\"m%u\"", i ? ", " : "[", nr - 1);
	line[len++] = ']';
	got = calloc(elements, 4);
	is(bpffs_parse_value(line, len, &btf, 3, 4 * elements, got, &d), -E2BIG,
	   "its last enumerator over and over");
	free(got);
	bpffs_btf_release(&btf);
}

int main(void)
{
	test_random();
	test_much_work();
	test_much_enum();
	test_many_fields();
	free(b.blob);
	return done_testing();
}
