// SPDX-License-Identifier: GPL-2.0
/*
 * A program that changes a map while others read it: every getppid(2) adds
 * an entry under a new key and removes one that is older. Keys below "kept"
 * it leaves alone.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define WINDOW	512

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, __u32);
	__type(value, __u64);
} table SEC(".maps");

const volatile __u32 kept = 1000;

__u32 next;

SEC("tracepoint/syscalls/sys_enter_getppid")
int on_getppid(void *ctx)
{
	__u32 key = kept + __sync_fetch_and_add(&next, 1);
	__u64 value = key;

	bpf_map_update_elem(&table, &key, &value, BPF_ANY);
	if (key < kept + WINDOW)
		return 0;
	key -= WINDOW;
	bpf_map_delete_elem(&table, &key);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
