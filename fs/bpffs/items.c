// SPDX-License-Identifier: GPL-2.0
/*
 * maps/, progs/ and vars/: one name for each thing that is loaded. More names
 * are hard links; the last one gone, the thing goes.
 */
#include <linux/fsnotify.h>
#include <linux/slab.h>
#include "internal.h"

static void release_nothing(struct bpffs_inode *node)
{
}

static const struct bpffs_kind items_kind = {
	.release	= release_nothing,
};

static const struct bpffs_kind * const item_kinds[] = {
	[BPFFS_MAPS]	= &bpffs_map_kind,
	[BPFFS_PROGS]	= &bpffs_prog_kind,
	[BPFFS_VARS]	= &bpffs_var_kind,
};

static const struct inode_operations items_iops[];

/* Which of maps/, progs/ and vars/ a directory is. */
static const struct bpffs_kind *kind_in(const struct inode *dir)
{
	return item_kinds[dir->i_op - items_iops];
}

static int items_link(struct dentry *old_dentry, struct inode *dir,
		      struct dentry *dentry)
{
	if (!bpffs_name_is_plain(dentry->d_name.name, dentry->d_name.len))
		return -EINVAL;
	if (bpffs_i(d_inode(old_dentry))->kind != kind_in(dir))
		return -EPERM;
	return simple_link(old_dentry, dir, dentry);
}

static int items_rename(bpffs_idmap *idmap, struct inode *old_dir,
			struct dentry *old_dentry, struct inode *new_dir,
			struct dentry *new_dentry, unsigned int flags)
{
	if (flags & ~RENAME_NOREPLACE ||
	    !bpffs_name_is_plain(new_dentry->d_name.name, new_dentry->d_name.len))
		return -EINVAL;
	if (new_dir->i_op != old_dir->i_op)
		return -EPERM;
	if (d_really_is_positive(new_dentry))
		simple_unlink(new_dir, new_dentry);
	bpffs_inode_dir_changed(old_dir);
	bpffs_inode_dir_changed(new_dir);
	bpffs_inode_changed(d_inode(old_dentry));
	return 0;
}

#define ITEMS_IOPS {			\
	.lookup	= simple_lookup,	\
	.link	= items_link,		\
	.unlink	= simple_unlink,	\
	.rename	= items_rename,		\
}

/* Alike, but three: which of them a directory has says what it holds. */
static const struct inode_operations items_iops[] = {
	[BPFFS_MAPS]	= ITEMS_IOPS,
	[BPFFS_PROGS]	= ITEMS_IOPS,
	[BPFFS_VARS]	= ITEMS_IOPS,
};

/**
 * bpffs_is_items_dir() - is an inode maps/, progs/ or vars/
 * @inode: any inode of a bpffs
 * @which: which of them
 */
bool bpffs_is_items_dir(const struct inode *inode, enum bpffs_subdir which)
{
	return inode->i_op == &items_iops[which];
}

/**
 * bpffs_items_dir() - make the inode of maps/, progs/ or vars/
 * @sb: superblock
 * @parent: inode of the object directory
 * @which: which of them
 *
 * Return: the inode, or NULL.
 */
struct inode *bpffs_items_dir(struct super_block *sb, struct inode *parent,
			      enum bpffs_subdir which)
{
	struct inode *inode;

	inode = bpffs_inode_new(sb, parent, S_IFDIR | (parent->i_mode & 01777), &items_kind);
	if (!inode)
		return NULL;
	inode->i_op = &items_iops[which];
	inode->i_fop = &simple_dir_operations;
	set_nlink(inode, 2);
	return inode;
}

/* Maps that somebody linked here beforehand are not of @object. */
static bool maps_are_of(struct dentry *maps, const struct bpffs_object *object)
{
	struct dentry *child = NULL;
	bool any = false;

	inode_lock_shared(d_inode(maps));
	while (!any && (child = bpffs_child_next(maps, child)))
		any = bpffs_i(d_inode(child))->map->object == object;
	inode_unlock_shared(d_inode(maps));
	dput(child);
	return any;
}

/**
 * bpffs_items_loaded() - whether anything is loaded in an object directory
 * @dir: dentry of the object directory
 * @object: what was loaded there last, NULL for nothing
 *
 * The caller holds bpffs_dir.lock, so that no load adds to it meanwhile.
 *
 * Return: true if progs/ or vars/ has a name in it, or maps/ that of a map of
 * @object.
 */
bool bpffs_items_loaded(struct dentry *dir, const struct bpffs_object *object)
{
	static const enum bpffs_subdir which[] = {
		BPFFS_MAPS, BPFFS_PROGS, BPFFS_VARS,
	};
	struct dentry *subdir;
	bool any = false;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(which) && !any; i++) {
		subdir = bpffs_subdir_find(dir, which[i]);
		if (!subdir)
			continue;
		any = which[i] == BPFFS_MAPS ? object && maps_are_of(subdir, object) :
					       bpffs_child_any(subdir);
		dput(subdir);
	}
	return any;
}
