// SPDX-License-Identifier: GPL-2.0
/*
 * Names that the kernel makes and removes, and walking the names of a
 * directory. A name stands as long as its dentry has the one reference that
 * bpffs_child_publish() left with it.
 */
#include <linux/dcache.h>
#include <linux/fsnotify.h>
#include "internal.h"

/**
 * bpffs_name_is_plain() - may a name of a map, program or variable be this
 * @name: not empty, need not end in a NUL
 * @len: bytes in @name
 *
 * Such names stand bare in the lines of info and attach, where white space,
 * quotes and punctuation of the grammar would forge other lines.
 */
bool bpffs_name_is_plain(const char *name, size_t len)
{
	size_t i;

	if (!len || len > NAME_MAX)
		return false;
	if (name[0] == '.' && (len == 1 || (len == 2 && name[1] == '.')))
		return false;
	for (i = 0; i < len; i++)
		if ((u8)name[i] <= ' ' || name[i] == 0x7f || strchr("/:#\"\\{}[],", name[i]))
			return false;
	return true;
}

/**
 * bpffs_child_find() - the child of a name, if it stands
 * @parent: a directory whose names are all in the dcache
 * @name: of the child
 *
 * Return: the dentry with a reference, or NULL.
 */
struct dentry *bpffs_child_find(struct dentry *parent, const char *name)
{
	struct dentry *child = bpffs_lookup_cached(name, parent);

	if (IS_ERR_OR_NULL(child))
		return NULL;
	if (d_really_is_positive(child))
		return child;
	dput(child);
	return NULL;
}

/**
 * bpffs_child_next() - walk the names of a directory
 * @parent: a directory whose names are all in the dcache
 * @previous: what the last call returned, whose reference is given back; NULL
 *	to begin
 *
 * For more than the first name the caller holds the i_rwsem of @parent, shared
 * at least: a rename moves a dentry from one list of children to another.
 *
 * Return: the next child with a reference, or NULL at the end.
 */
struct dentry *bpffs_child_next(struct dentry *parent, struct dentry *previous)
{
	struct dentry *child;

	if (previous)
		lockdep_assert_held(&d_inode(parent)->i_rwsem);
	spin_lock(&parent->d_lock);
	child = previous ? bpffs_next_sibling(parent, previous) :
			   bpffs_first_child(parent);
	for (; child; child = bpffs_next_sibling(parent, child)) {
		spin_lock_nested(&child->d_lock, DENTRY_D_LOCK_NESTED);
		if (d_really_is_positive(child) && !d_unhashed(child)) {
			dget_dlock(child);
			spin_unlock(&child->d_lock);
			break;
		}
		spin_unlock(&child->d_lock);
	}
	spin_unlock(&parent->d_lock);
	dput(previous);
	return child;
}

/**
 * bpffs_child_any() - whether a directory has any name in it
 * @parent: a directory whose names are all in the dcache
 *
 * Return: true if there is one.
 */
bool bpffs_child_any(struct dentry *parent)
{
	struct dentry *child = bpffs_child_next(parent, NULL);

	dput(child);
	return child;
}

/**
 * bpffs_child_publish() - let a name appear
 * @child: dentry made by d_alloc_name(), whose reference stays the caller's
 * @inode: whose reference goes to the dentry
 *
 * Cannot fail. The caller holds the i_rwsem of the parent.
 */
void bpffs_child_publish(struct dentry *child, struct inode *inode)
{
	struct inode *dir = d_inode(child->d_parent);

	if (S_ISDIR(inode->i_mode))
		inc_nlink(dir);
	bpffs_inode_dir_changed(dir);
	bpffs_dentry_stand(child, inode);
	if (S_ISDIR(inode->i_mode))
		fsnotify_mkdir(dir, child);
	else
		fsnotify_create(dir, child);
}

/**
 * bpffs_child_remove() - let a name that the kernel made disappear
 * @child: dentry that stands; a directory has no names in it. Its reference
 *	is given back
 *
 * The caller holds the i_rwsem of the parent.
 */
void bpffs_child_remove(struct dentry *child)
{
	struct inode *dir = d_inode(child->d_parent);
	struct inode *inode = d_inode(child);

	if (S_ISDIR(inode->i_mode)) {
		clear_nlink(inode);
		drop_nlink(dir);
	} else {
		/* As vfs_unlink() does: link(2) counts under this lock, too. */
		inode_lock_nested(inode, I_MUTEX_NONDIR2);
		drop_nlink(inode);
		inode_unlock(inode);
	}
	bpffs_inode_dir_changed(dir);
	bpffs_inode_changed(inode);
	ihold(inode);
	/* Unhashes it, and takes off what may be mounted there. */
	dont_mount(child);
	d_invalidate(child);
	if (S_ISDIR(inode->i_mode))
		fsnotify_rmdir(dir, child);
	else
		fsnotify_unlink(dir, child);
	iput(inode);
	bpffs_dentry_fall(child);
}
