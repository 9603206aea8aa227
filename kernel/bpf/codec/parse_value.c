// SPDX-License-Identifier: GPL-2.0
/*
 * Text to values, one function for each kind of BTF. Memory is all zero before
 * a value is read into it, so what is absent need not be written; where it is
 * NULL, the text is checked and nothing is written.
 */
#include <linux/kernel.h>
#include <linux/errno.h>
#include <linux/string.h>
#include "member.h"
#include "reader.h"
#include "text.h"

/* Also takes a number; apart, as most integers are none. */
static noinline int parse_bool(struct bpffs_reader *reader, u32 bits,
			       bool is_signed, struct bpffs_u128 *value)
{
	*value = bpffs_u128(bpffs_take_word(reader, "true"));
	if (value->lo || bpffs_take_word(reader, "false"))
		return 0;
	return bpffs_parse_integer(reader, bits, is_signed, value);
}

static int parse_int_bits(struct bpffs_reader *reader,
			  const struct btf_type *type, u32 bits,
			  struct bpffs_u128 *value)
{
	u32 encoding = BTF_INT_ENCODING(bpffs_int_data(type));
	bool is_signed = encoding & BTF_INT_SIGNED;

	if (encoding & BTF_INT_BOOL)
		return parse_bool(reader, bits, is_signed, value);
	return bpffs_parse_integer(reader, bits, is_signed, value);
}

/* The first few names of an enum, for who got one wrong. */
static void list_enumerators(const struct bpffs_reader *reader,
			     const struct btf_type *type, char *buf, u32 cap)
{
	u32 i, name_off, nr = bpffs_btf_vlen(type);
	u32 len = 0;
	u64 value;

	buf[0] = '\0';
	for (i = 0; i < nr && i < 6; i++) {
		bpffs_enumerator(type, i, 64, &value, &name_off);
		len += scnprintf(buf + len, cap - len, "%s%.32s",
				 i ? ", " : "", bpffs_btf_name(reader->btf,
							       name_off));
	}
	if (i < nr)
		scnprintf(buf + len, cap - len, ", ...");
}

static noinline int refuse_name(struct bpffs_reader *reader,
				const struct btf_type *type,
				const struct bpffs_token *token)
{
	char names[256];

	list_enumerators(reader, type, names, sizeof(names));
	return bpffs_refuse(reader, token->start, -EINVAL,
			    "enum %.64s has no '%.*s'; it has %s",
			    bpffs_btf_name(reader->btf, type->name_off),
			    (int)min_t(u32, token->len, 64), token->start,
			    names);
}

static int parse_enum_bits(struct bpffs_reader *reader,
			   const struct btf_type *type, u32 bits,
			   struct bpffs_u128 *value)
{
	struct bpffs_token token;
	u32 i, name_off;
	u64 number;
	bool fits;
	int err;

	if (bpffs_peek(reader) != '"')
		return bpffs_parse_integer(reader, bits, BTF_INFO_KFLAG(type->info),
				     value);
	err = bpffs_read_token(reader, &token);
	if (err)
		return err;
	for (i = 0; i < bpffs_btf_vlen(type); i++) {
		err = bpffs_count_work(reader, &token);
		if (err)
			return err;
		fits = bpffs_enumerator(type, i, bits, &number, &name_off);
		if (!bpffs_token_is(&token, reader->btf->strings + name_off))
			continue;
		*value = bpffs_u128(number);
		return fits ? 0 : bpffs_refuse(reader, token.start, -ERANGE,
					       "the value of %.64s does not fit into %u bits",
					       reader->btf->strings + name_off, bits);
	}
	return refuse_name(reader, type, &token);
}

/**
 * bpffs_parse_bitfield() - read a value into a few bits
 * @reader: at the value, past it afterwards
 * @id: an integer or an enum, or what resolves to one
 * @data: where bit 0 is, NULL to only check
 * @pos: first bit
 * @bits: how many, 1 to 128
 *
 * Return: 0; -EINVAL for what is no such value, -ERANGE if it does not fit.
 */
int bpffs_parse_bitfield(struct bpffs_reader *reader, u32 id, void *data,
			 u32 pos, u32 bits)
{
	const struct bpffs_btf *btf = reader->btf;
	const struct btf_type *type = btf->types[btf->layouts[id].resolved];
	struct bpffs_u128 value;
	int err;

	if (bpffs_btf_kind(type) == BTF_KIND_INT)
		err = parse_int_bits(reader, type, bits, &value);
	else
		err = parse_enum_bits(reader, type, bits, &value);
	if (!err && data)
		bpffs_store_bits(data, pos, bits, value);
	return err;
}

static int parse_int(struct bpffs_reader *reader, u32 id,
		     const struct btf_type *type, void *data)
{
	u32 bits = BTF_INT_BITS(bpffs_int_data(type));
	struct bpffs_u128 value;
	int err;

	if (bits != 8 * type->size || bits > 64)
		return bpffs_parse_bitfield(reader, id, data,
					    BTF_INT_OFFSET(bpffs_int_data(type)),
					    bits);
	err = parse_int_bits(reader, type, bits, &value);
	if (!err && data)
		bpffs_store(data, type->size, value.lo);
	return err;
}

static int parse_enum(struct bpffs_reader *reader, u32 id,
		      const struct btf_type *type, void *data)
{
	struct bpffs_u128 value;
	int err;

	err = parse_enum_bits(reader, type, 8 * type->size, &value);
	if (!err && data)
		bpffs_store(data, type->size, value.lo);
	return err;
}

static int parse_ptr(struct bpffs_reader *reader, u32 id,
		     const struct btf_type *type, void *data)
{
	struct bpffs_u128 value;
	int err;

	err = bpffs_parse_integer(reader, 64, false, &value);
	if (!err && data)
		bpffs_store(data, 8, value.lo);
	return err;
}

