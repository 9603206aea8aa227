/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
#ifndef _UAPI_LINUX_BPFFS_H
#define _UAPI_LINUX_BPFFS_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* f_type of statfs(2), "bpfs" in ASCII. */
#define BPFFS_MAGIC		0x62706673

/* Version of the text grammar that map, variable and config files speak. */
#define BPFFS_TEXT_VERSION	1

/*
 * On an open map or program file: returns a close-on-exec file descriptor that
 * bpf(2) and libbpf accept, with no more rights than the open file has. A program
 * has to be open for reading, a map for reading and writing, or for either by
 * who has CAP_SYS_ADMIN; otherwise EACCES.
 */
#define BPFFS_IOC_GET_FD	_IO('b', 0xf5)

#endif /* _UAPI_LINUX_BPFFS_H */
