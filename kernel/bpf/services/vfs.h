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
