// SPDX-License-Identifier: GPL-2.0
/*
 * How long tasks that could run waited for a CPU.
 *
 * Every command gets a histogram in maps/hist: slots[N] counts the waits that
 * took from 2^N up to 2^(N+1) microseconds, slots[0] those of less than two.
 *
 *	echo 'only: "make"' > config	# before the load: one command alone
 *	cp runqlat.bpf.o load
 *	echo '*' > attach
 *	cat maps/hist
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define COMM_LEN	16
#define NR_SLOTS	26
#define TASK_RUNNING	0

struct hist {
	__u64 waits;
	__u64 slots[NR_SLOTS];
};

/* Command to watch; every command where it is empty. */
const volatile char only[COMM_LEN] = "";

/* When a task that waits for its CPU began to, by thread id. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, __u64);
} start SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, char[COMM_LEN]);
	__type(value, struct hist);
} hist SEC(".maps");

/* What a new entry of hist begins as; a stack has no room for it. */
static const struct hist empty;

static bool watched(struct task_struct *task)
{
	int i;

	if (!only[0])
		return true;
	for (i = 0; i < COMM_LEN; i++) {
		if (task->comm[i] != only[i])
			return false;
		if (!only[i])
			break;
	}
	return true;
}

static void begin_wait(struct task_struct *task)
{
	__u64 now = bpf_ktime_get_ns();
	__u32 tid = task->pid;

	/* Thread 0 is the idle task of every CPU: it waits for nothing. */
	if (tid && watched(task))
		bpf_map_update_elem(&start, &tid, &now, BPF_ANY);
}

/*
 * Position of the highest bit, and 0 for 0. Sets every bit below it and counts
 * them: without branches there is one way through for the verifier, not 64.
 */
static __u32 log2_of(__u64 value)
{
	value |= 1;
	value |= value >> 1;
	value |= value >> 2;
	value |= value >> 4;
	value |= value >> 8;
	value |= value >> 16;
	value |= value >> 32;
	value -= value >> 1 & 0x5555555555555555;
	value = (value & 0x3333333333333333) + (value >> 2 & 0x3333333333333333);
	value = (value + (value >> 4)) & 0x0f0f0f0f0f0f0f0f;
	return (value * 0x0101010101010101 >> 56) - 1;
}

static struct hist *hist_of(struct task_struct *task)
{
	char comm[COMM_LEN] = {};
	struct hist *found;

	bpf_probe_read_kernel_str(comm, sizeof(comm), task->comm);
	found = bpf_map_lookup_elem(&hist, comm);
	if (found)
		return found;
	bpf_map_update_elem(&hist, comm, &empty, BPF_NOEXIST);
	return bpf_map_lookup_elem(&hist, comm);
}

static void end_wait(struct task_struct *task)
{
	__u32 tid = task->pid, slot;
	__u64 *since, waited;
	struct hist *waits;

	since = bpf_map_lookup_elem(&start, &tid);
	if (!since)
		return;
	waited = bpf_ktime_get_ns() - *since;
	bpf_map_delete_elem(&start, &tid);

	waits = hist_of(task);
	if (!waits)
		return;
	slot = log2_of(waited / 1000);
	if (slot >= NR_SLOTS)
		slot = NR_SLOTS - 1;
	__sync_fetch_and_add(&waits->waits, 1);
	__sync_fetch_and_add(&waits->slots[slot], 1);
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(on_wakeup, struct task_struct *task)
{
	begin_wait(task);
	return 0;
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(on_wakeup_new, struct task_struct *task)
{
	begin_wait(task);
	return 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev,
	     struct task_struct *next)
{
	/* A task that was made to leave while it could run waits again. */
	if (prev->__state == TASK_RUNNING)
		begin_wait(prev);
	end_wait(next);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
