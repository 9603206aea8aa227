// SPDX-License-Identifier: GPL-2.0
/*
 * Files opened, per command.
 *
 *	cp opens.bpf.o /bpf/opens/load
 *	echo '*' > /bpf/opens/attach
 *	cat /bpf/opens/maps/by_comm
 *
 * Programs of today mostly call openat(2). To count openat2(2) as well, give
 * the program a second hook:
 *
 *	ln progs/on_open hooks/tracepoint/syscalls/sys_enter_openat2/
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define COMM_LEN	16

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, char[COMM_LEN]);
	__type(value, __u64);
} by_comm SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_openat")
int on_open(void *ctx)
{
	char comm[COMM_LEN] = {};
	__u64 one = 1, *count;

	bpf_get_current_comm(comm, sizeof(comm));
	count = bpf_map_lookup_elem(&by_comm, comm);
	if (!count) {
		/* Another CPU may have made the entry since: count in that. */
		if (!bpf_map_update_elem(&by_comm, comm, &one, BPF_NOEXIST))
			return 0;
		count = bpf_map_lookup_elem(&by_comm, comm);
		if (!count)
			return 0;
	}
	__sync_fetch_and_add(count, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
