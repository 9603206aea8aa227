// SPDX-License-Identifier: GPL-2.0
/* What the kernel wants of a type of maps, for those that it refuses. */
#include <linux/bpf.h>
#include <linux/kernel.h>
#include <asm/page.h>
#include "kernel_numbers.h"
#include "plan.h"

/* By number, since headers of older kernels have no name for it. */
#define CGRP_STORAGE	32

#define KEY		BIT(0)
#define KEY_OF_4	BIT(1)
#define KEY_OF_TRIE	BIT(2)
#define NO_KEY		BIT(3)
#define VALUE		BIT(4)
#define VALUE_OF_4	BIT(5)
#define NO_VALUE	BIT(6)
#define ENTRIES		BIT(7)
#define NO_ENTRIES	BIT(8)
#define PAGES		BIT(9)
#define NO_PREALLOC	BIT(10)
#define EXTRA		BIT(11)

#define TABLE		(KEY | VALUE | ENTRIES)
#define INDEXED		(KEY_OF_4 | ENTRIES)
#define STORAGE		(KEY_OF_4 | VALUE | NO_ENTRIES | NO_PREALLOC)
#define QUEUED		(NO_KEY | VALUE | ENTRIES)
#define RING		(NO_KEY | NO_VALUE | PAGES)

static const u32 wants[] = {
	[BPF_MAP_TYPE_HASH]			= TABLE,
	[BPF_MAP_TYPE_ARRAY]			= INDEXED | VALUE,
	[BPF_MAP_TYPE_PROG_ARRAY]		= INDEXED | VALUE_OF_4,
	[BPF_MAP_TYPE_PERF_EVENT_ARRAY]		= INDEXED | VALUE_OF_4,
	[BPF_MAP_TYPE_PERCPU_HASH]		= TABLE,
	[BPF_MAP_TYPE_PERCPU_ARRAY]		= INDEXED | VALUE,
	[BPF_MAP_TYPE_STACK_TRACE]		= INDEXED | VALUE,
	[BPF_MAP_TYPE_CGROUP_ARRAY]		= INDEXED | VALUE_OF_4,
	[BPF_MAP_TYPE_LRU_HASH]			= TABLE,
	[BPF_MAP_TYPE_LRU_PERCPU_HASH]		= TABLE,
	[BPF_MAP_TYPE_LPM_TRIE]			= KEY_OF_TRIE | VALUE | ENTRIES | NO_PREALLOC,
	[BPF_MAP_TYPE_ARRAY_OF_MAPS]		= INDEXED | VALUE_OF_4,
	[BPF_MAP_TYPE_HASH_OF_MAPS]		= KEY | ENTRIES | VALUE_OF_4,
	[BPF_MAP_TYPE_DEVMAP]			= INDEXED | VALUE,
	[BPF_MAP_TYPE_SOCKMAP]			= INDEXED | VALUE,
	[BPF_MAP_TYPE_CPUMAP]			= INDEXED | VALUE,
	[BPF_MAP_TYPE_XSKMAP]			= INDEXED | VALUE_OF_4,
	[BPF_MAP_TYPE_SOCKHASH]			= TABLE,
	[BPF_MAP_TYPE_CGROUP_STORAGE]		= KEY | VALUE | NO_ENTRIES,
	[BPF_MAP_TYPE_REUSEPORT_SOCKARRAY]	= INDEXED | VALUE,
	[BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE]	= KEY | VALUE | NO_ENTRIES,
	[BPF_MAP_TYPE_QUEUE]			= QUEUED,
	[BPF_MAP_TYPE_STACK]			= QUEUED,
	[BPF_MAP_TYPE_SK_STORAGE]		= STORAGE,
	[BPF_MAP_TYPE_DEVMAP_HASH]		= INDEXED | VALUE,
	[BPF_MAP_TYPE_RINGBUF]			= RING,
	[BPF_MAP_TYPE_INODE_STORAGE]		= STORAGE,
	[BPF_MAP_TYPE_TASK_STORAGE]		= STORAGE,
	[BPF_MAP_TYPE_BLOOM_FILTER]		= QUEUED | EXTRA,
	[BPF_MAP_TYPE_USER_RINGBUF]		= RING,
	[CGRP_STORAGE]				= STORAGE,
	[BPFFS_MAP_TYPE_ARENA]			= NO_KEY | NO_VALUE | ENTRIES | EXTRA,
};

/* A prefix length of 4 bytes, and at least one byte of data. */
static bool is_trie_key(u32 size)
{
	return size > 4 && size <= 4 + 256;
}

static const char *advise_key(const struct bpffs_plan_map *map, u32 want)
{
	if (want & KEY_OF_4 && map->key_size != 4)
		return "its keys have to have 4 bytes";
	if (want & KEY_OF_TRIE && !is_trie_key(map->key_size))
		return "its keys have to be a __u32 prefix length and 1 to 256 bytes";
	if (want & KEY && !map->key_size)
		return "it needs a key";
	if (want & NO_KEY && map->key_size)
		return "it must not have a key";
	return NULL;
}

static const char *advise_value(const struct bpffs_plan_map *map, u32 want)
{
	if (want & VALUE_OF_4 && map->value_size != 4)
		return "its values have to have 4 bytes";
	if (want & VALUE && !map->value_size)
		return "it needs a value";
	if (want & NO_VALUE && map->value_size)
		return "it must not have a value";
	return NULL;
}

static const char *advise_entries(u32 max_entries, u32 want)
{
	if (want & ENTRIES && !max_entries)
		return "it needs max_entries";
	if (want & NO_ENTRIES && max_entries)
		return "it must not have max_entries";
	if (want & PAGES && (max_entries < PAGE_SIZE || max_entries & (max_entries - 1)))
		return "its max_entries, which are bytes, have to be a power of two of pages";
	return NULL;
}

static const char *advise_rest(const struct bpffs_plan_map *map, u32 want)
{
	if (want & NO_PREALLOC && !(map->flags & BPF_F_NO_PREALLOC))
		return "it needs __uint(map_flags, BPF_F_NO_PREALLOC)";
	if (!(want & EXTRA) && map->map_extra)
		return "it must not have map_extra";
	if (map->flags & BPF_F_NUMA_NODE)
		return "its numa_node has to be one that is online";
	return NULL;
}

/**
 * bpffs_map_advice() - what would be right where the kernel refuses a map
 * @map: the map
 * @max_entries: that the kernel was asked for
 *
 * Return: words about the first thing that does not suit the map's type, static;
 * NULL where nothing is known to be wrong.
 */
const char *bpffs_map_advice(const struct bpffs_plan_map *map, u32 max_entries)
{
	const char *advice;
	u32 want;

	want = map->type < ARRAY_SIZE(wants) ? wants[map->type] : 0;
	if (!want)
		return NULL;
	advice = advise_key(map, want);
	if (!advice)
		advice = advise_value(map, want);
	if (!advice)
		advice = advise_entries(max_entries, want);
	return advice ?: advise_rest(map, want);
}
