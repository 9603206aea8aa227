// SPDX-License-Identifier: GPL-2.0
/* Maps as they were defined before .maps, some beside one that is in it. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_map_def {
	unsigned int type;
	unsigned int key_size;
	unsigned int value_size;
	unsigned int max_entries;
	unsigned int map_flags;
	unsigned int later[2];
};

struct stats {
	__u64 packets;
	__u64 bytes;
};

struct bpf_map_def SEC("maps") by_port = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(__u16),
	.value_size = sizeof(struct stats),
	.max_entries = 64,
	.map_flags = BPF_F_NO_PREALLOC,
};

struct bpf_map_def SEC("maps") events = {
	.type = BPF_MAP_TYPE_PERF_EVENT_ARRAY,
	.key_size = sizeof(int),
	.value_size = sizeof(int),
};

struct ____btf_map_by_port {
	__u16 key;
	struct stats value;
};

struct ____btf_map_by_port *by_port_types;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} modern SEC(".maps");

SEC("kprobe/vfs_read")
int prog(void *ctx)
{
	__u16 port = 80;
	__u32 zero = 0;

	bpf_map_lookup_elem(&by_port, &port);
	bpf_map_lookup_elem(&modern, &zero);
	return bpf_perf_event_output(ctx, &events, 0, &port, sizeof(port));
}

char LICENSE[] SEC("license") = "GPL";
