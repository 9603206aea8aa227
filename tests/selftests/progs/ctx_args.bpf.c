// SPDX-License-Identifier: GPL-2.0
/* Global functions that take the contexts of programs of several types. */
/* Tests of the host include this after the header that they have. */
#ifndef __LINUX_BPF_H__
#include "vmlinux.h"
#endif
#include <bpf/bpf_helpers.h>

#define __arg_ctx	__attribute__((btf_decl_tag("arg:ctx")))

__u64 calls;

__attribute__((btf_decl_tag("more about it")))
__noinline int common(void *ctx __arg_ctx)
{
	__u64 stack;

	calls++;
	return bpf_get_stack(ctx, &stack, sizeof(stack), 0) < 0;
}

__noinline int second(int n, void *first __arg_ctx, void *other __arg_ctx)
{
	__u64 stack;

	return n + (bpf_get_stack(first, &stack, sizeof(stack), 0) < 0) +
	       (bpf_get_stack(other, &stack, sizeof(stack), 0) < 0);
}

__noinline int typed(bpf_user_pt_regs_t *ctx __arg_ctx)
{
	__u64 stack;

	return bpf_get_stack(ctx, &stack, sizeof(stack), 0) < 0;
}

/* What is no context stays what it is. */
__noinline int number(__u64 n)
{
	return n + 1;
}

SEC("kprobe/vfs_fsync_range")
int on_kprobe(void *ctx)
{
	return common(ctx) + second(1, ctx, ctx) + number(calls);
}

/* Another program can take the place of "common" in it. */
SEC("kprobe/vfs_fsync")
int replaced(void *ctx)
{
	return common(ctx);
}

SEC("raw_tracepoint/sys_enter")
int on_raw_tracepoint(void *ctx)
{
	return common(ctx) + number(calls);
}

SEC("raw_tracepoint/sys_exit")
int on_other_raw_tracepoint(void *ctx)
{
	return common(ctx);
}

SEC("perf_event")
int on_event(void *ctx)
{
	return second(2, ctx, ctx) + typed(ctx);
}

char LICENSE[] SEC("license") = "GPL";
