// SPDX-License-Identifier: GPL-2.0
/* A map of every type that an object of 6.1 can define, and their values. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct guarded {
	struct bpf_spin_lock lock;
	__u32 count;
};

#define MAP(_name, _type, _entries, _flags, _key, _value) struct {	\
	__uint(type, BPF_MAP_TYPE_##_type);				\
	__uint(max_entries, _entries);					\
	__uint(map_flags, _flags);					\
	__type(key, _key);						\
	__type(value, _value);						\
} _name SEC(".maps")

MAP(stacks, STACK_TRACE, 16, 0, __u32, __u64[127]);
MAP(cgroups, CGROUP_ARRAY, 4, 0, __u32, __u32);
MAP(devs, DEVMAP, 4, 0, __u32, struct bpf_devmap_val);
MAP(devs_by_name, DEVMAP_HASH, 4, 0, __u32, struct bpf_devmap_val);
MAP(cpus, CPUMAP, 2, 0, __u32, struct bpf_cpumap_val);
MAP(xsks, XSKMAP, 4, 0, __u32, __u32);
MAP(socks, SOCKMAP, 4, 0, __u32, __u64);
MAP(socks_by_name, SOCKHASH, 4, 0, struct guarded, __u64);
MAP(ports, REUSEPORT_SOCKARRAY, 4, 0, __u32, __u64);
MAP(of_socket, SK_STORAGE, 0, BPF_F_NO_PREALLOC, int, struct guarded);
MAP(of_task, TASK_STORAGE, 0, BPF_F_NO_PREALLOC, int, struct guarded);
MAP(of_inode, INODE_STORAGE, 0, BPF_F_NO_PREALLOC, int, struct guarded);
MAP(of_cgroup, CGROUP_STORAGE, 0, 0, struct bpf_cgroup_storage_key, __u64);
MAP(of_cgroup_cpu, PERCPU_CGROUP_STORAGE, 0, 0, struct bpf_cgroup_storage_key, __u64);
MAP(plain, HASH, 4, 0, __u32, __u32);
MAP(guarded, HASH, 4, 0, __u32, struct guarded);
MAP(odd, ARRAY, 4, 0, struct { __u32 number; }, __u32);

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 4);
	__type(value, struct guarded);
} queue SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK);
	__uint(max_entries, 4);
	__uint(value_size, 8);
} stack SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
	__uint(max_entries, 100);
	__uint(map_extra, 3);
	__type(value, __u32);
} bloom SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(int));
	__uint(value_size, sizeof(int));
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 5000);
} commands SEC(".maps");

struct counter {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
};

struct counter even SEC(".maps"), odds SEC(".maps");
extern struct counter late;

/* The last of its maps is defined after it. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 3);
	__type(key, __u32);
	__array(values, struct counter);
} counters SEC(".maps") = {
	.values = { [0] = &even, [2] = &late },
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, __u32);
	__array(values, struct counter);
} by_number SEC(".maps") = {
	.values = { [1] = &odds },
};

struct counter late SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, __u64);
	__array(values, struct {
		__uint(type, BPF_MAP_TYPE_HASH);
		__uint(max_entries, 8);
		__type(key, __u32);
		__type(value, struct bpf_devmap_val);
	});
} empty SEC(".maps");

int jumped(void *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, sizeof(__u32));
	__array(values, int (void *));
} jumps SEC(".maps") = {
	.values = { [1] = (void *)&jumped },
};

static __always_inline void count(void *counter)
{
	__u32 zero = 0;
	__u64 *value = bpf_map_lookup_elem(counter, &zero);

	if (value)
		__sync_fetch_and_add(value, 1);
}

/* Counts through maps of maps, then jumps. */
SEC("tracepoint/syscalls/sys_enter_fsync")
int on_fsync(void *ctx)
{
	__u32 at = 0;
	void *counter;

	counter = bpf_map_lookup_elem(&counters, &at);
	if (counter)
		count(counter);
	at = 1;
	counter = bpf_map_lookup_elem(&by_number, &at);
	if (counter)
		count(counter);
	bpf_tail_call(ctx, &jumps, 1);
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_fdatasync")
int jumped(void *ctx)
{
	__u32 at = 2;
	void *counter = bpf_map_lookup_elem(&counters, &at);

	if (counter)
		count(counter);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
