// SPDX-License-Identifier: GPL-2.0
/*
 * An extern of every kind, of what every kernel has that the tests run on,
 * also the one that has nothing but what they need.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

extern int LINUX_KERNEL_VERSION __kconfig;
extern bool LINUX_HAS_BPF_COOKIE __kconfig __weak;
extern bool CONFIG_BPF_SYSCALL __kconfig;
extern int CONFIG_NO_SUCH_OPTION __kconfig __weak;

extern const void __start_BTF __ksym;
extern const void no_such_symbol __ksym __weak;
extern const struct rq runqueues __ksym;
extern const int no_such_variable __ksym __weak;

extern void cgroup_rstat_updated(struct cgroup *cgroup, int cpu) __ksym;
extern int bpf_no_such_kfunc(int x) __ksym __weak;

__u64 sum;

SEC("fentry/bpf_rstat_flush")
int BPF_PROG(on_flush, struct cgroup *cgroup, struct cgroup *parent, int cpu)
{
	const struct rq *rq = bpf_per_cpu_ptr(&runqueues, 0);

	cgroup_rstat_updated(cgroup, cpu);
	sum += LINUX_KERNEL_VERSION + LINUX_HAS_BPF_COOKIE + CONFIG_BPF_SYSCALL;
	sum += CONFIG_NO_SUCH_OPTION;
	sum += (__u64)&__start_BTF + (__u64)&no_such_symbol + (__u64)&no_such_variable;
	if (rq)
		sum += rq->cpu;
	if (bpf_no_such_kfunc)
		sum += bpf_no_such_kfunc(1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
