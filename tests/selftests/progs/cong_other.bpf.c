// SPDX-License-Identifier: GPL-2.0
/*
 * Structs that are not quite the kernel's: another order and more members, which
 * are no harm as long as they are zero, and what is refused.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct tcp_congestion_ops___other {
	char name[16];
	int no_such_member;
	void (*no_such_function)(struct sock *sk);
	__u32 (*undo_cwnd)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	__u32 (*ssthresh)(struct sock *sk);
	struct module *owner;
};

struct tcp_congestion_ops___wide {
	__u64 flags;
	__u32 (*undo_cwnd)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	__u32 (*ssthresh)(struct sock *sk);
	char name[16];
};

struct tcp_congestion_ops___kind {
	__u64 ssthresh;
};

struct no_such_ops {
	__u32 (*undo_cwnd)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	__u32 (*ssthresh)(struct sock *sk);
};

extern __u32 tcp_reno_ssthresh(struct sock *sk) __ksym;
extern void tcp_reno_cong_avoid(struct sock *sk, __u32 ack, __u32 acked) __ksym;
extern __u32 tcp_reno_undo_cwnd(struct sock *sk) __ksym;

SEC("struct_ops")
__u32 BPF_PROG(ssthresh, struct sock *sk)
{
	return tcp_reno_ssthresh(sk);
}

SEC("struct_ops")
void BPF_PROG(cong_avoid, struct sock *sk, __u32 ack, __u32 acked)
{
	tcp_reno_cong_avoid(sk, ack, acked);
}

/* Loaded because a map has it, whatever its section says. */
SEC("?struct_ops")
__u32 BPF_PROG(undo, struct sock *sk)
{
	return tcp_reno_undo_cwnd(sk);
}

/* Not loaded, because the map that has it is not made. */
SEC("struct_ops/in_a_map_left_out")
__u32 BPF_PROG(unused, struct sock *sk)
{
	return 1;
}

SEC("?struct_ops/in_no_map")
__u32 BPF_PROG(alone, struct sock *sk)
{
	return 2;
}

#define ALL .ssthresh = (void *)ssthresh, .cong_avoid = (void *)cong_avoid, \
	    .undo_cwnd = (void *)undo

SEC(".struct_ops")
struct tcp_congestion_ops___other other = { ALL, .name = "bpf_other" };

SEC("?.struct_ops")
struct tcp_congestion_ops___other twin = { ALL, .name = "bpf_other" };

SEC("?.struct_ops")
struct tcp_congestion_ops___other lacking = { .ssthresh = (void *)ssthresh, .name = "bpf_lacking" };

SEC("?.struct_ops")
struct tcp_congestion_ops___other more = { ALL, .no_such_member = 1 };

SEC("?.struct_ops")
struct tcp_congestion_ops___other more_functions = { ALL, .no_such_function = (void *)unused };

SEC("?.struct_ops")
struct tcp_congestion_ops___other owned = { ALL, .owner = (void *)1 };

SEC("?.struct_ops")
struct tcp_congestion_ops___other swapped = { .undo_cwnd = (void *)ssthresh };

SEC("?.struct_ops")
struct tcp_congestion_ops___wide wide = { ALL, .name = "bpf_wide" };

SEC("?.struct_ops")
struct tcp_congestion_ops___kind kind = { .ssthresh = 1 };

SEC("?.struct_ops")
struct no_such_ops nobody = { ALL };

char LICENSE[] SEC("license") = "GPL";
