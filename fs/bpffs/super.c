// SPDX-License-Identifier: GPL-2.0
/*
 * Mounts and namespaces.
 */
#include <linux/cred.h>
#include <linux/fs_context.h>
#include <linux/fs_parser.h>
#include <linux/kobject.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/statfs.h>
#include <linux/sysfs.h>
#include <linux/user_namespace.h>
#include <uapi/linux/bpffs.h>
#include "internal.h"

static struct workqueue_struct *bpffs_unpin_queue;

/*
 * Gives back the superblock reference of a namespace that became empty after
 * its last unmount. Done by a worker, because an inode's last reference may be
 * put where the superblock is still in use further up the stack.
 */
static void unpin_work(struct work_struct *work)
{
	struct bpffs_ns *ns = container_of(work, struct bpffs_ns, unpin);

	deactivate_super(ns->sb);
}

/**
 * bpffs_ns_pin() - an inode that keeps the initial namespace alive is made
 * @sb: superblock that the caller uses through a mount
 */
void bpffs_ns_pin(struct super_block *sb)
{
	struct bpffs_ns *ns = bpffs_ns(sb);

	if (!ns->outlives_mounts)
		return;
	if (atomic_long_inc_return(&ns->pins) == 1)
		atomic_inc(&sb->s_active);
}

/**
 * bpffs_ns_unpin() - such an inode is gone
 * @sb: its superblock
 */
void bpffs_ns_unpin(struct super_block *sb)
{
	struct bpffs_ns *ns = bpffs_ns(sb);

	if (!ns->outlives_mounts || !atomic_long_dec_and_test(&ns->pins))
		return;
	/* Mounted, as nearly always: this is not the last reference. */
	if (!atomic_add_unless(&sb->s_active, -1, 1))
		queue_work(bpffs_unpin_queue, &ns->unpin);
}

/* What the options of one mount(2) or fsopen(2) ask for. */
struct bpffs_options {
	kuid_t uid;
	kgid_t gid;
	umode_t mode;
	bool has_uid;
	bool has_gid;
	bool has_mode;
	bool newns;
};

/*
 * Complete before any other mount can see it: test_super() looks at it as soon
 * as it belongs to a superblock.
 */
static struct bpffs_ns *ns_alloc(const struct fs_context *fc,
				 const struct bpffs_options *options)
{
	struct bpffs_ns *ns = kzalloc(sizeof(*ns), GFP_KERNEL_ACCOUNT);

	if (!ns)
		return NULL;
	ns->uid = options->has_uid ? options->uid : fc->cred->fsuid;
	ns->gid = options->has_gid ? options->gid : fc->cred->fsgid;
	ns->mode = options->has_mode ? options->mode : 0700;
	ns->fresh = options->newns;
	ns->outlives_mounts = !options->newns && fc->user_ns == &init_user_ns;
	INIT_WORK(&ns->unpin, unpin_work);
	mutex_init(&ns->hooks_lock);
	INIT_LIST_HEAD(&ns->attachments);
	return ns;
}

static int bpffs_statfs(struct dentry *dentry, struct kstatfs *buf)
{
	struct bpffs_ns *ns = bpffs_ns(dentry->d_sb);
	u64 used = DIV_ROUND_UP_ULL(atomic64_read(&ns->bytes), PAGE_SIZE);
	u64 inodes = atomic_long_read(&ns->nr_inodes);

	buf->f_type = BPFFS_MAGIC;
	buf->f_bsize = PAGE_SIZE;
	buf->f_namelen = NAME_MAX;
	/* Without a quota, memory is the limit. */
	buf->f_blocks = max_t(u64, totalram_pages(), used);
	buf->f_bfree = buf->f_blocks - used;
	buf->f_bavail = buf->f_bfree;
	buf->f_files = max_t(u64, INT_MAX, inodes);
	buf->f_ffree = buf->f_files - inodes;
	return 0;
}

/* What mode= can say of the root. */
#define ROOT_MODE	01777

static int bpffs_show_options(struct seq_file *m, struct dentry *root)
{
	struct user_namespace *user_ns = root->d_sb->s_user_ns;
	/* Not that of the mount, which may show a part of the tree. */
	const struct inode *inode = d_inode(root->d_sb->s_root);
	uid_t uid = from_kuid_munged(user_ns, inode->i_uid);
	gid_t gid = from_kgid_munged(user_ns, inode->i_gid);

	/* As they are now: mount(8) repeats them to remount. */
	if (uid)
		seq_printf(m, ",uid=%u", uid);
	if (gid)
		seq_printf(m, ",gid=%u", gid);
	seq_printf(m, ",mode=%04o", inode->i_mode & ROOT_MODE);
	if (bpffs_ns(root->d_sb)->fresh)
		seq_puts(m, ",newns");
	return 0;
}

