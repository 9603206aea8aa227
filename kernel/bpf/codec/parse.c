// SPDX-License-Identifier: GPL-2.0
/* Whole texts: one value, or one line of a map. */
#include <linux/kernel.h>
#include <linux/errno.h>
#include <linux/string.h>
#include "codec.h"
#include "member.h"
#include "reader.h"

/* @data is all zero. */
static int parse_typed(struct bpffs_reader *reader, u32 type, u32 size,
		       void *data)
{
	if (!bpffs_value_is_typed(reader->btf, type, size))
		return bpffs_read_bytes(reader, size, data);
	if (reader->btf->layouts[type].managed != BPFFS_MANAGED_WHOLLY)
		return bpffs_parse_any(reader, type, data);
	if (bpffs_take(reader, '{') && bpffs_take(reader, '}'))
		return 0;
	return bpffs_refuse(reader, reader->pos, -EPERM,
			    "the value is the kernel's and cannot be written");
}

/* Room for what a byte, and a number with the names around it, is written as. */
#define TEXT_PER_BYTE	64ULL
#define TEXT_PER_TEXT	1024ULL

/**
 * bpffs_longest_text() - how much text a value may be given in
 * @btf: types; NULL for hex
 * @type: BTF id; 0 for hex
 * @size: bytes of the value
 *
 * Return: bytes, several times as many as bpffs_print_value() makes of any value
 * of the type, so that there is room for white space and comments.
 */
u64 bpffs_longest_text(const struct bpffs_btf *btf, u32 type, u32 size)
{
	u64 len = TEXT_PER_BYTE * size;

	/* There are no more than some times as many texts as bytes. */
	if (bpffs_value_is_typed(btf, type, size))
		len += TEXT_PER_TEXT * btf->layouts[type].texts;
	return len;
}

/**
 * bpffs_parse_value() - read a text that is one value
 * @text: the text; white space, newlines and comments may be anywhere in it
 * @len: bytes in @text
 * @btf: types; NULL for hex
 * @type: BTF id; 0 for hex
 * @size: bytes of the value; hex if they are not as many as the type has
 * @data: gets the value, @size bytes, those that the kernel manages as 0; what
 *	it holds after an error is undefined
 * @diag: says what is wrong, with line and column in @text
 *
 * May sleep.
 *
 * Return: 0; -EINVAL for what is no value of the type, -ERANGE for what does
 * not fit, -EPERM for fields that the kernel manages, -E2BIG, -ENOMEM.
 */
int bpffs_parse_value(const char *text, size_t len, const struct bpffs_btf *btf,
		      u32 type, u32 size, void *data, struct bpffs_diag *diag)
{
	struct bpffs_reader reader;
	int err;

	bpffs_start_reader(&reader, text, len, btf, diag);
	memset(data, 0, size);
	err = parse_typed(&reader, type, size, data);
	return err ? err : bpffs_read_end(&reader);
}

/* How many brackets the text of a value begins with: [[1, 2], [3]] has two. */
static u32 list_levels(const struct bpffs_btf *btf, u32 type, u32 size)
{
	const struct bpffs_btf_layout *layout, *elem;
	const struct btf_array *array;
	u32 levels = 0;

	if (!bpffs_value_is_typed(btf, type, size))
		return 0;
	for (layout = &btf->layouts[type]; ; layout = elem) {
		if (bpffs_btf_kind(btf->types[layout->resolved]) !=
		    BTF_KIND_ARRAY)
			return levels;
		array = bpffs_btf_tail(btf->types[layout->resolved]);
		elem = &btf->layouts[array->type];
		if (!layout->size)
			return levels + 1;
		if (bpffs_is_char(btf, btf->types[elem->resolved]))
			return levels;
		levels++;
	}
}

static bool has_more_brackets(const struct bpffs_reader *reader, u32 levels)
{
	struct bpffs_reader ahead = *reader;
	u32 i;

	for (i = 0; i <= levels; i++)
		if (!bpffs_take(&ahead, '['))
			return false;
	return true;
}

static int parse_for_all_cpus(struct bpffs_reader *reader,
			      const struct bpffs_format *fmt, void *value)
{
	u32 cpu;
	int err;

	err = parse_typed(reader, fmt->value_type, fmt->value_size, value);
	if (err)
		return err;
	for (cpu = 1; cpu < fmt->nr_cpus; cpu++)
		memcpy(value + (size_t)cpu * fmt->stride, value,
		       fmt->value_size);
	return 0;
}

