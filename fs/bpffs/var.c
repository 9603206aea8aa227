// SPDX-License-Identifier: GPL-2.0
/*
 * vars/NAME: one global variable of an object, inside the map of its section.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/splice.h>
#include "internal.h"

static void release_var(struct bpffs_inode *node)
{
	bpffs_var_put(node->var);
}

const struct bpffs_kind bpffs_var_kind = {
	.release	= release_var,
	.pins		= true,
};

static bool is_constant(const struct bpffs_var *var)
{
	return READ_ONCE(var->map->map->frozen);
}

/**
 * bpffs_var_inode() - make the inode of a variable
 * @sb: superblock
 * @parent: inode of vars/
 * @var: variable; the inode takes a reference
 *
 * Return: the inode, or NULL.
 */
struct inode *bpffs_var_inode(struct super_block *sb, struct inode *parent,
			      struct bpffs_var *var)
{
	umode_t mode = is_constant(var) ? 0400 : 0600;
	struct inode *inode;

	inode = bpffs_inode_new(sb, parent, S_IFREG | mode, &bpffs_var_kind);
	if (!inode)
		return NULL;
	kref_get(&var->ref);
	bpffs_i(inode)->var = var;
	inode->i_fop = &bpffs_var_fops;
	return inode;
}

/* The variable in the kernel's memory, where programs read and write it. */
static void *var_address(const struct bpffs_var *var)
{
	void *section = bpffs_map_direct(var->map->map);

	return section ? section + var->offset : NULL;
}

static int var_show(struct seq_file *m, void *unused)
{
	struct bpffs_lines *lines = m->private;
	const struct bpffs_var *var = bpffs_i(file_inode(lines->file))->var;
	const void *address = var_address(var);
	struct bpffs_text out = {};
	void *copy;

	if (!address)
		return -EOPNOTSUPP;
	/* Printing may take two looks at a byte; programs may change it. */
	copy = kvmalloc(var->size, GFP_KERNEL_ACCOUNT);
	if (!copy)
		return -ENOMEM;
	bpffs_copy_shared(copy, address, var->size);
	out.cap = seq_get_buf(m, &out.buf);
	bpffs_print_value(&out, bpffs_object_btf(var->object), var->type, var->size, copy);
	bpffs_print(&out, "\n");
	seq_commit(m, bpffs_text_fits(&out) ? (int)out.len : -1);
	kvfree(copy);
	return out.killed ? -EINTR : 0;
}

/* Nothing but white space and a comment. */
static bool is_blank(const char *line, size_t len)
{
	size_t i;

	for (i = 0; i < len && line[i] != '#'; i++)
		if (!bpffs_is_space(line[i]))
			return false;
	return true;
}

static int store(const struct bpffs_var *var, const void *value)
{
	struct bpf_map *map = var->map->map;
	void *address = var_address(var);
	int err;

	if (!address)
		return -EOPNOTSUPP;
	err = bpffs_map_write_begin(map);
	if (err)
		return err;
	bpffs_store_value(bpffs_object_btf(var->object), var->type, var->size,
			  address, value);
	bpffs_map_write_end(map);
	return 0;
}

static int var_apply(struct file *file, const char *line, size_t len,
		     struct bpffs_diag *diag)
{
	const struct bpffs_var *var = bpffs_i(file_inode(file))->var;
	void *value;
	int err;

	if (is_blank(line, len))
		return 0;
	value = kvzalloc(var->size, GFP_KERNEL_ACCOUNT);
	if (!value)
		return -ENOMEM;
	err = bpffs_parse_value(line, len, bpffs_object_btf(var->object), var->type,
				var->size, value, diag);
	if (!err)
		err = store(var, value);
	kvfree(value);
	return err ? bpffs_diag(diag, err, "%s cannot be set", var->name) : 0;
}

static int var_open(struct inode *inode, struct file *file)
{
	const struct bpffs_var *var = bpffs_i(inode)->var;
	u64 longest = bpffs_longest_text(bpffs_object_btf(var->object), var->type, var->size);
	struct bpffs_diag diag = {};

	if ((file->f_mode & FMODE_WRITE) && is_constant(var)) {
		bpffs_diag(&diag, -EPERM,
			   "%s is constant; set it in config before the load", var->name);
		bpffs_log_error_at(file, &diag);
		return -EPERM;
	}
	return bpffs_text_open(file, var_show,
			       clamp_t(u64, longest, 64U << 10, 256U << 20),
			       var_apply);
}

const struct file_operations bpffs_var_fops = {
	BPFFS_TEXT_FOPS(var_open),
};
