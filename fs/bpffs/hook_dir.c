// SPDX-License-Identifier: GPL-2.0
/*
 * hooks/ and the directories below it. They exist as soon as they are named:
 * a look-up makes them, and without an attachment they are not kept. Listing
 * shows those in use.
 *
 * Below hooks/ no directory can be renamed, so that names and parents of these
 * dentries do not change as long as somebody holds a reference.
 */
#include <linux/fsnotify.h>
#include <linux/slab.h>
#include "internal.h"

static const struct inode_operations hook_dir_iops;
static const struct file_operations hook_dir_fops;

static void release_hook_dir(struct bpffs_inode *node)
{
	xa_destroy(&node->hook.in_use);
	bpffs_dir_put(node->hook.dir);
}

static const struct bpffs_kind hook_kind = {
	.release	= release_hook_dir,
};

static struct bpffs_hook_node *hook_node(const struct dentry *dentry)
{
	return &bpffs_i(d_inode(dentry))->hook;
}

static struct inode *hook_inode(struct super_block *sb, struct inode *parent,
				struct bpffs_dir *dir,
				const struct bpffs_hook *hook, u32 level)
{
	bool leaf = hook && level == 1 + hook->depth;
	struct bpffs_hook_node *node;
	struct inode *inode;

	inode = bpffs_inode_new(sb, parent, S_IFDIR | (parent->i_mode & 01777), &hook_kind);
	if (!inode)
		return NULL;
	node = &bpffs_i(inode)->hook;
	node->dir = bpffs_dir_get(dir);
	node->hook = hook;
	node->level = level;
	xa_init_flags(&node->in_use, XA_FLAGS_ALLOC1);
	inode->i_uid = parent->i_uid;
	inode->i_gid = parent->i_gid;
	inode->i_op = leaf ? &bpffs_hook_leaf_iops : &hook_dir_iops;
	inode->i_fop = leaf ? &simple_dir_operations : &hook_dir_fops;
	/* One link says that links do not count subdirectories here. */
	set_nlink(inode, 1);
	return inode;
}

/**
 * bpffs_is_hooks() - is an inode some object directory's hooks/
 * @inode: any inode of a bpffs
 */
bool bpffs_is_hooks(const struct inode *inode)
{
	return inode->i_op == &hook_dir_iops && !bpffs_i(inode)->hook.level;
}

/**
 * bpffs_hooks_dir() - make the inode of an object directory's hooks/
 * @sb: superblock
 * @parent: inode of the object directory
 * @dir: the object directory
 *
 * Return: the inode, or NULL.
 */
struct inode *bpffs_hooks_dir(struct super_block *sb, struct inode *parent,
			      struct bpffs_dir *dir)
{
	return hook_inode(sb, parent, dir, NULL, 0);
}

static struct dentry *hook_lookup(struct inode *dir, struct dentry *dentry,
				  unsigned int flags)
{
	const struct bpffs_hook_node *parent = &bpffs_i(dir)->hook;
	const struct bpffs_hook *hook = parent->hook;
	const struct qstr *name = &dentry->d_name;
	struct inode *inode;

	if (name->len > NAME_MAX)
		return ERR_PTR(-ENAMETOOLONG);
	if (!hook)
		hook = bpffs_hook_find(name->name, name->len);
	else if (hook->valid && !hook->valid(name->name, name->len, parent->level - 1))
		hook = NULL;
	if (!hook) {
		d_add(dentry, NULL);
		return NULL;
	}
	inode = hook_inode(dir->i_sb, dir, parent->dir, hook, parent->level + 1);
	if (!inode)
		return ERR_PTR(-ENOMEM);
	return d_splice_alias(inode, dentry);
}

static int hook_rmdir(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);
	int err = bpffs_hooks_kill(inode);

	if (err)
		return err;
	clear_nlink(inode);
	bpffs_inode_changed(inode);
	return 0;
}

static const struct inode_operations hook_dir_iops = {
	.lookup	= hook_lookup,
	.rmdir	= hook_rmdir,
};

