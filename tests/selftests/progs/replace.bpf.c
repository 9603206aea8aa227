// SPDX-License-Identifier: GPL-2.0
/* Programs for functions of the program in target.bpf.c. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

__u64 seen;

SEC("freplace/amount")
int more(int by)
{
	return by + 10;
}

SEC("?fentry")
int watch(__u64 *ctx)
{
	__sync_fetch_and_add(&seen, ctx[0]);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
