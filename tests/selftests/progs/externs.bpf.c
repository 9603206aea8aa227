// SPDX-License-Identifier: GPL-2.0
/* What a program can want of the kernel, put where a test can read it. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

extern int LINUX_KERNEL_VERSION __kconfig;
extern bool LINUX_HAS_BPF_COOKIE __kconfig __weak;
extern bool LINUX_HAS_SYSCALL_WRAPPER __kconfig __weak;
extern int LINUX_HAS_NO_SUCH_THING __kconfig __weak;
extern bool CONFIG_BPF_SYSCALL __kconfig;
extern enum libbpf_tristate CONFIG_NF_CONNTRACK __kconfig __weak;
extern enum libbpf_tristate CONFIG_TCP_CONG_CUBIC __kconfig;
extern char CONFIG_BPF_JIT __kconfig;
extern unsigned char CONFIG_LOG_BUF_SHIFT __kconfig;
extern short CONFIG_HZ __kconfig;
extern __u64 CONFIG_PHYSICAL_START __kconfig;
extern char CONFIG_DEFAULT_TCP_CONG[16] __kconfig;
extern char CONFIG_DEFAULT_HOSTNAME[4] __kconfig;
extern int CONFIG_NO_SUCH_OPTION __kconfig __weak;

extern const void __start_BTF __ksym;
extern const void no_such_symbol __ksym __weak;
/* At 0 on x86 up to 6.14, which is not to be taken for missing. */
extern const void __per_cpu_start __ksym;
extern const struct rq runqueues __ksym;
extern const int bpf_prog_active __ksym;
extern const int no_such_variable __ksym __weak;

extern struct bpf_key *bpf_lookup_system_key(__u64 id) __ksym;
extern void bpf_key_put(struct bpf_key *key) __ksym;
extern int bpf_no_such_kfunc(int x) __ksym __weak;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 32);
	__type(key, __u32);
	__type(value, __u64);
} results SEC(".maps");

static void put(__u32 at, __u64 value)
{
	bpf_map_update_elem(&results, &at, &value, BPF_ANY);
}

SEC("fentry/do_nanosleep")
int BPF_PROG(look)
{
	const struct rq *rq = bpf_per_cpu_ptr(&runqueues, 0);
	struct bpf_key *key = bpf_lookup_system_key(0);

	if (key) {
		put(19, 1);
		bpf_key_put(key);
	}
	put(0, LINUX_KERNEL_VERSION);
	put(1, LINUX_HAS_BPF_COOKIE);
	put(2, LINUX_HAS_SYSCALL_WRAPPER);
	put(3, LINUX_HAS_NO_SUCH_THING);
	put(4, CONFIG_BPF_SYSCALL);
	put(5, CONFIG_NF_CONNTRACK);
	put(6, CONFIG_TCP_CONG_CUBIC);
	put(7, CONFIG_BPF_JIT);
	put(8, CONFIG_LOG_BUF_SHIFT);
	put(9, CONFIG_HZ);
	put(10, CONFIG_PHYSICAL_START);
	put(11, *(__u64 *)CONFIG_DEFAULT_TCP_CONG);
	put(12, *(__u32 *)CONFIG_DEFAULT_HOSTNAME);
	put(13, CONFIG_NO_SUCH_OPTION);
	put(14, (__u64)&__start_BTF);
	put(15, (__u64)&no_such_symbol);
	put(16, rq ? rq->cpu + 100 : 0);
	put(17, !!bpf_this_cpu_ptr(&bpf_prog_active));
	put(18, (__u64)&no_such_variable);
	put(20, 7);
	put(21, (__u64)&__per_cpu_start);
	if (bpf_no_such_kfunc)
		put(20, bpf_no_such_kfunc(1));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
