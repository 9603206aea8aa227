// SPDX-License-Identifier: GPL-2.0
/* All symbols of the kernel, as /proc/kallsyms shows them. */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "internal.h"

/* A line has a name of 511 bytes and a module's. */
#define LINE_LEN	1024

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

/* clang appends a hash to what is static in one file and its LTO makes others see. */
static void strip_hash(char *name)
{
	char *hash = strstr(name, ".llvm.");

	if (hash)
		*hash = '\0';
}

/* "ffffffff81000000 T _text", and behind a tab the module in brackets. */
static bool split_line(char *line, const char **name, u64 *addr)
{
	char *rest = line;
	const char *number = strsep(&rest, " ");
	const char *type;
	char *symbol;

	if (!rest || kstrtou64(number, 16, addr))
		return false;
	type = strsep(&rest, " ");
	symbol = strsep(&rest, "\t\n");
	if (!symbol)
		return false;
	if (*type == 'd')
		strip_hash(symbol);
	*name = symbol;
	return true;
}

/* Returns false where the walk is to end. */
static bool tell_line(struct seq_file *m, void *item, bpffs_symbol_fn *tell, void *data)
{
	const char *name;
	u64 addr;

	m->count = 0;
	if (m->op->show(m, item) || seq_has_overflowed(m))
		return true;
	m->buf[m->count] = '\0';
	return !split_line(m->buf, &name, &addr) || tell(data, name, addr);
}

/*
 * Walks by the file's own operations, but not by its own struct seq_file: to read
 * from that one takes its lock, which is taken before locks of ours where the
 * files of an object directory are read, and here after them.
 */
static int walk(struct file *file, bpffs_symbol_fn *tell, void *data)
{
	const struct seq_file *theirs = file->private_data;
	struct seq_file m = {
		.op = theirs->op,
		.private = theirs->private,
		.file = file,
		.size = LINE_LEN,
	};
	loff_t pos = 0;
	void *item;

	m.buf = kmalloc(LINE_LEN + 1, GFP_KERNEL);
	if (!m.buf)
		return -ENOMEM;
	item = m.op->start(&m, &pos);
	while (!IS_ERR_OR_NULL(item) && tell_line(&m, item, tell, data)) {
		cond_resched();
		item = m.op->next(&m, item, &pos);
	}
	m.op->stop(&m, item);
	kfree(m.buf);
	return PTR_ERR_OR_ZERO(item);
}

/**
 * bpffs_kernel_symbols() - walk all symbols of the kernel and its modules
 * @tell: called with each, and several times with a name that several have;
 *	false ends the walk. Static variables that are initialised have the
 *	names of their source, also where clang's LTO linked the kernel.
 * @data: for @tell
 *
 * Reads /proc/kallsyms of the initial mount namespace, with current_cred(): to
 * whom the kernel hides addresses, they are 0. A walk takes as long as a few
 * hundred thousand lines do.
 *
 * Return: 0; -ENOMEM; -ENOENT if the file is another; what opening it says.
 */
int bpffs_kernel_symbols(bpffs_symbol_fn *tell, void *data)
{
	struct file *file = bpffs_open_initial("/proc/kallsyms");
	int err;

	if (IS_ERR(file))
		return PTR_ERR(file);
	err = is_kallsyms(file) ? walk(file, tell, data) : -ENOENT;
	fput(file);
	return err;
}