/* "inf", "-inf", "nan", or the very bits as "0x...". */
static int parse_special_float(struct bpffs_reader *reader, u32 size, u64 *bits)
{
	const struct bpffs_float_format *format = bpffs_float_format(size);
	u64 exponent = ((1ULL << format->exponent) - 1) << format->fraction;
	struct bpffs_token token;
	struct bpffs_u128 value;
	int err;

	err = bpffs_read_token(reader, &token);
	if (err)
		return err;
	*bits = exponent;
	if (bpffs_token_is(&token, "inf"))
		return 0;
	*bits |= 1ULL << (8 * size - 1);
	if (bpffs_token_is(&token, "-inf"))
		return 0;
	*bits = exponent | 1ULL << (format->fraction - 1);
	if (bpffs_token_is(&token, "nan"))
		return 0;
	err = bpffs_token_hex(reader, &token, &value);
	if (err)
		return err;
	*bits = value.lo;
	if (value.hi || value.lo > U64_MAX >> (64 - 8 * size))
		return bpffs_refuse(reader, token.start, -ERANGE,
				    "a float of %u bytes has no more than %u hex digits",
				    size, 2 * size);
	return 0;
}

static noinline int parse_decimal_float(struct bpffs_reader *reader, u32 size,
					u64 *bits)
{
	struct bpffs_decimal decimal;
	const char *start;
	bool negative;
	int err;

	bpffs_skip_space(reader);
	start = reader->pos;
	err = bpffs_read_decimal(reader, &decimal, &negative);
	if (err)
		return err;
	err = bpffs_float_bits(&decimal, size, bits);
	if (err)
		return bpffs_refuse(reader, start, err,
				    "the number is too large for a float of %u bytes",
				    size);
	*bits |= (u64)negative << (8 * size - 1);
	return 0;
}

static int parse_float(struct bpffs_reader *reader, u32 id,
		       const struct btf_type *type, void *data)
{
	u64 bits;
	int err;

	if (!bpffs_float_format(type->size))
		return bpffs_read_bytes(reader, type->size, data);
	if (bpffs_peek(reader) == '"')
		err = parse_special_float(reader, type->size, &bits);
	else
		err = parse_decimal_float(reader, type->size, &bits);
	if (!err && data)
		bpffs_store(data, type->size, bits);
	return err;
}

static int parse_chars(struct bpffs_reader *reader, u32 cap, char *data)
{
	struct bpffs_token token;
	u32 len;
	int err;

	err = bpffs_read_token(reader, &token);
	if (err)
		return err;
	len = bpffs_decode_token(&token, data, data ? cap : 0);
	if (len > cap)
		return bpffs_refuse(reader, token.start, -ERANGE,
				    "the string has %u bytes, %u fit", len,
				    cap);
	return 0;
}

static int parse_array(struct bpffs_reader *reader, u32 id,
		       const struct btf_type *type, void *data)
{
	const struct btf_array *array = bpffs_btf_tail(type);
	const struct bpffs_btf_layout *elem;
	u32 i, nr = array->nelems;
	int err;

	elem = &reader->btf->layouts[array->type];
	if (!elem->size)
		nr = 0;
	if (nr && bpffs_is_char(reader->btf,
				reader->btf->types[elem->resolved]))
		return parse_chars(reader, nr, data);
	if (!bpffs_take(reader, '['))
		return bpffs_refuse_here(reader, "a list in [ ]");
	if (bpffs_take(reader, ']'))
		return 0;
	for (i = 0; i < nr; i++) {
		err = bpffs_parse_any(reader, array->type, data) ?:
		      bpffs_reader_step(reader);
		if (err)
			return err;
		if (data)
			data += elem->size;
		if (bpffs_take(reader, ']'))
			return 0;
		if (!bpffs_take(reader, ','))
			return bpffs_refuse_here(reader, "',' or ']'");
	}
	bpffs_skip_space(reader);
	return bpffs_refuse(reader, reader->pos, -ERANGE,
			    "the list has no more than %u elements", nr);
}

static int parse_struct(struct bpffs_reader *reader, u32 id,
			const struct btf_type *type, void *data)
{
	return bpffs_parse_object(reader, type,
				  reader->btf->layouts[id].fields, data);
}

static int (*const parsers[])(struct bpffs_reader *reader, u32 id,
			      const struct btf_type *type, void *data) = {
	[BTF_KIND_INT]		= parse_int,
	[BTF_KIND_PTR]		= parse_ptr,
	[BTF_KIND_ARRAY]	= parse_array,
	[BTF_KIND_STRUCT]	= parse_struct,
	[BTF_KIND_UNION]	= parse_struct,
	[BTF_KIND_ENUM]		= parse_enum,
	[BTF_KIND_DATASEC]	= parse_struct,
	[BTF_KIND_FLOAT]	= parse_float,
	[BTF_KIND_ENUM64]	= parse_enum,
};

/**
 * bpffs_parse_any() - read a value of a type
 * @reader: at the value, past it afterwards
 * @id: a type that has values
 * @data: all zero, as many bytes as the type has; NULL to only check
 *
 * Return: 0; -EINVAL for what is no value of the type, -ERANGE for what does
 * not fit, -EPERM for what the kernel manages, -E2BIG, -ENOMEM.
 */
int bpffs_parse_any(struct bpffs_reader *reader, u32 id, void *data)
{
	const struct bpffs_btf *btf = reader->btf;
	const struct btf_type *type = btf->types[btf->layouts[id].resolved];

	return parsers[bpffs_btf_kind(type)](reader, id, type, data);
}
