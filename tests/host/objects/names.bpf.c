// SPDX-License-Identifier: GPL-2.0
/*
 * Nothing here needs BTF, though some of it is newer than 6.1: a '?' in the name
 * of a section of data. One type of each kind that CO-RE records name.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#ifdef WITH_CORE
enum colour { RED, GREEN = 5 };

struct inner {
	int a[4];
	union {
		int b;
		long c;
	};
} __attribute__((preserve_access_index));

struct outer {
	struct inner in[2];
	int bits : 3;
} __attribute__((preserve_access_index));

SEC("kprobe/vfs_read")
int asks(struct outer *o)
{
	int enumerator = bpf_core_enum_value(enum colour, GREEN);
	int size = bpf_core_type_size(struct inner);

	return o->in[1].a[2] + o->in[0].c + BPF_CORE_READ_BITFIELD(o, bits) + size + enumerator;
}
#endif

int odd SEC("?odd") = 1;

SEC("kprobe/vfs_read")
int prog(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
