// SPDX-License-Identifier: GPL-2.0
/* What few objects have, and libbpf takes all the same. */
#include <linux/bpf.h>
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

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	return once(table.number);
}

char LICENSE[] SEC("license") = "GPL";
