// SPDX-License-Identifier: GPL-2.0
/*
 * attach: attaches by name what ln attaches by path, and tells what is
 * attached below the directory's hooks/.
 */
#include <linux/capability.h>
#include <linux/fsnotify.h>
#include <linux/slab.h>
#include <linux/splice.h>
#include "internal.h"

#define LINE_MAX	(2U * PATH_MAX)

/**
 * struct attach_request - one line written to attach
 * @dir: dentry of the object directory
 * @hooks: dentry of its hooks/, one reference
 * @progs: dentry of its progs/, one reference
 * @maps: dentry of its maps/, one reference; NULL if it was removed
 * @diag: where refusals go
 */
struct attach_request {
	struct dentry *dir;
	struct dentry *hooks;
	struct dentry *progs;
	struct dentry *maps;
	struct bpffs_diag *diag;
};

static int attach_locked(struct attach_request *req, struct dentry *leaf,
			 struct dentry *name, struct dentry *prog)
{
	struct inode *inode = d_inode(prog);
	int err;

	if (d_really_is_positive(name))
		return bpffs_diag(req->diag, -EEXIST, "%pd is attached there already", prog);
	err = inode_permission(bpffs_nop_idmap, d_inode(leaf), MAY_WRITE | MAY_EXEC);
	if (err)
		return err;
	inode_lock(inode);
	if (inode->i_nlink)
		err = bpffs_attachment_make(leaf, name, inode, req->diag);
	else
		err = -ENOENT;
	inode_unlock(inode);
	if (!err)
		fsnotify_link(d_inode(leaf), inode, name);
	return err;
}

/* Attaches @prog under its own name; the name is left in *@made. */
static int attach_at(struct attach_request *req, struct dentry *prog,
		     const char *path, struct dentry **made)
{
	struct name_snapshot own;
	struct dentry *leaf, *name;
	struct inode *dir;
	int err;

	leaf = bpffs_hook_walk(req->hooks, path, req->diag);
	if (IS_ERR(leaf))
		return PTR_ERR(leaf);
	dir = d_inode(leaf);
	inode_lock_nested(dir, I_MUTEX_PARENT);
	err = -ENOENT;
	if (IS_DEADDIR(dir))
		goto unlock;
	/* Nothing keeps the program from being renamed meanwhile. */
	take_dentry_name_snapshot(&own, prog);
	name = bpffs_lookup_one(own.name.name, own.name.len, leaf);
	release_dentry_name_snapshot(&own);
	err = PTR_ERR_OR_ZERO(name);
	if (err)
		goto unlock;
	err = attach_locked(req, leaf, name, prog);
	if (!err && made)
		*made = dget(name);
	dput(name);
unlock:
	inode_unlock(dir);
	dput(leaf);
	return err;
}

/* Programs of every type can be loaded; not every hook has a directory. */
static int check_hook(struct attach_request *req, const struct bpffs_prog *prog)
{
	const char *hook = prog->def->hook;

	if (prog->prog->type == BPF_PROG_TYPE_STRUCT_OPS)
		return bpffs_diag(req->diag, -EOPNOTSUPP,
				  "program %s runs when the struct_ops map that has it is attached",
				  prog->name);
	if (!*hook)
		return bpffs_diag(req->diag, -EOPNOTSUPP,
				  "programs of section %s are attached at no place below hooks/",
				  prog->section);
	if (!bpffs_hook_find(hook, strlen(hook)))
		return bpffs_diag(req->diag, -EOPNOTSUPP,
				  "program %s of section %s would be attached below hooks/%s/, and there is no such directory",
				  prog->name, prog->section, hook);
	return 0;
}

static bool is_struct_ops(const struct dentry *dentry)
{
	const struct bpffs_inode *node = bpffs_i(d_inode(dentry));

	return node->kind == &bpffs_map_kind && node->map->struct_ops;
}

/* Where the section of a program says; a struct_ops map has one place to be at. */
static int attach_by_section(struct attach_request *req, struct dentry *dentry,
			     struct dentry **made)
{
	const struct bpffs_prog *prog;
	char *path;
	int err;

