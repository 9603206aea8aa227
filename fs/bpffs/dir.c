// SPDX-License-Identifier: GPL-2.0
/*
 * Object directories: mkdir makes one complete, rmdir takes it away with its
 * control nodes if nothing is loaded in it.
 */
#include <linux/fsnotify.h>
#include <linux/slab.h>
#include "internal.h"

const char * const bpffs_subdir_names[BPFFS_NR_SUBDIRS] = {
	[BPFFS_MAPS]	= "maps",
	[BPFFS_PROGS]	= "progs",
	[BPFFS_VARS]	= "vars",
	[BPFFS_HOOKS]	= "hooks",
};

/* The files that control an object directory. */
static const struct {
	const char *name;
	umode_t mode;
	const struct file_operations *fops;
	const struct inode_operations *iops;
} controls[] = {
	{ "load",	0200, &bpffs_load_fops, &bpffs_load_iops },
	{ "log",	0400, &bpffs_log_fops },
	{ "config",	0600, &bpffs_config_fops },
	{ "attach",	0600, &bpffs_attach_fops },
	{ "info",	0440, &bpffs_info_fops },
};

#define NR_CHILDREN	(ARRAY_SIZE(controls) + BPFFS_NR_SUBDIRS)

static struct bpffs_dir *dir_alloc(bool is_root)
{
	struct bpffs_dir *dir = kzalloc(sizeof(*dir), GFP_KERNEL_ACCOUNT);

	if (!dir)
		return NULL;
	kref_init(&dir->ref);
	mutex_init(&dir->loading);
	mutex_init(&dir->lock);
	spin_lock_init(&dir->log_lock);
	bpffs_config_init(&dir->config);
	INIT_LIST_HEAD(&dir->attachments);
	dir->is_root = is_root;
	return dir;
}

static void dir_free(struct kref *ref)
{
	struct bpffs_dir *dir = container_of(ref, struct bpffs_dir, ref);

	bpffs_config_clear(&dir->config);
	bpffs_object_put(dir->object);
	bpffs_log_put(dir->log);
	mutex_destroy(&dir->lock);
	mutex_destroy(&dir->loading);
	kfree(dir);
}

/**
 * bpffs_dir_get() - one more holder of an object directory
 * @dir: directory that the caller holds a reference on
 *
 * Return: @dir.
 */
struct bpffs_dir *bpffs_dir_get(struct bpffs_dir *dir)
{
	kref_get(&dir->ref);
	return dir;
}

/**
 * bpffs_dir_put() - one holder less; may sleep
 * @dir: directory
 */
void bpffs_dir_put(struct bpffs_dir *dir)
{
	kref_put(&dir->ref, dir_free);
}

static void release_dir(struct bpffs_inode *node)
{
	bpffs_dir_put(node->dir);
}

static const struct bpffs_kind dir_kind = {
	.release	= release_dir,
	.pins		= true,
};

static const struct bpffs_kind root_kind = {
	.release	= release_dir,
};

static const struct bpffs_kind control_kind = {
	.release	= release_dir,
};

/**
 * bpffs_dir_of() - the object directory that a node belongs to
 * @dentry: of the node, or of the object directory itself
 *
 * Return: the directory with a reference.
 */
struct bpffs_dir *bpffs_dir_of(struct dentry *dentry)
{
	struct dentry *at = dget(dentry), *parent;
	struct bpffs_dir *dir;

	/* The root is an object directory, so that the walk ends there. */
	while (d_inode(at)->i_op != &bpffs_dir_iops) {
		parent = dget_parent(at);
		dput(at);
		at = parent;
	}
	dir = bpffs_dir_get(bpffs_i(d_inode(at))->dir);
	dput(at);
	return dir;
}

/**
 * bpffs_subdir_find() - one of the subdirectories that an object directory has
 * @dir: dentry of the object directory
 * @which: which one
 *
 * Return: its dentry with a reference, or NULL if it was removed.
 */
