// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>
#include "internal.h"

static struct kmem_cache *bpffs_inode_cache;

static void inode_once(void *memory)
{
	struct bpffs_inode *node = memory;

	inode_init_once(&node->vfs);
}

/**
 * bpffs_inode_cache_init() - at module start
 *
 * Return: 0 or -ENOMEM.
 */
int bpffs_inode_cache_init(void)
{
	bpffs_inode_cache = kmem_cache_create("bpffs_inode", sizeof(struct bpffs_inode), 0,
					      SLAB_RECLAIM_ACCOUNT | SLAB_ACCOUNT,
					      inode_once);
	return bpffs_inode_cache ? 0 : -ENOMEM;
}

/**
 * bpffs_inode_cache_exit() - at module end, when no superblock is left
 */
void bpffs_inode_cache_exit(void)
{
	/* Inodes are freed a grace period after they go. */
	rcu_barrier();
	kmem_cache_destroy(bpffs_inode_cache);
}

/**
 * bpffs_inode_alloc() - ->alloc_inode
 * @sb: superblock
 *
 * Return: the VFS part of a new inode, or NULL.
 */
struct inode *bpffs_inode_alloc(struct super_block *sb)
{
	struct bpffs_inode *node;

	node = alloc_inode_sb(sb, bpffs_inode_cache, GFP_KERNEL);
	if (!node)
		return NULL;
	node->kind = NULL;
	memset(&node->hook, 0, sizeof(node->hook));
	INIT_LIST_HEAD(&node->attachments);
	return &node->vfs;
}

/**
 * bpffs_inode_free() - ->free_inode, a grace period after the inode went
 * @inode: inode whose object is released already; must not sleep
 */
void bpffs_inode_free(struct inode *inode)
{
	kmem_cache_free(bpffs_inode_cache, bpffs_i(inode));
}

/**
 * bpffs_inode_destroy() - ->destroy_inode: the inode goes, and its object
 * @inode: inode without names and users; may sleep
 */
void bpffs_inode_destroy(struct inode *inode)
{
	struct bpffs_inode *node = bpffs_i(inode);
	const struct bpffs_kind *kind = node->kind;

	if (!kind)
		return;
	kind->release(node);
	atomic_long_dec(&bpffs_ns(inode->i_sb)->nr_inodes);
	if (kind->pins)
		bpffs_ns_unpin(inode->i_sb);
}

/*
 * Files have no size to set. O_TRUNC, which shells open with, says nothing, as
 * in other pseudo-filesystems.
 */
static int file_setattr(bpffs_idmap *idmap, struct dentry *dentry,
			struct iattr *attr)
{
	int err = setattr_prepare(idmap, dentry, attr);

	if (err)
		return err;
	if ((attr->ia_valid & ATTR_SIZE) && !(attr->ia_valid & ATTR_OPEN))
		return -EINVAL;
	attr->ia_valid &= ~ATTR_SIZE;
	setattr_copy(idmap, d_inode(dentry), attr);
	return 0;
}

static const struct inode_operations file_iops = {
	.setattr	= file_setattr,
};

/**
 * bpffs_inode_new() - make an inode
 * @sb: superblock
 * @parent: directory it is made for, or NULL for the root
 * @mode: type and permissions
 * @kind: what is behind it; the caller sets the union member that @kind
 *	releases before anything can fail
 *
 * The owner is the current fsuid.
 *
 * Return: the inode with one reference, or NULL.
 */
struct inode *bpffs_inode_new(struct super_block *sb, struct inode *parent,
			      umode_t mode, const struct bpffs_kind *kind)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_ino = get_next_ino();
	inode_init_owner(bpffs_nop_idmap, inode, parent, mode);
	bpffs_inode_init_times(inode);
	if (S_ISREG(mode))
		inode->i_op = &file_iops;
	bpffs_i(inode)->kind = kind;
	atomic_long_inc(&bpffs_ns(sb)->nr_inodes);
	if (kind->pins)
		bpffs_ns_pin(sb);
	return inode;
}
