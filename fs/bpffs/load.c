// SPDX-License-Identifier: GPL-2.0
/*
 * load: one ELF object, written in any order and in pieces of any size, loaded
 * by the write that completes it.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/splice.h>
#include <linux/uio.h>
#include <linux/user_namespace.h>
#include "internal.h"

/**
 * struct load_image - the object that one open file is writing
 * @lock: serialises writers of the open file
 * @data: its bytes so far, kvmalloc()ed
 * @cap: bytes @data has room for
 * @have: one bit for each byte that has arrived
 * @prefix: bytes that have arrived without a gap
 * @end: behind the last byte that has arrived
 * @need: bytes that must have arrived before more can be said
 * @known: @need is the length of the object
 * @done: it was loaded, or refused; not if a signal interrupted the load
 * @loaded: it was loaded
 * @no_dump: see &struct bpffs_load, of the last writer
 */
struct load_image {
	struct mutex lock;	/* writers of one open file */
	char *data;
	unsigned long *have;
	size_t cap;
	size_t prefix;
	size_t end;
	size_t need;
	bool known;
	bool done;
	bool loaded;
	bool no_dump;
};

static int image_open(struct inode *inode, struct file *file)
{
	struct load_image *image;
	struct bpffs_diag diag = {};

	if (file->f_mode & FMODE_READ)
		return -EPERM;
	if (!bpf_capable()) {
		bpffs_diag(&diag, -EPERM, "loading a program needs CAP_BPF");
		bpffs_log_error(bpffs_i(inode)->dir, &diag);
		return -EPERM;
	}
	image = kzalloc(sizeof(*image), GFP_KERNEL_ACCOUNT);
	if (!image)
		return -ENOMEM;
	mutex_init(&image->lock);
	file->private_data = image;
	return 0;
}

static void drop_bytes(struct load_image *image)
{
	kvfree(image->data);
	kvfree(image->have);
	image->data = NULL;
	image->have = NULL;
	image->cap = 0;
}

/*
 * dd truncates its output to where it begins to write. An object's length is
 * what its headers say, so there is nothing to do.
 */
static int load_setattr(bpffs_idmap *idmap, struct dentry *dentry,
			struct iattr *attr)
{
	int err = setattr_prepare(idmap, dentry, attr);

	if (err)
		return err;
	attr->ia_valid &= ~ATTR_SIZE;
	setattr_copy(idmap, d_inode(dentry), attr);
	return 0;
}

const struct inode_operations bpffs_load_iops = {
	.setattr	= load_setattr,
};

static bool is_complete(const struct load_image *image)
{
	return image->known && image->prefix == image->need;
}

static void tell_missing(const struct load_image *image, struct bpffs_dir *dir)
{
	struct bpffs_diag diag = {};
	size_t have;

	if (!image->end) {
		bpffs_diag(&diag, -EINVAL, "closed before anything was written");
	} else {
		have = bitmap_weight(image->have, min(image->end, image->need));
		bpffs_diag(&diag, -EINVAL,
			   "the object is incomplete: closed with %zu of %s%zu bytes, %zu missing",
			   have, image->known ? "" : "at least ", image->need,
			   image->need - have);
	}
	bpffs_log_error(dir, &diag);
}

static int image_release(struct inode *inode, struct file *file)
{
	struct load_image *image = file->private_data;

	if (!image->done && !is_complete(image))
		tell_missing(image, bpffs_i(inode)->dir);
	drop_bytes(image);
	mutex_destroy(&image->lock);
	kfree(image);
	return 0;
}

/*
 * So that cp of an empty or truncated file fails. Where another descriptor of
 * the same open file is left, it may still complete the object.
 */
static int image_flush(struct file *file, fl_owner_t id)
{
	struct load_image *image = file->private_data;

	if (READ_ONCE(image->done) || file_count(file) > 1)
		return 0;
	return is_complete(image) ? 0 : -EINVAL;
}

static int grow(struct load_image *image, size_t end)
{
	unsigned long *have;
	size_t cap;
	char *data;

	if (end <= image->cap)
		return 0;
	cap = clamp_t(size_t, roundup_pow_of_two(end), PAGE_SIZE, BPFFS_OBJECT_MAX);
	data = kvmalloc(cap, GFP_KERNEL_ACCOUNT);
	have = kvcalloc(BITS_TO_LONGS(cap), sizeof(*have), GFP_KERNEL_ACCOUNT);
	if (!data || !have) {
		kvfree(data);
		kvfree(have);
		return -ENOMEM;
	}
	if (image->end) {
		memcpy(data, image->data, image->end);
		bitmap_copy(have, image->have, image->end);
	}
	drop_bytes(image);
	image->data = data;
	image->have = have;
	image->cap = cap;
	return 0;
}

