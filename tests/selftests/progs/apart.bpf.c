// SPDX-License-Identifier: GPL-2.0
/* Two sections of a name, twice: apart.sed moves what has that in its name. */
/* Tests of the host include this after the header that they have. */
#ifndef __LINUX_BPF_H__
#include "vmlinux.h"
#endif
#include <bpf/bpf_helpers.h>

static const char hello[] SEC(".rodata.words") = "hello";
static const __u32 table_apart[3] SEC(".rodata.words") = { 10, 20, 30 };
const volatile __u32 limit_apart SEC(".rodata.words") = 2;
const volatile __u32 factor SEC(".rodata.words") = 100;
static const volatile __u32 grape SEC(".rodata.more");
static const volatile __u32 apple SEC(".rodata.more") = 1;
static const volatile __u32 pear_apart SEC(".rodata.more") = 1;

/* 3 bytes into the string, an entry of the table, and what config may set. */
SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 i = ctx->rx_queue_index & 1;

	return hello[i + 3] * factor + table_apart[i] + limit_apart + grape + apple -
	       pear_apart;
}

char _license[] SEC("license") = "GPL";
