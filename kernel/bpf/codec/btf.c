// SPDX-License-Identifier: GPL-2.0
/* Finding types in a blob of BTF, which is checked once and trusted after. */
#include <linux/kernel.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "btf_check.h"

/**
 * bpffs_btf_type() - look up a type by its id
 * @btf: parsed BTF
 * @id: any number
 *
 * Return: the type, in @btf's blob; NULL for void and for ids out of range.
 */
const struct btf_type *bpffs_btf_type(const struct bpffs_btf *btf, u32 id)
{
	return id < btf->nr_types ? btf->types[id] : NULL;
}

/**
 * bpffs_btf_name() - look up a string
 * @btf: parsed BTF
 * @name_off: offset into the string section
 *
 * Return: the string, in @btf's blob; "" for offsets out of range.
 */
const char *bpffs_btf_name(const struct bpffs_btf *btf, u32 name_off)
{
	return name_off < btf->str_len ? btf->strings + name_off : "";
}

/**
 * bpffs_btf_resolve() - see through typedefs, qualifiers, tags and variables
 * @btf: parsed BTF
 * @id: any number
 *
 * Return: id of what is behind them; 0 for void and for ids out of range.
 */
u32 bpffs_btf_resolve(const struct bpffs_btf *btf, u32 id)
{
	return id < btf->nr_types ? btf->layouts[id].resolved : 0;
}

/**
 * bpffs_btf_size() - bytes of a value
 * @btf: parsed BTF
 * @id: any number
 *
 * Return: its sizeof(); 0 for what has no values and for ids out of range.
 */
u32 bpffs_btf_size(const struct bpffs_btf *btf, u32 id)
{
	return id < btf->nr_types ? btf->layouts[id].size : 0;
}

/**
 * bpffs_btf_find() - look up a type by kind and name
 * @btf: parsed BTF
 * @name: all of it, without "struct" and the like
 * @kind: BTF_KIND_*
 *
 * Return: the lowest id that fits, 0 for none.
 */
u32 bpffs_btf_find(const struct bpffs_btf *btf, const char *name, u32 kind)
{
	const struct btf_type *type;
	u32 id;

	for (id = 1; id < btf->nr_types; id++) {
		type = btf->types[id];
		if (bpffs_btf_kind(type) == kind &&
		    !strcmp(bpffs_btf_name(btf, type->name_off), name))
			return id;
	}
	return 0;
}

/**
 * bpffs_btf_decl_tag() - find what a declaration was annotated with
 * @btf: parsed BTF
 * @id: a type or a variable
 * @prefix: what the text of the tag begins with
 *
 * Tags on members and arguments do not count.
 *
 * Return: the text after @prefix, in @btf's blob; NULL for no such tag.
 */
const char *bpffs_btf_decl_tag(const struct bpffs_btf *btf, u32 id,
			       const char *prefix)
{
	const struct btf_decl_tag *tag;
	const struct btf_type *type;
	size_t len = strlen(prefix);
	const char *text;
	u32 i;

	for (i = 1; i < btf->nr_types; i++) {
		type = btf->types[i];
		if (bpffs_btf_kind(type) != BTF_KIND_DECL_TAG ||
		    type->type != id)
			continue;
		tag = bpffs_btf_tail(type);
		text = bpffs_btf_name(btf, type->name_off);
		if (tag->component_idx == -1 && !strncmp(text, prefix, len))
			return text + len;
	}
	return NULL;
}

/* How C spells the kinds that it finds by name, the first two with a space. */
static const struct {
	const char *keyword;
	u32 kind;
} c_names[] = {
	{ "struct ", BTF_KIND_STRUCT },
	{ "union ", BTF_KIND_UNION },
	{ "enum ", BTF_KIND_ENUM },
	{ "enum ", BTF_KIND_ENUM64 },
	{ "", BTF_KIND_TYPEDEF },
	{ "", BTF_KIND_INT },
	{ "", BTF_KIND_FLOAT },
};

/**
 * bpffs_btf_find_named() - look up a type as C spells it
 * @btf: parsed BTF
 * @c_name: "struct event", "enum kind", "pid_t", "unsigned int"
 *
 * Return: its id, 0 for none.
 */
