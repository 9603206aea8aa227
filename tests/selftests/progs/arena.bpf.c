// SPDX-License-Identifier: GPL-2.0
/* Variables in an arena, small ones and some that are far from its beginning. */
/* Tests of the host include this after the header that they have. */
#ifndef __LINUX_BPF_H__
#include "vmlinux.h"
#endif
#include <bpf/bpf_helpers.h>

#define __arena		SEC(".addr_space.1")

/*
 * What the address of a variable in an arena is to the program. Compilers that
 * know arenas do it themselves: r1 = addr_space_cast(r1, 0, 1).
 */
static __always_inline void *to_kernel(void *p)
{
	asm volatile("r1 = %0; .byte 0xbf, 0x11; .short 1; .long 1; %0 = r1"
		     : "+r"(p) : : "r1");
	return p;
}

struct {
	__uint(type, 33);	/* BPF_MAP_TYPE_ARENA */
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 100);
} arena SEC(".maps");

__u8 first __arena = 1;
__s32 third __arena = -3;
__u64 counter __arena;
__u64 table[12000] __arena = {
	[0] = 2,
	[5000] = 0x123456789abcdef,
	[8191] = 4,
	[11999] = 5,
};

__s64 seen[7];
__u64 calls;

SEC("fentry/vfs_fsync_range")
int reader(void *ctx)
{
	__u64 *entries = to_kernel(&table[0]);
	__u64 *count = to_kernel(&counter);

	if (!*count) {
		seen[0] = *(__u8 *)to_kernel(&first);
		seen[1] = entries[0];
		seen[2] = *(__s32 *)to_kernel(&third);
		seen[3] = entries[5000];
		seen[4] = *(__u64 *)to_kernel(&table[8191]);
		seen[5] = *(__u64 *)to_kernel(&table[11999]);
		seen[6] = entries[4999];
	}
	calls = ++*count;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