	if (is_struct_ops(dentry))
		return attach_at(req, dentry, bpffs_hook_struct_ops.name, made);
	prog = bpffs_i(d_inode(dentry))->prog;
	err = check_hook(req, prog);
	if (err)
		return err;
	if (!*prog->target)
		return bpffs_diag(req->diag, -EINVAL,
				  "section %s of program %s names no target; write %s: \"%s/TARGET\"",
				  prog->section, prog->name, prog->name, prog->def->hook);
	path = kasprintf(GFP_KERNEL, "%s/%s", prog->def->hook, prog->target);
	if (!path)
		return -ENOMEM;
	err = attach_at(req, dentry, path, made);
	kfree(path);
	return err;
}

static bool attached_here(struct attach_request *req, struct dentry *dentry)
{
	struct bpffs_ns *ns = bpffs_ns(dentry->d_sb);
	struct bpffs_dir *dir = bpffs_i(d_inode(req->dir))->dir;
	struct bpffs_attachment *attachment;
	bool found = false;

	mutex_lock(&ns->hooks_lock);
	list_for_each_entry(attachment, &bpffs_i(d_inode(dentry))->attachments, in_prog)
		if (bpffs_i(d_inode(attachment->dentry->d_parent))->hook.dir == dir)
			found = true;
	mutex_unlock(&ns->hooks_lock);
	return found;
}

static void undo(struct dentry *name)
{
	struct dentry *leaf = dget(name->d_parent);
	struct inode *dir = d_inode(leaf);

	inode_lock_nested(dir, I_MUTEX_PARENT);
	if (!d_unhashed(name) && name->d_fsdata) {
		bpffs_attachment_end(name);
		bpffs_child_remove(name);
	}
	inode_unlock(dir);
	dput(leaf);
}

/* A program or map that '*' is to attach, and what it made of it. */
struct wanted {
	struct wanted *next;
	struct dentry *item;
	struct dentry *made;
};

/* libbpf, too, passes over what its section does not place. */
static bool is_placed(const struct dentry *item)
{
	const struct bpffs_inode *node = bpffs_i(d_inode(item));

	return node->kind == &bpffs_prog_kind ? *node->prog->target : is_struct_ops(item);
}

/* What in @items attaches somewhere, each with a reference, in *@list. */
static int list_items(struct dentry *items, struct wanted **list)
{
	struct dentry *item = NULL;
	struct wanted *wanted;
	int err = 0;

	inode_lock_shared(d_inode(items));
	while (!err && (item = bpffs_child_next(items, item))) {
		if (!is_placed(item))
			continue;
		wanted = kzalloc(sizeof(*wanted), GFP_KERNEL);
		if (!wanted) {
			dput(item);
			err = -ENOMEM;
			continue;
		}
		wanted->item = dget(item);
		wanted->next = *list;
		*list = wanted;
	}
	inode_unlock_shared(d_inode(items));
	return err;
}

static int attach_wanted(struct attach_request *req, struct wanted *wanted)
{
	if (attached_here(req, wanted->item))
		return 0;
	return attach_by_section(req, wanted->item, &wanted->made);
}

static int attach_all(struct attach_request *req)
{
	struct wanted *list = NULL, *wanted;
	int err;

	err = list_items(req->progs, &list);
	if (!err && req->maps)
		err = list_items(req->maps, &list);
	for (wanted = list; wanted && !err; wanted = wanted->next)
		err = attach_wanted(req, wanted);
	while ((wanted = list)) {
		list = wanted->next;
		if (err && wanted->made)
			undo(wanted->made);
		dput(wanted->made);
		dput(wanted->item);
		kfree(wanted);
	}
	return err;
}

/* A program or, where none has that name, a struct_ops map. */
static struct dentry *find_item(struct attach_request *req, const char *name)
{
	struct dentry *item = bpffs_child_find(req->progs, name);

	if (item || !req->maps)
		return item;
	item = bpffs_child_find(req->maps, name);
	if (!item || is_struct_ops(item))
		return item;
	dput(item);
	return NULL;
}

static int attach_named(struct attach_request *req, const char *name,
			const char *path)
{
	struct dentry *item = find_item(req, name);
	int err;

	if (!item)
		return bpffs_diag(req->diag, -ENOENT, "progs/ has no program \"%s\"", name);
	if (path)
		err = attach_at(req, item, path, NULL);
	else
		err = attach_by_section(req, item, NULL);
	dput(item);
	return err;
}

