// SPDX-License-Identifier: GPL-2.0
/*
 * Sound, but the verifier walks every turn of a long loop: with log_level 2 it
 * has several MiB to say.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define TURNS	1800

__u64 total;

SEC("tracepoint/syscalls/sys_enter_fsync")
int on_fsync(void *ctx)
{
	__u64 sum = bpf_ktime_get_ns();
	__u32 i;

	for (i = 0; i < TURNS; i++) {
		sum = sum * 31 + i;
		sum ^= sum >> 7;
		if (sum & 1)
			sum += bpf_get_prandom_u32();
	}
	total = sum;
	return 0;
}

/*
 * Ends as well, but not before the verifier gives up: it has followed a million
 * instructions then, and said of most of them what they leave in a register.
 */
SEC("?tracepoint/syscalls/sys_enter_fsync")
int endless(void *ctx)
{
	__u64 sum = bpf_ktime_get_ns();
	__u32 i;

	for (i = 0; i < 100000000; i++) {
		sum &= 0x7ffff0f0;
		sum *= 3;
		sum &= 0x3fff0ff0;
		sum += i;
	}
	total = sum;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