/*
 * What is stored in blocks comes with zeros behind it. They are forgotten, so that
 * no later write looks at them again.
 */
static int drop_padding(struct load_image *image, struct bpffs_diag *diag)
{
	size_t len = image->end - image->need;

	if (memchr_inv(image->data + image->need, 0, len))
		return bpffs_diag(diag, -EINVAL,
				  "%zu bytes follow the end of the object, and not all are zero",
				  len);
	bitmap_clear(image->have, image->need, len);
	image->end = image->need;
	image->prefix = min(image->prefix, image->need);
	return 0;
}

/* Judges the object by what has arrived of it without a gap. */
static int judge(struct load_image *image, struct bpffs_diag *diag)
{
	int err;

	image->prefix = find_next_zero_bit(image->have, image->end, image->prefix);
	if (!image->known && image->prefix >= image->need) {
		err = bpffs_elf_extent(image->data, image->prefix, &image->need, diag);
		if (err == -EAGAIN && image->need > image->prefix)
			return 0;
		if (err)
			return err;
		image->known = true;
	}
	if (image->known && image->end > image->need)
		return drop_padding(image, diag);
	return 0;
}

static int receive(struct load_image *image, loff_t pos, struct iov_iter *from,
		   struct bpffs_diag *diag)
{
	size_t len = iov_iter_count(from), end;
	int err;

	if (pos < 0 || len > BPFFS_OBJECT_MAX || pos > BPFFS_OBJECT_MAX - len)
		return bpffs_diag(diag, -EFBIG, "an object has at most %u bytes",
				  BPFFS_OBJECT_MAX);
	end = pos + len;
	err = grow(image, end);
	if (err)
		return bpffs_diag(diag, err, "out of memory for %zu bytes", end);
	if (copy_from_iter(image->data + pos, len, from) != len)
		return -EFAULT;
	/* What is skipped over is neither there nor anybody else's memory. */
	if (pos > image->end)
		memset(image->data + image->end, 0, pos - image->end);
	bitmap_set(image->have, pos, len);
	image->end = max(image->end, end);
	return judge(image, diag);
}

/* The arguments of bpffs_object_load(), for another thread to call it with. */
struct load_call {
	struct bpffs_load *load;
	struct bpffs_diag *diag;
};

static int call_load(void *arg)
{
	struct load_call *call = arg;

	return bpffs_object_load(call->load, call->diag);
}

/**
 * struct load_here - a load that was written to a file
 * @load: what the loader sees
 * @mnt: mount of the open load node, for paths that config names
 * @dir: the object directory
 */
struct load_here {
	struct bpffs_load load;
	struct vfsmount *mnt;
	struct dentry *dir;
};

static struct bpffs_map *find_map(struct bpffs_load *load, const char *name,
				  bool pinned, struct bpffs_diag *diag)
{
	struct load_here *here = container_of(load, struct load_here, load);

	return bpffs_share_find(here->dir, name, pinned, diag);
}

/* Paths in config begin where config stands. */
static struct bpffs_prog *find_prog(struct bpffs_load *load, const char *path,
				    struct bpffs_diag *diag)
{
	struct load_here *here = container_of(load, struct load_here, load);
	struct path from = {
		.mnt = here->mnt,
		.dentry = here->dir,
	};

	return bpffs_prog_at(&from, path, diag);
}

static int load_object(struct bpffs_dir *dir, struct load_here *here,
		       struct bpffs_diag *diag)
{
	struct bpffs_load *load = &here->load;
	struct load_call call = { .load = load, .diag = diag };
	int err;

	if (IS_DEADDIR(d_inode(here->dir)))
		return bpffs_diag(diag, -ENOENT, "this directory was removed");
	if (bpffs_items_loaded(here->dir, dir->object))
		return bpffs_diag(diag, -EBUSY,
				  "an object is loaded here already; remove it first or load into another directory");
	err = bpffs_call_private(call_load, &call);
	if (err)
		return err;
	err = bpffs_items_publish(here->dir, load, diag);
	if (err)
		return err;
	bpffs_object_put(dir->object);
	dir->object = bpffs_object_get(load->object);
	return 0;
}

/* So often names of maps may change under a load before it gives up. */
#define LOAD_TRIES	4

