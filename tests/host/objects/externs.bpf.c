// SPDX-License-Identifier: GPL-2.0
/* Externs of every kind. */
#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct thing;

extern bool CONFIG_YES __kconfig;
extern const void address __ksym;
extern const void missing_address __ksym __weak;
extern const struct thing variable __ksym;
extern void *function(struct thing *thing, char c) __ksym;
extern void *missing(long size) __ksym __weak;

static __noinline char *sub(char *at)
{
	return at + (long)function((void *)&variable, *at);
}

SEC("raw_tp/sys_enter")
long use(char *ctx)
{
	if (missing)
		missing((long)sub(ctx));
	return CONFIG_YES + (long)&address + (long)&missing_address;
}

char LICENSE[] SEC("license") = "GPL";
