// SPDX-License-Identifier: GPL-2.0
/* BTF that 6.1 refuses as it is: a '?' in the name of a section. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

int odd SEC("?odd") = 1;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} table SEC(".maps");

SEC("kprobe/vfs_read")
int prog(void *ctx)
{
	__u32 key = 0;

	return !!bpf_map_lookup_elem(&table, &key);
}

char LICENSE[] SEC("license") = "GPL";
