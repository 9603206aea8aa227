// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit: which mounts share a namespace, how long it lives, and that what it
 * counts adds up.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/mount.h>
#include <linux/module.h>
#include <linux/statfs.h>
#include "internal.h"

/* An option that is a flag has no value. */
struct option {
	const char *name;
	const char *value;
};

static const struct option no_options[] = { {} };
static const struct option fresh[] = { { "newns" }, {} };
static const struct option open_to_all[] = { { "mode", "0755" }, {} };

static struct vfsmount *mount_with(const struct option *option)
{
	struct file_system_type *type = get_fs_type("bpffs");
	struct fs_context *fc;
	struct vfsmount *mnt;
	int err = 0;

	if (!type)
		return ERR_PTR(-ENODEV);
	/* A mount of the kernel's own is gone when kern_unmount() returns. */
	fc = fs_context_for_mount(type, SB_KERNMOUNT);
	module_put(type->owner);
	if (IS_ERR(fc))
		return ERR_CAST(fc);
	for (; !err && option->name; option++)
		err = vfs_parse_fs_string(fc, option->name, option->value,
					  option->value ? strlen(option->value) : 0);
	mnt = err ? ERR_PTR(err) : fc_mount(fc);
	put_fs_context(fc);
	return mnt;
}

static struct vfsmount *mount_or_fail(struct kunit *test, const struct option *options)
{
	struct vfsmount *mnt = mount_with(options);

	KUNIT_ASSERT_EQ(test, 0, PTR_ERR_OR_ZERO(mnt));
	return mnt;
}

static int change_root(struct vfsmount *mnt, const char *name, bool make)
{
	struct dentry *root = mnt->mnt_root;
	struct inode *dir = d_inode(root);
	struct dentry *dentry;
	int err;

	inode_lock_nested(dir, I_MUTEX_PARENT);
	dentry = bpffs_lookup_one(name, strlen(name), root);
	err = PTR_ERR_OR_ZERO(dentry);
	if (!err)
		err = make ? vfs_mkdir(bpffs_nop_idmap, dir, dentry, 0755) :
			     vfs_rmdir(bpffs_nop_idmap, dir, dentry);
	inode_unlock(dir);
	if (!IS_ERR(dentry))
		dput(dentry);
	return err;
}

static u64 inodes_in_use(struct kunit *test, struct vfsmount *mnt)
{
	struct path path = { .mnt = mnt, .dentry = mnt->mnt_root };
	struct kstatfs st;

	KUNIT_ASSERT_EQ(test, 0, vfs_statfs(&path, &st));
	return st.f_files - st.f_ffree;
}

static void mounts_share_a_namespace(struct kunit *test)
{
	struct vfsmount *one = mount_or_fail(test, no_options);
	struct vfsmount *two = mount_or_fail(test, no_options);

	KUNIT_EXPECT_PTR_EQ(test, one->mnt_sb, two->mnt_sb);
	kern_unmount(one);
	kern_unmount(two);
}

static void fresh_namespaces_are_their_own(struct kunit *test)
{
	struct vfsmount *shared = mount_or_fail(test, no_options);
	struct vfsmount *one = mount_or_fail(test, fresh);
	struct vfsmount *two = mount_or_fail(test, fresh);
	struct vfsmount *again = mount_or_fail(test, no_options);

	KUNIT_EXPECT_PTR_NE(test, one->mnt_sb, two->mnt_sb);
	KUNIT_EXPECT_PTR_NE(test, one->mnt_sb, shared->mnt_sb);
	KUNIT_EXPECT_PTR_EQ(test, again->mnt_sb, shared->mnt_sb);
	kern_unmount(again);
	kern_unmount(two);
	kern_unmount(one);
	kern_unmount(shared);
}

static void options_belong_to_the_namespace(struct kunit *test)
{
	struct vfsmount *mnt = mount_or_fail(test, no_options);
	struct vfsmount *other = mount_with(open_to_all);

	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(other), -EBUSY);
	kern_unmount(mnt);
	/* With nothing in it, it went with its mount. */
	mnt = mount_or_fail(test, open_to_all);
	KUNIT_EXPECT_EQ(test, d_inode(mnt->mnt_root)->i_mode & 07777, 0755);
	kern_unmount(mnt);
}

