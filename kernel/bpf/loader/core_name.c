// SPDX-License-Identifier: GPL-2.0
/* What a CO-RE record is about, as C writes it. */
#include <linux/btf.h>
#include <linux/kernel.h>
#include "../codec/text.h"
#include "core_name.h"

/* Reads a number and the ':' behind it; false at the end. */
static bool next_index(const char **spec, u32 *index)
{
	const char *at = *spec;

	*index = 0;
	if (*at < '0' || *at > '9')
		return false;
	for (; *at >= '0' && *at <= '9'; at++)
		*index = *index * 10 + *at - '0';
	*spec = *at == ':' ? at + 1 : at;
	return true;
}

static const char *name_of(const struct bpffs_btf *btf, u32 name_off)
{
	const char *name = bpffs_btf_name(btf, name_off);

	return *name ? name : "(anonymous)";
}

/* Prints one step into the type @id, and returns the type it leads to. */
static u32 put_step(struct bpffs_text *out, const struct bpffs_btf *btf, u32 id,
		    u32 index)
{
	const struct btf_type *t = bpffs_btf_type(btf, bpffs_btf_resolve(btf, id));
	const struct btf_member *member;

	if (!t)
		return 0;
	if (bpffs_btf_kind(t) == BTF_KIND_ARRAY) {
		bpffs_print(out, "[%u]", index);
		return ((const struct btf_array *)bpffs_btf_tail(t))->type;
	}
	if (bpffs_btf_kind(t) != BTF_KIND_STRUCT && bpffs_btf_kind(t) != BTF_KIND_UNION)
		return 0;
	if (index >= bpffs_btf_vlen(t))
		return 0;
	member = (const struct btf_member *)bpffs_btf_tail(t) + index;
	/* C, too, leaves out what has no name. */
	if (*bpffs_btf_name(btf, member->name_off))
		bpffs_print(out, ".%s", bpffs_btf_name(btf, member->name_off));
	return member->type;
}

static void put_field(struct bpffs_text *out, const struct bpffs_btf *btf, u32 id,
		      const char *spec)
{
	u32 index;

	/* The first number is that of an element where the root is a pointer. */
	if (next_index(&spec, &index) && index)
		bpffs_print(out, "[%u]", index);
	while (id && next_index(&spec, &index))
		id = put_step(out, btf, id, index);
}

static void put_enumerator(struct bpffs_text *out, const struct bpffs_btf *btf,
			   u32 id, const char *spec)
{
	const struct btf_type *t = bpffs_btf_type(btf, bpffs_btf_resolve(btf, id));
	u32 index, name_off;

	if (!t || !next_index(&spec, &index) || index >= bpffs_btf_vlen(t))
		return;
	if (bpffs_btf_kind(t) == BTF_KIND_ENUM)
		name_off = ((const struct btf_enum *)bpffs_btf_tail(t))[index].name_off;
	else if (bpffs_btf_kind(t) == BTF_KIND_ENUM64)
		name_off = ((const struct btf_enum64 *)bpffs_btf_tail(t))[index].name_off;
	else
		return;
	bpffs_print(out, "::%s", name_of(btf, name_off));
}

/**
 * bpffs_core_what() - what kind of thing a CO-RE record is about
 * @relo: the record
 *
 * Return: "field", "type" or "enumerator".
 */
const char *bpffs_core_what(const struct bpf_core_relo *relo)
{
	switch (relo->kind) {
	case BPF_CORE_FIELD_BYTE_OFFSET ... BPF_CORE_FIELD_RSHIFT_U64:
		return "field";
	case BPF_CORE_ENUMVAL_EXISTS:
	case BPF_CORE_ENUMVAL_VALUE:
		return "enumerator";
	default:
		return "type";
	}
}

/**
 * bpffs_core_print() - print what a CO-RE record is about
 * @out: where to
 * @btf: the object's types
 * @relo: the record, whose type and string are in @btf
 *
 * "struct task_struct.mm.pgd", "struct foo", "enum bar::BAZ". A path that does
 * not fit the types is printed as far as it does.
 */
void bpffs_core_print(struct bpffs_text *out, const struct bpffs_btf *btf,
		      const struct bpf_core_relo *relo)
{
	const char *spec = bpffs_btf_name(btf, relo->access_str_off);
	const char *what = bpffs_core_what(relo);

	bpffs_print_type(out, btf, relo->type_id);
	if (*what == 'f')
		put_field(out, btf, relo->type_id, spec);
	else if (*what == 'e')
		put_enumerator(out, btf, relo->type_id, spec);
}
