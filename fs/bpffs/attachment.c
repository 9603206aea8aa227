// SPDX-License-Identifier: GPL-2.0
/*
 * Attachments: a program linked into a leaf directory below hooks/ runs there
 * until the link is removed. Programs of struct_ops run by the map that has them.
 */
#include <linux/fsnotify.h>
#include <linux/slab.h>
#include "internal.h"

/* The arguments of bpffs_hook.attach, for another thread to call it with. */
struct attach_call {
	const struct bpffs_hook *hook;
	const struct bpffs_inode *node;
	const char *target;
	struct bpffs_diag *diag;
	struct bpffs_native *link;
};

static int check_program(const struct attach_call *call)
{
	if (call->node->kind != &bpffs_prog_kind)
		return bpffs_diag(call->diag, -EPERM, "only a program can be attached");
	return call->hook->accepts(call->node->prog->prog, call->target, call->diag);
}

static int check_map(const struct attach_call *call)
{
	if (call->node->kind == &bpffs_map_kind && call->node->map->struct_ops)
		return 0;
	return bpffs_diag(call->diag, -EPERM,
			  "only a map of type struct_ops can be attached to %s",
			  call->hook->name);
}

static int call_attach(void *arg)
{
	struct attach_call *call = arg;
	const struct bpffs_map *map = call->node->map;

	if (call->hook->attach_map)
		call->link = call->hook->attach_map(map->struct_ops, map->name, call->diag);
	else
		call->link = call->hook->attach(call->node->prog->native, call->target,
						call->diag);
	return PTR_ERR_OR_ZERO(call->link);
}

static int refuse(const struct attach_call *call, int err)
{
	if (call->hook->attach_map)
		return bpffs_diag(call->diag, err, "map %s cannot be attached to %s",
				  call->node->map->name, call->hook->name);
	return bpffs_diag(call->diag, err, "program %s cannot be attached to %s/%s",
			  call->node->prog->name, call->hook->name, call->target);
}

static void publish(struct dentry *leaf, struct dentry *dentry,
		    struct inode *inode, struct bpffs_attachment *attachment)
{
	struct bpffs_dir *dir = bpffs_i(d_inode(leaf))->hook.dir;
	struct bpffs_ns *ns = bpffs_ns(leaf->d_sb);

	attachment->dentry = dentry;
	dentry->d_fsdata = attachment;
	mutex_lock(&ns->hooks_lock);
	list_add_tail(&attachment->in_ns, &ns->attachments);
	list_add_tail(&attachment->in_dir, &dir->attachments);
	list_add_tail(&attachment->in_prog, &bpffs_i(inode)->attachments);
	mutex_unlock(&ns->hooks_lock);

	bpffs_inode_dir_changed(d_inode(leaf));
	bpffs_inode_changed(inode);
	inc_nlink(inode);
	ihold(inode);
	bpffs_dentry_stand(dentry, inode);
}

/**
 * bpffs_attachment_make() - attach a program and give the attachment its name
 * @leaf: directory of the hook; the caller holds its i_rwsem and a path to it
 * @dentry: negative, hashed dentry in @leaf
 * @inode: what is linked there; the caller holds its i_rwsem and has checked
 *	that it still has a name
 * @diag: one sentence about a refusal
 *
 * Judges with current_cred().
 *
 * Return: 0, or an errno: -EPERM if @inode is nothing that the hook takes or the
 * credentials do not suffice, -EINVAL if the hook cannot run it, -ENOENT if there
 * is no such hook in this kernel or the directory was removed, -EACCES if @inode
 * may not be read, -EOPNOTSUPP, -ENOMEM.
 */
int bpffs_attachment_make(struct dentry *leaf, struct dentry *dentry,
			  struct inode *inode, struct bpffs_diag *diag)
{
	const struct bpffs_hook *hook = bpffs_i(d_inode(leaf))->hook.hook;
	struct attach_call call = {
		.hook = hook,
		.node = bpffs_i(inode),
		.diag = diag,
	};
	struct bpffs_attachment *attachment;
	char *target;
	int err;

