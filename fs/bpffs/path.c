// SPDX-License-Identifier: GPL-2.0
/*
 * Names and paths as text.
 */
#include <linux/limits.h>
#include <linux/slab.h>
#include "internal.h"

/**
 * bpffs_seq_string() - print a string as the grammar writes it, quoted
 * @m: where to
 * @string: what
 */
void bpffs_seq_string(struct seq_file *m, const char *string)
{
	struct bpffs_text out = {};
	char *buf;

	out.cap = seq_get_buf(m, &buf);
	out.buf = buf;
	bpffs_print_string(&out, string, strlen(string));
	seq_commit(m, bpffs_text_fits(&out) ? (int)out.len : -1);
}

/**
 * bpffs_seq_path() - print the path of a name, from the root of the mount
 * @m: where to
 * @dentry: the name
 */
void bpffs_seq_path(struct seq_file *m, struct dentry *dentry)
{
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL);
	char *path = NULL;

	if (buf)
		path = dentry_path_raw(dentry, buf, PATH_MAX);
	if (IS_ERR_OR_NULL(path))
		seq_puts(m, "null");
	else
		bpffs_seq_string(m, path);
	kfree(buf);
}
