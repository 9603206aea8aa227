// SPDX-License-Identifier: GPL-2.0
/* A static variable of a module that was linked with clang's LTO. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

extern const void dctcp_alpha __ksym;

__u64 address;

SEC("xdp")
int look(struct xdp_md *ctx)
{
	address = (__u64)&dctcp_alpha;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
