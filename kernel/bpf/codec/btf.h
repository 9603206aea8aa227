/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BPFFS_CODEC_BTF_H
#define _BPFFS_CODEC_BTF_H

#include <linux/types.h>
#include <linux/stddef.h>
#include <linux/btf.h>
#include <linux/bpffs_diag.h>

/* What every version of the header has; newer kernels declare a longer one. */
#define BPFFS_BTF_HEADER	offsetofend(struct btf_header, str_len)

/* How much of a value the kernel keeps for itself: locks, timers, kptrs. */
enum bpffs_managed {
	BPFFS_MANAGED_NONE,
	BPFFS_MANAGED_PARTLY,
	BPFFS_MANAGED_WHOLLY,
};

/**
 * struct bpffs_btf_layout - what a value of a type looks like
 * @size: bytes; 0 for types of which there are no values
 * @resolved: id behind typedefs, qualifiers, type tags and variables; 0 is void
 * @fields: names that a struct's or union's text may have, those of its
 *	anonymous members included
 * @kept: parts that the kernel manages
 * @steps: parts that a search for one of them looks at, at most
 * @managed: enum bpffs_managed
 * @depth: levels of structs and arrays that it nests, 1 for scalars
 * @has_value: its values are text; false for void, functions and forward
 *	declarations, and for what has one of them in it, whose values are bytes
 * @bits: bits of information in the value's text, which is how wide a member
 *	of a union is
 * @texts: numbers, strings and names that the value's text consists of
 */
struct bpffs_btf_layout {
	u32 size;
	u32 resolved;
	u32 fields;
	u32 kept;
	u32 steps;
	u8 managed;
	u8 depth;
	bool has_value;
	u64 bits;
	u64 texts;
};

/**
 * struct bpffs_btf - an index over the bytes of one object's BTF
 * @data: the blob, header included; borrowed from the caller of
 *	bpffs_btf_parse() and not written
 * @size: bytes in @data
 * @strings: string section inside @data, NUL-terminated
 * @str_len: bytes in @strings
 * @nr_types: number of type ids, void (id 0) included
 * @types: @nr_types pointers into @data; types[0] is NULL
 * @layouts: @nr_types layouts; layouts[0] is all zero
 * @plain_names: names in the text of values read as they are, without escapes
 * @names_len: bytes of names that were looked at, counted by the parse
 *
 * Once bpffs_btf_parse() has returned 0, every type id, string offset and
 * member in @data has been checked: ids are in range, chains of modifiers and
 * arrays end, sizes neither overflow nor contradict each other. Later walks
 * rely on it and check nothing again. Nothing changes after the parse, so any
 * number of readers need no lock.
 */
struct bpffs_btf {
	const void *data;
	u32 size;
	const char *strings;
	u32 str_len;
	u32 nr_types;
	const struct btf_type **types;
	struct bpffs_btf_layout *layouts;
	bool plain_names;
	u32 names_len;
};

int bpffs_btf_parse(struct bpffs_btf *btf, const void *data, u32 size,
		    struct bpffs_diag *diag);
void bpffs_btf_release(struct bpffs_btf *btf);

/* btf_extend.c */
void *bpffs_btf_extend(const void *blob, const void *types, u32 types_len,
		       const char *strings, u32 strings_len, u32 *size);

const struct btf_type *bpffs_btf_type(const struct bpffs_btf *btf, u32 id);
const char *bpffs_btf_name(const struct bpffs_btf *btf, u32 name_off);
u32 bpffs_btf_resolve(const struct bpffs_btf *btf, u32 id);
u32 bpffs_btf_size(const struct bpffs_btf *btf, u32 id);
u32 bpffs_btf_find(const struct bpffs_btf *btf, const char *name, u32 kind);
const char *bpffs_btf_decl_tag(const struct bpffs_btf *btf, u32 id,
			       const char *prefix);
u32 bpffs_btf_find_named(const struct bpffs_btf *btf, const char *c_name);

static inline u32 bpffs_btf_kind(const struct btf_type *type)
{
	return BTF_INFO_KIND(type->info);
}

static inline u32 bpffs_btf_vlen(const struct btf_type *type)
{
	return BTF_INFO_VLEN(type->info);
}

/*
 * What follows struct btf_type depends on its kind: struct btf_member for
 * structs and unions, struct btf_array for arrays, and so on.
 */
static inline const void *bpffs_btf_tail(const struct btf_type *type)
{
	return type + 1;
}

#endif /* _BPFFS_CODEC_BTF_H */
