// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>
#include <linux/bpffs_diag.h>

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

	if (!diag || diag->err)
		return err;
	diag->err = err;
	va_start(args, fmt);
	vscnprintf(diag->text, sizeof(diag->text), fmt, args);
	va_end(args);
	return err;
}
