// SPDX-License-Identifier: GPL-2.0
/*
 * Ring buffers: one whose records are typed by a tag, one whose records are
 * not. Every fsync(2) leaves one record in each.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct record {
	__u32 number;
	char comm[16];
	__u16 pair[2];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} typed SEC(".maps") __attribute__((btf_decl_tag("record: struct record")));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} bare SEC(".maps");

__u32 number;
__u32 lost;

static __noinline void fill(struct record *record, __u32 nr)
{
	record->number = nr;
	record->pair[0] = nr * 2;
	record->pair[1] = nr * 3;
	bpf_get_current_comm(record->comm, sizeof(record->comm));
}

SEC("tracepoint/syscalls/sys_enter_fsync")
int on_fsync(void *ctx)
{
	__u32 nr = __sync_fetch_and_add(&number, 1);
	struct record *record;

	bpf_ringbuf_output(&bare, &nr, sizeof(nr), 0);
	record = bpf_ringbuf_reserve(&typed, sizeof(*record), 0);
	if (!record) {
		__sync_fetch_and_add(&lost, 1);
		return 0;
	}
	fill(record, nr);
	bpf_ringbuf_submit(record, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
