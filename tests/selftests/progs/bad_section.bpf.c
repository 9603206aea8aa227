// SPDX-License-Identifier: GPL-2.0
/* Refused before the kernel is asked: nobody knows such a section. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("frobnicate/sys_enter_fsync")
int astray(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
