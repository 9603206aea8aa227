// SPDX-License-Identifier: GPL-2.0
/* Refused by the verifier: the look-up's result is used unchecked. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} table SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_fsync")
int fine(void *ctx)
{
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_fsync")
int careless(void *ctx)
{
	__u32 key = 1;
	__u64 *value = bpf_map_lookup_elem(&table, &key);

	*value += 1; /* the line that the log must name */
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