u32 bpffs_btf_find_named(const struct bpffs_btf *btf, const char *c_name)
{
	size_t len;
	u32 i, id;

	for (i = 0; i < ARRAY_SIZE(c_names); i++) {
		len = strlen(c_names[i].keyword);
		if (strncmp(c_name, c_names[i].keyword, len) || !c_name[len])
			continue;
		id = bpffs_btf_find(btf, c_name + len, c_names[i].kind);
		if (id)
			return id;
	}
	return 0;
}

static int check_section(const char *what, u32 off, u32 len, u32 room,
			 struct bpffs_diag *diag)
{
	if (off > room || len > room - off)
		return bpffs_diag(diag, -EINVAL,
				  "BTF: the %s section, %u bytes at offset %u, ends past the %u bytes after the header",
				  what, len, off, room);
	if (!len)
		return bpffs_diag(diag, -EINVAL, "BTF: the %s section is empty",
				  what);
	return 0;
}

/* Newer compilers may append to the header; what it says here stays true. */
static int check_header(const struct btf_header *hdr, u32 size,
			struct bpffs_diag *diag)
{
	if (size < BPFFS_BTF_HEADER)
		return bpffs_diag(diag, -EINVAL,
				  "BTF: %u bytes are less than its header of %zu",
				  size, BPFFS_BTF_HEADER);
	if (hdr->magic != BTF_MAGIC)
		return bpffs_diag(diag, -EINVAL,
				  "BTF: magic is 0x%x and not 0x%x; is it of the other endianness?",
				  hdr->magic, BTF_MAGIC);
	if (hdr->version != BTF_VERSION)
		return bpffs_diag(diag, -EOPNOTSUPP,
				  "BTF: version is %u, only %u is known",
				  hdr->version, BTF_VERSION);
	if (hdr->flags)
		return bpffs_diag(diag, -EOPNOTSUPP,
				  "BTF: flags are 0x%x, none is known",
				  hdr->flags);
	if (hdr->hdr_len < BPFFS_BTF_HEADER || hdr->hdr_len > size ||
	    hdr->hdr_len % 4)
		return bpffs_diag(diag, -EINVAL,
				  "BTF: header length %u is not a multiple of 4 from %zu to the size of %u",
				  hdr->hdr_len, BPFFS_BTF_HEADER, size);
	if (hdr->type_off % 4 || hdr->type_len % 4)
		return bpffs_diag(diag, -EINVAL,
				  "BTF: the type section, %u bytes at offset %u, is not aligned to 4 bytes",
				  hdr->type_len, hdr->type_off);
	return 0;
}

static int check_sections(const struct btf_header *hdr, u32 room,
			  struct bpffs_diag *diag)
{
	u32 type_end, str_end;
	int err;

	err = check_section("type", hdr->type_off, hdr->type_len, room, diag);
	if (err)
		return err;
	err = check_section("string", hdr->str_off, hdr->str_len, room, diag);
	if (err)
		return err;
	type_end = hdr->type_off + hdr->type_len;
	str_end = hdr->str_off + hdr->str_len;
	if (hdr->type_off < str_end && hdr->str_off < type_end)
		return bpffs_diag(diag, -EINVAL,
				  "BTF: the type and string sections overlap");
	return 0;
}

static int check_strings(const char *strings, u32 len, struct bpffs_diag *diag)
{
	if (len - 1 > BTF_MAX_NAME_OFFSET)
		return bpffs_diag(diag, -E2BIG,
				  "BTF: the string section has %u bytes, at most %u fit",
				  len, BTF_MAX_NAME_OFFSET + 1);
	if (strings[0] || strings[len - 1])
		return bpffs_diag(diag, -EINVAL,
				  "BTF: the string section does not begin and end with a NUL byte");
	return 0;
}

/* Bytes of the record at the head of @left bytes, or a negative errno. */
static long record_len(const struct btf_type *type, u32 left, u32 id,
		       struct bpffs_diag *diag)
{
	const struct bpffs_btf_rule *rule;
	u32 len = sizeof(*type);

