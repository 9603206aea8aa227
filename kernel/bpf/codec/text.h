/* SPDX-License-Identifier: GPL-2.0 */
/* Appending to bounded output; see struct bpffs_text. */
#ifndef _BPFFS_CODEC_TEXT_H
#define _BPFFS_CODEC_TEXT_H

#include <linux/string.h>
#include "codec.h"
#include "number.h"

static inline void bpffs_put_char(struct bpffs_text *out, char c)
{
	if (out->len < out->cap)
		out->buf[out->len] = c;
	out->len++;
}

static inline void bpffs_put(struct bpffs_text *out, const char *str, size_t len)
{
	size_t room = out->len < out->cap ? out->cap - out->len : 0;

	if (room)
		memcpy(out->buf + out->len, str, len < room ? len : room);
	out->len += len;
}

/* Steps of printing, each some dozens of instructions, between two pauses. */
#define BPFFS_TEXT_STEPS	16384U

/* So many bytes of a string, or of memory in hex, take the time of some steps. */
#define BPFFS_TEXT_BYTES	64U

/* text.c */
void bpffs_text_pause(struct bpffs_text *out);

/* Whether to print another part: there is room, and nobody killed the task. */
static inline bool bpffs_text_goes_on(struct bpffs_text *out)
{
	if (++out->work >= BPFFS_TEXT_STEPS)
		bpffs_text_pause(out);
	return bpffs_text_fits(out) && !out->killed;
}

/* Bytes of the longest escape in a string. */
#define BPFFS_ESCAPE_LEN	6

/* Whether a byte stands for itself in a string. */
static inline bool bpffs_is_plain(char c)
{
	return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

/* Most that bpffs_format_u64() writes: 20 digits, in words of 8. */
#define BPFFS_DECIMAL_LEN	24

/* number.c */
u32 bpffs_format_u64(char *buf, u64 value);
void bpffs_put_u64(struct bpffs_text *out, u64 value);
void bpffs_put_s64(struct bpffs_text *out, s64 value);
void bpffs_put_hex(struct bpffs_text *out, struct bpffs_u128 value);
void bpffs_put_bytes(struct bpffs_text *out, const void *data, u32 size);

/* float.c */
void bpffs_put_float(struct bpffs_text *out, u64 bits, u32 size);

#endif /* _BPFFS_CODEC_TEXT_H */
