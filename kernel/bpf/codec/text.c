// SPDX-License-Identifier: GPL-2.0
/* Strings to text. */
#include <linux/kernel.h>
#include <linux/sched/signal.h>
#include "text.h"

/**
 * bpffs_text_pause() - let others run, and see whether the task was killed
 * @out: what is printed, some steps since the last time
 */
void bpffs_text_pause(struct bpffs_text *out)
{
	out->work = 0;
	cond_resched();
	if (fatal_signal_pending(current))
		out->killed = true;
}

/**
 * bpffs_print() - print with a printf format
 * @out: where to
 * @fmt: the format
 *
 * For what is not printed once per entry. Where the text does not fit, one byte
 * more than it has is asked for, as vsnprintf() wants room for a NUL.
 */
void bpffs_print(struct bpffs_text *out, const char *fmt, ...)
{
	size_t room = out->len < out->cap ? out->cap - out->len : 0;
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(room ? out->buf + out->len : NULL, room, fmt, args);
	va_end(args);
	if (len > 0)
		out->len += (size_t)len < room ? len : len + 1;
}

static void put_escaped(struct bpffs_text *out, u8 byte)
{
	static const char hex[] = "0123456789abcdef";
	char escape[BPFFS_ESCAPE_LEN] = { '\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15] };

	if (byte == '"' || byte == '\\') {
		bpffs_put_char(out, '\\');
		bpffs_put_char(out, byte);
	} else {
		bpffs_put(out, escape, sizeof(escape));
	}
}

static void put_part(struct bpffs_text *out, const char *str, size_t len)
{
	size_t i, start = 0;

	for (i = 0; i < len; i++) {
		if (bpffs_is_plain(str[i]))
			continue;
		bpffs_put(out, str + start, i - start);
		put_escaped(out, str[i]);
		start = i + 1;
	}
	bpffs_put(out, str + start, len - start);
}

/**
 * bpffs_print_string() - print bytes as a JSON string
 * @out: where to
 * @str: the bytes, NUL is not special
 * @len: their number
 *
 * Bytes outside printable ASCII become \u00XX, so every byte comes back when
 * the string is parsed.
 */
void bpffs_print_string(struct bpffs_text *out, const char *str, size_t len)
{
	bpffs_put_char(out, '"');
	for (; len > BPFFS_TEXT_BYTES && bpffs_text_goes_on(out); len -= BPFFS_TEXT_BYTES) {
		put_part(out, str, BPFFS_TEXT_BYTES);
		str += BPFFS_TEXT_BYTES;
	}
	put_part(out, str, min_t(size_t, len, BPFFS_TEXT_BYTES));
	bpffs_put_char(out, '"');
}
