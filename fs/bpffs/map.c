// SPDX-License-Identifier: GPL-2.0
/*
 * maps/NAME of maps with entries: reading gives every entry as a line, writing
 * lines upserts and deletes.
 */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/splice.h>
#include "internal.h"

/**
 * struct open_map - one open map file
 * @map: the inode's map
 * @lines: input
 * @cursor: keys of the dump, made by the first read
 * @key: one key of input
 * @value: one value of input, all CPUs of a per-CPU map
 * @shown: one value of output; apart from @value, since readers and writers
 *	of one open file hold different locks
 */
struct open_map {
	struct bpffs_map *map;
	struct bpffs_lines lines;
	struct bpffs_map_cursor *cursor;
	void *key;
	void *value;
	void *shown;
};

static void release_map(struct bpffs_inode *node)
{
	struct inode *inode = &node->vfs;

	atomic64_sub((u64)inode->i_blocks << 9, &bpffs_ns(inode->i_sb)->bytes);
	bpffs_map_put(node->map);
}

const struct bpffs_kind bpffs_map_kind = {
	.release	= release_map,
	.pins		= true,
};

static int match_map(struct inode *inode, void *map)
{
	return bpffs_i(inode)->kind == &bpffs_map_kind && bpffs_i(inode)->map == map;
}

/**
 * bpffs_map_find_inode() - the inode of a map
 * @sb: superblock
 * @map: map that the caller holds a reference on
 *
 * Return: the inode with a reference, or NULL if the map has no name any more.
 */
struct inode *bpffs_map_find_inode(struct super_block *sb,
				   const struct bpffs_map *map)
{
	return ilookup5(sb, (unsigned long)map, match_map, (void *)map);
}

static const struct file_operations *map_fops(const struct bpf_map *map)
{
	if (map->map_type == BPF_MAP_TYPE_RINGBUF)
		return &bpffs_stream_fops;
	return bpffs_map_has_entries(map) ? &bpffs_map_fops : &bpffs_opaque_fops;
}

/**
 * bpffs_map_inode() - make the inode of a map
 * @sb: superblock
 * @parent: inode of maps/
 * @map: map; the inode takes a reference
 *
 * Return: the inode, or NULL.
 */
struct inode *bpffs_map_inode(struct super_block *sb, struct inode *parent,
			      struct bpffs_map *map)
{
	bool constant = map->origin == BPFFS_MAP_RODATA || map->origin == BPFFS_MAP_KCONFIG;
	umode_t mode = constant ? 0400 : 0600;
	struct inode *inode;
	u64 bytes;

	inode = bpffs_inode_new(sb, parent, S_IFREG | mode, &bpffs_map_kind);
	if (!inode)
		return NULL;
	bpffs_i(inode)->map = bpffs_map_get(map);
	inode->i_op = &bpffs_map_iops;
	inode->i_fop = map_fops(map->map);
	bytes = round_up(bpffs_map_memory(map->map), 512);
	inode->i_blocks = bytes >> 9;
	atomic64_add(bytes, &bpffs_ns(sb)->bytes);
	__insert_inode_hash(inode, (unsigned long)map);
	return inode;
}

static int truncate_map(const struct bpffs_map *map, loff_t size,
			struct bpffs_diag *diag)
{
	int err;

	if (size)
		return bpffs_diag(diag, -EINVAL,
				  "map %s: truncating to 0 bytes clears it; no other size can be set",
				  map->name);
	if (!bpffs_map_has_entries(map->map))
		return bpffs_diag(diag, -EOPNOTSUPP,
				  "map %s: entries of type %s cannot be cleared; BPFFS_IOC_GET_FD gives a descriptor for bpf(2)",
				  map->name, bpffs_map_type_name(map->map->map_type));
	err = bpffs_map_clear(map->map);
	return err ? bpffs_diag(diag, err, "map %s: not every entry was cleared",
				map->name) : 0;
}

