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

char LICENSE[] SEC("license") = "GPL";
