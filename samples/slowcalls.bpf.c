// SPDX-License-Identifier: GPL-2.0
/*
 * Calls of one kernel function that took longer than a threshold, per command.
 *
 *	cat > config <<-END
 *	threshold_ns: 10000000
 *	progs.on_enter.attach_to: "vfs_read"
 *	progs.on_return.attach_to: "vfs_read"
 *	END
 *	cp slowcalls.bpf.o load
 *	echo '*' > attach
 *	cat maps/by_comm
 *	"sshd": {"calls": 12, "slow": 3, "total_ns": 49031200, "max_ns": 31200451}
 *
 * Without the middle lines it is vfs_fsync_range, which every fsync(2) and
 * fdatasync(2) comes through.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define COMM_LEN	16

struct calls {
	__u64 calls;
	__u64 slow;
	__u64 total_ns;
	__u64 max_ns;
};

/* A call is slow from here on. */
const volatile __u64 threshold_ns = 1000000;

/* When the call that a thread is in began. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, __u64);
} start SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, char[COMM_LEN]);
	__type(value, struct calls);
} by_comm SEC(".maps");

static struct calls *calls_of_current(void)
{
	char comm[COMM_LEN] = {};
	struct calls none = {};
	struct calls *calls;

	bpf_get_current_comm(comm, sizeof(comm));
	calls = bpf_map_lookup_elem(&by_comm, comm);
	if (calls)
		return calls;
	bpf_map_update_elem(&by_comm, comm, &none, BPF_NOEXIST);
	return bpf_map_lookup_elem(&by_comm, comm);
}

SEC("kprobe/vfs_fsync_range")
int on_enter(void *ctx)
{
	__u32 tid = bpf_get_current_pid_tgid();
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&start, &tid, &now, BPF_ANY);
	return 0;
}

SEC("kretprobe/vfs_fsync_range")
int on_return(void *ctx)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct calls *calls;
	__u64 *since, took;

	since = bpf_map_lookup_elem(&start, &tid);
	if (!since)
		return 0;
	took = bpf_ktime_get_ns() - *since;
	bpf_map_delete_elem(&start, &tid);

	calls = calls_of_current();
	if (!calls)
		return 0;
	__sync_fetch_and_add(&calls->calls, 1);
	__sync_fetch_and_add(&calls->total_ns, took);
	if (took >= threshold_ns)
		__sync_fetch_and_add(&calls->slow, 1);
	/* Two CPUs may race here; the larger value then comes back later. */
	if (took > calls->max_ns)
		calls->max_ns = took;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
