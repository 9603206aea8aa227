// SPDX-License-Identifier: GPL-2.0
/*
 * Types as C writes them, for people to read.
 */
#include <linux/btf.h>
#include <linux/kernel.h>
#include "codec.h"

/* Pointers to pointers may form a loop; nobody reads deeper than this. */
#define MAX_DEPTH	8

static const char * const keywords[] = {
	[BTF_KIND_STRUCT]	= "struct ",
	[BTF_KIND_UNION]	= "union ",
	[BTF_KIND_ENUM]		= "enum ",
	[BTF_KIND_ENUM64]	= "enum ",
	[BTF_KIND_FWD]		= "struct ",
};

static bool is_modifier(u32 kind)
{
	return kind == BTF_KIND_CONST || kind == BTF_KIND_VOLATILE ||
	       kind == BTF_KIND_RESTRICT || kind == BTF_KIND_TYPE_TAG ||
	       kind == BTF_KIND_VAR;
}

static u32 kind_of(const struct bpffs_btf *btf, u32 id)
{
	const struct btf_type *t = bpffs_btf_type(btf, id);

	return t ? BTF_INFO_KIND(t->info) : BTF_KIND_UNKN;
}

static u32 skip_modifiers(const struct bpffs_btf *btf, u32 id)
{
	while (is_modifier(kind_of(btf, id)))
		id = bpffs_btf_type(btf, id)->type;
	return id;
}

static const struct btf_array *array_of(const struct btf_type *t)
{
	return (const struct btf_array *)(t + 1);
}

static void print_named(struct bpffs_text *out, const struct bpffs_btf *btf, u32 id)
{
	const struct btf_type *t = bpffs_btf_type(btf, id);
	u32 kind = kind_of(btf, id);
	const char *name, *keyword = NULL;

	if (!t) {
		bpffs_print(out, "void");
		return;
	}
	if (kind < ARRAY_SIZE(keywords))
		keyword = keywords[kind];
	if (kind == BTF_KIND_FWD && BTF_INFO_KFLAG(t->info))
		keyword = "union ";
	name = bpffs_btf_name(btf, t->name_off);
	bpffs_print(out, "%s%s", keyword ?: "", *name ? name : "{...}");
}

/**
 * bpffs_print_type() - print a type as C writes it
 * @out: where to
 * @btf: types
 * @id: type, 0 for void
 *
 * "struct event", "char[16]", "u64 *"; typedefs by their own names, qualifiers
 * left out.
 */
void bpffs_print_type(struct bpffs_text *out, const struct bpffs_btf *btf, u32 id)
{
	u32 sizes[MAX_DEPTH], nr = 0, pointers = 0, i;

	for (i = 0; i < MAX_DEPTH; i++) {
		id = skip_modifiers(btf, id);
		if (kind_of(btf, id) == BTF_KIND_ARRAY && !pointers) {
			sizes[nr++] = array_of(bpffs_btf_type(btf, id))->nelems;
			id = array_of(bpffs_btf_type(btf, id))->type;
		} else if (kind_of(btf, id) == BTF_KIND_PTR) {
			pointers++;
			id = bpffs_btf_type(btf, id)->type;
		} else {
			break;
		}
	}
	print_named(out, btf, id);
	if (pointers)
		bpffs_print(out, " ");
	while (pointers--)
		bpffs_print(out, "*");
	for (i = 0; i < nr; i++)
		bpffs_print(out, "[%u]", sizes[i]);
}
