// SPDX-License-Identifier: GPL-2.0
/*
 * A program to be attached to the functions that bpffs itself runs through,
 * those that change the program's own maps among them.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} table SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} percpu SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} lru SEC(".maps");

__u64 runs;

SEC("kprobe")
int meddle(void *ctx)
{
	__u64 now = bpf_ktime_get_ns();
	__u32 key, i;

	for (i = 0; i < 4; i++) {
		key = i;
		bpf_map_update_elem(&table, &key, &now, BPF_ANY);
		bpf_map_update_elem(&percpu, &key, &now, BPF_ANY);
		bpf_map_update_elem(&lru, &key, &now, BPF_ANY);
		bpf_map_delete_elem(&table, &key);
		bpf_map_delete_elem(&lru, &key);
	}
	__sync_fetch_and_add(&runs, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
