// SPDX-License-Identifier: GPL-2.0
/*
 * maps/NAME of maps whose entries have no text form: the file stands for the
 * map, can be linked, and lends a native descriptor.
 */
#include <linux/fs.h>
#include <linux/wait.h>
#include <linux/splice.h>
#include "internal.h"

static int refuse_text(struct kiocb *iocb, const char *what)
{
	struct file *file = iocb->ki_filp;
	const struct bpffs_map *map = bpffs_i(file_inode(file))->map;
	struct bpffs_diag diag = {};

	bpffs_diag(&diag, -EOPNOTSUPP,
		   "map %s: entries of type %s cannot be %s as text; BPFFS_IOC_GET_FD gives a descriptor for bpf(2)",
		   map->name, bpffs_map_type_name(map->map->map_type), what);
	bpffs_log_error_at(file, &diag);
	return diag.err;
}

static ssize_t opaque_read(struct kiocb *iocb, struct iov_iter *to)
{
	return refuse_text(iocb, "read");
}

static ssize_t opaque_write(struct kiocb *iocb, struct iov_iter *from)
{
	return refuse_text(iocb, "written");
}

const struct file_operations bpffs_opaque_fops = {
	.owner		= THIS_MODULE,
	.open		= nonseekable_open,
	.read_iter	= opaque_read,
	.write_iter	= opaque_write,
	.splice_read	= bpffs_splice_read,
	.splice_write	= iter_file_splice_write,
	.unlocked_ioctl	= bpffs_ioctl,
	.compat_ioctl	= bpffs_ioctl,
};