struct dentry *bpffs_subdir_find(struct dentry *dir, enum bpffs_subdir which)
{
	struct dentry *subdir = bpffs_child_find(dir, bpffs_subdir_names[which]);
	const struct inode *inode;

	if (!subdir)
		return NULL;
	inode = d_inode(subdir);
	if (which == BPFFS_HOOKS ? bpffs_is_hooks(inode) : bpffs_is_items_dir(inode, which))
		return subdir;
	dput(subdir);
	return NULL;
}

static struct inode *dir_inode(struct super_block *sb, struct inode *parent,
			       umode_t mode)
{
	struct bpffs_dir *dir = dir_alloc(!parent);
	struct inode *inode;

	if (!dir)
		return NULL;
	inode = bpffs_inode_new(sb, parent, S_IFDIR | mode,
				parent ? &dir_kind : &root_kind);
	if (!inode) {
		bpffs_dir_put(dir);
		return NULL;
	}
	bpffs_i(inode)->dir = dir;
	inode->i_op = &bpffs_dir_iops;
	inode->i_fop = &simple_dir_operations;
	set_nlink(inode, 2);
	return inode;
}

/**
 * bpffs_dir_root() - the inode of a namespace's root
 * @sb: superblock, whose options are set
 *
 * Return: the inode, or NULL.
 */
struct inode *bpffs_dir_root(struct super_block *sb)
{
	struct bpffs_ns *ns = bpffs_ns(sb);
	struct inode *inode = dir_inode(sb, NULL, ns->mode);

	if (!inode)
		return NULL;
	inode->i_uid = ns->uid;
	inode->i_gid = ns->gid;
	return inode;
}

static struct inode *control_inode(struct inode *parent, u32 index)
{
	struct inode *inode;

	inode = bpffs_inode_new(parent->i_sb, parent,
				S_IFREG | controls[index].mode, &control_kind);
	if (!inode)
		return NULL;
	bpffs_i(inode)->dir = bpffs_dir_get(bpffs_i(parent)->dir);
	inode->i_fop = controls[index].fops;
	if (controls[index].iops)
		inode->i_op = controls[index].iops;
	return inode;
}

static struct inode *child_inode(struct inode *parent, u32 index)
{
	u32 subdir = index - ARRAY_SIZE(controls);

	if (index < ARRAY_SIZE(controls))
		return control_inode(parent, index);
	if (subdir == BPFFS_HOOKS)
		return bpffs_hooks_dir(parent->i_sb, parent, bpffs_i(parent)->dir);
	return bpffs_items_dir(parent->i_sb, parent, subdir);
}

static const char *child_name(u32 index)
{
	return index < ARRAY_SIZE(controls) ? controls[index].name :
		bpffs_subdir_names[index - ARRAY_SIZE(controls)];
}

/* The nodes of an object directory before anybody can see them. */
struct new_children {
	struct inode *inodes[NR_CHILDREN];
	struct dentry *dentries[NR_CHILDREN];
};

static void free_children(struct new_children *new)
{
	u32 i;

	for (i = 0; i < NR_CHILDREN; i++) {
		iput(new->inodes[i]);
		dput(new->dentries[i]);
	}
	kfree(new);
}

static int make_children(struct new_children *new, struct dentry *dentry,
			 struct inode *inode)
{
	u32 i;

	for (i = 0; i < NR_CHILDREN; i++) {
		new->inodes[i] = child_inode(inode, i);
		if (!new->inodes[i])
			return -ENOMEM;
		/* Kernel-made nodes belong to who made the directory. */
		new->inodes[i]->i_uid = inode->i_uid;
		new->inodes[i]->i_gid = inode->i_gid;
		new->dentries[i] = d_alloc_name(dentry, child_name(i));
		if (!new->dentries[i])
			return -ENOMEM;
	}
	return 0;
}

