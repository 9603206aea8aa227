// SPDX-License-Identifier: GPL-2.0
/*
 * A section of variables with a lock in it, which is the kernel's, and one of the
 * same size without.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#ifndef HELD
#define HELD struct bpf_spin_lock
#endif

static HELD held SEC(".bss.held");
static __u32 turns SEC(".bss.held");
static __u32 here SEC(".bss.free") __attribute__((used));
static __u32 there SEC(".bss.free") __attribute__((used));

SEC("tc")
int count(struct __sk_buff *skb)
{
	/* 6.1 takes a section's lock for another one when it is released. */
	asm volatile("" : : "r"(&held));
	turns++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