static const struct super_operations bpffs_super_ops = {
	.alloc_inode	= bpffs_inode_alloc,
	.destroy_inode	= bpffs_inode_destroy,
	.free_inode	= bpffs_inode_free,
	.drop_inode	= bpffs_inode_drop,
	.statfs		= bpffs_statfs,
	.show_options	= bpffs_show_options,
};

/* Names stand in the dcache by a reference; without one they are not cached. */
static const struct dentry_operations bpffs_dentry_ops = {
	.d_delete	= always_delete_dentry,
};

enum bpffs_param {
	PARAM_UID,
	PARAM_GID,
	PARAM_MODE,
	PARAM_NEWNS,
};

static const struct fs_parameter_spec bpffs_params[] = {
	fsparam_u32("uid", PARAM_UID),
	fsparam_u32("gid", PARAM_GID),
	fsparam_u32oct("mode", PARAM_MODE),
	fsparam_flag("newns", PARAM_NEWNS),
	{}
};

static int parse_uid(struct fs_context *fc, u32 value)
{
	struct bpffs_options *options = fc->fs_private;

	options->uid = make_kuid(current_user_ns(), value);
	/* An owner that the namespace cannot express would own nothing. */
	if (!uid_valid(options->uid) || !kuid_has_mapping(fc->user_ns, options->uid))
		return invalfc(fc, "uid %u has no mapping here", value);
	options->has_uid = true;
	return 0;
}

static int parse_gid(struct fs_context *fc, u32 value)
{
	struct bpffs_options *options = fc->fs_private;

	options->gid = make_kgid(current_user_ns(), value);
	if (!gid_valid(options->gid) || !kgid_has_mapping(fc->user_ns, options->gid))
		return invalfc(fc, "gid %u has no mapping here", value);
	options->has_gid = true;
	return 0;
}

static int bpffs_parse_param(struct fs_context *fc, struct fs_parameter *param)
{
	struct bpffs_options *options = fc->fs_private;
	struct fs_parse_result result;
	int opt;

	opt = fs_parse(fc, bpffs_params, param, &result);
	if (opt < 0)
		return opt;
	switch (opt) {
	case PARAM_UID:
		return parse_uid(fc, result.uint_32);
	case PARAM_GID:
		return parse_gid(fc, result.uint_32);
	case PARAM_MODE:
		if (result.uint_32 & ~ROOT_MODE)
			return invalfc(fc, "mode %o has bits beyond %o", result.uint_32,
				       ROOT_MODE);
		options->mode = result.uint_32;
		options->has_mode = true;
		return 0;
	case PARAM_NEWNS:
		/* mount(8) repeats what /proc/mounts says when it remounts. */
		if (fc->purpose == FS_CONTEXT_FOR_RECONFIGURE &&
		    !bpffs_ns(fc->root->d_sb)->fresh)
			return invalfc(fc, "newns is for a new mount");
		options->newns = true;
		return 0;
	}
	return -EINVAL;
}

static int fill_super(struct super_block *sb)
{
	struct inode *root;

	bpffs_ns(sb)->sb = sb;
	sb->s_magic = BPFFS_MAGIC;
	sb->s_op = &bpffs_super_ops;
	bpffs_set_dentry_ops(sb, &bpffs_dentry_ops);
	sb->s_blocksize = PAGE_SIZE;
	sb->s_blocksize_bits = PAGE_SHIFT;
	sb->s_maxbytes = MAX_LFS_FILESIZE;
	sb->s_time_gran = 1;
	sb->s_iflags |= SB_I_NODEV | SB_I_NOEXEC;
	/* Files find their directory by their dentry, which would be another's. */
	sb->s_stack_depth = FILESYSTEM_MAX_STACK_DEPTH;

	root = bpffs_dir_root(sb);
	if (!root)
		return -ENOMEM;
	sb->s_root = d_make_root(root);
	if (!sb->s_root)
		return -ENOMEM;
	return bpffs_dir_populate_root(sb->s_root);
}

/*
 * The namespace that belongs to the mounter's user namespace. Called under a
 * spinlock, also for superblocks that are going: see bpffs_kill_sb().
 */
static int test_super(struct super_block *sb, struct fs_context *fc)
{
	struct bpffs_ns *ns = READ_ONCE(sb->s_fs_info);

	return ns && sb->s_user_ns == fc->user_ns && !ns->fresh;
}

