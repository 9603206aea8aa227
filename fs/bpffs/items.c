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

	inode = bpffs_inode_new(sb, parent, S_IFDIR | (parent->i_mode & 0777), &items_kind);
	if (!inode)
		return NULL;
	inode->i_op = &items_iops[which];
	inode->i_fop = &simple_dir_operations;
	set_nlink(inode, 2);
	return inode;
}

/**
 * bpffs_items_loaded() - whether anything is loaded in an object directory
 * @dir: dentry of the object directory
 *
 * The caller holds bpffs_dir.lock, so that no load adds to it meanwhile.
 *
 * Return: true if maps/, progs/ or vars/ has a name in it.
 */
bool bpffs_items_loaded(struct dentry *dir)
{
	static const enum bpffs_subdir which[] = {
		BPFFS_MAPS, BPFFS_PROGS, BPFFS_VARS,
	};
	struct dentry *subdir;
	bool any = false;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(which) && !any; i++) {
		subdir = bpffs_subdir_find(dir, which[i]);
		any = subdir && bpffs_child_any(subdir);
		dput(subdir);
	}
	return any;
}

/*
 * Names of one kind that are about to appear in one directory. @suffix is the
 * last number that was appended to a name to make it the only one.
 */
struct new_items {
	enum bpffs_subdir which;
	struct dentry *dir;
	struct dentry **dentries;
	struct inode **inodes;
	u32 nr;
	u32 published;
	u32 suffix;
};

static struct inode *item_inode(const struct new_items *items,
				struct bpffs_load *load, u32 index)
{
	struct inode *dir = d_inode(items->dir);

	switch (items->which) {
	case BPFFS_MAPS:
		return bpffs_map_inode(dir->i_sb, dir, load->maps[index]);
	case BPFFS_PROGS:
		return bpffs_prog_inode(dir->i_sb, dir, load->progs[index]);
	default:
		return bpffs_var_inode(dir->i_sb, dir, load->vars[index]);
	}
}

static const char *item_name(const struct new_items *items,
			     const struct bpffs_load *load, u32 index)
{
	switch (items->which) {
	case BPFFS_MAPS:
		return load->maps[index]->name;
	case BPFFS_PROGS:
		return load->progs[index]->name;
	default:
		return load->vars[index]->name;
	}
}

static int prepare_items(struct new_items *items, struct dentry *dir,
			 struct bpffs_load *load, struct bpffs_diag *diag)
{
	const char *subdir = bpffs_subdir_names[items->which];
	u32 i;

	if (!items->nr)
		return 0;
	items->dir = bpffs_subdir_find(dir, items->which);
	if (!items->dir)
		return bpffs_diag(diag, -ENOENT, "%s/ was removed from this directory",
				  subdir);
	items->dentries = kvcalloc(items->nr, sizeof(*items->dentries), GFP_KERNEL);
	items->inodes = kvcalloc(items->nr, sizeof(*items->inodes), GFP_KERNEL);
	if (!items->dentries || !items->inodes)
		return -ENOMEM;
	for (i = 0; i < items->nr; i++) {
		const char *name = item_name(items, load, i);

		if (!bpffs_name_is_plain(name, strlen(name)))
			return bpffs_diag(diag, -EINVAL,
					  "\"%.64s\" cannot be a file's name in %s/",
					  name, subdir);
		items->inodes[i] = item_inode(items, load, i);
		items->dentries[i] = d_alloc_name(items->dir, name);
		if (!items->inodes[i] || !items->dentries[i])
			return -ENOMEM;
	}
	return 0;
}

static bool name_is_taken(struct new_items *items, u32 i)
{
	struct dentry *taken;

	taken = bpffs_child_find(items->dir, items->dentries[i]->d_name.name);
	dput(taken);
	return taken;
}

/*
 * Static variables of several functions may have one name, the format strings
 * of bpf_printk() among them: those after the first get a number.
 */
