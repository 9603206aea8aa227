// SPDX-License-Identifier: GPL-2.0
/* A congestion control that leaves all to the kernel's reno, and counts. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#ifndef SECTION
#define SECTION ".struct_ops"
#define CONG_NAME "bpf_cong"
#endif

extern __u32 tcp_reno_ssthresh(struct sock *sk) __ksym;
extern void tcp_reno_cong_avoid(struct sock *sk, __u32 ack, __u32 acked) __ksym;
extern __u32 tcp_reno_undo_cwnd(struct sock *sk) __ksym;

__u64 began;
__u64 acks;

SEC("struct_ops/init")
void BPF_PROG(cong_init, struct sock *sk)
{
	struct tcp_sock *tp = (struct tcp_sock *)sk;

	tp->snd_cwnd = 20;
	__sync_fetch_and_add(&began, 1);
}

SEC("struct_ops/ssthresh")
__u32 BPF_PROG(cong_ssthresh, struct sock *sk)
{
	return tcp_reno_ssthresh(sk);
}

SEC("struct_ops/cong_avoid")
void BPF_PROG(cong_avoid, struct sock *sk, __u32 ack, __u32 acked)
{
	__sync_fetch_and_add(&acks, 1);
	tcp_reno_cong_avoid(sk, ack, acked);
}

SEC("struct_ops/undo_cwnd")
__u32 BPF_PROG(cong_undo, struct sock *sk)
{
	return tcp_reno_undo_cwnd(sk);
}

SEC(SECTION)
struct tcp_congestion_ops cong = {
	.init = (void *)cong_init,
	.ssthresh = (void *)cong_ssthresh,
	.cong_avoid = (void *)cong_avoid,
	.undo_cwnd = (void *)cong_undo,
	.name = CONG_NAME,
};

char LICENSE[] SEC("license") = "GPL";