	if (left < len)
		return bpffs_diag(diag, -EINVAL,
				  "BTF type %u is cut off: %u bytes are left of at least %u",
				  id, left, len);
	rule = bpffs_btf_rule(bpffs_btf_kind(type));
	if (!rule)
		return bpffs_diag(diag, -EOPNOTSUPP,
				  "BTF type %u is of kind %u, only 1 to %u are known",
				  id, bpffs_btf_kind(type), BTF_KIND_ENUM64);
	len += rule->fixed + rule->each * bpffs_btf_vlen(type);
	if (left < len)
		return bpffs_diag(diag, -EINVAL,
				  "BTF type %u (%s) is cut off: %u bytes are left of %u",
				  id, rule->name, left, len);
	return len;
}

/*
 * Walk over all records. Without @types they are counted, with it they are
 * entered; the length of each is checked both times, as it costs nothing.
 */
static int index_types(const void *start, u32 len,
		       const struct btf_type **types, u32 *nr_types,
		       struct bpffs_diag *diag)
{
	const struct btf_type *type;
	u32 pos = 0, id = 1;
	long step;

	for (; pos < len; pos += step, id++) {
		if (id > BTF_MAX_TYPE)
			return bpffs_diag(diag, -E2BIG,
					  "BTF has more than %u types",
					  BTF_MAX_TYPE);
		type = start + pos;
		step = record_len(type, len - pos, id, diag);
		if (step < 0)
			return step;
		if (types)
			types[id] = type;
	}
	*nr_types = id;
	return 0;
}

static int build_index(struct bpffs_btf *btf, const void *start, u32 len,
		       struct bpffs_diag *diag)
{
	u32 nr;
	int err;

	err = index_types(start, len, NULL, &nr, diag);
	if (err)
		return err;
	btf->types = kvcalloc(nr, sizeof(*btf->types), GFP_KERNEL_ACCOUNT);
	btf->layouts = kvcalloc(nr, sizeof(*btf->layouts), GFP_KERNEL_ACCOUNT);
	if (!btf->types || !btf->layouts)
		return bpffs_diag(diag, -ENOMEM,
				  "BTF: no memory to index %u types", nr);
	return index_types(start, len, btf->types, &btf->nr_types, diag);
}

/**
 * bpffs_btf_parse() - check a blob of BTF and index it
 * @btf: filled in; to be given to bpffs_btf_release()
 * @data: the blob, aligned to 4 bytes; borrowed until the release
 * @size: bytes in @data
 * @diag: says what is wrong
 *
 * Takes what compilers leave in objects: sizes and offsets of global variables
 * may still be 0. Time is linear in @size, and in the bytes of names, which are
 * bounded.
 *
 * Return: 0, or with @btf all zero -EINVAL for malformed BTF, -EOPNOTSUPP for
 * kinds and versions that are not known, -E2BIG for limits, -ENOMEM.
 */
int bpffs_btf_parse(struct bpffs_btf *btf, const void *data, u32 size,
		    struct bpffs_diag *diag)
{
	const struct btf_header *hdr = data;
	const void *start;
	int err;

	memset(btf, 0, sizeof(*btf));
	btf->plain_names = true;
	if (!IS_ALIGNED((unsigned long)data, 4))
		return bpffs_diag(diag, -EINVAL,
				  "BTF is not aligned to 4 bytes");
	err = check_header(hdr, size, diag);
	if (err)
		return err;
	err = check_sections(hdr, size - hdr->hdr_len, diag);
	if (err)
		return err;
	start = data + hdr->hdr_len;
	err = check_strings(start + hdr->str_off, hdr->str_len, diag);
	if (err)
		return err;

	btf->data = data;
	btf->size = size;
	btf->strings = start + hdr->str_off;
	btf->str_len = hdr->str_len;
	err = build_index(btf, start + hdr->type_off, hdr->type_len, diag);
	if (err)
		goto release;
	err = bpffs_btf_check_types(btf, diag);
	if (err)
		goto release;
	err = bpffs_btf_lay_out(btf, diag);
	if (err)
		goto release;
	return 0;

release:
	bpffs_btf_release(btf);
	return err;
}

/**
 * bpffs_btf_release() - give back what bpffs_btf_parse() took
 * @btf: parsed, or all zero; all zero afterwards
 */
void bpffs_btf_release(struct bpffs_btf *btf)
{
	kvfree(btf->types);
	kvfree(btf->layouts);
	memset(btf, 0, sizeof(*btf));
}
