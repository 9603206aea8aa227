/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the VFS of the supported kernels differs in its signatures. The code in
 * fs/bpffs is written once, against the names of this file.
 */
#ifndef _BPFFS_SERVICES_VFS_H
#define _BPFFS_SERVICES_VFS_H

#include <linux/fs.h>
#include <linux/list.h>
#include <linux/namei.h>
#include "compat.h"

/* Inode operations got a struct mnt_idmap where they had a user namespace. */
#if KERNEL_IS_AT_LEAST(6, 3)
#define bpffs_idmap			struct mnt_idmap
#define bpffs_nop_idmap			(&nop_mnt_idmap)
#else
#define bpffs_idmap			struct user_namespace
#define bpffs_nop_idmap			(&init_user_ns)
#endif

/* ->mkdir returns the dentry it used, or NULL for the one it was given. */
#if KERNEL_IS_AT_LEAST(6, 15)
#define bpffs_mkdir_return		struct dentry *
#define bpffs_mkdir_result(err)		ERR_PTR(err)
#else
#define bpffs_mkdir_return		int
#define bpffs_mkdir_result(err)		(err)
#endif

static inline void bpffs_inode_init_times(struct inode *inode)
{
#if KERNEL_IS_AT_LEAST(6, 7)
	simple_inode_init_ts(inode);
#elif KERNEL_IS_AT_LEAST(6, 6)
	inode->i_mtime = inode_set_ctime_current(inode);
	inode->i_atime = inode->i_mtime;
#else
	inode->i_ctime = current_time(inode);
	inode->i_mtime = inode->i_ctime;
	inode->i_atime = inode->i_ctime;
#endif
}

/* A name in @inode, a directory, was made or removed. */
static inline void bpffs_inode_dir_changed(struct inode *inode)
{
#if KERNEL_IS_AT_LEAST(6, 7)
	inode_set_mtime_to_ts(inode, inode_set_ctime_current(inode));
#elif KERNEL_IS_AT_LEAST(6, 6)
	inode->i_mtime = inode_set_ctime_current(inode);
#else
	inode->i_ctime = current_time(inode);
	inode->i_mtime = inode->i_ctime;
#endif
}

/* The number of names of @inode changed. */
static inline void bpffs_inode_changed(struct inode *inode)
{
#if KERNEL_IS_AT_LEAST(6, 6)
	inode_set_ctime_current(inode);
#else
	inode->i_ctime = current_time(inode);
#endif
}

/* Reading through a pipe, for files that have ->read_iter. */
#if KERNEL_IS_AT_LEAST(6, 5)
#define bpffs_splice_read		copy_splice_read
#else
#define bpffs_splice_read		generic_file_splice_read
#endif

/* One name below a directory whose lock the caller holds, with permission. */
#if KERNEL_IS_AT_LEAST(6, 16)
static inline struct dentry *bpffs_lookup_one(const char *name, size_t len,
					      struct dentry *parent)
{
	return lookup_one(bpffs_nop_idmap, &QSTR_LEN(name, len), parent);
}
#else
static inline struct dentry *bpffs_lookup_one(const char *name, size_t len,
					      struct dentry *parent)
{
	return lookup_one_len(name, parent, len);
}
#endif

/* A name that the dcache has; the caller needs no lock. */
static inline struct dentry *bpffs_lookup_cached(const char *name, struct dentry *parent)
{
	struct qstr qstr = QSTR_INIT(name, strlen(name));

#if KERNEL_IS_AT_LEAST(6, 16)
	return try_lookup_noperm(&qstr, parent);
#else
	return d_hash_and_lookup(parent, &qstr);
#endif
}

/*
 * Names stand by a reference to their dentry, which the superblock drops when it
 * goes. Since 6.19 a flag says which have one; before, all that are hashed and
 * not negative had.
 */
#if KERNEL_IS_AT_LEAST(6, 19)
#define bpffs_kill_super		kill_anon_super
#else
#define bpffs_kill_super		kill_litter_super
#endif

/* @dentry, negative and of a reference that stays the caller's, is @inode's name. */
static inline void bpffs_dentry_stand(struct dentry *dentry, struct inode *inode)
{
#if KERNEL_IS_AT_LEAST(6, 19)
	d_make_persistent(dentry, inode);
#else
	dget(dentry);
	if (d_unhashed(dentry))
		d_add(dentry, inode);
	else
		d_instantiate(dentry, inode);
#endif
}

/* Likewise for one that a look-up gave its inode. */
static inline void bpffs_dentry_keep(struct dentry *dentry)
{
#if KERNEL_IS_AT_LEAST(6, 19)
	spin_lock(&dentry->d_lock);
	dentry->d_flags |= DCACHE_PERSISTENT;
	dget_dlock(dentry);
	spin_unlock(&dentry->d_lock);
#else
	dget(dentry);
#endif
}

/* Gives back what the two above took. */
static inline void bpffs_dentry_fall(struct dentry *dentry)
{
#if KERNEL_IS_AT_LEAST(6, 19)
	d_make_discardable(dentry);
#else
	dput(dentry);
#endif
}

/* Nothing of an inode that has no names is cached. */
#if KERNEL_IS_AT_LEAST(6, 18)
#define bpffs_inode_drop		inode_just_drop
#else
#define bpffs_inode_drop		generic_delete_inode
#endif

static inline void bpffs_set_dentry_ops(struct super_block *sb,
					const struct dentry_operations *ops)
{
#if KERNEL_IS_AT_LEAST(6, 17)
	set_default_d_op(sb, ops);
#else
	sb->s_d_op = ops;
#endif
}

/* Children of a dentry, to be walked under its d_lock. */
#if KERNEL_IS_AT_LEAST(6, 8)
static inline struct dentry *bpffs_first_child(struct dentry *parent)
{
	return hlist_entry_safe(parent->d_children.first, struct dentry, d_sib);
}

static inline struct dentry *bpffs_next_sibling(struct dentry *parent,
						struct dentry *child)
{
	return hlist_entry_safe(child->d_sib.next, struct dentry, d_sib);
}
#else
static inline struct dentry *bpffs_first_child(struct dentry *parent)
{
	return list_first_entry_or_null(&parent->d_subdirs, struct dentry, d_child);
}

static inline struct dentry *bpffs_next_sibling(struct dentry *parent,
						struct dentry *child)
{
	if (list_is_last(&child->d_child, &parent->d_subdirs))
		return NULL;
	return list_next_entry(child, d_child);
}
#endif

#endif /* _BPFFS_SERVICES_VFS_H */