static int set_size(struct dentry *dentry, loff_t size)
{
	struct bpffs_dir *dir = bpffs_dir_of(dentry);
	struct bpffs_diag diag = {};
	int err;

	err = truncate_map(bpffs_i(d_inode(dentry))->map, size, &diag);
	bpffs_log_error(dir, &diag);
	bpffs_dir_put(dir);
	return err;
}

static int map_setattr(bpffs_idmap *idmap, struct dentry *dentry,
		       struct iattr *attr)
{
	int err;

	err = setattr_prepare(idmap, dentry, attr);
	if (err)
		return err;
	if (attr->ia_valid & ATTR_SIZE) {
		/* O_TRUNC says nothing here, as in other pseudo-filesystems. */
		if (!(attr->ia_valid & ATTR_OPEN)) {
			err = set_size(dentry, attr->ia_size);
			if (err)
				return err;
		}
		attr->ia_valid &= ~ATTR_SIZE;
	}
	setattr_copy(idmap, d_inode(dentry), attr);
	return 0;
}

const struct inode_operations bpffs_map_iops = {
	.setattr	= map_setattr,
};

static void *dump_start(struct seq_file *m, loff_t *pos)
{
	struct open_map *open = m->private;
	int err = 0;

	if (!open->cursor) {
		open->cursor = bpffs_map_cursor_open(open->map->map);
		if (IS_ERR(open->cursor)) {
			err = PTR_ERR(open->cursor);
			open->cursor = NULL;
		}
	} else if (!*pos) {
		err = bpffs_map_cursor_rewind(open->cursor);
	}
	if (err)
		return ERR_PTR(err);
	return (void *)bpffs_map_cursor_key(open->cursor, *pos);
}

static void *dump_next(struct seq_file *m, void *key, loff_t *pos)
{
	struct open_map *open = m->private;

	/* Also for one who is killed: seq_file complains of a step to nowhere. */
	++*pos;
	/* A seek far into a dump makes all of what lies before. */
	cond_resched();
	if (fatal_signal_pending(current))
		return ERR_PTR(-EINTR);
	return (void *)bpffs_map_cursor_key(open->cursor, *pos);
}

static void dump_stop(struct seq_file *m, void *key)
{
}

static int dump_show(struct seq_file *m, void *key)
{
	struct open_map *open = m->private;
	struct bpffs_text out = {};
	int err;

	err = bpffs_map_lookup(open->map->map, key, open->shown);
	/* Deleted since its key was noted. */
	if (err == -ENOENT)
		return SEQ_SKIP;
	if (err)
		return err;
	out.cap = seq_get_buf(m, &out.buf);
	bpffs_print_entry(&out, &open->map->format, key, open->shown);
	seq_commit(m, bpffs_text_fits(&out) ? (int)out.len : -1);
	return out.killed ? -EINTR : 0;
}

static const struct seq_operations dump_ops = {
	.start	= dump_start,
	.next	= dump_next,
	.stop	= dump_stop,
	.show	= dump_show,
};

static struct open_map *open_map_of(struct file *file)
{
	struct seq_file *m = file->private_data;

	return m->private;
}

static int map_apply(struct file *file, const char *line, size_t len,
		     struct bpffs_diag *diag)
{
	struct open_map *open = open_map_of(file);
	struct bpf_map *map = open->map->map;
	int what, err;

	what = bpffs_parse_entry(line, len, &open->map->format, open->key,
				 open->value, diag);
	switch (what) {
	case BPFFS_LINE_UPDATE:
		err = bpffs_map_update(map, open->key, open->value);
		return err ? bpffs_diag(diag, err, "map %s does not take this entry",
					open->map->name) : 0;
	case BPFFS_LINE_DELETE:
		err = bpffs_map_delete(map, open->key);
		return err ? bpffs_diag(diag, err, "map %s cannot delete this key",
					open->map->name) : 0;
	case BPFFS_LINE_EMPTY:
		return 0;
	default:
		return what;
	}
}

