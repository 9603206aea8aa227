// SPDX-License-Identifier: GPL-2.0
/* An arena as large as that of arena.bpf.c, and no variables in it. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, 33);	/* BPF_MAP_TYPE_ARENA */
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 100);
} arena SEC(".maps");

char LICENSE[] SEC("license") = "GPL";
