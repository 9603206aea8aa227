// SPDX-License-Identifier: GPL-2.0
/*
 * Values to text. Recursion goes as deep as structs and arrays nest, which
 * bpffs_btf_parse() has bounded; what it lets pass is not checked again. Nothing
 * is printed for long once the text does not fit: callers try again with more
 * room, from a page on. Nor for who is killed: callers ask for @killed.
 */
#include <linux/kernel.h>
#include "member.h"
#include "text.h"
#include "float.h"

static void print_any(struct bpffs_text *out, const struct bpffs_btf *btf,
		      u32 id, const void *data);

static s64 sign_extend(u64 value, u32 bits)
{
	return (s64)(value << (64 - bits)) >> (64 - bits);
}

static void print_integer(struct bpffs_text *out, const struct btf_type *type,
			  u64 value, u32 bits)
{
	u32 encoding = BTF_INT_ENCODING(bpffs_int_data(type));

	if (encoding & BTF_INT_SIGNED)
		bpffs_put_s64(out, sign_extend(value, bits));
	else if (!(encoding & BTF_INT_BOOL) || value > 1)
		bpffs_put_u64(out, value);
	else if (value)
		bpffs_put(out, "true", 4);
	else
		bpffs_put(out, "false", 5);
}

static bool is_enumerator(const struct btf_type *type, u32 i, u64 value, u32 bits,
			  u32 *name_off)
{
	u64 enumerator;

	return bpffs_enumerator(type, i, bits, &enumerator, name_off) && enumerator == value;
}

/* So many enumerators are looked at in the time of a step. */
#define ENUMERATORS_PER_STEP	8

static bool find_enumerator(struct bpffs_text *out, const struct btf_type *type, u64 value,
			    u32 bits, u32 *name_off)
{
	u32 i, nr = bpffs_btf_vlen(type);

	/* Most enums count from 0. */
	if (value < nr && is_enumerator(type, value, value, bits, name_off))
		return true;
	for (i = 0; i < nr; i++) {
		if (is_enumerator(type, i, value, bits, name_off))
			break;
	}
	out->work += i / ENUMERATORS_PER_STEP;
	return i < nr;
}

/* Names are plain but for a few objects, so most are not looked at byte by byte. */
static void print_name(struct bpffs_text *out, const struct bpffs_btf *btf, u32 name_off)
{
	const char *name = btf->strings + name_off;
	size_t len = strlen(name);

	if (!btf->plain_names) {
		bpffs_print_string(out, name, len);
		return;
	}
	bpffs_put_char(out, '"');
	bpffs_put(out, name, len);
	bpffs_put_char(out, '"');
}

static void print_enum_bits(struct bpffs_text *out, const struct bpffs_btf *btf,
			    const struct btf_type *type, u64 value, u32 bits)
{
	u32 name_off;

	if (find_enumerator(out, type, value, bits, &name_off))
		print_name(out, btf, name_off);
	else if (BTF_INFO_KFLAG(type->info))
		bpffs_put_s64(out, sign_extend(value, bits));
	else
		bpffs_put_u64(out, value);
}

static void print_bitfield(struct bpffs_text *out, const struct bpffs_btf *btf,
			   u32 id, const void *data, u32 pos, u32 bits)
{
	const struct btf_type *type = btf->types[btf->layouts[id].resolved];
	struct bpffs_u128 value = bpffs_load_bits(data, pos, bits);

	if (bits > 64)
		bpffs_put_hex(out, value);
	else if (bpffs_btf_kind(type) == BTF_KIND_INT)
		print_integer(out, type, value.lo, bits);
	else
		print_enum_bits(out, btf, type, value.lo, bits);
}

static void print_int(struct bpffs_text *out, const struct bpffs_btf *btf,
		      u32 id, const struct btf_type *type, const void *data)
{
	u32 bits = BTF_INT_BITS(bpffs_int_data(type));

	if (bits == 8 * type->size && bits <= 64)
		print_integer(out, type, bpffs_load(data, type->size), bits);
	else
		print_bitfield(out, btf, id, data,
			       BTF_INT_OFFSET(bpffs_int_data(type)), bits);
}

