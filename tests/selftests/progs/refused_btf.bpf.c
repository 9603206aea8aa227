// SPDX-License-Identifier: GPL-2.0
/* BTF that 6.1 refuses in any words, and nothing here needs. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

int odd SEC("odd-name") = 1;
int count = 3;

SEC("kprobe/vfs_fsync_range")
int prog(void *ctx)
{
	count++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
