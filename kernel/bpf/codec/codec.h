/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BPFFS_CODEC_H
#define _BPFFS_CODEC_H

#include <linux/types.h>
#include <linux/bpffs_diag.h>
#include "btf.h"

/**
 * struct bpffs_text - bounded output for printed values
 * @buf: where to print; owned by the caller
 * @cap: bytes in @buf
 * @len: bytes printed; past @cap when the output did not fit, and then no more
 *	than that is known of it (nothing past @cap is touched)
 * @work: steps since others were let run
 * @killed: printing ended for a fatal signal; what is there is not all
 */
struct bpffs_text {
	char *buf;
	size_t cap;
	size_t len;
	u32 work;
	bool killed;
};

static inline bool bpffs_text_fits(const struct bpffs_text *out)
{
	return out->len <= out->cap;
}

/**
 * struct bpffs_format - how the entries of one map read as text
 * @btf: types; NULL where the map has none, everything is hex then
 * @key_type: BTF id of the key; 0 for hex
 * @value_type: BTF id of the value; 0 for hex
 * @key_size: bytes of a key; 0 where entries have no key
 * @value_size: bytes of one value
 * @nr_cpus: number of values of an entry in a per-CPU map; 0 elsewhere
 * @stride: bytes from one CPU's value to the next, a multiple of 8
 *
 * Immutable once set up; readers share it without a lock.
 */
struct bpffs_format {
	const struct bpffs_btf *btf;
	u32 key_type;
	u32 value_type;
	u32 key_size;
	u32 value_size;
	u32 nr_cpus;
	u32 stride;
};

/* What a line of input asks for. */
enum bpffs_line {
	BPFFS_LINE_EMPTY,	/* blank, or only a comment */
	BPFFS_LINE_UPDATE,	/* key and value were filled in */
	BPFFS_LINE_DELETE,	/* KEY: null; only the key was filled in */
};

/**
 * struct bpffs_splitter - finds where a line of input ends, across writes
 *
 * A newline ends a line unless it stands inside brackets or braces, where it
 * is white space. All zero is the state between two lines.
 */
struct bpffs_splitter {
	u32 depth;
	u32 newlines;
	bool in_string;
	bool escaped;
	bool in_comment;
};

/* White space of the grammar: no other control character is. */
static inline bool bpffs_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* print.c */
void bpffs_print_value(struct bpffs_text *out, const struct bpffs_btf *btf,
		       u32 type, u32 size, const void *data);
void bpffs_print_entry(struct bpffs_text *out, const struct bpffs_format *fmt,
		       const void *key, const void *value);
void bpffs_print_string(struct bpffs_text *out, const char *str, size_t len);
__printf(2, 3)
void bpffs_print(struct bpffs_text *out, const char *fmt, ...);

/* parse.c */
size_t bpffs_split(struct bpffs_splitter *split, const char *text, size_t len,
		   u32 *newlines);
u64 bpffs_longest_text(const struct bpffs_btf *btf, u32 type, u32 size);
int bpffs_parse_value(const char *text, size_t len, const struct bpffs_btf *btf,
		      u32 type, u32 size, void *data, struct bpffs_diag *diag);
int bpffs_parse_entry(const char *text, size_t len,
		      const struct bpffs_format *fmt, void *key, void *value,
		      struct bpffs_diag *diag);
int bpffs_parse_setting(const char *text, size_t len, const char **name,
			size_t *name_len, const char **value, size_t *value_len,
			struct bpffs_diag *diag);
int bpffs_parse_string(const char *text, size_t len, char *out, size_t cap,
		       struct bpffs_diag *diag);
int bpffs_parse_u64(const char *text, size_t len, u64 max, u64 *out,
		    struct bpffs_diag *diag);
int bpffs_parse_bool(const char *text, size_t len, bool *out,
		     struct bpffs_diag *diag);

/* type_name.c */
void bpffs_print_type(struct bpffs_text *out, const struct bpffs_btf *btf, u32 id);

/* fields.c */
void bpffs_copy_shared(void *dst, const void *src, size_t size);
void bpffs_store_value(const struct bpffs_btf *btf, u32 type, u32 size,
		       void *dst, const void *src);

#endif /* _BPFFS_CODEC_H */