/* A load that found maps which have gone since, or come, is made anew. */
static noinline_for_stack int try_load(struct bpffs_dir *dir,
				       struct load_here *here,
				       struct bpffs_diag *diag)
{
	const struct bpffs_load blank = here->load;
	int tries = LOAD_TRIES;
	int err;

	for (;;) {
		err = load_object(dir, here, diag);
		if (err != -EAGAIN || diag->err || !--tries)
			return err;
		bpffs_load_release(&here->load);
		bpffs_vlog_free(blank.vlog);
		here->load = blank;
	}
}

static int load_image(struct file *file, struct load_image *image)
{
	struct bpffs_dir *dir = bpffs_i(file_inode(file))->dir;
	struct bpffs_vlog vlog = {};
	struct load_here here = {
		.load = {
			.image = image->data,
			.size = image->need,
			.config = &dir->config,
			.find_prog = find_prog,
			.find_map = find_map,
			.no_dump = image->no_dump,
			.vlog = &vlog,
		},
		.mnt = file->f_path.mnt,
		.dir = file->f_path.dentry->d_parent,
	};
	struct bpffs_diag diag = {};
	int err;

	err = mutex_lock_killable(&dir->loading);
	if (err)
		return err;
	err = mutex_lock_killable(&dir->lock);
	if (err)
		goto unlock;
	err = try_load(dir, &here, &diag);
	if (err == -EAGAIN)
		bpffs_diag(&diag, err,
			   "maps that the object shares came and went during the load");
	else if (err)
		bpffs_diag(&diag, err, "the object cannot be loaded");
	bpffs_log_load(dir, &here.load, &diag, &vlog);
	mutex_unlock(&dir->lock);
unlock:
	mutex_unlock(&dir->loading);
	bpffs_load_release(&here.load);
	bpffs_vlog_free(&vlog);
	return err;
}

/* Zeros that come in a write of their own, after the one that loaded. */
static ssize_t take_padding(struct load_image *image, struct kiocb *iocb,
			    struct iov_iter *from)
{
	size_t len = iov_iter_count(from), part;
	char bytes[128];

	if (!image->loaded || iocb->ki_pos < image->need || len > BPFFS_OBJECT_MAX ||
	    iocb->ki_pos > BPFFS_OBJECT_MAX - len)
		return -EINVAL;
	while (iov_iter_count(from)) {
		part = min(iov_iter_count(from), sizeof(bytes));
		if (copy_from_iter(bytes, part, from) != part)
			return -EFAULT;
		if (memchr_inv(bytes, 0, part))
			return -EINVAL;
	}
	iocb->ki_pos += len;
	return len;
}

static ssize_t write_image(struct kiocb *iocb, struct iov_iter *from)
{
	struct file *file = iocb->ki_filp;
	struct load_image *image = file->private_data;
	size_t len = iov_iter_count(from);
	struct bpffs_diag diag = {};
	int err;

	if (image->done)
		return take_padding(image, iocb, from);
	err = receive(image, iocb->ki_pos, from, &diag);
	if (err) {
		image->done = diag.err;
		bpffs_log_error(bpffs_i(file_inode(file))->dir, &diag);
		goto out;
	}
	/* After a signal that is not fatal the writer tries the last bytes again. */
	if (is_complete(image)) {
		err = load_image(file, image);
		image->done = err != -EINTR;
		image->loaded = !err;
	}
	if (!err)
		iocb->ki_pos += len;
out:
	if (image->done)
		drop_bytes(image);
	return err ? err : len;
}

/* What perfmon_capable() asks, without a word to audit. */
static bool sees_addresses(void)
{
	return ns_capable_noaudit(&init_user_ns, CAP_PERFMON) ||
	       ns_capable_noaudit(&init_user_ns, CAP_SYS_ADMIN);
}

static ssize_t image_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct load_image *image = iocb->ki_filp->private_data;
	const struct cred *old;
	bool writer_sees;
	ssize_t ret;

	if (!iov_iter_count(from))
		return 0;
	ret = mutex_lock_killable(&image->lock);
	if (ret)
		return ret;
	/* The writer can read the log while it is written; the opener judges. */
	writer_sees = sees_addresses();
	old = override_creds(iocb->ki_filp->f_cred);
	image->no_dump = sees_addresses() && !writer_sees;
	ret = write_image(iocb, from);
	revert_creds(old);
	mutex_unlock(&image->lock);
	return ret;
}

const struct file_operations bpffs_load_fops = {
	.owner		= THIS_MODULE,
	.open		= image_open,
	.release	= image_release,
	.flush		= image_flush,
	.write_iter	= image_write,
	.splice_write	= iter_file_splice_write,
	.llseek		= default_llseek,
};
