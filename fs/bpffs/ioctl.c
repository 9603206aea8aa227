// SPDX-License-Identifier: GPL-2.0
/*
 * The bridge to bpf(2): a native descriptor for an open map or program.
 */
#include <uapi/linux/bpffs.h>
#include "internal.h"

static struct bpffs_native *native_of(const struct inode *inode)
{
	const struct bpffs_inode *node = bpffs_i(inode);

	return node->kind == &bpffs_map_kind ? node->map->native : node->prog->native;
}

/**
 * bpffs_ioctl() - ->unlocked_ioctl of map and program files
 * @file: open file
 * @cmd: BPFFS_IOC_GET_FD
 * @arg: not looked at
 *
 * Return: a descriptor with no more rights than @file has, or -ENOTTY for
 * another command, -EACCES if those are not enough, -EMFILE, -ENFILE, -ENOMEM.
 */
long bpffs_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	if (cmd != BPFFS_IOC_GET_FD)
		return -ENOTTY;
	return bpffs_native_fd(native_of(file_inode(file)),
			       file->f_mode & (FMODE_READ | FMODE_WRITE));
}
