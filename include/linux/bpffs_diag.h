/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_BPFFS_DIAG_H
#define _LINUX_BPFFS_DIAG_H

#include <linux/stdarg.h>
#include <linux/types.h>
#include <linux/compiler_attributes.h>

#define BPFFS_DIAG_LEN	512

/**
 * struct bpffs_diag - what went wrong, in one sentence
 * @err: negative errno of the refusal, 0 while nothing went wrong
 * @line: 1-based line of the text at fault, 0 where no text is involved
 * @column: 1-based column in @line, 0 where no text is involved
 * @text: the sentence, NUL-terminated, without a newline
 *
 * Lives on the stack of whoever began the operation. Every layer below gets a
 * pointer to it and may fill it once; the first sentence stays, because it is
 * the one closest to the cause.
 */
struct bpffs_diag {
	int err;
	u32 line;
	u32 column;
	char text[BPFFS_DIAG_LEN];
};

__printf(3, 4)
int bpffs_diag(struct bpffs_diag *diag, int err, const char *fmt, ...);
__printf(4, 0)
int bpffs_vdiag(struct bpffs_diag *diag, int err, const char *prefix,
		const char *fmt, va_list args);

/* A column on the first line of a part, as one of the line that the part is in. */
static inline void bpffs_diag_shift(struct bpffs_diag *diag, size_t offset)
{
	if (diag && diag->line == 1 && diag->column)
		diag->column += offset;
}

#define BPFFS_REMARKS_LEN	1000

/**
 * struct bpffs_remarks - what there is to say about an operation besides
 *	whether it worked
 * @len: bytes in @text
 * @text: lines, each ending in a newline; one that does not fit is left out
 */
struct bpffs_remarks {
	u32 len;
	char text[BPFFS_REMARKS_LEN];
};

__printf(2, 3)
void bpffs_remark(struct bpffs_remarks *remarks, const char *fmt, ...);

#endif /* _LINUX_BPFFS_DIAG_H */
