// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>
#include <linux/bpffs_diag.h>

/*
 * Names out of a hostile object or line end up in sentences, and a sentence is
 * one line of a log that people read on terminals.
 */
static void make_printable(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
}

/**
 * bpffs_vdiag() - record why an operation is refused, with a prefix
 * @diag: where to record it; NULL where nobody will read it
 * @err: negative errno
 * @prefix: put before the sentence, "" for none
 * @fmt: printf format of one sentence, without a newline
 * @args: for @fmt
 *
 * Return: @err.
 */
int bpffs_vdiag(struct bpffs_diag *diag, int err, const char *prefix,
		const char *fmt, va_list args)
{
	int len;

	if (!diag || diag->err)
		return err;
	diag->err = err;
	len = scnprintf(diag->text, sizeof(diag->text), "%s", prefix);
	vscnprintf(diag->text + len, sizeof(diag->text) - len, fmt, args);
	make_printable(diag->text);
	return err;
}

/**
 * bpffs_diag() - record why an operation is refused
 * @diag: where to record it; NULL where nobody will read it
 * @err: negative errno
 * @fmt: printf format of one sentence, without a newline
 *
 * Return: @err, so that a refusal is one statement.
 */
int bpffs_diag(struct bpffs_diag *diag, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	bpffs_vdiag(diag, err, "", fmt, args);
	va_end(args);
	return err;
}

/**
 * bpffs_remark() - add a line to what there is to say
 * @remarks: where to add it
 * @fmt: printf format of one sentence, without a newline
 */
void bpffs_remark(struct bpffs_remarks *remarks, const char *fmt, ...)
{
	char *line = remarks->text + remarks->len;
	size_t room = sizeof(remarks->text) - remarks->len;
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(line, room, fmt, args);
	va_end(args);
	if (len < 0 || len + 1 >= room) {
		*line = '\0';
		return;
	}
	make_printable(line);
	line[len] = '\n';
	line[len + 1] = '\0';
	remarks->len += len + 1;
}
