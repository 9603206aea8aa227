// SPDX-License-Identifier: GPL-2.0
/*
 * A little of everything that an object can hold, for tests of the tree:
 * maps, variables of every section and type, a program that loads by itself
 * and one that does not.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

enum colour {
	RED,
	GREEN,
	BLUE,
};

struct point {
	__s32 x;
	__s32 y;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct point);
} points SEC(".maps");

/* Added to entry 0 of counts by every event. */
const volatile __u64 step = 1;
const volatile char greeting[16] = "hello";
const volatile enum colour colour = GREEN;
const volatile bool doubled;

__u32 limit = 7;
__s64 deepest = -9;
struct point where = { .x = 3, .y = -4 };
__u16 list[4] = { 1, 2, 3 };

__u64 seen;
static __u64 hidden;

/* A function of its own, so that the program calls across sections. */
static __noinline __u64 amount(__u64 unit)
{
	return doubled ? unit * 2 : unit;
}

SEC("tracepoint/syscalls/sys_enter_fsync")
int on_fsync(void *ctx)
{
	__u32 zero = 0;
	__u64 *count = bpf_map_lookup_elem(&counts, &zero);

	if (count)
		__sync_fetch_and_add(count, amount(step));
	__sync_fetch_and_add(&seen, 1);
	__sync_fetch_and_add(&hidden, limit);
	return 0;
}

SEC("?tracepoint/syscalls/sys_enter_fdatasync")
int on_fdatasync(void *ctx)
{
	struct point point = where;
	__u32 key = list[1] + colour + greeting[0];

	point.x += deepest;
	bpf_map_update_elem(&points, &key, &point, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