static void print_enum(struct bpffs_text *out, const struct bpffs_btf *btf,
		       u32 id, const struct btf_type *type, const void *data)
{
	print_enum_bits(out, btf, type, bpffs_load(data, type->size),
			8 * type->size);
}

static void print_ptr(struct bpffs_text *out, const struct bpffs_btf *btf,
		      u32 id, const struct btf_type *type, const void *data)
{
	bpffs_put_hex(out, bpffs_u128(bpffs_load(data, 8)));
}

static void print_float(struct bpffs_text *out, const struct bpffs_btf *btf,
			u32 id, const struct btf_type *type, const void *data)
{
	if (bpffs_float_format(type->size))
		bpffs_put_float(out, bpffs_load(data, type->size), type->size);
	else
		bpffs_put_bytes(out, data, type->size);
}

static void print_chars(struct bpffs_text *out, const char *data, u32 len)
{
	while (len >= BPFFS_TEXT_BYTES &&
	       !memchr_inv(data + len - BPFFS_TEXT_BYTES, 0, BPFFS_TEXT_BYTES)) {
		len -= BPFFS_TEXT_BYTES;
		if (!bpffs_text_goes_on(out))
			return;
	}
	while (len && !data[len - 1])
		len--;
	bpffs_print_string(out, data, len);
}

static void print_array(struct bpffs_text *out, const struct bpffs_btf *btf,
			u32 id, const struct btf_type *type, const void *data)
{
	const struct btf_array *array = bpffs_btf_tail(type);
	const struct bpffs_btf_layout *elem = &btf->layouts[array->type];
	u32 i, nr = elem->size ? array->nelems : 0;

	if (nr && bpffs_is_char(btf, btf->types[elem->resolved])) {
		print_chars(out, data, nr);
		return;
	}
	bpffs_put_char(out, '[');
	for (i = 0; i < nr && bpffs_text_goes_on(out); i++, data += elem->size) {
		if (i)
			bpffs_put(out, ", ", 2);
		print_any(out, btf, array->type, data);
	}
	bpffs_put_char(out, ']');
}

static void begin_field(struct bpffs_text *out, const struct bpffs_btf *btf,
			u32 name_off, bool *first)
{
	if (!*first)
		bpffs_put(out, ", ", 2);
	*first = false;
	print_name(out, btf, name_off);
	bpffs_put(out, ": ", 2);
}

/* @first: nothing of the object was printed yet */
static void print_members(struct bpffs_text *out, const struct bpffs_btf *btf,
			  const struct btf_type *type, const void *data,
			  bool *first)
{
	const struct btf_member *member = bpffs_btf_tail(type);
	const struct btf_member *end = member + bpffs_btf_vlen(type);
	const struct bpffs_btf_layout *layout;
	u32 pos, bits;

	for (; member < end && bpffs_text_goes_on(out); member++) {
		layout = &btf->layouts[member->type];
		if (layout->managed == BPFFS_MANAGED_WHOLLY)
			continue;
		bits = bpffs_member_bits(btf, type, member, &pos);
		if (bpffs_member_is_anonymous(btf, member)) {
			if (bpffs_is_struct(btf->types[layout->resolved]))
				print_members(out, btf,
					      btf->types[layout->resolved],
					      data + pos / 8, first);
			continue;
		}
		begin_field(out, btf, member->name_off, first);
		if (bits)
			print_bitfield(out, btf, member->type, data, pos, bits);
		else
			print_any(out, btf, member->type, data + pos / 8);
	}
}

static void print_struct(struct bpffs_text *out, const struct bpffs_btf *btf,
			 u32 id, const struct btf_type *type, const void *data)
{
	bool first = true;

	bpffs_put_char(out, '{');
	print_members(out, btf, type, data, &first);
	bpffs_put_char(out, '}');
}

