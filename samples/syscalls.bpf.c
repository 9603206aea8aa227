// SPDX-License-Identifier: GPL-2.0
/*
 * System calls, per number. Each CPU counts for itself, so no event waits for
 * another; a line of maps/calls is a number and the counts of all CPUs.
 *
 *	cp syscalls.bpf.o load
 *	echo '*' > attach
 *	cat maps/calls
 *	0: [1042, 388]
 *	1: [77, 12]
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} calls SEC(".maps");

/* Thread group to watch; every process where it is 0. */
const volatile __u32 only_pid;

SEC("raw_tracepoint/sys_enter")
int on_syscall(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 nr = ctx->args[1];
	__u64 one = 1, *count;

	if (only_pid && bpf_get_current_pid_tgid() >> 32 != only_pid)
		return 0;
	count = bpf_map_lookup_elem(&calls, &nr);
	if (count)
		(*count)++;
	else
		bpf_map_update_elem(&calls, &nr, &one, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
