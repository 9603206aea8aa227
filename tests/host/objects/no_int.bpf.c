// SPDX-License-Identifier: GPL-2.0
/* An extern, and no integer of 32 bits that could stand in for it. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern const void address __ksym;

SEC("raw_tp/sys_enter")
long use(char *ctx)
{
	return (long)&address;
}
