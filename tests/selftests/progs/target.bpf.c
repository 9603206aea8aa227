// SPDX-License-Identifier: GPL-2.0
/* A program whose functions others replace and trace. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

__u64 total;

__noinline int amount(int by)
{
	volatile int result = by;

	return result;
}

SEC("tracepoint/syscalls/sys_enter_fsync")
int on_target(void *ctx)
{
	__sync_fetch_and_add(&total, amount(1));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
