// SPDX-License-Identifier: GPL-2.0
/* Asks for what no kernel has: without a question first, and with one. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct task_struct___other {
	int nothing_of_the_kind;
} __attribute__((preserve_access_index));

enum bpf_map_type___other {
	NO_SUCH_TYPE = 1,
};

extern int no_such_function(int x) __ksym __weak;

SEC("raw_tp/sys_enter")
int asks(void *ctx)
{
	struct task_struct___other *task = (void *)bpf_get_current_task();

	if (bpf_core_field_exists(task->nothing_of_the_kind))
		return BPF_CORE_READ(task, nothing_of_the_kind);
	return 0;
}

SEC("?raw_tp/sys_enter")
int does_not(void *ctx)
{
	struct task_struct___other *task = (void *)bpf_get_current_task();

	return BPF_CORE_READ(task, nothing_of_the_kind);
}

SEC("?raw_tp/sys_enter")
int no_enumerator(void *ctx)
{
	return bpf_core_enum_value(enum bpf_map_type___other, NO_SUCH_TYPE);
}

SEC("?raw_tp/sys_enter")
int no_type(void *ctx)
{
	return bpf_core_type_size(struct task_struct___other);
}

SEC("?raw_tp/sys_enter")
int no_function(void *ctx)
{
	return no_such_function(1);
}

char LICENSE[] SEC("license") = "GPL";
