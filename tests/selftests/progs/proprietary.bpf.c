// SPDX-License-Identifier: GPL-2.0
/* An object of a license that some helpers are not for. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("kprobe/vfs_read")
int fine(void *ctx)
{
	return 0;
}

SEC("?kprobe/vfs_read")
int needs_gpl(void *ctx)
{
	return bpf_get_current_task() != 0;
}

char LICENSE[] SEC("license") = "Proprietary";
