// SPDX-License-Identifier: GPL-2.0
/*
 * Random types with random values: what is printed reads back as the same
 * bytes, damaged text is refused or taken and nothing else, and no allocation
 * that fails leaves anything behind.
 */
#include <linux/kernel.h>
#include <linux/errno.h>
#include "../../kernel/bpf/codec/codec.h"
#include "btf_build.h"
#include "test.h"

#define ROUNDS		3000
#define TYPES_MAX	200
#define SIZE_MAX_TESTED	4096

static struct btf_build b;
static struct bpffs_btf btf;
static u64 state = 0x9e3779b97f4a7c15ULL;

/* Types so far that a value can have, and their sizes. */
static u32 sizes[TYPES_MAX + 1];
static bool is_scalar[TYPES_MAX + 1];
static u32 bit_width[TYPES_MAX + 1];
static u32 nr_names;

static u32 rnd(u32 below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 11) % below;
}

static const char *fresh_name(void)
{
	static char name[16];

	snprintf(name, sizeof(name), "m%u", nr_names++);
	return name;
}

static void add(u32 size, bool scalar, u32 bits)
{
	sizes[b.last] = size;
	is_scalar[b.last] = scalar;
	bit_width[b.last] = bits;
}

static void add_int(void)
{
	static const u32 encodings[] = { 0, BTF_INT_SIGNED, BTF_INT_BOOL };
	u32 size = 1 << rnd(5);
	u32 encoding = encodings[rnd(size == 1 ? 3 : 2)];
	bool is_char = size == 1 && !rnd(2);

	btf_int(&b, is_char ? "char" : "int", size, encoding);
	add(size, true, 8 * size);
}

static void add_enum(void)
{
	u32 at = b.nr, i, size = 1 << rnd(4), kflag = rnd(2);
	u32 nr = rnd(5);
	bool wide = rnd(2);

	btf_open(&b, "e", wide ? BTF_KIND_ENUM64 : BTF_KIND_ENUM, size, kflag);
	for (i = 0; i < nr; i++) {
		if (wide)
			btf_words3(&b, at, btf_str(&b, fresh_name()), rnd(10),
				   rnd(2));
		else
			btf_value(&b, at, fresh_name(), rnd(12) - 3);
	}
	add(size, true, 8 * size);
}

static void add_array(void)
{
	u32 elem = 1 + rnd(b.last), nr = rnd(6);

	if (sizes[elem] * nr > SIZE_MAX_TESTED)
		nr = 1;
	btf_array(&b, elem, 1, nr);
	add(sizes[elem] * nr, false, 0);
}

static void add_modifier(void)
{
	static const u32 kinds[] = { BTF_KIND_TYPEDEF, BTF_KIND_CONST,
				     BTF_KIND_VOLATILE, BTF_KIND_TYPE_TAG };
	u32 to = 1 + rnd(b.last);

	btf_ref(&b, "t", kinds[rnd(4)], to);
	add(sizes[to], is_scalar[to], bit_width[to]);
}

/*
 * Anonymous members share names if a type is used twice below one struct, and
 * names could then not tell them apart. C has no such structs, so each type
 * is anonymous in one place only.
 */
static bool may_be_anonymous[TYPES_MAX + 1];

static bool take_anonymous(u32 id)
{
	if (!may_be_anonymous[id] || rnd(2))
		return false;
	may_be_anonymous[id] = false;
	return true;
}

static void add_struct(void)
{
	u32 at = b.nr, nr = rnd(6), kflag = rnd(2), i, id, bits, pos = 0;
	u32 below = b.last, size = 0, width;
	bool is_union = !rnd(3);

	btf_open(&b, "s", is_union ? BTF_KIND_UNION : BTF_KIND_STRUCT, 0, kflag);
	for (i = 0; i < nr; i++) {
		id = 1 + rnd(below);
		width = 8 * sizes[id];
		bits = 0;
		if (kflag && is_scalar[id] && rnd(2)) {
			bits = 1 + rnd(bit_width[id]);
			width = bits;
		} else {
			pos = ALIGN(pos, 8) + 8 * (rnd(4) ? 0 : rnd(4));
		}
		if (is_union)
			pos = 0;
		if (pos / 8 + sizes[id] > SIZE_MAX_TESTED)
			break;
		btf_member(&b, at, !bits && take_anonymous(id) ? "" :
			   fresh_name(), id, bits << 24 | pos);
		size = max(size, DIV_ROUND_UP(pos + width, 8));
		pos += width;
	}
	b.types[at + 2] = size;
	add(size, false, 0);
	may_be_anonymous[b.last] = true;
}

