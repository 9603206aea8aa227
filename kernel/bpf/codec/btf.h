/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BPFFS_CODEC_BTF_H
#define _BPFFS_CODEC_BTF_H

#include <linux/types.h>
#include <linux/btf.h>
#include <linux/bpffs_diag.h>

/**
 * struct bpffs_btf - an index over the bytes of one object's BTF
 * @data: the blob, header included; borrowed from the caller of
 *	bpffs_btf_parse() and not written
 * @size: bytes in @data
 * @strings: string section inside @data, NUL-terminated
 * @str_len: bytes in @strings
 * @nr_types: number of type ids, void (id 0) included
 * @types: @nr_types pointers into @data; types[0] is NULL
 * @sizes: byte size of a value of each type; 0 for types without values
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
	u32 *sizes;
};

int bpffs_btf_parse(struct bpffs_btf *btf, const void *data, u32 size,
		    struct bpffs_diag *diag);
void bpffs_btf_release(struct bpffs_btf *btf);

const struct btf_type *bpffs_btf_type(const struct bpffs_btf *btf, u32 id);
const char *bpffs_btf_name(const struct bpffs_btf *btf, u32 name_off);
u32 bpffs_btf_resolve(const struct bpffs_btf *btf, u32 id);
u32 bpffs_btf_size(const struct bpffs_btf *btf, u32 id);
u32 bpffs_btf_find(const struct bpffs_btf *btf, const char *name, u32 kind);
const char *bpffs_btf_decl_tag(const struct bpffs_btf *btf, u32 id,
			       const char *prefix);
u32 bpffs_btf_find_named(const struct bpffs_btf *btf, const char *c_name);

#endif /* _BPFFS_CODEC_BTF_H */
