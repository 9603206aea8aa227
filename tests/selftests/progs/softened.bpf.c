// SPDX-License-Identifier: GPL-2.0
/* BTF that the kernel refuses as it is: a name of a section, a missing one. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#pragma clang diagnostic ignored "-Wc2x-extensions"

int odd SEC(".data.odd-name") = 1;
int pid;

static __noinline int read_pid(struct task_struct *task, int)
{
	return BPF_CORE_READ(task, tgid);
}

SEC("kprobe/vfs_fsync_range")
int prog(void *)
{
	pid = read_pid((void *)bpf_get_current_task(), odd);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
