// SPDX-License-Identifier: GPL-2.0
/* Lines of config and attach files: NAME: VALUE. */
#include <linux/kernel.h>
#include <linux/errno.h>
#include <linux/string.h>
#include "codec.h"
#include "reader.h"

static bool ends_name(char c)
{
	return (u8)c <= ' ' || c == ':' || c == '"' || c == '#' || c == ',' ||
	       c == '{' || c == '}' || c == '[' || c == ']';
}

static int read_name(struct bpffs_reader *reader, const char **name,
		     size_t *name_len)
{
	struct bpffs_token token;
	int err;

	if (bpffs_peek(reader) == '"') {
		err = bpffs_read_token(reader, &token);
		if (err)
			return err;
		if (token.escaped || !token.len)
			return bpffs_refuse(reader, token.start, -EINVAL,
					    "a name has at least one byte and no escapes");
		*name = token.start;
		*name_len = token.len;
		return 0;
	}
	*name = reader->pos;
	while (reader->pos < reader->end && !ends_name(*reader->pos))
		reader->pos++;
	*name_len = reader->pos - *name;
	if (!*name_len)
		return bpffs_refuse_here(reader, "a name");
	return 0;
}

/* Without the white space and the comment that may follow the value. */
static size_t trimmed_len(const char *value, const char *end)
{
	struct bpffs_splitter split = {};
	const char *c, *last = value;
	u32 newlines;

	for (c = value; c < end; c++) {
		bpffs_split(&split, c, 1, &newlines);
		if (!split.in_comment && !bpffs_is_space(*c))
			last = c + 1;
	}
	return last - value;
}

/**
 * bpffs_parse_setting() - take a line of the form NAME: VALUE apart
 * @text: the line
 * @len: bytes in @text, with or without the newline
 * @name: set to the name, without the quotes it may have; points into @text
 * @name_len: its bytes; 0 for a line that is empty or only a comment
 * @value: set to the value as it stands there, points into @text
 * @value_len: its bytes, without white space and comment after it
 * @diag: says what is wrong, with line and column in @text
 *
 * The value is not looked at: its type is for the caller to know.
 *
 * Return: 0; -EINVAL for what has not this form; -ENODATA for a name alone, and
 * @name is set then, too.
 */
int bpffs_parse_setting(const char *text, size_t len, const char **name,
			size_t *name_len, const char **value, size_t *value_len,
			struct bpffs_diag *diag)
{
	struct bpffs_reader reader;
	int err;

	bpffs_start_reader(&reader, text, len, NULL, diag);
	*name = text;
	*name_len = 0;
	*value = text + len;
	*value_len = 0;
	if (bpffs_peek(&reader) < 0)
		return 0;
	err = read_name(&reader, name, name_len);
	if (err)
		return err;
	if (bpffs_peek(&reader) < 0)
		return bpffs_refuse(&reader, reader.pos, -ENODATA,
				    "'%.*s' has no value; the form is NAME: VALUE",
				    (int)min_t(size_t, *name_len, 64), *name);
	if (!bpffs_take(&reader, ':'))
		return bpffs_refuse_here(&reader, "':' after the name");
	if (bpffs_peek(&reader) < 0)
		return bpffs_refuse(&reader, reader.pos, -EINVAL,
				    "'%.*s' has no value after the ':'",
				    (int)min_t(size_t, *name_len, 64), *name);
	*value = reader.pos;
	*value_len = trimmed_len(reader.pos, reader.end);
	return 0;
}

/**
 * bpffs_parse_string() - read a text that is one string
 * @text: the text
 * @len: bytes in @text
 * @out: gets the string, with a NUL after it
 * @cap: room in @out, at least 1
 * @diag: says what is wrong, with line and column in @text
 *
 * Return: 0; -EINVAL for what is no string or has a NUL byte, -ERANGE for one
 * that does not fit.
 */
int bpffs_parse_string(const char *text, size_t len, char *out, size_t cap,
		       struct bpffs_diag *diag)
{
	struct bpffs_reader reader;
	struct bpffs_token token;
	u32 bytes;
	int err;

	bpffs_start_reader(&reader, text, len, NULL, diag);
	err = bpffs_read_token(&reader, &token);
	if (err)
		return err;
	err = bpffs_read_end(&reader);
	if (err)
		return err;
	bytes = bpffs_decode_token(&token, out, min_t(size_t, cap, S32_MAX));
	if (bytes >= cap)
		return bpffs_refuse(&reader, token.start, -ERANGE,
				    "the string has %u bytes, %zu fit", bytes,
				    cap - 1);
	if (memchr(out, '\0', bytes))
		return bpffs_refuse(&reader, token.start, -EINVAL,
				    "a NUL byte cannot stand in this string");
	out[bytes] = '\0';
	return 0;
}

/**
 * bpffs_parse_u64() - read a text that is one number
 * @text: the text
 * @len: bytes in @text
 * @max: largest number to take
 * @out: set to it
 * @diag: says what is wrong, with line and column in @text
 *
 * Return: 0; -EINVAL for what is no number, -ERANGE for one above @max.
 */
int bpffs_parse_u64(const char *text, size_t len, u64 max, u64 *out,
		    struct bpffs_diag *diag)
{
	struct bpffs_number number;
	struct bpffs_reader reader;
	const char *start;
	bool hex;
	int err;

	bpffs_start_reader(&reader, text, len, NULL, diag);
	bpffs_skip_space(&reader);
	start = reader.pos;
	err = bpffs_read_number(&reader, &number, &hex);
	if (err)
		return err;
	if (number.value.hi || number.value.lo > max ||
	    (number.negative && number.value.lo))
		return bpffs_refuse(&reader, start, -ERANGE,
				    "the number is out of range, which is 0 to %llu",
				    max);
	*out = number.value.lo;
	return bpffs_read_end(&reader);
}

/**
 * bpffs_parse_bool() - read a text that is true or false
 * @text: the text
 * @len: bytes in @text
 * @out: set to it
 * @diag: says what is wrong, with line and column in @text
 *
 * Return: 0, or -EINVAL.
 */
int bpffs_parse_bool(const char *text, size_t len, bool *out,
		     struct bpffs_diag *diag)
{
	struct bpffs_reader reader;

	bpffs_start_reader(&reader, text, len, NULL, diag);
	*out = bpffs_take_word(&reader, "true");
	if (!*out && !bpffs_take_word(&reader, "false"))
		return bpffs_refuse_here(&reader, "true or false");
	return bpffs_read_end(&reader);
}