static void print_datasec(struct bpffs_text *out, const struct bpffs_btf *btf,
			  u32 id, const struct btf_type *type, const void *data)
{
	const struct btf_var_secinfo *info = bpffs_btf_tail(type);
	const struct bpffs_btf_layout *layout;
	u32 i, nr = bpffs_btf_vlen(type);
	bool first = true;

	bpffs_put_char(out, '{');
	for (i = 0; i < nr && bpffs_text_goes_on(out); i++) {
		layout = &btf->layouts[info[i].type];
		if (!layout->has_value ||
		    layout->managed == BPFFS_MANAGED_WHOLLY)
			continue;
		begin_field(out, btf, btf->types[info[i].type]->name_off,
			    &first);
		print_any(out, btf, info[i].type, data + info[i].offset);
	}
	bpffs_put_char(out, '}');
}

static void (*const printers[])(struct bpffs_text *out,
				const struct bpffs_btf *btf, u32 id,
				const struct btf_type *type,
				const void *data) = {
	[BTF_KIND_INT]		= print_int,
	[BTF_KIND_PTR]		= print_ptr,
	[BTF_KIND_ARRAY]	= print_array,
	[BTF_KIND_STRUCT]	= print_struct,
	[BTF_KIND_UNION]	= print_struct,
	[BTF_KIND_ENUM]		= print_enum,
	[BTF_KIND_DATASEC]	= print_datasec,
	[BTF_KIND_FLOAT]	= print_float,
	[BTF_KIND_ENUM64]	= print_enum,
};

/* @id: of a type that has values */
static void print_any(struct bpffs_text *out, const struct bpffs_btf *btf,
		      u32 id, const void *data)
{
	const struct btf_type *type = btf->types[btf->layouts[id].resolved];

	printers[bpffs_btf_kind(type)](out, btf, id, type, data);
}

/**
 * bpffs_print_value() - print one value, on one line, without a newline
 * @out: where to
 * @btf: types; NULL for hex
 * @type: BTF id; 0 for hex
 * @size: bytes of the value; hex if they are not as many as the type has
 * @data: the value, of any alignment
 *
 * What the kernel manages is not printed; of a value that is nothing else, "{}"
 * is.
 */
void bpffs_print_value(struct bpffs_text *out, const struct bpffs_btf *btf,
		       u32 type, u32 size, const void *data)
{
	if (!bpffs_value_is_typed(btf, type, size))
		bpffs_put_bytes(out, data, size);
	else if (btf->layouts[type].managed == BPFFS_MANAGED_WHOLLY)
		bpffs_put(out, "{}", 2);
	else
		print_any(out, btf, type, data);
}

static void print_cpus(struct bpffs_text *out, const struct bpffs_format *fmt,
		       const void *value)
{
	u32 cpu;

	bpffs_put_char(out, '[');
	for (cpu = 0; cpu < fmt->nr_cpus && bpffs_text_goes_on(out); cpu++) {
		if (cpu)
			bpffs_put(out, ", ", 2);
		bpffs_print_value(out, fmt->btf, fmt->value_type,
				  fmt->value_size,
				  value + (size_t)cpu * fmt->stride);
	}
	bpffs_put_char(out, ']');
}

/**
 * bpffs_print_entry() - print one entry of a map, a line
 * @out: where to
 * @fmt: how its entries read
 * @key: @fmt->key_size bytes
 * @value: @fmt->value_size bytes, or @fmt->nr_cpus times @fmt->stride
 */
void bpffs_print_entry(struct bpffs_text *out, const struct bpffs_format *fmt,
		       const void *key, const void *value)
{
	if (fmt->key_size) {
		bpffs_print_value(out, fmt->btf, fmt->key_type, fmt->key_size,
				  key);
		bpffs_put(out, ": ", 2);
	}
	if (fmt->nr_cpus)
		print_cpus(out, fmt, value);
	else
		bpffs_print_value(out, fmt->btf, fmt->value_type,
				  fmt->value_size, value);
	bpffs_put_char(out, '\n');
}
