// SPDX-License-Identifier: GPL-2.0
/* Compiled without -g: no BTF says what is in it. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 number = 5;
static __u32 table[4];

static __noinline int twice(int n)
{
	table[n & 3]++;
	return n * 2;
}

SEC("kretprobe")
int prog(void *ctx)
{
	return twice(number);
}
