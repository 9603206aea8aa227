// SPDX-License-Identifier: GPL-2.0
/* Programs of which the section says nothing: config has to. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

__u64 calls;

SEC("mine")
int anywhere(void *ctx)
{
	__sync_fetch_and_add(&calls, 1);
	return 0;
}

SEC("mine/too")
int packet(void *ctx)
{
	return 2;
}

SEC("kprobe")
int no_target(void *ctx)
{
	__sync_fetch_and_add(&calls, 100);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
