// SPDX-License-Identifier: GPL-2.0
/*
 * The life of processes, as a stream: one line when a process begins a new
 * program, one when it ends.
 *
 *	cp proclife.bpf.o load
 *	echo '*' > attach
 *	cat maps/events
 *	{"what": "EXEC", "pid": 412, "parent": 388, "comm": "sleep", ...}
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define COMM_LEN	16

enum step {
	EXEC,
	EXIT,
};

struct event {
	enum step what;
	__u32 pid;
	__u32 parent;
	char comm[COMM_LEN];
	__u64 alive_ns;		/* since the process was forked */
	__u32 status;		/* of EXIT: what it returned */
	__u32 signal;		/* of EXIT: what killed it, 0 if nothing did */
};

/*
 * A ring buffer has no type of its own. The tag tells bpffs what a record is,
 * so that it reads as text; other loaders pass over it.
 */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps") __attribute__((btf_decl_tag("record: struct event")));

/* Events that found the ring buffer full. */
__u64 lost;

static __noinline void describe(struct event *event, enum step what,
				struct task_struct *task)
{
	__u32 code = what == EXIT ? BPF_CORE_READ(task, exit_code) : 0;

	event->what = what;
	event->pid = BPF_CORE_READ(task, tgid);
	event->parent = BPF_CORE_READ(task, real_parent, tgid);
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	event->alive_ns = bpf_ktime_get_ns() -
			  BPF_CORE_READ(task, group_leader, start_time);
	event->status = code >> 8 & 0xff;
	event->signal = code & 0x7f;
}

static int tell(enum step what, struct task_struct *task)
{
	struct event *event;

	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		__sync_fetch_and_add(&lost, 1);
		return 0;
	}
	describe(event, what, task);
	bpf_ringbuf_submit(event, 0);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task)
{
	return tell(EXEC, task);
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	/* Threads come and go within a life; its first one stands for it. */
	if (task->pid != task->tgid)
		return 0;
	return tell(EXIT, task);
}

char LICENSE[] SEC("license") = "GPL";
