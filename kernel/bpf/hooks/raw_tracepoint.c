// SPDX-License-Identifier: GPL-2.0
#include "hooks.h"
#include "../services/services.h"

static int raw_tracepoint_accepts(const struct bpf_prog *prog,
				  const char *target, struct bpffs_diag *diag)
{
	if (prog->type == BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE)
		return 0;
	return bpffs_hook_wants_type(prog, BPF_PROG_TYPE_RAW_TRACEPOINT,
				     "raw_tracepoint", diag);
}

const struct bpffs_hook bpffs_hook_raw_tracepoint = {
	.name		= "raw_tracepoint",
	.depth		= 1,
	.valid		= bpffs_hook_symbol_name,
	.accepts	= raw_tracepoint_accepts,
	.attach		= bpffs_link_raw_tracepoint,
};
