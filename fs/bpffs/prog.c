// SPDX-License-Identifier: GPL-2.0
/*
 * progs/NAME: what the kernel knows of a loaded program.
 */
#include <linux/bpf.h>
#include <linux/filter.h>
#include "internal.h"

static void release_prog(struct bpffs_inode *node)
{
	bpffs_prog_put(node->prog);
}

const struct bpffs_kind bpffs_prog_kind = {
	.release	= release_prog,
	.pins		= true,
};

/**
 * bpffs_prog_inode() - make the inode of a program
 * @sb: superblock
 * @parent: inode of progs/
 * @prog: program; the inode takes a reference
 *
 * Return: the inode, or NULL.
 */
struct inode *bpffs_prog_inode(struct super_block *sb, struct inode *parent,
			       struct bpffs_prog *prog)
{
	struct inode *inode;

	inode = bpffs_inode_new(sb, parent, S_IFREG | 0400, &bpffs_prog_kind);
	if (!inode)
		return NULL;
	bpffs_i(inode)->prog = bpffs_prog_get(prog);
	inode->i_fop = &bpffs_prog_fops;
	return inode;
}

/**
 * bpffs_prog_at() - the program at a path
 * @from: where the path begins, see bpffs_path_walk()
 * @path: the path
 * @diag: one sentence about a refusal
 *
 * Asks for what the bridge to bpf(2) asks for: permission to read the file.
 *
 * Return: the program with a reference, or as ERR_PTR(): -EINVAL for what is
 * no program, -EACCES, what bpffs_path_walk() says.
 */
struct bpffs_prog *bpffs_prog_at(const struct path *from, const char *path,
				 struct bpffs_diag *diag)
{
	struct dentry *dentry = bpffs_path_walk(from, path);
	struct bpffs_prog *prog;
	int err;

	if (IS_ERR(dentry))
		return ERR_CAST(dentry);
	if (d_inode(dentry)->i_fop == &bpffs_prog_fops)
		err = inode_permission(bpffs_nop_idmap, d_inode(dentry), MAY_READ);
	else
		err = bpffs_diag(diag, -EINVAL, "\"%s\" is no program", path);
	prog = err ? ERR_PTR(err) : bpffs_prog_get(bpffs_i(d_inode(dentry))->prog);
	dput(dentry);
	return prog;
}

static int show_map(struct seq_file *m, struct super_block *sb,
		    const struct bpffs_map *map)
{
	struct inode *inode = bpffs_map_find_inode(sb, map);
	struct dentry *dentry = inode ? d_find_alias(inode) : NULL;
	int err = 0;

	if (dentry)
		err = bpffs_seq_path(m, dentry);
	else
		bpffs_seq_string(m, map->name);
	dput(dentry);
	iput(inode);
	return err;
}

static int show_maps(struct seq_file *m, struct super_block *sb,
		     const struct bpffs_prog *prog)
{
	int err = 0;
	u32 i;

	seq_puts(m, "maps: [");
	for (i = 0; i < prog->nr_maps && !err; i++) {
		if (i)
			seq_puts(m, ", ");
		err = show_map(m, sb, prog->maps[i]);
	}
	seq_puts(m, "]\n");
	return err;
}

static int show_hooks(struct seq_file *m, struct inode *inode)
{
	struct bpffs_ns *ns = bpffs_ns(inode->i_sb);
	struct bpffs_attachment *attachment;
	bool first = true;
	int err;

	err = mutex_lock_killable(&ns->hooks_lock);
	if (err)
		return err;
	seq_puts(m, "hooks: [");
	list_for_each_entry(attachment, &bpffs_i(inode)->attachments, in_prog) {
		if (!first)
			seq_puts(m, ", ");
		first = false;
		err = bpffs_seq_path(m, attachment->dentry);
		if (err)
			break;
	}
	seq_puts(m, "]\n");
	mutex_unlock(&ns->hooks_lock);
	return err;
}

static void show_stats(struct seq_file *m, const struct bpf_prog *prog)
{
	u64 count = 0, time = 0, misses = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct bpf_prog_stats *stats = per_cpu_ptr(prog->stats, cpu);
		unsigned int start;
		u64 c, t, s;

		do {
			start = u64_stats_fetch_begin(&stats->syncp);
			c = u64_stats_read(&stats->cnt);
			t = u64_stats_read(&stats->nsecs);
			s = u64_stats_read(&stats->misses);
		} while (u64_stats_fetch_retry(&stats->syncp, start));
		count += c;
		time += t;
		misses += s;
	}
	seq_printf(m, "run_count: %llu\nrun_time_ns: %llu\nrecursion_misses: %llu\n",
		   count, time, misses);
}

static int prog_show(struct seq_file *m, void *unused)
{
	struct inode *inode = m->private;
	const struct bpffs_prog *prog = bpffs_i(inode)->prog;
	const struct bpf_prog *native = prog->prog;
	int err;

	seq_puts(m, "type: ");
	bpffs_seq_string(m, bpffs_prog_type_name(native->type));
	seq_puts(m, "\nsection: ");
	bpffs_seq_string(m, prog->section);
	seq_printf(m, "\nid: %u\ntag: \"%*phN\"\ninstructions: %u\njited_bytes: %u\n",
		   native->aux->id, (int)sizeof(native->tag), native->tag,
		   native->len, native->jited ? native->jited_len : 0);
	seq_printf(m, "verified_instructions: %u\n", native->aux->verified_insns);
	show_stats(m, native);
	err = show_maps(m, inode->i_sb, prog);
	return err ?: show_hooks(m, inode);
}

static int prog_open(struct inode *inode, struct file *file)
{
	if (file->f_mode & FMODE_WRITE)
		return -EPERM;
	return single_open(file, prog_show, inode);
}

const struct file_operations bpffs_prog_fops = {
	.owner		= THIS_MODULE,
	.open		= prog_open,
	.release	= single_release,
	.read_iter	= seq_read_iter,
	.splice_read	= bpffs_splice_read,
	.llseek		= seq_lseek,
	.unlocked_ioctl	= bpffs_ioctl,
	.compat_ioctl	= bpffs_ioctl,
};
