// SPDX-License-Identifier: GPL-2.0
/* What there is to know of the types of maps: tables, not code. */
#include <linux/kernel.h>
#include "build.h"
#include "kernel_numbers.h"

#define HOLDS_MAPS	BIT(0)	/* its entries are maps */
#define WITHOUT_BTF	BIT(1)	/* the kernel is told no types of it */

/**
 * struct map_type - a type of maps
 * @name: as bpftool and the documentation write it
 * @flags: HOLDS_MAPS, WITHOUT_BTF
 */
struct map_type {
	const char *name;
	u32 flags;
};

/*
 * The types that WITHOUT_BTF is said of are those that libbpf says it of: the
 * kernel refuses a key or value type for most of them.
 */
static const struct map_type map_types[] = {
	[BPF_MAP_TYPE_HASH]			= { "hash" },
	[BPF_MAP_TYPE_ARRAY]			= { "array" },
	[BPF_MAP_TYPE_PROG_ARRAY]		= { "prog_array" },
	[BPF_MAP_TYPE_PERF_EVENT_ARRAY]		= { "perf_event_array", WITHOUT_BTF },
	[BPF_MAP_TYPE_PERCPU_HASH]		= { "percpu_hash" },
	[BPF_MAP_TYPE_PERCPU_ARRAY]		= { "percpu_array" },
	[BPF_MAP_TYPE_STACK_TRACE]		= { "stack_trace", WITHOUT_BTF },
	[BPF_MAP_TYPE_CGROUP_ARRAY]		= { "cgroup_array", WITHOUT_BTF },
	[BPF_MAP_TYPE_LRU_HASH]			= { "lru_hash" },
	[BPF_MAP_TYPE_LRU_PERCPU_HASH]		= { "lru_percpu_hash" },
	[BPF_MAP_TYPE_LPM_TRIE]			= { "lpm_trie" },
	[BPF_MAP_TYPE_ARRAY_OF_MAPS]		= { "array_of_maps",
						    HOLDS_MAPS | WITHOUT_BTF },
	[BPF_MAP_TYPE_HASH_OF_MAPS]		= { "hash_of_maps",
						    HOLDS_MAPS | WITHOUT_BTF },
	[BPF_MAP_TYPE_DEVMAP]			= { "devmap", WITHOUT_BTF },
	[BPF_MAP_TYPE_SOCKMAP]			= { "sockmap", WITHOUT_BTF },
	[BPF_MAP_TYPE_CPUMAP]			= { "cpumap", WITHOUT_BTF },
	[BPF_MAP_TYPE_XSKMAP]			= { "xskmap", WITHOUT_BTF },
	[BPF_MAP_TYPE_SOCKHASH]			= { "sockhash", WITHOUT_BTF },
	[BPF_MAP_TYPE_CGROUP_STORAGE]		= { "cgroup_storage" },
	[BPF_MAP_TYPE_REUSEPORT_SOCKARRAY]	= { "reuseport_sockarray" },
	[BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE]	= { "percpu_cgroup_storage" },
	[BPF_MAP_TYPE_QUEUE]			= { "queue", WITHOUT_BTF },
	[BPF_MAP_TYPE_STACK]			= { "stack", WITHOUT_BTF },
	[BPF_MAP_TYPE_SK_STORAGE]		= { "sk_storage" },
	[BPF_MAP_TYPE_DEVMAP_HASH]		= { "devmap_hash", WITHOUT_BTF },
	[BPF_MAP_TYPE_STRUCT_OPS]		= { "struct_ops" },
	[BPF_MAP_TYPE_RINGBUF]			= { "ringbuf" },
	[BPF_MAP_TYPE_INODE_STORAGE]		= { "inode_storage" },
	[BPF_MAP_TYPE_TASK_STORAGE]		= { "task_storage" },
	[BPF_MAP_TYPE_BLOOM_FILTER]		= { "bloom_filter" },
	[BPF_MAP_TYPE_USER_RINGBUF]		= { "user_ringbuf" },
	/* By number, since headers of older kernels have no names for them. */
	[32]					= { "cgrp_storage" },
	[BPFFS_MAP_TYPE_ARENA]			= { "arena", WITHOUT_BTF },
	[BPFFS_MAP_TYPE_INSN_ARRAY]		= { "insn_array" },
};

static const struct map_type *map_type(u32 type)
{
	static const struct map_type unknown = { "unknown" };

	return type < ARRAY_SIZE(map_types) && map_types[type].name ?
	       &map_types[type] : &unknown;
}

/**
 * bpffs_map_type_name() - the name of a map type
 * @type: BPF_MAP_TYPE_*
 *
 * Return: a static string, "unknown" for a type newer than this file.
 */
const char *bpffs_map_type_name(u32 type)
{
	return map_type(type)->name;
}

/**
 * bpffs_map_holds_maps() - are the entries of a map maps
 * @type: BPF_MAP_TYPE_*
 */
bool bpffs_map_holds_maps(u32 type)
{
	return map_type(type)->flags & HOLDS_MAPS;
}

/**
 * bpffs_map_takes_btf() - is the kernel told the types of a map's entries
 * @type: BPF_MAP_TYPE_*
 *
 * What the kernel is not told still is what the map's text follows.
 */
bool bpffs_map_takes_btf(u32 type)
{
	return !(map_type(type)->flags & WITHOUT_BTF);
}