static void add_scalar(void)
{
	switch (rnd(4)) {
	case 0:
		btf_type(&b, "double", INFO(BTF_KIND_FLOAT, 0, 0), 8);
		add(8, false, 64);
		break;
	case 1:
		btf_type(&b, "float", INFO(BTF_KIND_FLOAT, 0, 0), 4);
		add(4, false, 32);
		break;
	case 2:
		btf_ref(&b, "", BTF_KIND_PTR, 0);
		add(8, false, 64);
		break;
	default:
		add_enum();
		break;
	}
}

static void build_types(void)
{
	static void (*const makers[])(void) = {
		add_int, add_scalar, add_array, add_modifier, add_struct,
		add_struct, add_struct,
	};
	u32 nr = 5 + rnd(30);

	btf_start(&b);
	nr_names = 0;
	memset(may_be_anonymous, 0, sizeof(may_be_anonymous));
	btf_int(&b, "u32", 4, 0);
	add(4, true, 32);
	while (nr--)
		makers[rnd(ARRAY_SIZE(makers))]();
}

/* Sets the bits that text carries: no padding, of a union the widest only. */
static void cover(u32 id, u32 pos, u32 bits, u8 *mask);

static u64 member_bits(const struct btf_type *type, const struct btf_member *m)
{
	u32 bits = BTF_INFO_KFLAG(type->info) ? m->offset >> 24 : 0;

	return bits ? bits : btf.layouts[m->type].bits;
}

static void cover_members(const struct btf_type *type, u32 pos, u8 *mask)
{
	const struct btf_member *m = bpffs_btf_tail(type);
	u32 i, widest = 0, offset, bits;
	bool kflag = BTF_INFO_KFLAG(type->info);

	for (i = 0; i < bpffs_btf_vlen(type); i++)
		if (member_bits(type, m + i) > member_bits(type, m + widest))
			widest = i;
	for (i = 0; i < bpffs_btf_vlen(type); i++) {
		if (bpffs_btf_kind(type) == BTF_KIND_UNION && i != widest)
			continue;
		offset = kflag ? m[i].offset & 0xffffff : m[i].offset;
		bits = kflag ? m[i].offset >> 24 : 0;
		cover(m[i].type, pos + offset, bits, mask);
	}
}

static void cover(u32 id, u32 pos, u32 bits, u8 *mask)
{
	const struct btf_type *type;
	const struct btf_array *array;
	u32 i;

	id = bpffs_btf_resolve(&btf, id);
	type = bpffs_btf_type(&btf, id);
	switch (bpffs_btf_kind(type)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		cover_members(type, pos, mask);
		return;
	case BTF_KIND_ARRAY:
		array = bpffs_btf_tail(type);
		for (i = 0; i < array->nelems; i++)
			cover(array->type, pos + 8 * i *
			      bpffs_btf_size(&btf, array->type), 0, mask);
		return;
	default:
		if (!bits)
			bits = 8 * bpffs_btf_size(&btf, id);
		for (i = pos; i < pos + bits; i++)
			mask[i / 8] |= 1 << (i % 8);
	}
}

static char text[1 << 20];

static size_t print(u32 type, u32 size, const void *data)
{
	struct bpffs_text out = { .buf = text, .cap = sizeof(text) };

	bpffs_print_value(&out, &btf, type, size, data);
	return out.len <= out.cap ? out.len : 0;
}

static void fill(u8 *data, u32 size)
{
	u32 i, style = rnd(4);

	for (i = 0; i < size; i++)
		data[i] = style == 0 ? rnd(256) : style == 1 ? rnd(3) :
			  style == 2 ? 0xff : rnd(2) * rnd(256);
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

int main(void)
{
	test_random();
	test_much_work();
	test_many_fields();
	free(b.blob);
	return done_testing();
}