/* NAME: "PATH" */
static int attach_setting(struct attach_request *req, const char *line, size_t len)
{
	size_t name_len, value_len;
	const char *name, *value;
	char *buf, *path;
	int err;

	err = bpffs_parse_setting(line, len, &name, &name_len, &value, &value_len, req->diag);
	if (err || !name_len)
		return err;
	buf = kzalloc(LINE_MAX, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	path = buf + NAME_MAX + 1;
	if (name_len > NAME_MAX) {
		err = bpffs_diag(req->diag, -ENAMETOOLONG, "no program has so long a name");
		goto out;
	}
	memcpy(buf, name, name_len);
	err = bpffs_parse_string(value, value_len, path, PATH_MAX, req->diag);
	if (err)
		bpffs_diag_shift(req->diag, value - line);
	else
		err = attach_named(req, buf, path);
out:
	kfree(buf);
	return err;
}

/* NAME */
static int attach_bare(struct attach_request *req, const char *line, size_t len)
{
	char *name;
	int err;

	/* What is behind it would not be seen. */
	if (memchr(line, '\0', len))
		return bpffs_diag(req->diag, -ENOENT, "no program has a name with a NUL in it");
	name = kmemdup_nul(line, len, GFP_KERNEL);
	if (!name)
		return -ENOMEM;
	err = attach_named(req, name, NULL);
	kfree(name);
	return err;
}

static int attach_line(struct attach_request *req, const char *line, size_t len)
{
	const char *comment = memchr(line, '#', len);
	size_t bare = comment ? comment - line : len;

	/* Behind the colon a '#' may be part of a string. */
	if (memchr(line, ':', bare))
		return attach_setting(req, line, len);
	while (bare && bpffs_is_space(line[bare - 1]))
		bare--;
	while (bare && bpffs_is_space(*line)) {
		line++;
		bare--;
	}
	if (!bare)
		return 0;
	if (bare == 1 && *line == '*')
		return attach_all(req);
	return attach_bare(req, line, bare);
}

static int attach_apply(struct file *file, const char *line, size_t len,
			struct bpffs_diag *diag)
{
	struct attach_request req = {
		.dir = file->f_path.dentry->d_parent,
		.diag = diag,
	};
	int err = -ENOENT;

	req.hooks = bpffs_subdir_find(req.dir, BPFFS_HOOKS);
	req.progs = bpffs_subdir_find(req.dir, BPFFS_PROGS);
	req.maps = bpffs_subdir_find(req.dir, BPFFS_MAPS);
	if (req.hooks && req.progs)
		err = attach_line(&req, line, len);
	else
		bpffs_diag(diag, err, "hooks/ or progs/ was removed from this directory");
	dput(req.hooks);
	dput(req.progs);
	dput(req.maps);
	return err;
}

/* A kind of hook that is only one has no target behind its name. */
static void show_attachment(struct seq_file *m, struct dentry *name)
{
	struct dentry *leaf = name->d_parent;
	const struct bpffs_hook *hook = bpffs_i(d_inode(leaf))->hook.hook;
	struct name_snapshot snapshot;

	take_dentry_name_snapshot(&snapshot, name);
	seq_printf(m, "%s: \"%s", snapshot.name.name, hook->name);
	release_dentry_name_snapshot(&snapshot);
	if (hook->depth > 1)
		seq_printf(m, "/%s", leaf->d_parent->d_name.name);
	if (hook->depth)
		seq_printf(m, "/%s", leaf->d_name.name);
	seq_puts(m, "\"\n");
}

static int attach_show(struct seq_file *m, void *unused)
{
	struct bpffs_lines *lines = m->private;
	struct inode *inode = file_inode(lines->file);
	struct bpffs_ns *ns = bpffs_ns(inode->i_sb);
	struct bpffs_attachment *attachment;
	int err;

	err = mutex_lock_killable(&ns->hooks_lock);
	if (err)
		return err;
	list_for_each_entry(attachment, &bpffs_i(inode)->dir->attachments, in_dir)
		show_attachment(m, attachment->dentry);
	mutex_unlock(&ns->hooks_lock);
	return 0;
}

static int attach_open(struct inode *inode, struct file *file)
{
	struct bpffs_diag diag = {};

	if ((file->f_mode & FMODE_WRITE) && !bpf_capable()) {
		bpffs_diag(&diag, -EPERM, "attaching a program needs CAP_BPF");
		bpffs_log_error(bpffs_i(inode)->dir, &diag);
		return -EPERM;
	}
	return bpffs_text_open(file, attach_show, LINE_MAX, attach_apply);
}

const struct file_operations bpffs_attach_fops = {
	BPFFS_TEXT_FOPS(attach_open),
};
