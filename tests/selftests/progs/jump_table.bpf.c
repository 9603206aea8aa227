// SPDX-License-Identifier: GPL-2.0
/*
 * Jump tables, as LLVM 21 makes them of a switch for -mcpu=v4: older compilers have
 * to be told each byte. An entry is an offset into the section of the function.
 */
/* Tests of the host include this after the header that they have. */
#ifndef __LINUX_BPF_H__
#include "vmlinux.h"
#endif
#include <bpf/bpf_helpers.h>

/* goto *r2 */
#define GOTO_R2	".8byte 0x20d;"

static __attribute__((noinline)) int twice(int n)
{
	asm volatile("" : "+r"(n));
	return 2 * n;
}

/* 3 for an even number, 5 for an odd one. */
static __attribute__((noinline, naked)) int pick(int n)
{
	asm volatile(".pushsection .jumptables,\"\",@progbits;"
		     "pick_jumps: .quad pick_even - .text;"
		     ".quad pick_odd - .text;"
		     ".size pick_jumps, 16;"
		     ".global pick_jumps;"
		     ".popsection;"
		     "r1 &= 1;"
		     "r1 <<= 3;"
		     "r2 = pick_jumps ll;"
		     "r2 += r1;"
		     "r2 = *(u64 *)(r2 + 0);"
		     GOTO_R2
		     "pick_even: r0 = 3;"
		     "exit;"
		     "pick_odd: r0 = 5;"
		     "exit;"
		     ::: "r0", "r1", "r2");
}

SEC("?xdp")
int jumps(struct xdp_md *ctx)
{
	int even = pick(ctx->rx_queue_index);

	return twice(even + 10 * pick(1));
}

SEC("xdp")
int straight(struct xdp_md *ctx)
{
	return twice(4);
}

char _license[] SEC("license") = "GPL";
