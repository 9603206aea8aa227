// SPDX-License-Identifier: GPL-2.0
/*
 * One program for every kind of hook. All of them see fsync(2), and each adds
 * one to its own entry of hits for every call, so that after N calls a program
 * that is attached once has counted N.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define NR_FSYNC	74

enum kind {
	TRACEPOINT,
	RAW_TRACEPOINT,
	TP_BTF,
	KPROBE,
	KRETPROBE,
	FENTRY,
	FEXIT,
	NR_KINDS,
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, NR_KINDS);
	__type(key, __u32);
	__type(value, __u64);
} hits SEC(".maps");

static int hit(__u32 kind)
{
	__u64 *count = bpf_map_lookup_elem(&hits, &kind);

	if (count)
		__sync_fetch_and_add(count, 1);
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_fsync")
int on_tracepoint(void *ctx)
{
	return hit(TRACEPOINT);
}

SEC("raw_tracepoint/sys_enter")
int on_raw_tracepoint(struct bpf_raw_tracepoint_args *ctx)
{
	return ctx->args[1] == NR_FSYNC ? hit(RAW_TRACEPOINT) : 0;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(on_tp_btf, struct pt_regs *regs, long id)
{
	return id == NR_FSYNC ? hit(TP_BTF) : 0;
}

SEC("kprobe/vfs_fsync_range")
int on_kprobe(void *ctx)
{
	return hit(KPROBE);
}

SEC("kretprobe/vfs_fsync_range")
int on_kretprobe(void *ctx)
{
	return hit(KRETPROBE);
}

SEC("fentry/vfs_fsync_range")
int BPF_PROG(on_fentry, struct file *file)
{
	return hit(FENTRY);
}

SEC("fexit/vfs_fsync_range")
int BPF_PROG(on_fexit, struct file *file)
{
	return hit(FEXIT);
}

/* Of eight arguments, which is more than every kernel traces. */
SEC("?fentry/do_mmap")
int many_arguments(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
