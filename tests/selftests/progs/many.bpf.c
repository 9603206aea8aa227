// SPDX-License-Identifier: GPL-2.0
/* Programs that kernels since 7.x attach to many functions at once. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("?fentry.multi/vfs_f*")
int of_vmlinux(void *ctx)
{
	return 0;
}

SEC("?fexit.multi/nf_conntrack:nf_conntrack_f*")
int of_module(void *ctx)
{
	return 0;
}

SEC("?fexit.multi/no_such_module:f*")
int of_none(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