static size_t longest_line(const struct bpffs_format *fmt)
{
	u64 key = bpffs_longest_text(fmt->btf, fmt->key_type, fmt->key_size);
	u64 value = bpffs_longest_text(fmt->btf, fmt->value_type, fmt->value_size);

	return clamp_t(u64, key + value * max(fmt->nr_cpus, 1U), 64U << 10, 256U << 20);
}

static void free_open_map(struct open_map *open)
{
	if (open->cursor)
		bpffs_map_cursor_close(open->cursor);
	bpffs_lines_release(&open->lines);
	kvfree(open->key);
	kvfree(open->value);
	kvfree(open->shown);
	kfree(open);
}

/* A file that is only read needs no room for input, nor the other way round. */
static struct open_map *alloc_open_map(struct bpffs_map *map, fmode_t mode)
{
	size_t value_bytes = bpffs_map_value_bytes(map->map);
	struct open_map *open;

	open = kzalloc(sizeof(*open), GFP_KERNEL_ACCOUNT);
	if (!open)
		return NULL;
	open->map = map;
	bpffs_lines_init(&open->lines, longest_line(&map->format), map_apply);
	if (mode & FMODE_READ)
		open->shown = kvzalloc(value_bytes, GFP_KERNEL_ACCOUNT);
	if (mode & FMODE_WRITE) {
		open->key = kvzalloc(map->map->key_size, GFP_KERNEL_ACCOUNT);
		open->value = kvzalloc(value_bytes, GFP_KERNEL_ACCOUNT);
	}
	if (((mode & FMODE_READ) && !open->shown) ||
	    ((mode & FMODE_WRITE) && (!open->key || !open->value))) {
		free_open_map(open);
		return NULL;
	}
	return open;
}

static int refuse_open(struct file *file, int err, const char *why)
{
	struct bpffs_diag diag = {};

	bpffs_diag(&diag, err, "map %s %s", bpffs_i(file_inode(file))->map->name, why);
	bpffs_log_error_at(file, &diag);
	return err;
}

static int map_open(struct inode *inode, struct file *file)
{
	struct bpffs_map *map = bpffs_i(inode)->map;
	struct open_map *open;
	int err;

	if ((file->f_mode & FMODE_WRITE) && READ_ONCE(map->map->frozen))
		return refuse_open(file, -EPERM, "is constant");
	open = alloc_open_map(map, file->f_mode);
	if (!open)
		return -ENOMEM;
	err = seq_open(file, &dump_ops);
	if (err) {
		free_open_map(open);
		return err;
	}
	((struct seq_file *)file->private_data)->private = open;
	return 0;
}

static int map_flush(struct file *file, fl_owner_t id)
{
	return bpffs_lines_flush(&open_map_of(file)->lines, file);
}

static int map_release(struct inode *inode, struct file *file)
{
	struct open_map *open = open_map_of(file);

	bpffs_lines_finish(&open->lines, file);
	free_open_map(open);
	return seq_release(inode, file);
}

static ssize_t map_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct file *file = iocb->ki_filp;
	ssize_t ret = bpffs_lines_write(&open_map_of(file)->lines, file, from);

	if (ret > 0)
		iocb->ki_pos += ret;
	return ret;
}

/*
 * Seeking in a seq_file shows what is skipped, for which a file that is only
 * written has no room. Where it stands says nothing there.
 */
static loff_t map_llseek(struct file *file, loff_t offset, int whence)
{
	if (!(file->f_mode & FMODE_READ))
		return generic_file_llseek(file, offset, whence);
	return seq_lseek(file, offset, whence);
}

const struct file_operations bpffs_map_fops = {
	.owner		= THIS_MODULE,
	.open		= map_open,
	.flush		= map_flush,
	.release	= map_release,
	.read_iter	= seq_read_iter,
	.write_iter	= map_write,
	.splice_read	= bpffs_splice_read,
	.splice_write	= iter_file_splice_write,
	.llseek		= map_llseek,
	.unlocked_ioctl	= bpffs_ioctl,
	.compat_ioctl	= bpffs_ioctl,
};
