// SPDX-License-Identifier: GPL-2.0
/*
 * What a load made gets its names, or none of it does.
 */
#include <linux/slab.h>
#include "internal.h"

/**
 * struct new_items - names of one kind that are about to appear in a directory
 * @load: the load that they come from
 * @which: their kind
 * @dir: the directory
 * @dentries: one for each thing of that kind in @load; NULL for those that get
 *	no name here
 * @inodes: likewise
 * @nr: entries in both
 * @published: how many of them were gone through
 * @suffix: last number that was appended to a name to make it the only one
 */
struct new_items {
	struct bpffs_load *load;
	enum bpffs_subdir which;
	struct dentry *dir;
	struct dentry **dentries;
	struct inode **inodes;
	u32 nr;
	u32 published;
	u32 suffix;
};

static bool is_reused(const struct new_items *items, u32 i)
{
	return items->which == BPFFS_MAPS &&
	       items->load->map_flags[i] & BPFFS_MAP_REUSED;
}

static struct inode *item_inode(const struct new_items *items, u32 i)
{
	struct inode *dir = d_inode(items->dir);
	struct bpffs_load *load = items->load;

	if (is_reused(items, i))
		return bpffs_map_find_inode(dir->i_sb, load->maps[i]);
	switch (items->which) {
	case BPFFS_MAPS:
		return bpffs_map_inode(dir->i_sb, dir, load->maps[i]);
	case BPFFS_PROGS:
		return bpffs_prog_inode(dir->i_sb, dir, load->progs[i]);
	default:
		return bpffs_var_inode(dir->i_sb, dir, load->vars[i]);
	}
}

static const char *item_name(const struct new_items *items, u32 i)
{
	const struct bpffs_load *load = items->load;

	switch (items->which) {
	case BPFFS_MAPS:
		return load->map_names[i] ?: load->maps[i]->name;
	case BPFFS_PROGS:
		return load->progs[i]->name;
	default:
		return load->vars[i]->name;
	}
}

static int alloc_items(struct new_items *items)
{
	items->dentries = kvcalloc(items->nr, sizeof(*items->dentries), GFP_KERNEL);
	items->inodes = kvcalloc(items->nr, sizeof(*items->inodes), GFP_KERNEL);
	return items->dentries && items->inodes ? 0 : -ENOMEM;
}

static int prepare_item(struct new_items *items, u32 i, struct bpffs_diag *diag)
{
	const char *name = item_name(items, i);

	if (!bpffs_name_is_plain(name, strlen(name)))
		return bpffs_diag(diag, -EINVAL,
				  "\"%.64s\" cannot be a file's name in %s/", name,
				  bpffs_subdir_names[items->which]);
	items->inodes[i] = item_inode(items, i);
	if (!items->inodes[i])
		return is_reused(items, i) ? -EAGAIN : -ENOMEM;
	items->dentries[i] = d_alloc_name(items->dir, name);
	return items->dentries[i] ? 0 : -ENOMEM;
}

static int prepare_items(struct new_items *items, struct dentry *dir,
			 struct bpffs_diag *diag)
{
	int err;
	u32 i;

	if (!items->nr)
		return 0;
	items->dir = bpffs_subdir_find(dir, items->which);
	if (!items->dir)
		return bpffs_diag(diag, -ENOENT, "%s/ was removed from this directory",
				  bpffs_subdir_names[items->which]);
	err = alloc_items(items);
	for (i = 0; i < items->nr && !err; i++)
		err = prepare_item(items, i, diag);
	return err;
}

static bool name_is_taken(struct new_items *items, u32 i)
{
	struct dentry *taken;

	taken = bpffs_child_find(items->dir, items->dentries[i]->d_name.name);
	dput(taken);
	return taken;
}

/* A dot and the digits of a number. */
#define SUFFIX_LEN	11

/*
 * Static variables of several functions may have one name, the format strings
 * of bpf_printk() among them: those after the first get a number, and of a long
 * name as much goes as that takes.
 */
static int rename_var(struct new_items *items, u32 i)
{
	struct dentry *new = NULL;
	char *name;

	items->suffix = max(items->suffix, 1U) + 1;
	name = kasprintf(GFP_KERNEL, "%.*s.%u", NAME_MAX - SUFFIX_LEN, item_name(items, i),
			 items->suffix);
	if (name)
		new = d_alloc_name(items->dir, name);
	kfree(name);
	if (!new)
		return -ENOMEM;
	dput(items->dentries[i]);
	items->dentries[i] = new;
	return 0;
}

/* One name more, unless the last one is gone already. */
static int count_link(struct inode *inode)
{
	int err = 0;

	/* As vfs_link() does: unlink(2) counts under this lock, too. */
	inode_lock_nested(inode, I_MUTEX_NONDIR2);
	if (inode->i_nlink)
		inc_nlink(inode);
	else
		err = -EAGAIN;
	inode_unlock(inode);
	return err;
}

static void uncount_link(struct inode *inode)
{
	inode_lock_nested(inode, I_MUTEX_NONDIR2);
	drop_nlink(inode);
	inode_unlock(inode);
}

static void appear(struct new_items *items, u32 i)
{
	bpffs_child_publish(items->dentries[i], items->inodes[i]);
	items->inodes[i] = NULL;
	items->published = i + 1;
}

