/* SPDX-License-Identifier: GPL-2.0 */
/* Taking text apart: white space, words, strings, numbers. */
#ifndef _BPFFS_CODEC_READER_H
#define _BPFFS_CODEC_READER_H

#include <linux/minmax.h>
#include <linux/types.h>
#include "btf.h"
#include "codec.h"
#include "float.h"
#include "number.h"

/**
 * struct bpffs_reader - where in a text we are
 * @text: its first byte; not NUL-terminated, and may have NUL bytes
 * @pos: the next byte
 * @end: past the last byte
 * @btf: types of the values in it
 * @diag: where refusals are told
 * @field: innermost field that is being read, NULL outside of objects
 * @work: names compared so far, by their length; bounded
 * @steps: elements and bytes read, for the pauses between them
 * @depth: objects that are being read, one inside the other
 *
 * Lives on the stack of one bpffs_parse_*() call.
 */
struct bpffs_reader {
	const char *text;
	const char *pos;
	const char *end;
	const struct bpffs_btf *btf;
	struct bpffs_diag *diag;
	const char *field;
	u64 work;
	u32 steps;
	u32 depth;
};

/**
 * struct bpffs_token - a string as it stands in the text, without its quotes
 * @start: first byte
 * @len: bytes
 * @escaped: has backslashes in it, all of them well formed, which are read again
 *	for every name that it is compared with
 */
struct bpffs_token {
	const char *start;
	u32 len;
	bool escaped;
};

/* reader.c */
void bpffs_start_reader(struct bpffs_reader *reader, const char *text,
			size_t len, const struct bpffs_btf *btf,
			struct bpffs_diag *diag);
__printf(4, 5)
int bpffs_refuse(const struct bpffs_reader *reader, const char *at, int err,
		 const char *fmt, ...);
int bpffs_refuse_here(const struct bpffs_reader *reader, const char *expected);
void bpffs_skip_more_space(struct bpffs_reader *reader);
bool bpffs_take_word(struct bpffs_reader *reader, const char *word);
int bpffs_read_end(struct bpffs_reader *reader);
int bpffs_reader_pause(const struct bpffs_reader *reader);
int bpffs_count_work(struct bpffs_reader *reader, const struct bpffs_token *token);

/* read_string.c */
int bpffs_read_token(struct bpffs_reader *reader, struct bpffs_token *token);
u32 bpffs_decode_token(const struct bpffs_token *token, char *out, u32 cap);
bool bpffs_token_is(const struct bpffs_token *token, const char *name);
int bpffs_read_bytes(struct bpffs_reader *reader, u32 size, void *data);

/* read_number.c */
int bpffs_read_number(struct bpffs_reader *reader, struct bpffs_number *number,
		      bool *hex);
int bpffs_read_decimal(struct bpffs_reader *reader,
		       struct bpffs_decimal *decimal, bool *negative);
int bpffs_token_hex(struct bpffs_reader *reader,
		    const struct bpffs_token *token, struct bpffs_u128 *value);

/* Part of a word, or of a number. */
static inline bool bpffs_is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

/* What follows a number without a space between belongs to it. */
static inline bool bpffs_continues_number(char c)
{
	return c == '.' || bpffs_is_word(c);
}

static inline void bpffs_skip_space(struct bpffs_reader *reader)
{
	if (reader->pos < reader->end && *reader->pos == ' ')
		reader->pos++;
	if (reader->pos < reader->end &&
	    ((u8)*reader->pos <= ' ' || *reader->pos == '#'))
		bpffs_skip_more_space(reader);
}

/* The next byte after white space and comments, -1 at the end. */
static inline int bpffs_peek(struct bpffs_reader *reader)
{
	bpffs_skip_space(reader);
	return reader->pos < reader->end ? (u8)*reader->pos : -1;
}

/* Takes @c if it comes next. */
static inline bool bpffs_take(struct bpffs_reader *reader, char c)
{
	if (bpffs_peek(reader) != (u8)c)
		return false;
	reader->pos++;
	return true;
}

/* Elements of lists, and bytes of strings, read between two pauses. */
#define BPFFS_READER_STEPS	65536U

/* After each of them; 0, or -EINTR after a fatal signal. */
static inline int bpffs_reader_step(struct bpffs_reader *reader)
{
	return ++reader->steps % BPFFS_READER_STEPS ? 0 : bpffs_reader_pause(reader);
}

/* What comparing a token with one name counts for; no name is longer than that. */
static inline u32 bpffs_token_work(const struct bpffs_token *token)
{
	if (!token)
		return 1;
	return 1 + min_t(u32, token->len, 4096) / (token->escaped ? 8 : 32);
}

/* parse_integer.c */
int bpffs_parse_integer(struct bpffs_reader *reader, u32 bits, bool is_signed,
			struct bpffs_u128 *value);

/* parse_value.c; @data is all zero, or NULL to only check the text */
int bpffs_parse_any(struct bpffs_reader *reader, u32 id, void *data);
int bpffs_parse_bitfield(struct bpffs_reader *reader, u32 id, void *data,
			 u32 pos, u32 bits);

/* parse_object.c; likewise */
int bpffs_parse_object(struct bpffs_reader *reader, const struct btf_type *type,
		       u32 fields, void *data);

#endif /* _BPFFS_CODEC_READER_H */