static bool options_agree(const struct bpffs_options *options,
			  const struct inode *root)
{
	return (!options->has_uid || uid_eq(options->uid, root->i_uid)) &&
	       (!options->has_gid || gid_eq(options->gid, root->i_gid)) &&
	       (!options->has_mode || options->mode == (root->i_mode & ROOT_MODE));
}

static int bpffs_get_tree(struct fs_context *fc)
{
	struct bpffs_options *options = fc->fs_private;
	struct super_block *sb;
	int err;

	fc->s_fs_info = ns_alloc(fc, options);
	if (!fc->s_fs_info)
		return -ENOMEM;
	sb = sget_fc(fc, options->newns ? NULL : test_super, set_anon_super_fc);
	if (IS_ERR(sb))
		return PTR_ERR(sb);
	if (!sb->s_root) {
		err = fill_super(sb);
		if (err)
			goto fail;
		sb->s_flags |= SB_ACTIVE;
	} else if (!options_agree(options, d_inode(sb->s_root))) {
		err = -EBUSY;
		errorfc(fc, "the namespace exists with other options, which a remount changes");
		goto fail;
	}
	fc->root = dget(sb->s_root);
	return 0;
fail:
	deactivate_locked_super(sb);
	return err;
}

static int bpffs_reconfigure(struct fs_context *fc)
{
	struct bpffs_options *options = fc->fs_private;
	struct inode *inode = d_inode(fc->root->d_sb->s_root);

	inode_lock(inode);
	if (options->has_uid)
		inode->i_uid = options->uid;
	if (options->has_gid)
		inode->i_gid = options->gid;
	if (options->has_mode)
		inode->i_mode = (inode->i_mode & ~ROOT_MODE) | options->mode;
	bpffs_inode_changed(inode);
	inode_unlock(inode);
	return 0;
}

static void bpffs_free_fc(struct fs_context *fc)
{
	/* Set where no superblock took it over. */
	kfree(fc->s_fs_info);
	kfree(fc->fs_private);
}

static const struct fs_context_operations bpffs_context_ops = {
	.parse_param	= bpffs_parse_param,
	.get_tree	= bpffs_get_tree,
	.reconfigure	= bpffs_reconfigure,
	.free		= bpffs_free_fc,
};

static int bpffs_init_fs_context(struct fs_context *fc)
{
	struct bpffs_options *options;

	options = kzalloc(sizeof(*options), GFP_KERNEL_ACCOUNT);
	if (!options)
		return -ENOMEM;
	fc->fs_private = options;
	fc->ops = &bpffs_context_ops;
	return 0;
}

static void bpffs_kill_sb(struct super_block *sb)
{
	struct bpffs_ns *ns = bpffs_ns(sb);

	bpffs_attachment_end_all(ns);
	bpffs_kill_super(sb);
	/* A mount under way may still be looking at it in test_super(). */
	WRITE_ONCE(sb->s_fs_info, NULL);
	mutex_destroy(&ns->hooks_lock);
	kfree_rcu(ns, rcu);
}

static struct file_system_type bpffs_type = {
	.owner			= THIS_MODULE,
	.name			= "bpffs",
	.init_fs_context	= bpffs_init_fs_context,
	.parameters		= bpffs_params,
	.kill_sb		= bpffs_kill_sb,
	.fs_flags		= FS_USERNS_MOUNT,
};
MODULE_ALIAS_FS("bpffs");

static int __init bpffs_init(void)
{
	int err;

	bpffs_unpin_queue = alloc_workqueue("bpffs_unpin", WQ_UNBOUND, 0);
	if (!bpffs_unpin_queue)
		return -ENOMEM;
	err = bpffs_inode_cache_init();
	if (err)
		goto no_cache;
	err = bpffs_services_init();
	if (err)
		goto no_services;
	err = sysfs_create_mount_point(fs_kobj, "bpffs");
	if (err)
		goto no_mount_point;
	err = register_filesystem(&bpffs_type);
	if (err)
		goto no_filesystem;
	return 0;

no_filesystem:
	sysfs_remove_mount_point(fs_kobj, "bpffs");
no_mount_point:
	bpffs_services_exit();
no_services:
	bpffs_inode_cache_exit();
no_cache:
	destroy_workqueue(bpffs_unpin_queue);
	return err;
}

static void __exit bpffs_exit(void)
{
	unregister_filesystem(&bpffs_type);
	sysfs_remove_mount_point(fs_kobj, "bpffs");
	/* The worker that put the last superblock may still be returning. */
	destroy_workqueue(bpffs_unpin_queue);
	bpffs_services_exit();
	bpffs_inode_cache_exit();
}

late_initcall(bpffs_init);
module_exit(bpffs_exit);
MODULE_DESCRIPTION("eBPF maps, programs and attachments as a file system");
MODULE_LICENSE("GPL");