/* A map that stood somewhere before the load stands here, too, or does so now. */
static int publish_reused(struct new_items *items, u32 i)
{
	struct inode *inode = items->inodes[i];
	struct dentry *taken;
	bool same;
	int err;

	taken = bpffs_child_find(items->dir, items->dentries[i]->d_name.name);
	same = taken && d_inode(taken) == inode;
	dput(taken);
	if (taken)
		return same ? 0 : -EAGAIN;
	err = count_link(inode);
	if (err)
		return err;
	bpffs_inode_changed(inode);
	appear(items, i);
	return 0;
}

static int publish_item(struct new_items *items, u32 i, struct bpffs_diag *diag)
{
	int err;

	if (is_reused(items, i))
		return publish_reused(items, i);
	/* A name with a number may be another variable's own. */
	while (items->which == BPFFS_VARS && name_is_taken(items, i)) {
		err = rename_var(items, i);
		if (err)
			return err;
	}
	if (name_is_taken(items, i))
		return bpffs_diag(diag, -EEXIST, "%s/%s exists already",
				  bpffs_subdir_names[items->which],
				  items->dentries[i]->d_name.name);
	appear(items, i);
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

/* Is map @i one that this load makes for others to share? */
static bool is_for_sharing(const struct bpffs_load *load, u32 i)
{
	return (load->map_flags[i] & (BPFFS_MAP_PINNED | BPFFS_MAP_REUSED)) ==
	       BPFFS_MAP_PINNED;
}

static bool any_for_sharing(const struct bpffs_load *load)
{
	u32 i;

	for (i = 0; i < load->nr_maps; i++)
		if (is_for_sharing(load, i))
			return true;
	return false;
}

/* Second names, in the root's maps/, of inodes that @own gives their first. */
static int prepare_shared(struct new_items *shared, const struct new_items *own,
			  struct dentry *root)
{
	int err;
	u32 i;

	shared->dir = bpffs_subdir_find(root, BPFFS_MAPS);
	if (!shared->dir)
		return -ENOENT;
	shared->nr = own->nr;
	err = alloc_items(shared);
	if (err)
		return err;
	for (i = 0; i < shared->nr; i++) {
		if (!is_for_sharing(shared->load, i))
			continue;
		ihold(own->inodes[i]);
		shared->inodes[i] = own->inodes[i];
		shared->dentries[i] = d_alloc_name(shared->dir,
						   own->dentries[i]->d_name.name);
		if (!shared->dentries[i])
			return -ENOMEM;
	}
	return 0;
}

/* Whether all of them can appear: then they are counted as names already. */
static int reserve_shared(struct new_items *shared)
{
	int err = 0;
	u32 i;

	for (i = 0; i < shared->nr && !err; i++) {
		if (!shared->dentries[i])
			continue;
		err = name_is_taken(shared, i) ? -EAGAIN :
						 count_link(shared->inodes[i]);
	}
	if (!err)
		return 0;
	/* The one that failed, at i - 1, was not counted. */
	for (i--; i--;)
		if (shared->dentries[i])
			uncount_link(shared->inodes[i]);
	return err;
}

/*
 * All at once, because others use what they find here from that moment on, and
 * last of all, so that nothing which follows can take it away from them.
 */
static int publish_shared(struct new_items *shared)
{
	int err;
	u32 i;

	if (!shared->nr)
		return 0;
	inode_lock(d_inode(shared->dir));
	err = reserve_shared(shared);
	for (i = 0; i < shared->nr && !err; i++)
		if (shared->dentries[i])
			appear(shared, i);
	inode_unlock(d_inode(shared->dir));
	return err;
}

/**
 * bpffs_items_publish() - give everything that a load made its name
 * @dir: dentry of the object directory
 * @load: a load that succeeded; the inodes take references of their own
 * @diag: one sentence about a refusal
 *
 * All or nothing. The caller holds bpffs_dir.lock and no i_rwsem; the current
 * fsuid becomes the owner. Maps that stood somewhere before get a name here,
 * and new ones that are to be shared one in the root's maps/. Between the two,
 * arrays that stood before get the programs.
 *
 * Return: 0, -ENOMEM, -ENOENT if a directory is gone, -EEXIST if a name is
 * taken, -EINVAL for a name that no file can have; -EAGAIN without a sentence
 * if a map that the load found no longer stands, or a shared one stands by now
 * that it did not find; what bpffs_load_fill_arrays() says.
 */
int bpffs_items_publish(struct dentry *dir, struct bpffs_load *load,
			struct bpffs_diag *diag)
{
	/* Programs last: who sees one finds the maps that it uses. */
	struct new_items items[] = {
		{ .load = load, .which = BPFFS_MAPS, .nr = load->nr_maps },
		{ .load = load, .which = BPFFS_VARS, .nr = load->nr_vars },
		{ .load = load, .which = BPFFS_PROGS, .nr = load->nr_progs },
	};
	struct new_items shared = { .load = load, .which = BPFFS_MAPS };
	int err = 0;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(items) && !err; i++)
		err = prepare_items(&items[i], dir, diag);
	if (!err && !IS_ROOT(dir) && any_for_sharing(load))
		err = prepare_shared(&shared, &items[0], dir->d_sb->s_root);
	for (i = 0; i < ARRAY_SIZE(items) && !err; i++)
		err = publish_items(&items[i], diag);
	if (!err)
		err = bpffs_load_fill_arrays(load, diag);
	if (!err) {
		err = publish_shared(&shared);
		if (err)
			bpffs_load_empty_arrays(load);
	}
	for (i = 0; i < ARRAY_SIZE(items); i++) {
		if (err)
			withdraw_items(&items[i]);
		release_items(&items[i]);
	}
	release_items(&shared);
	return err;
}