static void publish_children(struct new_children *new)
{
	u32 i;

	for (i = 0; i < NR_CHILDREN; i++) {
		bpffs_child_publish(new->dentries[i], new->inodes[i]);
		new->inodes[i] = NULL;
	}
}

/**
 * bpffs_dir_populate_root() - give the root its control nodes
 * @root: dentry of the root, seen by nobody yet
 *
 * Return: 0 or -ENOMEM.
 */
int bpffs_dir_populate_root(struct dentry *root)
{
	struct new_children *new = kzalloc(sizeof(*new), GFP_KERNEL);
	int err;

	if (!new)
		return -ENOMEM;
	err = make_children(new, root, d_inode(root));
	if (!err) {
		inode_lock(d_inode(root));
		publish_children(new);
		inode_unlock(d_inode(root));
	}
	free_children(new);
	return err;
}

static int dir_make(struct inode *parent, struct dentry *dentry, umode_t mode)
{
	struct new_children *new;
	struct inode *inode;
	int err;

	new = kzalloc(sizeof(*new), GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	err = -ENOMEM;
	inode = dir_inode(parent->i_sb, parent, mode);
	if (!inode)
		goto free_new;
	err = make_children(new, dentry, inode);
	if (err) {
		iput(inode);
		goto free_new;
	}
	/*
	 * Whoever finds the directory from here on waits for its lock before
	 * looking up or listing what is in it, and so finds it complete.
	 */
	inode_lock_nested(inode, I_MUTEX_CHILD);
	bpffs_dentry_stand(dentry, inode);
	publish_children(new);
	inode_unlock(inode);
	inc_nlink(parent);
	bpffs_inode_dir_changed(parent);
free_new:
	free_children(new);
	return err;
}

/* Names of control nodes stay theirs, also when the node was removed. */
static bool is_reserved(const struct dentry *dentry)
{
	u32 i;

	for (i = 0; i < NR_CHILDREN; i++)
		if (!strcmp(dentry->d_name.name, child_name(i)))
			return true;
	return false;
}

static bpffs_mkdir_return bpffs_mkdir(bpffs_idmap *idmap, struct inode *parent,
				      struct dentry *dentry, umode_t mode)
{
	if (is_reserved(dentry))
		return bpffs_mkdir_result(-EEXIST);
	return bpffs_mkdir_result(dir_make(parent, dentry, mode & 01777));
}

static bool is_object_dir(const struct dentry *dentry)
{
	return d_inode(dentry)->i_op == &bpffs_dir_iops;
}

/*
 * Makes sure that nothing will appear in a subdirectory any more, unless it
 * has something in it already.
 */
static int kill_subdir(struct dentry *subdir)
{
	struct inode *inode = d_inode(subdir);
	int err = 0;

	inode_lock_nested(inode, BPFFS_LOCK_SUBDIR);
	if (bpffs_is_hooks(inode))
		err = bpffs_hooks_kill(inode);
	else if (bpffs_child_any(subdir))
		err = -ENOTEMPTY;
	if (!err)
		inode->i_flags |= S_DEAD;
	inode_unlock(inode);
	return err;
}

static void revive_subdir(struct dentry *subdir)
{
	struct inode *inode = d_inode(subdir);

	inode_lock_nested(inode, BPFFS_LOCK_SUBDIR);
	inode->i_flags &= ~S_DEAD;
	if (bpffs_is_hooks(inode))
		bpffs_hooks_revive(inode);
	inode_unlock(inode);
}

static bool subdir_in_use(struct dentry *subdir)
{
	struct inode *inode = d_inode(subdir);
	bool used;

	if (is_object_dir(subdir))
		return true;
	inode_lock_nested(inode, BPFFS_LOCK_SUBDIR);
	used = bpffs_is_hooks(inode) ? bpffs_hooks_in_use(inode) : bpffs_child_any(subdir);
	inode_unlock(inode);
	return used;
}

/*
 * 0 if only control nodes stand in @dentry, with its subdirectories dead. That
 * is asked before any of them dies: of a removal that is refused, who works in
 * one of them must not notice.
 */
static int kill_subdirs(struct dentry *dentry)
{
	struct dentry *child = NULL;
	int err = 0;

	while ((child = bpffs_child_next(dentry, child))) {
		if (!d_is_dir(child) || !subdir_in_use(child))
			continue;
		dput(child);
		return -ENOTEMPTY;
	}
	child = NULL;
	while ((child = bpffs_child_next(dentry, child))) {
		if (!d_is_dir(child) || (d_inode(child)->i_flags & S_DEAD))
			continue;
		err = kill_subdir(child);
		if (err) {
			dput(child);
			break;
		}
	}
	if (!err)
		return 0;
	child = NULL;
	while ((child = bpffs_child_next(dentry, child)))
		if (d_is_dir(child) && (d_inode(child)->i_flags & S_DEAD))
			revive_subdir(child);
	return err;
}

/* The VFS holds the i_rwsem of @dentry, so that no name in it comes or goes. */
static int remove_object_dir(struct dentry *dentry)
{
	struct bpffs_dir *dir = bpffs_i(d_inode(dentry))->dir;
	struct dentry *child;
	int err;

	/* Only tried: a load takes i_rwsem while it holds the lock. */
	if (!mutex_trylock(&dir->loading))
		return -EBUSY;
	err = kill_subdirs(dentry);
	mutex_unlock(&dir->loading);
	if (err)
		return err;
	while ((child = bpffs_child_next(dentry, NULL))) {
		bpffs_child_remove(child);
		dput(child);
	}
	return 0;
}

static int remove_subdir(struct inode *parent, struct dentry *dentry)
{
	if (bpffs_i(parent)->dir->is_root)
		return -EPERM;
	if (bpffs_is_hooks(d_inode(dentry)))
		return bpffs_hooks_kill(d_inode(dentry));
	return bpffs_child_any(dentry) ? -ENOTEMPTY : 0;
}

static int bpffs_rmdir(struct inode *parent, struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);
	int err;

	if (is_object_dir(dentry))
		err = remove_object_dir(dentry);
	else
		err = remove_subdir(parent, dentry);
	if (err)
		return err;
	clear_nlink(inode);
	drop_nlink(parent);
	bpffs_inode_dir_changed(parent);
	bpffs_inode_changed(inode);
	bpffs_dentry_fall(dentry);
	return 0;
}