static int rename_var(struct new_items *items, u32 i)
{
	struct dentry *old = items->dentries[i];
	struct dentry *new = NULL;
	char *name;

	items->suffix = max(items->suffix, 1U) + 1;
	name = kasprintf(GFP_KERNEL, "%s.%u", old->d_name.name, items->suffix);
	if (name && strlen(name) <= NAME_MAX)
		new = d_alloc_name(items->dir, name);
	kfree(name);
	if (!new)
		return -ENOMEM;
	items->dentries[i] = new;
	dput(old);
	return 0;
}

static int publish_item(struct new_items *items, u32 i, struct bpffs_diag *diag)
{
	int err;

	if (items->which == BPFFS_VARS && name_is_taken(items, i)) {
		err = rename_var(items, i);
		if (err)
			return err;
	}
	if (name_is_taken(items, i))
		return bpffs_diag(diag, -EEXIST, "%s/%s exists already",
				  bpffs_subdir_names[items->which],
				  items->dentries[i]->d_name.name);
	/* One reference stays here: somebody may remove the name at once. */
	bpffs_child_publish(dget(items->dentries[i]), items->inodes[i]);
	items->inodes[i] = NULL;
	items->published = i + 1;
	return 0;
}

static int publish_items(struct new_items *items, struct bpffs_diag *diag)
{
	struct inode *dir;
	int err = 0;
	u32 i;

	if (!items->nr)
		return 0;
	dir = d_inode(items->dir);
	inode_lock(dir);
	if (IS_DEADDIR(dir))
		err = bpffs_diag(diag, -ENOENT, "this directory was removed");
	for (i = 0; i < items->nr && !err; i++)
		err = publish_item(items, i, diag);
	inode_unlock(dir);
	return err;
}

static void withdraw_items(struct new_items *items)
{
	u32 i;

	if (!items->published)
		return;
	inode_lock(d_inode(items->dir));
	/* What was removed or moved away meanwhile is not ours to withdraw. */
	for (i = 0; i < items->published; i++)
		if (!d_unhashed(items->dentries[i]) &&
		    items->dentries[i]->d_parent == items->dir)
			bpffs_child_remove(items->dentries[i]);
	inode_unlock(d_inode(items->dir));
}

static void release_items(struct new_items *items)
{
	u32 i;

	for (i = 0; i < items->nr && items->dentries && items->inodes; i++) {
		dput(items->dentries[i]);
		iput(items->inodes[i]);
	}
	kvfree(items->dentries);
	kvfree(items->inodes);
	dput(items->dir);
}

/**
 * bpffs_items_publish() - give everything that a load made its name
 * @dir: dentry of the object directory
 * @load: a load that succeeded; the inodes take references of their own
 * @diag: one sentence about a refusal
 *
 * All or nothing. The caller holds bpffs_dir.lock and no i_rwsem; the current
 * fsuid becomes the owner.
 *
 * Return: 0, -ENOMEM, -ENOENT if a directory is gone, -EEXIST if a name is
 * taken, -EINVAL for a name that no file can have.
 */
int bpffs_items_publish(struct dentry *dir, struct bpffs_load *load,
			struct bpffs_diag *diag)
{
	/* Programs last: who sees one finds the maps that it uses. */
	struct new_items items[] = {
		{ .which = BPFFS_MAPS, .nr = load->nr_maps },
		{ .which = BPFFS_VARS, .nr = load->nr_vars },
		{ .which = BPFFS_PROGS, .nr = load->nr_progs },
	};
	int err = 0;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(items) && !err; i++)
		err = prepare_items(&items[i], dir, load, diag);
	for (i = 0; i < ARRAY_SIZE(items) && !err; i++)
		err = publish_items(&items[i], diag);
	for (i = 0; i < ARRAY_SIZE(items); i++) {
		if (err)
			withdraw_items(&items[i]);
		release_items(&items[i]);
	}
	return err;
}
