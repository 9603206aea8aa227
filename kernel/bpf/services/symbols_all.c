// SPDX-License-Identifier: GPL-2.0
/* All symbols of the kernel, as /proc/kallsyms shows them. */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uio.h>
#include "internal.h"

/* Of what is read at a time: a line has a name of 511 bytes and a module's. */
#define CHUNK	8192

/**
 * struct symbol_reader - the file being read
 * @file: of which a position is kept in @iocb
 * @iocb: how it is read
 * @text: what was read and is not yet taken, CHUNK + 1 bytes
 * @len: bytes of @text
 */
struct symbol_reader {
	struct file *file;
	struct kiocb iocb;
	char *text;
	size_t len;
};

/*
 * What is mounted there may be any file; that it is read as one of seq_file's
 * has to be sure.
 */
static bool is_kallsyms(const struct file *file)
{
	const struct dentry *dentry = file->f_path.dentry;

	return dentry->d_sb->s_magic == PROC_SUPER_MAGIC &&
	       dentry->d_parent == dentry->d_sb->s_root &&
	       !strcmp(dentry->d_name.name, "kallsyms") && file->private_data;
}

/* Like kernel_read(), which takes no file that has but a function for users. */
static ssize_t read_more(struct symbol_reader *r)
{
	struct kvec vec = {
		.iov_base = r->text + r->len,
		.iov_len = CHUNK - r->len,
	};
	struct iov_iter iter;
	ssize_t len;

	iov_iter_kvec(&iter, READ, &vec, 1, vec.iov_len);
	len = seq_read_iter(&r->iocb, &iter);
	if (len > 0)
		r->len += len;
	return len;
}

/* "ffffffff81000000 T _text", and behind a tab the module in brackets. */
static bool split_line(char *line, const char **name, u64 *addr)
{
	char *rest = line;
	const char *number = strsep(&rest, " ");

	if (!rest || kstrtou64(number, 16, addr))
		return false;
	strsep(&rest, " ");
	*name = strsep(&rest, "\t");
	return *name;
}

/* Tells the lines that are whole, and keeps what is behind them. */
static bool tell_lines(struct symbol_reader *r, bpffs_symbol_fn *tell, void *data)
{
	char *line = r->text, *end;
	bool more = true;
	const char *name;
	u64 addr;

	r->text[r->len] = '\0';
	while (more) {
		end = strchr(line, '\n');
		if (!end)
			break;
		*end = '\0';
		if (split_line(line, &name, &addr))
			more = tell(data, name, addr);
		line = end + 1;
	}
	r->len -= line - r->text;
	memmove(r->text, line, r->len);
	return more;
}

/**
 * bpffs_kernel_symbols() - walk all symbols of the kernel and its modules
 * @tell: called with each, and several times with a name that several have;
 *	false ends the walk
 * @data: for @tell
 *
 * Reads /proc/kallsyms of the initial mount namespace, with current_cred(): to
 * whom the kernel hides addresses, they are 0. A walk takes as long as a few
 * hundred thousand lines do.
 *
 * Return: 0; -ENOMEM; what opening or reading the file says.
 */
int bpffs_kernel_symbols(bpffs_symbol_fn *tell, void *data)
{
	struct symbol_reader r = {};
	ssize_t len = -ENOENT;

	r.file = bpffs_open_initial("/proc/kallsyms");
	if (IS_ERR(r.file))
		return PTR_ERR(r.file);
	if (!is_kallsyms(r.file))
		goto close;
	len = -ENOMEM;
	r.text = kmalloc(CHUNK + 1, GFP_KERNEL);
	if (!r.text)
		goto close;
	init_sync_kiocb(&r.iocb, r.file);
	do {
		cond_resched();
		len = read_more(&r);
	} while (len > 0 && tell_lines(&r, tell, data));
	kfree(r.text);
close:
	fput(r.file);
	return min_t(ssize_t, len, 0);
}
