// SPDX-License-Identifier: GPL-2.0
/*
 * Text to structs, unions and data sections.
 *
 * The names in an object are numbered in the order of declaration, those of
 * anonymous members in place of the member. A bit for each number tells which
 * were given, and with it which member of a union decides: the one with the
 * most bits of information, the first declared among equals.
 */
#include <linux/kernel.h>
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/mm.h>
#include <linux/string.h>
#include "member.h"
#include "reader.h"

/**
 * struct object - an object whose text is being read
 * @type: struct, union or section
 * @data: its memory, NULL to only check
 * @fields: how many names it may have
 * @next: index of the member whose name is expected next
 * @base: number of that member's first name
 * @few: @given of objects with up to 64 names
 * @given: a bit for each name
 */
struct object {
	const struct btf_type *type;
	void *data;
	u32 fields;
	u32 next;
	u32 base;
	u64 few;
	u64 *given;
};

/**
 * struct field - the value that is read next
 * @name: its name
 * @id: its type
 * @pos: its first bit, from the start of the object
 * @bits: of a bitfield, 0 for others
 * @number: of its name
 * @lost: another member of a union that it is in decides
 */
struct field {
	const char *name;
	u32 id;
	u64 pos;
	u32 bits;
	u32 number;
	bool lost;
};

static bool was_given(const struct object *object, u32 number)
{
	return object->given[number / 64] >> (number % 64) & 1;
}

static bool any_given(const struct object *object, u32 first, u32 nr)
{
	for (; nr; nr--, first++)
		if (was_given(object, first))
			return true;
	return false;
}

/* Whether an anonymous member lends its names to what it is in. */
static const struct btf_type *names_below(const struct bpffs_btf *btf,
					  const struct btf_member *member)
{
	const struct bpffs_btf_layout *layout = &btf->layouts[member->type];
	const struct btf_type *type = btf->types[layout->resolved];

	if (layout->managed == BPFFS_MANAGED_WHOLLY || !bpffs_is_struct(type))
		return NULL;
	return type;
}

/*
 * Searches below an anonymous member; @base: number of its first name. -ENOENT if
 * the name is not there.
 */
static int find_below(struct bpffs_reader *reader,
		      const struct btf_type *type,
		      const struct bpffs_token *token, u32 base, u32 *number)
{
	const struct bpffs_btf *btf = reader->btf;
	const struct btf_member *member = bpffs_btf_tail(type);
	const struct btf_member *end = member + bpffs_btf_vlen(type);
	const struct btf_type *below;
	int err;

	for (; member < end; member++) {
		err = bpffs_count_work(reader, token);
		if (err)
			return err;
		below = names_below(btf, member);
		if (!bpffs_member_is_anonymous(btf, member)) {
			*number = base;
			if (bpffs_token_is(token,
					   btf->strings + member->name_off))
				return 0;
		} else if (below) {
			err = find_below(reader, below, token, base, number);
			if (err != -ENOENT)
				return err;
		}
		base += bpffs_member_fields(btf, member);
	}
	return -ENOENT;
}

static void step(const struct bpffs_reader *reader, struct object *object)
{
	const struct btf_member *member = bpffs_btf_tail(object->type);

	object->base += bpffs_member_fields(reader->btf,
					    member + object->next);
	if (++object->next == bpffs_btf_vlen(object->type)) {
		object->next = 0;
		object->base = 0;
	}
}

/* Begins with the member after the last one found: that one is likely. */
static int find_number(struct bpffs_reader *reader, struct object *object,
		       const struct bpffs_token *token, u32 *number)
{
	const struct bpffs_btf *btf = reader->btf;
	const struct btf_member *member;
	const struct btf_type *below;
	u32 i, nr = bpffs_btf_vlen(object->type);
	int err;

	for (i = 0; i < nr; i++, step(reader, object)) {
		err = bpffs_count_work(reader, token);
		if (err)
			return err;
		member = bpffs_btf_tail(object->type);
		member += object->next;
		*number = object->base;
		if (!bpffs_member_is_anonymous(btf, member)) {
			if (!bpffs_token_is(token,
					    btf->strings + member->name_off))
				continue;
			return 0;
		}
		below = names_below(btf, member);
		if (!below)
			continue;
		err = find_below(reader, below, token, object->base, number);
		if (err != -ENOENT)
			return err;
	}
	return -ENOENT;
}

