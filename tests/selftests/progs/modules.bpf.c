// SPDX-License-Identifier: GPL-2.0
/* What modules have: functions to call, and functions to attach to. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

/* Types of the module, which the kernel's own BTF does not have. */
struct bpf_ct_opts___here {
	__s32 netns_id;
	__s32 error;
	__u8 l4proto;
	__u8 dir;
	__u8 reserved[2];
};

struct nf_conn;

extern struct nf_conn *bpf_xdp_ct_lookup(struct xdp_md *ctx, struct bpf_sock_tuple *tuple,
					 __u32 tuple_len, struct bpf_ct_opts___here *opts,
					 __u32 opts_len) __ksym __weak;
extern void bpf_ct_release(struct nf_conn *ct) __ksym __weak;

int error;
int found;
int calls;

SEC("xdp")
int look(struct xdp_md *ctx)
{
	struct bpf_ct_opts___here opts = { .netns_id = -1, .l4proto = IPPROTO_UDP };
	struct bpf_sock_tuple tuple = {};
	struct nf_conn *ct;

	ct = bpf_xdp_ct_lookup(ctx, &tuple, sizeof(tuple.ipv4), &opts, sizeof(opts));
	error = opts.error;
	if (ct) {
		found = 1;
		bpf_ct_release(ct);
	}
	return XDP_PASS;
}

SEC("?fentry/nf_conntrack_find_get")
int BPF_PROG(anywhere)
{
	calls++;
	return 0;
}

SEC("?fentry/nf_conntrack:nf_conntrack_find_get")
int BPF_PROG(in_module)
{
	calls++;
	return 0;
}

SEC("?fentry/vmlinux:vfs_fsync_range")
int BPF_PROG(in_vmlinux)
{
	calls++;
	return 0;
}

SEC("?fentry/vmlinux:nf_conntrack_find_get")
int BPF_PROG(not_in_vmlinux)
{
	return 0;
}

SEC("?fentry/nf_conntrack:vfs_fsync_range")
int BPF_PROG(not_in_module)
{
	return 0;
}

SEC("?fentry/no_such_module:vfs_fsync_range")
int BPF_PROG(no_module)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
