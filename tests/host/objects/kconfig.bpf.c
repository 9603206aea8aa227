// SPDX-License-Identifier: GPL-2.0
/* Values of the kernel's configuration, of every type they can have. */
#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int LINUX_KERNEL_VERSION __kconfig;
extern bool LINUX_HAS_BPF_COOKIE __kconfig __weak;
extern bool CONFIG_YES __kconfig;
extern bool CONFIG_NO __kconfig __weak;
extern enum libbpf_tristate CONFIG_MODULE __kconfig;
extern enum libbpf_tristate CONFIG_BUILT_IN __kconfig __weak;
extern char CONFIG_LETTER __kconfig;
extern signed char CONFIG_SMALL __kconfig;
extern short CONFIG_NEGATIVE __kconfig;
extern unsigned int CONFIG_HEX __kconfig;
extern __u64 CONFIG_WIDE __kconfig;
extern char CONFIG_STRING[12] __kconfig;
extern char CONFIG_LONG_STRING[6] __kconfig;
extern int CONFIG_MISSING __kconfig __weak;

SEC("tracepoint/syscalls/sys_enter_openat")
int use(void *ctx)
{
	return LINUX_KERNEL_VERSION + LINUX_HAS_BPF_COOKIE + CONFIG_YES + CONFIG_NO +
	       CONFIG_MODULE + CONFIG_BUILT_IN + CONFIG_LETTER + CONFIG_SMALL +
	       CONFIG_NEGATIVE + CONFIG_HEX + CONFIG_WIDE + CONFIG_STRING[3] +
	       CONFIG_LONG_STRING[1] + CONFIG_MISSING;
}

char LICENSE[] SEC("license") = "GPL";
