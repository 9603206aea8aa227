// SPDX-License-Identifier: GPL-2.0
/* Maps that are shared by name, beside one that is not; counts calls of fsync(). */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#ifndef NR_SHARED
#define NR_SHARED 4
#endif

struct tally {
	__u64 count;
	__u32 last;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, NR_SHARED);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, __u32);
	__type(value, struct tally);
} shared SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, __u32);
	__type(value, __u64);
} shared_too SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} own SEC(".maps");

__u64 total = 5;
const volatile __u32 step = 1;

SEC("tracepoint/syscalls/sys_enter_fsync")
int on_fsync(void *ctx)
{
	struct tally fresh = { .count = 1, .last = 7 };
	struct tally *tally;
	__u32 zero = 0;
	__u64 *count;

	tally = bpf_map_lookup_elem(&shared, &zero);
	if (tally)
		__sync_fetch_and_add(&tally->count, step);
	else
		bpf_map_update_elem(&shared, &zero, &fresh, BPF_ANY);
	count = bpf_map_lookup_elem(&shared_too, &zero);
	if (count)
		__sync_fetch_and_add(count, 1);
	count = bpf_map_lookup_elem(&own, &zero);
	if (count)
		__sync_fetch_and_add(count, 1);
	total++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
