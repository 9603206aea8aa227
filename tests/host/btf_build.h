/* SPDX-License-Identifier: GPL-2.0 */
/* Making BTF by hand, good and bad, for tests. */
#ifndef _BPFFS_BTF_BUILD_H
#define _BPFFS_BTF_BUILD_H

#include <stdlib.h>
#include <string.h>
#include <linux/btf.h>
#include <linux/types.h>

#define INFO(kind, vlen, kflag) \
	((__u32)(kflag) << 31 | (__u32)(kind) << 24 | (vlen))

/**
 * struct btf_build - BTF in the making
 * @types: the type section
 * @nr: words in @types
 * @strings: the string section, which begins with a NUL
 * @str_len: bytes in @strings
 * @last: id of the last type
 * @blob: what finish() made, freed by the next one
 */
struct btf_build {
	__u32 types[262144];
	__u32 nr;
	char strings[262144];
	__u32 str_len;
	__u32 last;
	void *blob;
};

static inline void btf_start(struct btf_build *b)
{
	b->nr = 0;
	b->strings[0] = '\0';
	b->str_len = 1;
	b->last = 0;
}

static inline __u32 btf_str(struct btf_build *b, const char *str)
{
	__u32 at = b->str_len;

	if (!*str)
		return 0;
	strcpy(b->strings + at, str);
	b->str_len += strlen(str) + 1;
	return at;
}

static inline void btf_word(struct btf_build *b, __u32 word)
{
	b->types[b->nr++] = word;
}

static inline __u32 btf_type(struct btf_build *b, const char *name, __u32 info,
			     __u32 size)
{
	btf_word(b, btf_str(b, name));
	btf_word(b, info);
	btf_word(b, size);
	return ++b->last;
}

static inline __u32 btf_int(struct btf_build *b, const char *name, __u32 size,
			    __u32 encoding)
{
	__u32 id = btf_type(b, name, INFO(BTF_KIND_INT, 0, 0), size);

	btf_word(b, encoding << 24 | 8 * size);
	return id;
}

/* Pointers, typedefs, qualifiers, tags, functions. */
static inline __u32 btf_ref(struct btf_build *b, const char *name, __u32 kind,
			    __u32 to)
{
	return btf_type(b, name, INFO(kind, 0, 0), to);
}

static inline __u32 btf_array(struct btf_build *b, __u32 elem, __u32 index,
			      __u32 nr)
{
	__u32 id = btf_type(b, "", INFO(BTF_KIND_ARRAY, 0, 0), 0);

	btf_word(b, elem);
	btf_word(b, index);
	btf_word(b, nr);
	return id;
}

/* To be followed by as many btf_member(), btf_value() and so on. */
static inline __u32 btf_open(struct btf_build *b, const char *name, __u32 kind,
			     __u32 size, __u32 kflag)
{
	return btf_type(b, name, INFO(kind, 0, kflag), size);
}

static inline void btf_count(struct btf_build *b, __u32 record)
{
	b->types[record + 1]++;
}

/* @record: index of the open type's first word, for btf_count() */
static inline void btf_member(struct btf_build *b, __u32 record,
			      const char *name, __u32 type, __u32 offset)
{
	btf_count(b, record);
	btf_word(b, btf_str(b, name));
	btf_word(b, type);
	btf_word(b, offset);
}

static inline void btf_value(struct btf_build *b, __u32 record,
			     const char *name, __u32 value)
{
	btf_count(b, record);
	btf_word(b, btf_str(b, name));
	btf_word(b, value);
}

static inline void btf_words3(struct btf_build *b, __u32 record, __u32 first,
			      __u32 second, __u32 third)
{
	btf_count(b, record);
	btf_word(b, first);
	btf_word(b, second);
	btf_word(b, third);
}

static inline __u32 btf_var(struct btf_build *b, const char *name, __u32 type,
			    __u32 linkage)
{
	__u32 id = btf_type(b, name, INFO(BTF_KIND_VAR, 0, 0), type);

	btf_word(b, linkage);
	return id;
}

static inline __u32 btf_tag(struct btf_build *b, const char *text, __u32 type,
			    __u32 component)
{
	__u32 id = btf_type(b, text, INFO(BTF_KIND_DECL_TAG, 0, 0), type);

	btf_word(b, component);
	return id;
}

/* The whole blob, in memory of its exact size, for sanitizers to guard. */
static inline void *btf_finish(struct btf_build *b, __u32 *size)
{
	struct btf_header hdr = {
		.magic = BTF_MAGIC,
		.version = BTF_VERSION,
		.hdr_len = sizeof(hdr),
		.type_len = 4 * b->nr,
		.str_off = 4 * b->nr,
		.str_len = b->str_len,
	};

	free(b->blob);
	*size = sizeof(hdr) + hdr.type_len + hdr.str_len;
	b->blob = malloc(*size);
	memcpy(b->blob, &hdr, sizeof(hdr));
	memcpy((char *)b->blob + sizeof(hdr), b->types, hdr.type_len);
	memcpy((char *)b->blob + sizeof(hdr) + hdr.str_off, b->strings,
	       hdr.str_len);
	return b->blob;
}

#endif /* _BPFFS_BTF_BUILD_H */