static void options_that_make_no_sense(struct kunit *test)
{
	static const struct option wrong[][2] = {
		{ { "mode", "7777" } },
		{ { "mode", "rwx" } },
		{ { "uid", "4294967295" } },
		{ { "gid", "-1" } },
		{ { "newns", "please" } },
		{ { "quota", "1" } },
	};
	struct vfsmount *mnt;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		mnt = mount_with(wrong[i]);
		KUNIT_EXPECT_EQ_MSG(test, PTR_ERR_OR_ZERO(mnt), -EINVAL, "%s=%s",
				    wrong[i][0].name, wrong[i][0].value);
		if (!IS_ERR(mnt))
			kern_unmount(mnt);
	}
}

/* An empty one goes with its last mount, one that has something in it stays. */
static void directories_keep_the_namespace(struct kunit *test)
{
	struct vfsmount *mnt = mount_or_fail(test, no_options);
	u64 before = inodes_in_use(test, mnt);

	KUNIT_ASSERT_EQ(test, 0, change_root(mnt, "kept", true));
	kern_unmount(mnt);
	mnt = mount_or_fail(test, no_options);
	KUNIT_EXPECT_EQ(test, change_root(mnt, "kept", false), 0);
	KUNIT_EXPECT_EQ(test, inodes_in_use(test, mnt), before);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&bpffs_ns(mnt->mnt_sb)->pins), 0);
	kern_unmount(mnt);
}

/* What keeps a namespace counts from 0 to 0, whoever puts the last one. */
static void pins_keep_the_namespace(struct kunit *test)
{
	struct vfsmount *mnt = mount_or_fail(test, no_options);
	struct super_block *sb = mnt->mnt_sb;
	int active = atomic_read(&sb->s_active);

	bpffs_ns_pin(sb);
	bpffs_ns_pin(sb);
	KUNIT_EXPECT_EQ(test, atomic_read(&sb->s_active), active + 1);
	bpffs_ns_unpin(sb);
	KUNIT_EXPECT_EQ(test, atomic_read(&sb->s_active), active + 1);
	kern_unmount(mnt);
	KUNIT_EXPECT_EQ(test, atomic_read(&sb->s_active), 1);
	mnt = mount_or_fail(test, no_options);
	KUNIT_EXPECT_PTR_EQ(test, mnt->mnt_sb, sb);
	bpffs_ns_unpin(sb);
	KUNIT_EXPECT_EQ(test, atomic_read(&sb->s_active), active);
	kern_unmount(mnt);
}

static void fresh_namespaces_are_not_kept(struct kunit *test)
{
	struct vfsmount *mnt = mount_or_fail(test, fresh);
	struct super_block *sb = mnt->mnt_sb;
	int active = atomic_read(&sb->s_active);

	bpffs_ns_pin(sb);
	KUNIT_EXPECT_EQ(test, atomic_read(&sb->s_active), active);
	bpffs_ns_unpin(sb);
	KUNIT_EXPECT_EQ(test, atomic_read(&sb->s_active), active);
	kern_unmount(mnt);
}

static void inodes_are_counted(struct kunit *test)
{
	struct vfsmount *mnt = mount_or_fail(test, fresh);
	u64 before = inodes_in_use(test, mnt);

	KUNIT_ASSERT_EQ(test, 0, change_root(mnt, "one", true));
	KUNIT_EXPECT_EQ(test, change_root(mnt, "one", true), -EEXIST);
	KUNIT_EXPECT_GT(test, inodes_in_use(test, mnt), before);
	KUNIT_ASSERT_EQ(test, 0, change_root(mnt, "one", false));
	KUNIT_EXPECT_EQ(test, inodes_in_use(test, mnt), before);
	kern_unmount(mnt);
}

static struct kunit_case super_cases[] = {
	KUNIT_CASE(mounts_share_a_namespace),
	KUNIT_CASE(fresh_namespaces_are_their_own),
	KUNIT_CASE(options_belong_to_the_namespace),
	KUNIT_CASE(options_that_make_no_sense),
	KUNIT_CASE(directories_keep_the_namespace),
	KUNIT_CASE(pins_keep_the_namespace),
	KUNIT_CASE(fresh_namespaces_are_not_kept),
	KUNIT_CASE(inodes_are_counted),
	{}
};

static struct kunit_suite super_suite = {
	.name = "bpffs-namespaces",
	.test_cases = super_cases,
};

kunit_test_suite(super_suite);