/* The first child in use from @cookie on, with a reference. */
static struct dentry *next_in_use(struct inode *dir, unsigned long *cookie)
{
	struct mutex *lock = &bpffs_ns(dir->i_sb)->hooks_lock;
	struct dentry *child;

	mutex_lock(lock);
	child = xa_find(&bpffs_i(dir)->hook.in_use, cookie, ULONG_MAX, XA_PRESENT);
	if (child)
		dget(child);
	mutex_unlock(lock);
	return child;
}

static int hook_iterate(struct file *file, struct dir_context *ctx)
{
	struct inode *dir = file_inode(file);
	struct dentry *child;
	unsigned long cookie;
	bool more = true;

	if (!dir_emit_dots(file, ctx))
		return 0;
	/* Cookies begin at 1, where the dots took positions 0 and 1. */
	while (more) {
		cookie = ctx->pos - 1;
		child = next_in_use(dir, &cookie);
		if (!child)
			break;
		ctx->pos = cookie + 1;
		more = dir_emit(ctx, child->d_name.name, child->d_name.len,
				d_inode(child)->i_ino, DT_DIR);
		if (more)
			ctx->pos++;
		dput(child);
	}
	return 0;
}

static const struct file_operations hook_dir_fops = {
	.owner		= THIS_MODULE,
	.read		= generic_read_dir,
	.iterate_shared	= hook_iterate,
	.llseek		= generic_file_llseek,
	.fsync		= noop_fsync,
};

/**
 * bpffs_hooks_in_use() - is anything attached at or below a directory
 * @inode: of hooks/ or of a directory below it
 *
 * Return: what was true a moment ago.
 */
bool bpffs_hooks_in_use(struct inode *inode)
{
	struct mutex *lock = &bpffs_ns(inode->i_sb)->hooks_lock;
	bool used;

	mutex_lock(lock);
	used = bpffs_i(inode)->hook.uses;
	mutex_unlock(lock);
	return used;
}

/**
 * bpffs_hooks_kill() - nothing shall be attached at or below any more
 * @inode: of hooks/ or of a directory below it
 *
 * Return: 0, or -ENOTEMPTY if something is attached there.
 */
int bpffs_hooks_kill(struct inode *inode)
{
	struct mutex *lock = &bpffs_ns(inode->i_sb)->hooks_lock;
	struct bpffs_hook_node *node = &bpffs_i(inode)->hook;
	int err = 0;

	mutex_lock(lock);
	if (node->uses)
		err = -ENOTEMPTY;
	else
		node->dead = true;
	mutex_unlock(lock);
	return err;
}

/**
 * bpffs_hooks_revive() - undo bpffs_hooks_kill(): the directory stays
 * @inode: the same
 */
void bpffs_hooks_revive(struct inode *inode)
{
	struct mutex *lock = &bpffs_ns(inode->i_sb)->hooks_lock;

	mutex_lock(lock);
	bpffs_i(inode)->hook.dead = false;
	mutex_unlock(lock);
}

static bool reachable(struct dentry *leaf)
{
	struct dentry *at;

	for (at = leaf; !hook_node(at)->dead; at = at->d_parent)
		if (!hook_node(at)->level)
			return true;
	return false;
}

/* @dentry gets its place in the listing of its parent and a reference. */
static int keep_dentry(struct dentry *dentry)
{
	struct bpffs_hook_node *node = hook_node(dentry);
	struct bpffs_hook_node *parent = hook_node(dentry->d_parent);
	int err;

	err = xa_alloc_cyclic(&parent->in_use, &node->cookie, dentry,
			      XA_LIMIT(1, INT_MAX - 1), &parent->next_cookie,
			      GFP_KERNEL_ACCOUNT);
	if (err < 0)
		return err;
	bpffs_dentry_keep(dentry);
	return 0;
}

static void drop_dentry(struct dentry *dentry)
{
	xa_erase(&hook_node(dentry->d_parent)->in_use, hook_node(dentry)->cookie);
	/* Whoever calls holds a path to it: this is not the last reference. */
	bpffs_dentry_fall(dentry);
}