static u64 member_width(const struct bpffs_btf *btf,
			const struct btf_type *parent,
			const struct btf_member *member)
{
	u32 pos, bits = bpffs_member_bits(btf, parent, member, &pos);

	return bits ? bits : btf->layouts[member->type].bits;
}

/*
 * @field is in member @chosen of a union whose names begin at @base: has a
 * wider member been given, or does this one take the memory over?
 */
static int compete(struct bpffs_reader *reader, const struct object *object,
		   const struct btf_type *type, u32 base, u32 chosen,
		   struct field *field)
{
	const struct bpffs_btf *btf = reader->btf;
	const struct btf_member *member = bpffs_btf_tail(type);
	u64 width = member_width(btf, type, member + chosen), other;
	bool first = true, alone = true;
	u32 i, nr;
	int err;

	for (i = 0; i < bpffs_btf_vlen(type); i++, base += nr) {
		nr = bpffs_member_fields(btf, member + i);
		reader->work += nr;
		err = bpffs_count_work(reader, NULL);
		if (err)
			return err;
		if (!any_given(object, base, nr))
			continue;
		if (i == chosen) {
			first = false;
			continue;
		}
		alone = false;
		other = member_width(btf, type, member + i);
		if (other > width || (other == width && i < chosen))
			field->lost = true;
	}
	if (first && !alone && !field->lost && object->data)
		memset(object->data + field->pos / 8, 0, type->size);
	return 0;
}

/* Walks down from the object to the member that has the name @number. */
static int locate(struct bpffs_reader *reader, const struct object *object,
		  u32 number, struct field *field)
{
	const struct bpffs_btf *btf = reader->btf;
	const struct btf_type *type = object->type;
	const struct btf_member *member;
	u32 base = 0, first, i, nr, pos;
	int err;

	memset(field, 0, sizeof(*field));
	field->number = number;
	for (;;) {
		member = bpffs_btf_tail(type);
		first = base;
		for (i = 0; ; i++, base += nr) {
			nr = bpffs_member_fields(btf, member + i);
			if (number - base < nr)
				break;
		}
		member += i;
		if (bpffs_btf_kind(type) == BTF_KIND_UNION && !field->lost) {
			err = compete(reader, object, type, first, i, field);
			if (err)
				return err;
		}
		field->bits = bpffs_member_bits(btf, type, member, &pos);
		field->pos += pos;
		if (!bpffs_member_is_anonymous(btf, member))
			break;
		type = btf->types[btf->layouts[member->type].resolved];
	}
	field->name = btf->strings + member->name_off;
	field->id = member->type;
	return 0;
}

/* A member with a name in a struct needs no walk. */
static int find_member(struct bpffs_reader *reader, struct object *object,
		       const struct bpffs_token *token, struct field *field)
{
	const struct bpffs_btf *btf = reader->btf;
	const struct btf_member *member;
	u32 number, pos;
	int err;

	err = find_number(reader, object, token, &number);
	if (err)
		return err;
	member = bpffs_btf_tail(object->type);
	member += object->next;
	if (bpffs_btf_kind(object->type) == BTF_KIND_UNION ||
	    bpffs_member_is_anonymous(btf, member))
		return locate(reader, object, number, field);
	field->name = btf->strings + member->name_off;
	field->id = member->type;
	field->bits = bpffs_member_bits(btf, object->type, member, &pos);
	field->pos = pos;
	field->number = number;
	field->lost = false;
	step(reader, object);
	return 0;
}

static int find_variable(struct bpffs_reader *reader, struct object *object,
			 const struct bpffs_token *token, struct field *field)
{
	const struct bpffs_btf *btf = reader->btf;
	const struct btf_var_secinfo *info;
	u32 i, at, nr = object->fields;
	int err;

	for (i = 0; i < nr; i++) {
		err = bpffs_count_work(reader, token);
		if (err)
			return err;
		at = object->next;
		object->next = at + 1 < nr ? at + 1 : 0;
		info = bpffs_btf_tail(object->type);
		info += at;
		field->name = btf->strings + btf->types[info->type]->name_off;
		if (!btf->layouts[info->type].has_value ||
		    !bpffs_token_is(token, field->name))
			continue;
		field->id = info->type;
		field->pos = 8ULL * info->offset;
		field->bits = 0;
		field->number = at;
		field->lost = false;
		return 0;
	}
	return -ENOENT;
}

