// SPDX-License-Identifier: GPL-2.0
/* What few objects have, and libbpf takes all the same. */
/* Tests of the host include this after the header that they have. */
#ifndef __LINUX_BPF_H__
#include "vmlinux.h"
#endif
#include <bpf/bpf_helpers.h>

static __noinline int once(int n)
{
	return n + 1;
}

/* Addresses that nobody fills in, and a number beside them. */
struct {
	int (*functions[2])(int n);
	int number;
} table = { { once, once }, 7 };

/* Names that no file can have. */
__u32 odd SEC(".data.very-odd name/one") = 5;
__u32 größe = 6;
__u32 weiß = 7;

/* A queue has no keys. */
struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 4);
	__type(key, struct { });
	__type(value, __u32);
} waiting SEC(".maps");

/* Larger than an object may be. */
__u32 cursor SEC(".bss.large");
char buffer[(40 << 20) - 4] SEC(".bss.large");

__u32 total;

__noinline int add(int n)
{
	total += n;
	return total;
}

int also_add(int n) __attribute__((alias("add")));

/* Two names of a program, which calls a function by the second of its names. */
SEC("xdp")
int prog(struct xdp_md *ctx)
{
	return also_add(once(table.number));
}

int also_prog(struct xdp_md *ctx) __attribute__((alias("prog")));

SEC("tc")
int last(struct __sk_buff *ctx)
{
	return add(1);
}

char LICENSE[3] SEC("license") = { 'G', 'P', 'L' };