static void unuse_up_to(struct dentry *leaf, const struct dentry *end)
{
	struct bpffs_hook_node *node;
	struct dentry *at;

	for (at = leaf; at != end; at = at->d_parent) {
		node = hook_node(at);
		node->uses--;
		if (!node->level)
			break;
		if (!node->uses)
			drop_dentry(at);
	}
}

/**
 * bpffs_hook_use() - there will be an attachment in a leaf directory
 * @leaf: directory that the caller holds a path to
 *
 * Keeps the directory and its parents up to hooks/, and lists them.
 *
 * Return: 0, -ENOENT if the directory or one above was removed, -ENOMEM.
 */
int bpffs_hook_use(struct dentry *leaf)
{
	struct mutex *lock = &bpffs_ns(leaf->d_sb)->hooks_lock;
	struct bpffs_hook_node *node;
	struct dentry *at;
	int err = -ENOENT;

	mutex_lock(lock);
	if (!reachable(leaf))
		goto unlock;
	for (at = leaf;; at = at->d_parent) {
		node = hook_node(at);
		if (node->level && !node->uses) {
			err = keep_dentry(at);
			if (err) {
				unuse_up_to(leaf, at);
				goto unlock;
			}
		}
		node->uses++;
		if (!node->level)
			break;
	}
	err = 0;
unlock:
	mutex_unlock(lock);
	return err;
}

/**
 * bpffs_hook_unuse() - an attachment in a leaf directory is gone
 * @leaf: directory that the caller holds a path to
 */
void bpffs_hook_unuse(struct dentry *leaf)
{
	struct mutex *lock = &bpffs_ns(leaf->d_sb)->hooks_lock;

	mutex_lock(lock);
	unuse_up_to(leaf, NULL);
	mutex_unlock(lock);
}

/**
 * bpffs_hook_target() - what a leaf directory stands for
 * @leaf: dentry that the caller holds a reference on
 *
 * Return: the path from the kind of hook on ("syscalls/sys_enter_openat"), "" for
 * a kind that is one hook, kmalloc()ed; or NULL.
 */
char *bpffs_hook_target(struct dentry *leaf)
{
	if (!hook_node(leaf)->hook->depth)
		return kstrdup("", GFP_KERNEL);
	if (hook_node(leaf)->hook->depth == 1)
		return kstrdup(leaf->d_name.name, GFP_KERNEL);
	return kasprintf(GFP_KERNEL, "%s/%s", leaf->d_parent->d_name.name,
			 leaf->d_name.name);
}

/**
 * bpffs_hook_walk() - the leaf directory of a path below hooks/
 * @hooks: dentry of hooks/
 * @path: "tracepoint/syscalls/sys_enter_openat"
 * @diag: one sentence about a refusal
 *
 * Judges with current_cred(). The caller holds no i_rwsem.
 *
 * Return: the dentry with a reference, or an errno: -ENOENT if the path names
 * no hook, -EACCES if a directory may not be searched.
 */
struct dentry *bpffs_hook_walk(struct dentry *hooks, const char *path,
			       struct bpffs_diag *diag)
{
	struct dentry *at = dget(hooks), *next;
	const char *name = path;
	size_t len;
	int err;

	for (; *name; name += len) {
		if (*name == '/') {
			len = 1;
			continue;
		}
		len = strchrnul(name, '/') - name;
		err = -ENOENT;
		if (d_inode(at)->i_op == &bpffs_hook_leaf_iops)
			goto fail;
		next = bpffs_path_step(at, name, len);
		err = PTR_ERR_OR_ZERO(next);
		if (err)
			goto fail;
		dput(at);
		at = next;
	}
	if (d_inode(at)->i_op == &bpffs_hook_leaf_iops)
		return at;
	err = -ENOENT;
fail:
	dput(at);
	if (err == -ENOENT)
		bpffs_diag(diag, err, "\"%s\" names no hook", path);
	return ERR_PTR(err);
}
