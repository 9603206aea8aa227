// SPDX-License-Identifier: GPL-2.0
/*
 * JSON strings, which here are bytes: code points below U+0100 stand for one
 * byte each, so that every byte can be written; others for their UTF-8 form.
 */
#include <linux/kernel.h>
#include <linux/errno.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include "reader.h"

/* Longest that one escape can become. */
#define DECODED_MAX	4

static const char plain_escapes[][2] = {
	{ '"', '"' }, { '\\', '\\' }, { '/', '/' }, { 'b', '\b' },
	{ 'f', '\f' }, { 'n', '\n' }, { 'r', '\r' }, { 't', '\t' },
};

/* The four digits of \uXXXX, or -1. */
static int hex4(const char *pos, const char *end)
{
	int value = 0, digit, i;

	if (end - pos < 4)
		return -1;
	for (i = 0; i < 4; i++) {
		digit = bpffs_hex_digit(pos[i]);
		if (digit < 0)
			return -1;
		value = value << 4 | digit;
	}
	return value;
}

static u32 encode_utf8(u32 code, char *out)
{
	if (code < 0x800) {
		out[0] = 0xc0 | code >> 6;
		out[1] = 0x80 | (code & 0x3f);
		return 2;
	}
	if (code < 0x10000) {
		out[0] = 0xe0 | code >> 12;
		out[1] = 0x80 | (code >> 6 & 0x3f);
		out[2] = 0x80 | (code & 0x3f);
		return 3;
	}
	out[0] = 0xf0 | code >> 18;
	out[1] = 0x80 | (code >> 12 & 0x3f);
	out[2] = 0x80 | (code >> 6 & 0x3f);
	out[3] = 0x80 | (code & 0x3f);
	return 4;
}

/* Reads what follows "\u"; a high surrogate takes the next escape with it. */
static int decode_unicode(const char **pos, const char *end, char *out)
{
	int code = hex4(*pos, end), low;

	if (code < 0)
		return -1;
	*pos += 4;
	if (code < 0x100) {
		out[0] = code;
		return 1;
	}
	if (code < 0xd800 || code > 0xdfff)
		return encode_utf8(code, out);
	if (code > 0xdbff || end - *pos < 2 || (*pos)[0] != '\\' ||
	    (*pos)[1] != 'u')
		return -1;
	low = hex4(*pos + 2, end);
	if (low < 0xdc00 || low > 0xdfff)
		return -1;
	*pos += 6;
	return encode_utf8(0x10000 + ((code - 0xd800) << 10) + low - 0xdc00,
			   out);
}

/* Reads what follows a backslash; bytes it stands for, -1 if malformed. */
static int decode_escape(const char **pos, const char *end, char *out)
{
	u32 i;
	char c;

	if (*pos == end)
		return -1;
	c = *(*pos)++;
	if (c == 'u')
		return decode_unicode(pos, end, out);
	for (i = 0; i < ARRAY_SIZE(plain_escapes); i++) {
		if (c == plain_escapes[i][0]) {
			out[0] = plain_escapes[i][1];
			return 1;
		}
	}
	return -1;
}

/**
 * bpffs_read_token() - read a string
 * @reader: past its closing quote afterwards
 * @token: set to it; points into the text
 *
 * Return: 0; -EINVAL for what is no well-formed string; -EINTR after a fatal
 * signal.
 */
int bpffs_read_token(struct bpffs_reader *reader, struct bpffs_token *token)
{
	char decoded[DECODED_MAX];
	const char *open, *c;
	int err;

	if (bpffs_peek(reader) != '"')
		return bpffs_refuse_here(reader, "a string in quotes");
	open = reader->pos;
	token->start = open + 1;
	token->escaped = false;
	for (c = token->start; c < reader->end && *c != '"'; ) {
		err = bpffs_reader_step(reader);
		if (err)
			return err;
		if ((u8)*c < ' ')
			return bpffs_refuse(reader, c, -EINVAL,
					    "byte 0x%02x in a string must be written as \\u%04x",
					    *c, *c);
		if (*c++ != '\\')
			continue;
		token->escaped = true;
		if (decode_escape(&c, reader->end, decoded) < 0)
			return bpffs_refuse(reader, c - 1, -EINVAL,
					    "not an escape; JSON has \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX");
	}
	if (c == reader->end)
		return bpffs_refuse(reader, open, -EINVAL,
				    "the string has no closing quote");
	token->len = c - token->start;
	reader->pos = c + 1;
	return 0;
}

/**
 * bpffs_decode_token() - the bytes that a string stands for
 * @token: from bpffs_read_token()
 * @out: gets the first @cap of them; no NUL is added
 * @cap: room in @out
 *
 * Return: how many there are, which may be more than @cap.
 */
u32 bpffs_decode_token(const struct bpffs_token *token, char *out, u32 cap)
{
	const char *c = token->start, *end = c + token->len;
	char decoded[DECODED_MAX];
	u32 len = 0;
	int i, nr;

	if (!token->escaped) {
		if (cap)
			memcpy(out, c, min(token->len, cap));
		return token->len;
	}
	while (c < end) {
		if (len % BPFFS_READER_STEPS == BPFFS_READER_STEPS - 1)
			cond_resched();
		decoded[0] = *c++;
		nr = 1;
		if (decoded[0] == '\\')
			nr = decode_escape(&c, end, decoded);
		for (i = 0; i < nr; i++, len++)
			if (len < cap)
				out[len] = decoded[i];
	}
	return len;
}

/**
 * bpffs_token_is() - compare a string
 * @token: from bpffs_read_token()
 * @name: what it may be, at most 512 bytes
 *
 * Return: whether they are the same.
 */
bool bpffs_token_is(const struct bpffs_token *token, const char *name)
{
	const char *c = token->start, *end = c + token->len;
	char decoded[DECODED_MAX];
	int nr;

	if (!token->escaped)
		return !strncmp(name, c, token->len) && !name[token->len];
	while (c < end) {
		decoded[0] = *c++;
		nr = 1;
		if (decoded[0] == '\\')
			nr = decode_escape(&c, end, decoded);
		if (!decoded[0] || strncmp(name, decoded, nr))
			return false;
		name += nr;
	}
	return !*name;
}

/**
 * bpffs_read_bytes() - read memory written as "0x...", byte for byte
 * @reader: past it afterwards
 * @size: bytes expected
 * @data: gets them; NULL to only check
 *
 * Return: 0; -EINVAL; -EINTR after a fatal signal.
 */
int bpffs_read_bytes(struct bpffs_reader *reader, u32 size, void *data)
{
	struct bpffs_token token;
	int err, high, low;
	const char *c;
	u32 i;

	err = bpffs_read_token(reader, &token);
	if (err)
		return err;
	c = token.start;
	if (token.len < 2 || c[0] != '0' || c[1] != 'x' ||
	    token.len - 2 != 2ULL * size)
		return bpffs_refuse(reader, c, -EINVAL,
				    "a value without a type is \"0x\" and two hex digits for each of its %u bytes",
				    size);
	for (i = 0, c += 2; i < size; i++, c += 2) {
		high = bpffs_hex_digit(c[0]);
		low = bpffs_hex_digit(c[1]);
		if (high < 0 || low < 0)
			return bpffs_refuse(reader, high < 0 ? c : c + 1,
					    -EINVAL, "not a hex digit");
		if (data)
			((u8 *)data)[i] = high << 4 | low;
		err = bpffs_reader_step(reader);
		if (err)
			return err;
	}
	return 0;
}
