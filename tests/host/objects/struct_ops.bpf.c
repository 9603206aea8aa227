// SPDX-License-Identifier: GPL-2.0
/*
 * struct_ops, and beside it what a kernel could have of the same name: the tests
 * take the types of this object for those of the kernel, too.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct thing {
	long (*last)(void *ctx);
	char name[8];
	int number;
	void *data;
	long (*first)(void *ctx);
	int flags : 3;
	union {
		int either;
		int or;
	};
};

struct bpf_struct_ops_thing {
	int state;
	struct thing data;
};

/* What the kernel's stands in, but is something else. */
struct bpf_struct_ops_nothing {
	struct thing *data;
};

struct thing___other {
	int unknown;
	long (*unknown_function)(void *ctx);
	long (*first)(void *ctx);
	int number;
	char name[8];
	void *data;
	long (*last)(void *ctx);
};

struct thing___size {
	long number;
};

struct thing___kind {
	int data;
};

struct thing___value {
	int (*name)(void *ctx);
};

struct thing___bits {
	int flags;
};

struct thing___union {
	union {
		int either;
		int or;
	};
};

/* Every member is a function. */
struct thing___pair {
	long (*first)(void *ctx);
	long (*last)(void *ctx);
};

SEC("struct_ops/first")
long first(void *ctx)
{
	return 1;
}

SEC("?struct_ops/last")
long last(void *ctx)
{
	return 2;
}

SEC("struct_ops")
long left_out(void *ctx)
{
	return 3;
}

SEC("struct_ops")
long in_no_map(void *ctx)
{
	return 4;
}

SEC(".struct_ops")
struct thing___other same = {
	.number = 7, .name = "seven", .first = first, .last = last,
};

SEC(".struct_ops")
struct thing___other set = { .unknown = 1 };

SEC(".struct_ops")
struct thing___other set_function = { .unknown_function = first };

SEC(".struct_ops")
struct thing___other pointer = { .data = (void *)1 };

SEC(".struct_ops")
struct thing___size size = { 1 };

SEC(".struct_ops")
struct thing___kind kind = { 1 };

SEC(".struct_ops")
struct thing___value value = { (void *)1 };

SEC(".struct_ops")
struct thing___bits bits = { 1 };

SEC(".struct_ops")
struct thing___union anonymous = { { 1 } };

SEC(".struct_ops.link")
struct thing___other linked = { .first = first };

SEC(".struct_ops.link")
struct thing___pair pair = { .first = first, .last = last };

SEC("?.struct_ops")
struct thing___other optional = { .first = left_out };

SEC("?.struct_ops.link")
struct thing___other optional_linked = { .last = last };

/* Types that nothing has a variable of are left out otherwise. */
struct bpf_struct_ops_thing kernel_value;
struct bpf_struct_ops_nothing kernel_nothing;

char LICENSE[] SEC("license") = "GPL";
