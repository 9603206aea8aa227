/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers of the bpf(2) ABI that the headers of the oldest kernel lack.
 *
 * An object may ask for what the running kernel does not know yet; the kernel
 * judges. Numbers of the ABI never change, so each stands here once, under a
 * name of our own that no header can clash with.
 */
#ifndef _BPFFS_LOADER_KERNEL_NUMBERS_H
#define _BPFFS_LOADER_KERNEL_NUMBERS_H

#include <linux/bpf.h>

enum {
	BPFFS_MAP_TYPE_ARENA = 33,
	BPFFS_MAP_TYPE_INSN_ARRAY,
};

enum {
	BPFFS_PROG_TYPE_NETFILTER = 32,
};

enum {
	BPFFS_MAP_FLAG_LINK = 1 << 13,
};

enum {
	BPFFS_ATTACH_NETFILTER = 45,
	BPFFS_ATTACH_TCX_INGRESS,
	BPFFS_ATTACH_TCX_EGRESS,
	BPFFS_ATTACH_UPROBE_MULTI,
	BPFFS_ATTACH_UNIX_CONNECT,
	BPFFS_ATTACH_UNIX_SENDMSG,
	BPFFS_ATTACH_UNIX_RECVMSG,
	BPFFS_ATTACH_UNIX_GETPEERNAME,
	BPFFS_ATTACH_UNIX_GETSOCKNAME,
	BPFFS_ATTACH_NETKIT_PRIMARY,
	BPFFS_ATTACH_NETKIT_PEER,
	BPFFS_ATTACH_KPROBE_SESSION,
	BPFFS_ATTACH_UPROBE_SESSION,
	BPFFS_ATTACH_FSESSION,
	BPFFS_ATTACH_FENTRY_MULTI,
	BPFFS_ATTACH_FEXIT_MULTI,
	BPFFS_ATTACH_FSESSION_MULTI,
};

#endif /* _BPFFS_LOADER_KERNEL_NUMBERS_H */
