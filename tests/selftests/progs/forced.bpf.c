// SPDX-License-Identifier: GPL-2.0
/*
 * For operations that are forced to fail and tried again: small maps of every
 * kind of access, and a ring buffer whose records are all alike.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct pair {
	__u32 left;
	__u32 right;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct pair);
} array SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct pair);
} hash SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 8);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, __u64);
} percpu SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps") __attribute__((btf_decl_tag("record: struct pair")));

SEC("tracepoint/syscalls/sys_enter_fsync")
int on_fsync(void *ctx)
{
	struct pair pair = { .left = 1, .right = 2 };

	bpf_ringbuf_output(&ring, &pair, sizeof(pair), 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
