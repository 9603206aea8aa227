// SPDX-License-Identifier: GPL-2.0
/* CO-RE relocations, in a program and in a subprogram of it. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct task_struct {
	int pid;
	int tgid;
	struct task_struct *real_parent;
} __attribute__((preserve_access_index));

static __noinline int parent(struct task_struct *task)
{
	return BPF_CORE_READ(task, real_parent, tgid);
}

SEC("raw_tracepoint/sched_switch")
int first(void *ctx)
{
	return 0;
}

SEC("raw_tracepoint/sched_switch")
int second(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	int pid = BPF_CORE_READ(task, pid);

	return pid + parent(task);
}

char LICENSE[] SEC("license") = "GPL";
