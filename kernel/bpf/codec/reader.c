// SPDX-License-Identifier: GPL-2.0
/* White space, words, and saying where in a text something is wrong. */
#include <linux/kernel.h>
#include <linux/errno.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include "reader.h"

/**
 * bpffs_start_reader() - begin at the first byte of a text
 * @reader: set up
 * @text: the text
 * @len: bytes in @text; the white space at its end is left out, so that what is
 *	missing is missing on the last line and not on the one after it
 * @btf: types of the values in it, may be NULL
 * @diag: where refusals are told, may be NULL
 */
void bpffs_start_reader(struct bpffs_reader *reader, const char *text,
			size_t len, const struct bpffs_btf *btf,
			struct bpffs_diag *diag)
{
	while (len && bpffs_is_space(text[len - 1]))
		len--;
	reader->text = text;
	reader->pos = text;
	reader->end = text + len;
	reader->btf = btf;
	reader->diag = diag;
	reader->field = NULL;
	reader->work = 0;
	reader->steps = 0;
	reader->depth = 0;
}

static void mark(const struct bpffs_reader *reader, const char *at)
{
	const char *start = reader->text, *c;

	reader->diag->line = 1;
	for (c = reader->text; c < at; c++) {
		if (*c != '\n')
			continue;
		reader->diag->line++;
		start = c + 1;
	}
	reader->diag->column = at - start + 1;
}

/**
 * bpffs_refuse() - say what is wrong with a text, and where
 * @reader: where we are
 * @at: the first byte at fault
 * @err: negative errno
 * @fmt: the sentence; the field it is about is put before it
 *
 * Return: @err.
 */
int bpffs_refuse(const struct bpffs_reader *reader, const char *at, int err,
		 const char *fmt, ...)
{
	char prefix[96] = "";
	va_list args;

	if (!reader->diag || reader->diag->err)
		return err;
	mark(reader, at);
	if (reader->field)
		scnprintf(prefix, sizeof(prefix), "field '%.64s': ",
			  reader->field);
	va_start(args, fmt);
	bpffs_vdiag(reader->diag, err, prefix, fmt, args);
	va_end(args);
	return err;
}

/**
 * bpffs_refuse_here() - refuse what comes next
 * @reader: where we are, white space skipped
 * @expected: what would have been right
 *
 * Return: -EINVAL.
 */
int bpffs_refuse_here(const struct bpffs_reader *reader, const char *expected)
{
	u32 len = min_t(size_t, reader->end - reader->pos, 16);

	if (!len)
		return bpffs_refuse(reader, reader->pos, -EINVAL,
				    "the text ends where %s is expected",
				    expected);
	return bpffs_refuse(reader, reader->pos, -EINVAL,
			    "%s is expected, not '%.*s'", expected, (int)len,
			    reader->pos);
}

/**
 * bpffs_skip_more_space() - skip any white space and comments
 * @reader: ends up at what follows them
 */
void bpffs_skip_more_space(struct bpffs_reader *reader)
{
	bool in_comment = false;
	const char *c;

	for (c = reader->pos; c < reader->end; c++) {
		if ((c - reader->pos) % BPFFS_READER_STEPS == BPFFS_READER_STEPS - 1)
			cond_resched();
		if (*c == '\n')
			in_comment = false;
		else if (*c == '#')
			in_comment = true;
		else if (!in_comment && !bpffs_is_space(*c))
			break;
	}
	reader->pos = c;
}

/**
 * bpffs_take_word() - take a word if it comes next
 * @reader: past it if it does
 * @word: all of it, such as "null"
 *
 * Return: whether it was there.
 */
bool bpffs_take_word(struct bpffs_reader *reader, const char *word)
{
	size_t len = strlen(word);

	bpffs_skip_space(reader);
	if (reader->end - reader->pos < len ||
	    memcmp(reader->pos, word, len) ||
	    (reader->pos + len < reader->end && bpffs_is_word(reader->pos[len])))
		return false;
	reader->pos += len;
	return true;
}

/**
 * bpffs_read_end() - refuse whatever follows a complete value
 * @reader: where we are
 *
 * Return: 0 if only white space and comments follow, -EINVAL.
 */
int bpffs_read_end(struct bpffs_reader *reader)
{
	if (bpffs_peek(reader) < 0)
		return 0;
	return bpffs_refuse_here(reader, "the end of the line");
}

/**
 * bpffs_reader_pause() - let others run, and see whether the task was killed
 * @reader: where we are
 *
 * Return: 0, or -EINTR after a fatal signal.
 */
int bpffs_reader_pause(const struct bpffs_reader *reader)
{
	cond_resched();
	if (!fatal_signal_pending(current))
		return 0;
	return bpffs_refuse(reader, reader->pos, -EINTR,
			    "killed while the text was read");
}

/*
 * Names and members compared in one call. Fields in the order of declaration
 * take one comparison each; this is for who writes thousands in reverse.
 */
#define WORK_MAX	BIT(26)

/* So much of it between two pauses. */
#define WORK_STEPS	BIT(16)

/**
 * bpffs_count_work() - count a comparison with the name of a field or enumerator
 * @reader: has counted those before
 * @token: what is compared, NULL for what counts as one
 *
 * Return: 0; -E2BIG once that is more than one text may ask for; -EINTR after a
 * fatal signal.
 */
int bpffs_count_work(struct bpffs_reader *reader, const struct bpffs_token *token)
{
	u64 before = reader->work;
	int err;

	reader->work += bpffs_token_work(token);
	if (before / WORK_STEPS == reader->work / WORK_STEPS)
		return 0;
	err = bpffs_reader_pause(reader);
	if (err || reader->work < WORK_MAX)
		return err;
	return bpffs_refuse(reader, reader->pos, -E2BIG,
			    "too many fields or enumerators; in the order of their declaration more would do");
}
