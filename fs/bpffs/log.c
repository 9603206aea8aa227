// SPDX-License-Identifier: GPL-2.0
/*
 * log: what the last load, attach or write in a directory had to say.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include "internal.h"

/**
 * struct bpffs_log - one log, complete
 * @ref: held by the directory whose last log it is and by open files
 * @vlog: the verifier's part, owned
 * @len: bytes in @text
 * @text: the part before it
 *
 * Immutable. An open file keeps reading the log that it began to read.
 */
struct bpffs_log {
	struct kref ref;
	struct bpffs_vlog vlog;
	size_t len;
	char text[];
};

static void log_free(struct kref *ref)
{
	struct bpffs_log *log = container_of(ref, struct bpffs_log, ref);

	bpffs_vlog_free(&log->vlog);
	kfree(log);
}

/**
 * bpffs_log_put() - one holder less; may sleep
 * @log: log, or NULL
 */
void bpffs_log_put(struct bpffs_log *log)
{
	if (log)
		kref_put(&log->ref, log_free);
}

/* Replaces the directory's log by one made of @fmt and @vlog. */
__printf(3, 4)
static void log_set(struct bpffs_dir *dir, struct bpffs_vlog *vlog,
		    const char *fmt, ...)
{
	struct bpffs_log *log, *old;
	va_list args;
	size_t len;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	/* Without memory for it the old log would be a lie: there is none then. */
	log = kzalloc(struct_size(log, text, len + 1), GFP_KERNEL_ACCOUNT);
	if (log) {
		kref_init(&log->ref);
		va_start(args, fmt);
		log->len = vscnprintf(log->text, len + 1, fmt, args);
		va_end(args);
		if (vlog) {
			log->vlog = *vlog;
			memset(vlog, 0, sizeof(*vlog));
		}
	}
	spin_lock(&dir->log_lock);
	old = dir->log;
	dir->log = log;
	spin_unlock(&dir->log_lock);
	bpffs_log_put(old);
}

/* "EACCES"; the number where the kernel was built without names. */
static const char *errno_name(char *buf, size_t size, int err)
{
	snprintf(buf, size, "%pe", ERR_PTR(err));
	return buf[0] == '-' ? buf + 1 : buf;
}

static void log_refusal(struct bpffs_dir *dir, const struct bpffs_diag *diag,
			const char *remarks, struct bpffs_vlog *vlog)
{
	char buf[24];

	log_set(dir, vlog, "error: %s: %s\n%s",
		errno_name(buf, sizeof(buf), diag->err), diag->text, remarks);
}

/* Text is refused at a place: the node it was written to, line and column. */
static void log_refusal_at(struct bpffs_dir *dir, const struct bpffs_diag *diag,
			   struct dentry *dentry)
{
	struct dentry *parent = dget_parent(dentry);
	bool control = d_inode(parent)->i_op == &bpffs_dir_iops;
	struct name_snapshot name;
	char buf[24];

	take_dentry_name_snapshot(&name, dentry);
	log_set(dir, NULL, "error: %s: %s%s%s: line %u, column %u: %s\n",
		errno_name(buf, sizeof(buf), diag->err),
		control ? "" : (const char *)parent->d_name.name,
		control ? "" : "/", name.name.name, diag->line, diag->column,
		diag->text);
	release_dentry_name_snapshot(&name);
	dput(parent);
}

static const char *plural(u32 nr)
{
	return nr == 1 ? "" : "s";
}

/**
 * bpffs_log_load() - the log of a load
 * @dir: directory it was for
 * @load: its result
 * @diag: its refusal, if @diag->err is not 0
 * @vlog: what the verifier said; emptied
 */
void bpffs_log_load(struct bpffs_dir *dir, const struct bpffs_load *load,
		    const struct bpffs_diag *diag, struct bpffs_vlog *vlog)
{
	const char *remarks = load->remarks ?: "";

	if (diag->err) {
		log_refusal(dir, diag, remarks, vlog);
		return;
	}
	log_set(dir, vlog, "ok: %u map%s, %u program%s, %u variable%s\n%s",
		load->nr_maps, plural(load->nr_maps),
		load->nr_progs, plural(load->nr_progs),
		load->nr_vars, plural(load->nr_vars), remarks);
}

/**
 * bpffs_log_error() - the log of anything else that is refused
 * @dir: directory it was for
 * @diag: the refusal; nothing is logged where it has no sentence
 */
void bpffs_log_error(struct bpffs_dir *dir, const struct bpffs_diag *diag)
{
	if (diag->err)
		log_refusal(dir, diag, "", NULL);
}

/**
 * bpffs_log_error_at() - the same, for a refusal at an open file
 * @file: open node of the directory
 * @diag: the refusal
 */
void bpffs_log_error_at(struct file *file, const struct bpffs_diag *diag)
{
	struct bpffs_dir *dir = bpffs_dir_of(file->f_path.dentry);

	if (diag->err && diag->line)
		log_refusal_at(dir, diag, file->f_path.dentry);
	else
		bpffs_log_error(dir, diag);
	bpffs_dir_put(dir);
}

static int bpffs_log_open(struct inode *inode, struct file *file)
{
	struct bpffs_dir *dir = bpffs_i(inode)->dir;
	struct bpffs_log *log;

	if (file->f_mode & FMODE_WRITE)
		return -EPERM;
	spin_lock(&dir->log_lock);
	log = dir->log;
	if (log)
		kref_get(&log->ref);
	spin_unlock(&dir->log_lock);
	file->private_data = log;
	return 0;
}

static int bpffs_log_release(struct inode *inode, struct file *file)
{
	bpffs_log_put(file->private_data);
	return 0;
}

static ssize_t bpffs_log_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct bpffs_log *log = iocb->ki_filp->private_data;
	size_t skip, done = 0;
	loff_t pos = iocb->ki_pos;
	int i;

	if (!log || pos < 0)
		return 0;
	for (i = 0; i < 2 && iov_iter_count(to); i++) {
		const char *text = i ? log->vlog.text : log->text;
		size_t len = i ? log->vlog.len : log->len;

		if (pos >= len) {
			pos -= len;
			continue;
		}
		skip = pos;
		pos = 0;
		len = copy_to_iter(text + skip, len - skip, to);
		if (!len && iov_iter_count(to))
			break;
		done += len;
	}
	iocb->ki_pos += done;
	return done || !iov_iter_count(to) || i == 2 ? done : -EFAULT;
}

static loff_t bpffs_log_llseek(struct file *file, loff_t offset, int whence)
{
	struct bpffs_log *log = file->private_data;

	return generic_file_llseek_size(file, offset, whence, MAX_LFS_FILESIZE,
					log ? log->len + log->vlog.len : 0);
}

const struct file_operations bpffs_log_fops = {
	.owner		= THIS_MODULE,
	.open		= bpffs_log_open,
	.release	= bpffs_log_release,
	.read_iter	= bpffs_log_read,
	.llseek		= bpffs_log_llseek,
	.splice_read	= bpffs_splice_read,
};
