// SPDX-License-Identifier: GPL-2.0
/*
 * Programs on bpffs's own functions, by the module's BTF: those that look names
 * up, make and remove them, load, attach, and read and write maps. Each counts
 * its runs and meddles with a map that those functions change.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

enum place {
	LOOKUP,
	LINK,
	UNLINK,
	MKDIR,
	RMDIR,
	RENAME,
	LOAD,
	UPDATE,
	DUMP,
	NR_PLACES,
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, NR_PLACES);
	__type(key, __u32);
	__type(value, __u64);
} runs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} table SEC(".maps");

static int meddle(__u32 place)
{
	__u64 *count = bpf_map_lookup_elem(&runs, &place), now = bpf_ktime_get_ns();

	if (count)
		__sync_fetch_and_add(count, 1);
	bpf_map_update_elem(&table, &place, &now, BPF_ANY);
	if (now & 1)
		bpf_map_delete_elem(&table, &place);
	return 0;
}

SEC("fentry/hook_lookup")
int BPF_PROG(on_lookup)
{
	return meddle(LOOKUP);
}

SEC("fentry/leaf_link")
int BPF_PROG(on_link)
{
	return meddle(LINK);
}

SEC("fexit/leaf_unlink")
int BPF_PROG(on_unlink)
{
	return meddle(UNLINK);
}

SEC("fexit/bpffs_mkdir")
int BPF_PROG(on_mkdir)
{
	return meddle(MKDIR);
}

SEC("fentry/bpffs_rmdir")
int BPF_PROG(on_rmdir)
{
	return meddle(RMDIR);
}

SEC("fentry/bpffs_rename")
int BPF_PROG(on_rename)
{
	return meddle(RENAME);
}

SEC("fexit/image_write")
int BPF_PROG(on_load)
{
	return meddle(LOAD);
}

SEC("fentry/bpffs_map_update")
int BPF_PROG(on_update)
{
	return meddle(UPDATE);
}

SEC("fexit/dump_show")
int BPF_PROG(on_dump)
{
	return meddle(DUMP);
}

char LICENSE[] SEC("license") = "GPL";
