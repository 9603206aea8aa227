// SPDX-License-Identifier: GPL-2.0
/*
 * A program that may sleep, on a function that everything runs through: it
 * reads the name of each file that is opened, which takes page faults.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

__u64 reads;
char last[16];

SEC("fentry.s/__x64_sys_openat")
int BPF_PROG(on_openat, struct pt_regs *regs)
{
	const void *name = (const void *)PT_REGS_PARM2_SYSCALL(regs);

	if (!bpf_copy_from_user(last, sizeof(last), name))
		__sync_fetch_and_add(&reads, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
