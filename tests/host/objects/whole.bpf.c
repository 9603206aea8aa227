// SPDX-License-Identifier: GPL-2.0
/* A bit of everything that the loader takes. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define __record(type)	__attribute__((btf_decl_tag("record: " type)))

struct event {
	__u32 pid;
	char comm[16];
};

struct key {
	__u32 a;
	__u32 b;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1000);
	__type(key, struct key);
	__type(value, __u64);
} by_key SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 5000);
} events SEC(".maps") __record("struct event");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 24);
	__uint(max_entries, 3);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__uint(numa_node, 0);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 16);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct key);
	__type(value, __u32);
} routes SEC(".maps");

/* Nothing else puts the type into BTF. */
struct event *event_type;

const volatile __u32 threshold = 7;
const volatile char name[8] = "abc";
const volatile __u64 unset;
__u64 total = 1;
int second = 2;
static __u64 hits;
__u64 zeroes[4];
__u32 custom SEC(".data.custom") = 3;
static __u32 private SEC(".data.private") = 4;
__u64 lone SEC(".bss.lone");

static __noinline int add(__u64 n)
{
	__sync_fetch_and_add(&hits, n);
	return n & 1;
}

__noinline int global_sub(__u32 n)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	e->pid = n;
	bpf_get_current_comm(e->comm, sizeof(e->comm));
	bpf_ringbuf_submit(e, 0);
	return add(n);
}

__attribute__((visibility("hidden"))) __noinline int hidden_sub(__u64 n)
{
	total += n;
	return add(n) + 1;
}

struct bpf_map;

static long each(struct bpf_map *map, const void *key, void *value, void *ctx)
{
	*(__u64 *)value += 1;
	return add(*(__u64 *)value) > 5;
}

SEC("tracepoint/syscalls/sys_enter_openat")
int on_open(void *ctx)
{
	struct key key = { .a = threshold, .b = custom };
	__u64 *value = bpf_map_lookup_elem(&by_key, &key);

	if (value)
		__sync_fetch_and_add(value, 1);
	zeroes[1] += second;
	private += lone;
	return global_sub(name[0]) + hidden_sub(unset);
}

SEC("tracepoint/syscalls/sys_enter_openat")
int on_open_too(void *ctx)
{
	__u32 zero = 0;

	bpf_map_lookup_elem(&counts, &zero);
	bpf_for_each_map_elem(&by_key, each, &zero, 0);
	bpf_printk("%d", zero);
	return add(3);
}

SEC("?kprobe/vfs_read+0x10")
int on_read(void *ctx)
{
	return hidden_sub(1);
}

SEC("fentry.s/do_unlinkat")
int on_unlink(void *ctx)
{
	return 0;
}

SEC("raw_tp/sys_enter")
int on_enter(void *ctx)
{
	struct key key = {};

	bpf_map_delete_elem(&routes, &key);
	return hidden_sub(2) + add(zeroes[2]);
}

char LICENSE[] SEC("license") = "GPL";
__u32 VERSION SEC("version") = 0x60100;
