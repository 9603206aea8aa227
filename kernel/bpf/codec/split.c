// SPDX-License-Identifier: GPL-2.0
/* Where lines end. */
#include <linux/kernel.h>
#include "codec.h"

/* What matters outside of strings and comments, and inside of strings. */
#define PLAIN	1
#define QUOTED	2

static const u8 matters[256] = {
	['\n'] = PLAIN | QUOTED,
	['"'] = PLAIN | QUOTED,
	['\\'] = QUOTED,
	['#'] = PLAIN,
	['['] = PLAIN,
	[']'] = PLAIN,
	['{'] = PLAIN,
	['}'] = PLAIN,
};

/* Returns whether @c, outside of strings and comments, ends the line. */
static bool outside(struct bpffs_splitter *split, char c)
{
	switch (c) {
	case '\n':
		return !split->depth;
	case '"':
		split->in_string = true;
		return false;
	case '#':
		split->in_comment = true;
		return false;
	case '[':
	case '{':
		split->depth++;
		return false;
	case ']':
	case '}':
		split->depth -= split->depth > 0;
		return false;
	default:
		return false;
	}
}

/*
 * A string cannot have a newline in it, so one that has not been closed takes
 * no more than its line with it, whatever brackets are open.
 */
static bool in_string(struct bpffs_splitter *split, char c)
{
	if (c == '\n')
		return true;
	if (split->escaped)
		split->escaped = false;
	else if (c == '\\')
		split->escaped = true;
	else if (c == '"')
		split->in_string = false;
	return false;
}

static bool in_comment(struct bpffs_splitter *split, char c)
{
	if (c != '\n')
		return false;
	split->in_comment = false;
	return !split->depth;
}

/* Skips what does not matter, but never the last byte. */
static size_t skip(const char *text, size_t i, size_t len, u8 what)
{
	const u8 *c = (const u8 *)text + i, *last = (const u8 *)text + len - 1;

	while (c < last && !(matters[*c] & what))
		c++;
	return c - (const u8 *)text;
}

/**
 * bpffs_split() - find the end of a line
 * @split: all zero at first, then as the last call left it
 * @text: what follows the text of the last call
 * @len: bytes in @text
 * @newlines: set to how many the line has, more than one if brackets span them;
 *	0 if it does not end in @text
 *
 * Return: bytes of @text that belong to the line, its newline included.
 */
size_t bpffs_split(struct bpffs_splitter *split, const char *text, size_t len,
		   u32 *newlines)
{
	bool ends = false;
	size_t i;

	for (i = 0; i < len && !ends; i++) {
		if (split->in_comment) {
			ends = in_comment(split, text[i]);
		} else if (split->in_string) {
			if (!split->escaped)
				i = skip(text, i, len, QUOTED);
			ends = in_string(split, text[i]);
		} else {
			i = skip(text, i, len, PLAIN);
			ends = outside(split, text[i]);
		}
		split->newlines += text[i] == '\n';
	}
	*newlines = ends ? split->newlines : 0;
	if (ends)
		*split = (struct bpffs_splitter){};
	return i;
}
