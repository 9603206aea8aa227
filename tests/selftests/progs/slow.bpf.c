// SPDX-License-Identifier: GPL-2.0
/*
 * A program that the verifier needs long for: it follows every turn of the
 * loop, and no two turns look alike to it.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

const volatile __u32 turns = 30000;

__u64 sum;

SEC("tracepoint/syscalls/sys_enter_fsync")
int on_fsync(void *ctx)
{
	volatile __u64 *to = &sum;
	__u32 i;

	for (i = 0; i < turns; i++)
		*to += i;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
