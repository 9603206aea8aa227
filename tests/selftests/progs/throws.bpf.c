// SPDX-License-Identifier: GPL-2.0
/* A program that throws, and the function that it names for that. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define __exception_cb(name)	__attribute__((btf_decl_tag("exception_callback:" #name)))

extern void bpf_throw(u64 cookie) __ksym;

u64 thrown;
int after;

int caught(u64 cookie)
{
	thrown = cookie;
	return 0;
}

SEC("fentry/vfs_fsync_range")
__exception_cb(caught)
int thrower(void *ctx)
{
	bpf_throw(42);
	after = 1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
