/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Random types that C could have, random values of them, and which bits of a
 * value its text carries. Whoever includes this says where chance comes from:
 * rnd(below), of 0 up to below - 1.
 */
#ifndef _BPFFS_RANDOM_TYPES_H
#define _BPFFS_RANDOM_TYPES_H

#include <linux/kernel.h>
#include "../../kernel/bpf/codec/codec.h"
#include "btf_build.h"

static u32 rnd(u32 below);

#define TYPES_MAX	200
#define SIZE_MAX_TESTED	4096

static struct btf_build b;
static struct bpffs_btf btf;

/* Types so far that a value can have, and their sizes. */
static u32 sizes[TYPES_MAX + 1];
static bool is_scalar[TYPES_MAX + 1];
static u32 bit_width[TYPES_MAX + 1];
static u32 nr_names;

static const char *fresh_name(void)
{
	static char name[16];

	snprintf(name, sizeof(name), "m%u", nr_names++);
	return name;
}

/* One in eight has a byte that no compiler of C puts there. */
static const char *random_name(void)
{
	const char before[2] = { rnd(8) ? '\0' : 1 + rnd(255) };
	static char name[20];

	snprintf(name, sizeof(name), "%s%s", before, fresh_name());
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
			btf_words3(&b, at, btf_str(&b, random_name()), rnd(10),
				   rnd(2));
		else
			btf_value(&b, at, random_name(), rnd(12) - 3);
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
			   random_name(), id, bits << 24 | pos);
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

static void fill(u8 *data, u32 size)
{
	u32 i, style = rnd(4);

	for (i = 0; i < size; i++)
		data[i] = style == 0 ? rnd(256) : style == 1 ? rnd(3) :
			  style == 2 ? 0xff : rnd(2) * rnd(256);
}

#endif /* _BPFFS_RANDOM_TYPES_H */
