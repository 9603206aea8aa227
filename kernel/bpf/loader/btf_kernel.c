// SPDX-License-Identifier: GPL-2.0
/* BTF that the kernel refuses, in words that it takes. */
#include <linux/btf.h>
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "plan.h"

/**
 * struct softening - a copy of BTF that is changed
 * @btf: index over the original
 * @data: the copy's bytes
 * @name_off: a name that every kernel takes, for what has none; 0 without
 * @byte: id of an integer of one byte, for what has no type; 0 without
 */
struct softening {
	const struct bpffs_btf *btf;
	void *data;
	u32 name_off;
	u32 byte;
};

static char *name_of(const struct softening *s, const struct btf_type *t)
{
	return (char *)s->data + ((const void *)s->btf->strings - s->btf->data) + t->name_off;
}

/* The kernel takes no longer ones, and many types may share one that is. */
#define IDENTIFIER_MAX	127

static bool is_identifier(const char *name)
{
	u32 len = 0;

	if (!isalpha(*name) && *name != '_')
		return false;
	while (len < IDENTIFIER_MAX && (isalnum(name[len]) || name[len] == '_'))
		len++;
	return !name[len];
}

/* GCC 12 calls a char both signed and a char. */
static bool soften_int(const struct softening *s, struct btf_type *t)
{
	u32 *data = (u32 *)(t + 1);
	u32 encoding = BTF_INT_ENCODING(*data);

	if (!(encoding & (encoding - 1)))
		return false;
	*data = (*data & ~(0x0fU << 24)) | (BTF_INT_SIGNED << 24);
	return true;
}

/* Nor has GCC 12 names for the functions that it takes helpers for. */
static bool soften_func(const struct softening *s, struct btf_type *t)
{
	if (t->name_off || !s->name_off)
		return false;
	t->name_off = s->name_off;
	return true;
}

/* C lets a parameter that is not used go without a name, and the kernel does not. */
static bool soften_proto(const struct softening *s, struct btf_type *t)
{
	struct btf_param *param = (struct btf_param *)(t + 1);
	struct btf_param *end = param + bpffs_btf_vlen(t);
	bool changed = false;

	for (; param < end; param++) {
		if (!param->type || param->name_off || !s->name_off)
			continue;
		param->name_off = s->name_off;
		changed = true;
	}
	return changed;
}

/* What is _Atomic has no type before LLVM 20, and no size that one could be of. */
static bool soften_type(const struct softening *s, u32 *type)
{
	if (*type || !s->byte)
		return false;
	*type = s->byte;
	return true;
}

static bool soften_array(const struct softening *s, struct btf_type *t)
{
	return soften_type(s, &((struct btf_array *)(t + 1))->type);
}

static bool soften_struct(const struct softening *s, struct btf_type *t)
{
	struct btf_member *member = (struct btf_member *)(t + 1);
	struct btf_member *end = member + bpffs_btf_vlen(t);
	bool changed = false;

	for (; member < end; member++)
		changed |= soften_type(s, &member->type);
	return changed;
}

static bool soften_var(const struct softening *s, struct btf_type *t)
{
	return soften_type(s, &t->type);
}

/* Before 6.9 names of sections had letters, digits, '_' and '.'. */
static bool soften_section(const struct softening *s, struct btf_type *t)
{
	bool changed = false;
	char *c;

	for (c = name_of(s, t); *c; c++) {
		if (isalnum(*c) || *c == '_' || *c == '.')
			continue;
		*c = '_';
		changed = true;
	}
	return changed;
}

static bool (* const soften[])(const struct softening *s, struct btf_type *t) = {
	[BTF_KIND_INT]		= soften_int,
	[BTF_KIND_ARRAY]	= soften_array,
	[BTF_KIND_STRUCT]	= soften_struct,
	[BTF_KIND_UNION]	= soften_struct,
	[BTF_KIND_FUNC]		= soften_func,
	[BTF_KIND_FUNC_PROTO]	= soften_proto,
	[BTF_KIND_VAR]		= soften_var,
	[BTF_KIND_DATASEC]	= soften_section,
};

static u32 find_identifier(const struct bpffs_btf *btf)
{
	const struct btf_type *t;
	u32 id;

	for (id = 1; id < btf->nr_types; id++) {
		t = bpffs_btf_type(btf, id);
		if (is_identifier(bpffs_btf_name(btf, t->name_off)))
			return t->name_off;
	}
	return 0;
}

/* The kernel takes no others for elements of arrays. */
static bool is_whole_byte(const struct btf_type *t)
{
	u32 layout = *(const u32 *)(t + 1);

	return t->size == 1 && BTF_INT_BITS(layout) == BITS_PER_BYTE &&
	       !BTF_INT_OFFSET(layout);
}

static u32 find_byte(const struct bpffs_btf *btf)
{
	const struct btf_type *t;
	u32 id;

	for (id = 1; id < btf->nr_types; id++) {
		t = bpffs_btf_type(btf, id);
		if (bpffs_btf_kind(t) == BTF_KIND_INT && is_whole_byte(t))
			return id;
	}
	return 0;
}

/**
 * bpffs_btf_soften() - take out of BTF what an older kernel refuses
 * @data: copy of the bytes that @btf is the index over; written to
 * @btf: the index
 *
 * Ids, sizes and offsets stay what they are.
 *
 * The kinds of type that compilers make all are older than the oldest kernel
 * that bpffs runs on, so none has to be replaced by another one.
 *
 * Return: whether anything changed.
 */
bool bpffs_btf_soften(void *data, const struct bpffs_btf *btf)
{
	struct softening s = { .btf = btf, .data = data };
	bool changed = false;
	struct btf_type *t;
	u32 id, kind;

	s.name_off = find_identifier(btf);
	s.byte = find_byte(btf);
	for (id = 1; id < btf->nr_types; id++) {
		t = data + ((const void *)bpffs_btf_type(btf, id) - btf->data);
		kind = bpffs_btf_kind(t);
		if (kind < ARRAY_SIZE(soften) && soften[kind])
			changed |= soften[kind](&s, t);
	}
	return changed;
}
