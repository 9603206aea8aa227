// SPDX-License-Identifier: GPL-2.0
/* Maps as they were defined before .maps. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct bpf_map_def {
	unsigned int type;
	unsigned int key_size;
	unsigned int value_size;
	unsigned int max_entries;
	unsigned int map_flags;
};

struct bpf_map_def SEC("maps") counts = {
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 2,
};

struct bpf_map_def SEC("maps") events = {
	.type = BPF_MAP_TYPE_PERF_EVENT_ARRAY,
	.key_size = sizeof(int),
	.value_size = sizeof(int),
};

struct ____btf_map_counts {
	__u32 key;
	__u64 value;
};

struct ____btf_map_counts *counts_types;

SEC("tracepoint/syscalls/sys_enter_fsync")
int on_fsync(void *ctx)
{
	__u32 one = 1;
	__u64 *count = bpf_map_lookup_elem(&counts, &one);

	if (count)
		__sync_fetch_and_add(count, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
