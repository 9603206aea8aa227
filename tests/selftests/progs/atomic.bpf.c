// SPDX-License-Identifier: GPL-2.0
/* Types that clang has no BTF for before version 20: what is _Atomic. */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct visits {
	_Atomic __u64 hits;
	__u32 last;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct visits);
} stats SEC(".maps");

_Atomic __u32 total = 5;
__u32 known SEC(".data.known");

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 key = 1;
	struct visits *stat = bpf_map_lookup_elem(&stats, &key);

	if (stat) {
		__c11_atomic_fetch_add(&stat->hits, 3, __ATOMIC_RELAXED);
		stat->last = 7;
	}
	known = bpf_core_field_exists(struct task_struct, pid);
	return __c11_atomic_fetch_add(&total, 1, __ATOMIC_RELAXED);
}

char _license[] SEC("license") = "GPL";
