// SPDX-License-Identifier: GPL-2.0
/* BTF that every kernel refuses in any words, and nothing here needs. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	int größe;
} odd SEC("oddity");
int count = 3;

SEC("kprobe/vfs_fsync_range")
int prog(void *ctx)
{
	count++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