	attachment = kzalloc(sizeof(*attachment), GFP_KERNEL_ACCOUNT);
	if (!attachment)
		return -ENOMEM;
	/* As bpf(2) does, where only who can open a pinned program attaches it. */
	err = inode_permission(bpffs_nop_idmap, inode, MAY_READ);
	if (err) {
		bpffs_diag(diag, err, "attaching takes the permission to read what is attached");
		goto free_attachment;
	}
	err = -ENOMEM;
	target = bpffs_hook_target(leaf);
	if (!target)
		goto free_attachment;
	call.target = target;
	err = hook->attach_map ? check_map(&call) : check_program(&call);
	if (err)
		goto free_target;
	err = bpffs_hook_use(leaf);
	if (err)
		goto free_target;
	err = bpffs_call_private(call_attach, &call);
	if (err) {
		refuse(&call, err);
		goto unuse;
	}
	attachment->hook = hook;
	attachment->link = call.link;
	publish(leaf, dentry, inode, attachment);
	kfree(target);
	return 0;

unuse:
	bpffs_hook_unuse(leaf);
free_target:
	kfree(target);
free_attachment:
	kfree(attachment);
	return err;
}

/* Takes an attachment out of its lists and detaches; the name remains. */
static void detach(struct bpffs_attachment *attachment)
{
	list_del(&attachment->in_ns);
	list_del(&attachment->in_dir);
	list_del(&attachment->in_prog);
	attachment->dentry->d_fsdata = NULL;
	if (attachment->hook->detach)
		attachment->hook->detach(attachment->link);
	else
		bpffs_native_put(attachment->link);
	kfree(attachment);
}

/**
 * bpffs_attachment_end() - detach the program behind a name in a leaf
 * @dentry: the name, which the caller removes next; the caller holds the
 *	i_rwsem of its directory and a path to it
 *
 * The program does not begin to run again once the system call has returned; on
 * another CPU it may still be under way.
 */
void bpffs_attachment_end(struct dentry *dentry)
{
	struct bpffs_ns *ns = bpffs_ns(dentry->d_sb);

	mutex_lock(&ns->hooks_lock);
	detach(dentry->d_fsdata);
	mutex_unlock(&ns->hooks_lock);
	bpffs_hook_unuse(dentry->d_parent);
}

/**
 * bpffs_attachment_end_all() - detach everything: the namespace goes
 * @ns: namespace without mounts and users
 */
void bpffs_attachment_end_all(struct bpffs_ns *ns)
{
	struct bpffs_attachment *attachment, *next;

	mutex_lock(&ns->hooks_lock);
	list_for_each_entry_safe(attachment, next, &ns->attachments, in_ns)
		detach(attachment);
	mutex_unlock(&ns->hooks_lock);
}

static int leaf_link(struct dentry *old_dentry, struct inode *dir,
		     struct dentry *dentry)
{
	struct bpffs_diag diag = {};
	int err;

	if (!bpffs_name_is_plain(dentry->d_name.name, dentry->d_name.len))
		return -EINVAL;
	err = bpffs_attachment_make(dentry->d_parent, dentry, d_inode(old_dentry), &diag);
	if (err)
		bpffs_log_error(bpffs_i(dir)->hook.dir, &diag);
	return err;
}

static int leaf_unlink(struct inode *dir, struct dentry *dentry)
{
	bpffs_attachment_end(dentry);
	return simple_unlink(dir, dentry);
}

static int leaf_rename(bpffs_idmap *idmap, struct inode *old_dir,
		       struct dentry *old_dentry, struct inode *new_dir,
		       struct dentry *new_dentry, unsigned int flags)
{
	if (flags & ~RENAME_NOREPLACE ||
	    !bpffs_name_is_plain(new_dentry->d_name.name, new_dentry->d_name.len))
		return -EINVAL;
	/* Elsewhere it would be another attachment: that is ln and rm. */
	if (old_dir != new_dir)
		return -EPERM;
	if (d_really_is_positive(new_dentry))
		leaf_unlink(new_dir, new_dentry);
	bpffs_inode_dir_changed(old_dir);
	bpffs_inode_changed(d_inode(old_dentry));
	return 0;
}

const struct inode_operations bpffs_hook_leaf_iops = {
	.lookup	= simple_lookup,
	.link	= leaf_link,
	.unlink	= leaf_unlink,
	.rename	= leaf_rename,
};