static int find_field(struct bpffs_reader *reader, struct object *object,
		      const struct bpffs_token *token, struct field *field)
{
	const char *name = bpffs_btf_name(reader->btf, object->type->name_off);
	u32 len = min_t(u32, token->len, 64);
	int err;

	if (bpffs_btf_kind(object->type) == BTF_KIND_DATASEC)
		err = find_variable(reader, object, token, field);
	else
		err = find_member(reader, object, token, field);
	if (err == -ENOENT)
		return bpffs_refuse(reader, token->start, -EINVAL,
				    "%.64s has no field '%.*s'",
				    *name ? name : "its type", (int)len,
				    token->start);
	if (err)
		return err;
	if (reader->btf->layouts[field->id].managed == BPFFS_MANAGED_WHOLLY)
		return bpffs_refuse(reader, token->start, -EPERM,
				    "'%.64s' is the kernel's and cannot be written",
				    field->name);
	if (was_given(object, field->number))
		return bpffs_refuse(reader, token->start, -EINVAL,
				    "'%.64s' is given twice", field->name);
	object->given[field->number / 64] |= 1ULL << (field->number % 64);
	return 0;
}

static int parse_field(struct bpffs_reader *reader, struct object *object)
{
	const char *outer = reader->field;
	struct bpffs_token token;
	struct field field;
	void *data;
	int err;

	err = bpffs_read_token(reader, &token);
	if (err)
		return err;
	err = find_field(reader, object, &token, &field);
	if (err)
		return err;
	if (!bpffs_take(reader, ':'))
		return bpffs_refuse_here(reader, "':'");
	data = field.lost ? NULL : object->data;
	if (data)
		data += field.pos / 8;
	reader->field = field.name;
	if (field.bits)
		err = bpffs_parse_bitfield(reader, field.id, data,
					   field.pos % 8, field.bits);
	else
		err = bpffs_parse_any(reader, field.id, data);
	reader->field = outer;
	return err;
}

static int parse_fields(struct bpffs_reader *reader, struct object *object)
{
	int err;

	if (!bpffs_take(reader, '{'))
		return bpffs_refuse_here(reader, "an object in { }");
	if (bpffs_take(reader, '}'))
		return 0;
	do {
		err = parse_field(reader, object);
		if (err)
			return err;
	} while (bpffs_take(reader, ','));
	if (bpffs_take(reader, '}'))
		return 0;
	return bpffs_refuse_here(reader, "',' or '}'");
}

/*
 * Objects nest up to BPFFS_BTF_DEPTH, each with some 300 bytes of stack. That deep
 * in it there is no room for what the kernel does to find memory.
 */
#define DEEP	8

/**
 * bpffs_parse_object() - read a struct, union or data section
 * @reader: at the value, past it afterwards
 * @type: what to read
 * @fields: names that it may have, from its layout
 * @data: all zero, as many bytes as the type has; NULL to only check
 *
 * May sleep: the record of what was given is allocated if there can be more
 * than 64 names.
 *
 * Return: 0; -EINVAL for fields that are unknown or repeated, -EPERM for those
 * that the kernel manages, -E2BIG for very many in no order, -ENOMEM, and what
 * reading the fields returns.
 */
int bpffs_parse_object(struct bpffs_reader *reader, const struct btf_type *type,
		       u32 fields, void *data)
{
	struct object object = {
		.type = type, .data = data, .fields = fields,
	};
	gfp_t gfp = reader->depth < DEEP ? GFP_KERNEL : GFP_NOWAIT | __GFP_NOWARN;
	int err;

	object.given = &object.few;
	if (fields > 64)
		object.given = kvcalloc(DIV_ROUND_UP(fields, 64), sizeof(u64), gfp);
	if (!object.given)
		return bpffs_refuse(reader, reader->pos, -ENOMEM,
				    "no memory for an object of %u fields",
				    fields);
	reader->depth++;
	err = parse_fields(reader, &object);
	reader->depth--;
	if (object.given != &object.few)
		kvfree(object.given);
	return err;
}
