// SPDX-License-Identifier: GPL-2.0
/*
 * Names and paths: as text, and what they lead to.
 */
#include <linux/limits.h>
#include <linux/mount.h>
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
 * @m: where to; one longer than PATH_MAX is null there
 * @dentry: the name
 *
 * Return: 0 or -ENOMEM.
 */
int bpffs_seq_path(struct seq_file *m, struct dentry *dentry)
{
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL);
	char *path;

	if (!buf)
		return -ENOMEM;
	path = dentry_path_raw(dentry, buf, PATH_MAX);
	if (IS_ERR(path))
		seq_puts(m, "null");
	else
		bpffs_seq_string(m, path);
	kfree(buf);
	return 0;
}

/**
 * bpffs_path_step() - the child of a name, with the permission to look
 * @parent: a directory whose i_rwsem the caller does not hold
 * @name: of the child, need not end in a NUL
 * @len: bytes in @name
 *
 * Judges with current_cred().
 *
 * Return: the dentry with a reference; -ENOENT if there is none, -EACCES if
 * the directory may not be searched.
 */
struct dentry *bpffs_path_step(struct dentry *parent, const char *name, size_t len)
{
	struct inode *dir = d_inode(parent);
	struct dentry *child;

	inode_lock(dir);
	child = IS_DEADDIR(dir) ? ERR_PTR(-ENOENT) : bpffs_lookup_one(name, len, parent);
	inode_unlock(dir);
	if (!IS_ERR(child) && d_really_is_negative(child)) {
		dput(child);
		return ERR_PTR(-ENOENT);
	}
	return child;
}

/*
 * A mount shows a tree or a part of one, which nothing leads out of: also not
 * from where a rename took a directory out of that part.
 */
static struct dentry *step_up(const struct path *from, struct dentry *at)
{
	int err = inode_permission(bpffs_nop_idmap, d_inode(at), MAY_EXEC);
	struct dentry *root = from->mnt->mnt_root;

	if (err)
		return ERR_PTR(err);
	if (at == root)
		return dget(at);
	return is_subdir(at, root) ? dget_parent(at) : ERR_PTR(-ENOENT);
}

static struct dentry *step(const struct path *from, struct dentry *at,
			   const char *name, size_t len)
{
	if (!d_is_dir(at))
		return ERR_PTR(-ENOTDIR);
	if (len == 1 && *name == '.')
		return dget(at);
	if (len == 2 && !memcmp(name, "..", 2))
		return step_up(from, at);
	return bpffs_path_step(at, name, len);
}

/**
 * bpffs_path_walk() - the name at a path inside the mount
 * @from: where the path begins, unless it begins with a '/': that is the root
 *	of the mount of @from
 * @path: the path, which never leaves that mount
 *
 * Judges with current_cred(). The caller holds no i_rwsem.
 *
 * Return: the dentry with a reference; -ENOENT, -ENOTDIR, -EACCES.
 */
struct dentry *bpffs_path_walk(const struct path *from, const char *path)
{
	struct dentry *at, *next;
	size_t len;

	at = dget(*path == '/' ? from->mnt->mnt_root : from->dentry);
	for (; *path; path += len) {
		if (*path == '/') {
			len = 1;
			continue;
		}
		len = strchrnul(path, '/') - path;
		next = step(from, at, path, len);
		dput(at);
		if (IS_ERR(next))
			return next;
		at = next;
	}
	return at;
}
