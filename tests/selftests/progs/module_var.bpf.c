// SPDX-License-Identifier: GPL-2.0
/* A variable of a module, of which each CPU has its own. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

extern const seqcount_t xt_recseq __ksym;

int runs;
unsigned int sequence = 1;

SEC("xdp")
int look(struct xdp_md *ctx)
{
	const seqcount_t *mine = bpf_this_cpu_ptr(&xt_recseq);

	/* The verifier takes no member of a typedef. */
	bpf_probe_read_kernel(&sequence, sizeof(sequence), mine);
	runs++;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