static int bpffs_unlink(struct inode *parent, struct dentry *dentry)
{
	if (bpffs_i(parent)->dir->is_root)
		return -EPERM;
	return simple_unlink(parent, dentry);
}

static int bpffs_rename(bpffs_idmap *idmap, struct inode *old_dir,
			struct dentry *old_dentry, struct inode *new_dir,
			struct dentry *new_dentry, unsigned int flags)
{
	int err;

	if (flags & ~RENAME_NOREPLACE)
		return -EINVAL;
	/* Control nodes keep their names, and object directories hold nothing else. */
	if (!is_object_dir(old_dentry) || new_dir->i_op != &bpffs_dir_iops)
		return -EPERM;
	if (is_reserved(new_dentry))
		return -EEXIST;
	if (d_really_is_positive(new_dentry)) {
		if (!is_object_dir(new_dentry))
			return -EPERM;
		err = bpffs_rmdir(new_dir, new_dentry);
		if (err)
			return err;
	}
	if (old_dir != new_dir) {
		drop_nlink(old_dir);
		inc_nlink(new_dir);
	}
	bpffs_inode_dir_changed(old_dir);
	bpffs_inode_dir_changed(new_dir);
	bpffs_inode_changed(d_inode(old_dentry));
	return 0;
}

const struct inode_operations bpffs_dir_iops = {
	.lookup	= simple_lookup,
	.mkdir	= bpffs_mkdir,
	.rmdir	= bpffs_rmdir,
	.unlink	= bpffs_unlink,
	.rename	= bpffs_rename,
};
