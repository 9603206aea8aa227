// SPDX-License-Identifier: GPL-2.0
/* Variables of which each CPU has its own: kernels that let programs name one are new. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

__u32 step SEC(".percpu") = 1;
__u64 runs SEC(".percpu") = 40;
__u32 total;

SEC("?xdp")
int own(struct xdp_md *ctx)
{
	runs += step;
	return runs;
}

SEC("xdp")
int shared(struct xdp_md *ctx)
{
	return ++total;
}

char _license[] SEC("license") = "GPL";
