// SPDX-License-Identifier: GPL-2.0
/*
 * info: what is loaded in a directory, and where it came from.
 */
#include <linux/time.h>
#include <linux/user_namespace.h>
#include "internal.h"

static void show_object(struct seq_file *m, const struct bpffs_object *object)
{
	struct tm tm;

	time64_to_tm(object->time.tv_sec, 0, &tm);
	seq_printf(m, "object: {\"sha256\": \"%*phN\", \"size\": %zu, \"uid\": %u, \"comm\": ",
		   (int)sizeof(object->digest), object->digest, object->size,
		   from_kuid_munged(seq_user_ns(m), object->uid));
	bpffs_seq_string(m, object->comm);
	seq_printf(m, ", \"time\": \"%04ld-%02d-%02dT%02d:%02d:%02dZ\", \"license\": ",
		   tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		   tm.tm_min, tm.tm_sec);
	bpffs_seq_string(m, object->license);
	seq_puts(m, "}\n");
}

/* A type as C writes it, quoted; null where there is none. */
static void show_type(struct seq_file *m, const struct bpffs_btf *btf, u32 type)
{
	struct bpffs_text out = {};
	char name[160];

	if (!btf || !type) {
		seq_puts(m, "null");
		return;
	}
	out.buf = name;
	out.cap = sizeof(name) - 1;
	bpffs_print_type(&out, btf, type);
	name[min(out.len, out.cap)] = '\0';
	bpffs_seq_string(m, name);
}

static void show_map(struct seq_file *m, const struct inode *inode)
{
	const struct bpffs_map *map = bpffs_i(inode)->map;
	const struct bpf_map *native = map->map;

	seq_printf(m, "{\"type\": \"%s\", \"id\": %u, \"key_size\": %u, \"value_size\": %u, \"max_entries\": %u, \"flags\": %u, \"key\": ",
		   bpffs_map_type_name(native->map_type), native->id,
		   native->key_size, native->value_size, native->max_entries,
		   native->map_flags);
	show_type(m, map->format.btf, map->format.key_type);
	seq_puts(m, ", \"value\": ");
	show_type(m, map->format.btf,
		  READ_ONCE(map->record_type) ?: map->format.value_type);
	seq_puts(m, "}\n");
}

static void show_prog(struct seq_file *m, const struct inode *inode)
{
	const struct bpffs_prog *prog = bpffs_i(inode)->prog;

	seq_printf(m, "{\"type\": \"%s\", \"id\": %u, \"section\": ",
		   bpffs_prog_type_name(prog->prog->type), prog->prog->aux->id);
	bpffs_seq_string(m, prog->section);
	seq_printf(m, ", \"instructions\": %u, \"jited_bytes\": %u, \"links\": %u}\n",
		   prog->prog->len, prog->prog->jited ? prog->prog->jited_len : 0,
		   inode->i_nlink);
}

static void show_var(struct seq_file *m, const struct inode *inode)
{
	const struct bpffs_var *var = bpffs_i(inode)->var;

	seq_puts(m, "{\"map\": ");
	bpffs_seq_string(m, var->map->name);
	seq_printf(m, ", \"offset\": %u, \"size\": %u, \"type\": ", var->offset, var->size);
	show_type(m, bpffs_object_btf(var->object), var->type);
	seq_puts(m, "}\n");
}

static const struct {
	enum bpffs_subdir subdir;
	void (*show)(struct seq_file *m, const struct inode *inode);
} parts[] = {
	{ BPFFS_MAPS,	show_map },
	{ BPFFS_PROGS,	show_prog },
	{ BPFFS_VARS,	show_var },
};

static void show_part(struct seq_file *m, struct dentry *dir, u32 part)
{
	const char *name = bpffs_subdir_names[parts[part].subdir];
	struct dentry *subdir = bpffs_subdir_find(dir, parts[part].subdir);
	struct dentry *child = NULL;

	if (!subdir)
		return;
	/* Names in it stay as they are while its lock is held. */
	inode_lock_shared(d_inode(subdir));
	while ((child = bpffs_child_next(subdir, child))) {
		seq_printf(m, "%s.%s: ", name, child->d_name.name);
		parts[part].show(m, d_inode(child));
	}
	inode_unlock_shared(d_inode(subdir));
	dput(subdir);
}

static int info_show(struct seq_file *m, void *unused)
{
	struct file *file = m->private;
	struct dentry *dentry = file->f_path.dentry->d_parent;
	struct bpffs_dir *dir = bpffs_i(file_inode(file))->dir;
	u32 i;
	int err;

	err = mutex_lock_killable(&dir->lock);
	if (err)
		return err;
	if (dir->object && bpffs_items_loaded(dentry, dir->object))
		show_object(m, dir->object);
	mutex_unlock(&dir->lock);
	for (i = 0; i < ARRAY_SIZE(parts); i++)
		show_part(m, dentry, i);
	return 0;
}

static int info_open(struct inode *inode, struct file *file)
{
	return single_open(file, info_show, file);
}

const struct file_operations bpffs_info_fops = {
	.owner		= THIS_MODULE,
	.open		= info_open,
	.release	= single_release,
	.read_iter	= seq_read_iter,
	.splice_read	= bpffs_splice_read,
	.llseek		= seq_lseek,
};
