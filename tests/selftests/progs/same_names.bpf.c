// SPDX-License-Identifier: GPL-2.0
/*
 * Static variables whose names a test makes the same, as they are in an object that
 * a linker made of several. Two are as long as a file's may be, 255 bytes: the
 * compiler puts the function's name before them, one.aaa and two.aaa.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define JOIN(a, b, c)	a##b##c
#define LONG_NAME JOIN( \
	aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, \
	bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, \
	ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc)

static volatile int same_1, same_2, same_3;

static __noinline int one(void)
{
	static volatile int LONG_NAME;

	return ++LONG_NAME;
}

static __noinline int two(void)
{
	static volatile int LONG_NAME;

	return ++LONG_NAME;
}

SEC("raw_tp/sys_enter")
int both(void *ctx)
{
	return one() + two() + ++same_1 + ++same_2 + ++same_3;
}

char LICENSE[] SEC("license") = "GPL";