static int parse_per_cpu(struct bpffs_reader *reader,
			 const struct bpffs_format *fmt, void *value)
{
	u32 cpu;
	int err;

	bpffs_take(reader, '[');
	for (cpu = 0; cpu < fmt->nr_cpus; cpu++) {
		if (cpu && !bpffs_take(reader, ','))
			break;
		err = parse_typed(reader, fmt->value_type, fmt->value_size,
				  value + (size_t)cpu * fmt->stride);
		if (err)
			return err;
	}
	if (cpu == fmt->nr_cpus && bpffs_take(reader, ']'))
		return 0;
	if (cpu < fmt->nr_cpus && bpffs_peek(reader) != ']')
		return bpffs_refuse_here(reader, "',' or ']'");
	return bpffs_refuse(reader, reader->pos, -EINVAL,
			    "a list of values for each CPU has exactly %u of them; a value without the list sets every CPU",
			    fmt->nr_cpus);
}

/*
 * A list with more brackets in front than the text of one value begins with is
 * one of values for each CPU; everything else is a value for all of them.
 */
static int parse_cpus(struct bpffs_reader *reader,
		      const struct bpffs_format *fmt, void *value)
{
	u32 levels = list_levels(reader->btf, fmt->value_type, fmt->value_size);

	memset(value, 0, (size_t)fmt->nr_cpus * fmt->stride);
	if (has_more_brackets(reader, levels))
		return parse_per_cpu(reader, fmt, value);
	return parse_for_all_cpus(reader, fmt, value);
}

/* Most keys and values are an integer, for which a memset() is much. */
static void clear(void *data, u32 size)
{
	if (size == sizeof(u32))
		memset(data, 0, sizeof(u32));
	else if (size == sizeof(u64))
		memset(data, 0, sizeof(u64));
	else
		memset(data, 0, size);
}

static int parse_key(struct bpffs_reader *reader,
		     const struct bpffs_format *fmt, void *key)
{
	int err;

	clear(key, fmt->key_size);
	err = parse_typed(reader, fmt->key_type, fmt->key_size, key);
	if (err)
		return err;
	if (bpffs_take(reader, ':'))
		return 0;
	if (bpffs_peek(reader) >= 0)
		return bpffs_refuse_here(reader, "':' after the key");
	return bpffs_refuse(reader, reader->pos, -EINVAL,
			    "the key has no value; a line here is KEY: VALUE, or KEY: null to delete");
}

static int parse_map_value(struct bpffs_reader *reader,
			   const struct bpffs_format *fmt, void *value)
{
	if (fmt->nr_cpus)
		return parse_cpus(reader, fmt, value);
	clear(value, fmt->value_size);
	return parse_typed(reader, fmt->value_type, fmt->value_size, value);
}

static int parse_line_end(struct bpffs_reader *reader,
			  const struct bpffs_format *fmt)
{
	if (!fmt->key_size && bpffs_peek(reader) == ':')
		return bpffs_refuse(reader, reader->pos, -EINVAL,
				    "entries have no keys here; a line is a VALUE alone");
	return bpffs_read_end(reader);
}

/**
 * bpffs_parse_entry() - read a line of a map
 * @text: the line; more than one if brackets span them, see bpffs_split()
 * @len: bytes in @text, with or without the newline
 * @fmt: how entries of the map read
 * @key: gets the key, @fmt->key_size bytes
 * @value: gets the value: @fmt->value_size bytes, or @fmt->nr_cpus times
 *	@fmt->stride; bytes that the kernel manages are 0
 * @diag: says what is wrong, with line and column in @text
 *
 * The line is KEY: VALUE, or KEY: null to delete, or VALUE where entries have
 * no key. In a per-CPU map VALUE is a list of exactly @fmt->nr_cpus values, or
 * one value for every CPU. If values are lists themselves, the number of
 * brackets that VALUE begins with tells: one more than those of one value mean
 * a list of values. What @key and @value hold after an error is undefined.
 *
 * May sleep.
 *
 * Return: what the line asks for, an enum bpffs_line; else as
 * bpffs_parse_value().
 */
int bpffs_parse_entry(const char *text, size_t len,
		      const struct bpffs_format *fmt, void *key, void *value,
		      struct bpffs_diag *diag)
{
	struct bpffs_reader reader;
	int err;

	bpffs_start_reader(&reader, text, len, fmt->btf, diag);
	if (bpffs_peek(&reader) < 0)
		return BPFFS_LINE_EMPTY;
	if (fmt->key_size) {
		err = parse_key(&reader, fmt, key);
		if (err)
			return err;
		if (bpffs_peek(&reader) == 'n' &&
		    bpffs_take_word(&reader, "null")) {
			err = bpffs_read_end(&reader);
			return err ? err : BPFFS_LINE_DELETE;
		}
	}
	err = parse_map_value(&reader, fmt, value);
	if (!err)
		err = parse_line_end(&reader, fmt);
	return err ? err : BPFFS_LINE_UPDATE;
}
