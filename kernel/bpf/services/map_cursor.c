// SPDX-License-Identifier: GPL-2.0
#include <linux/bpf.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include "internal.h"
#include "keyset.h"

/*
 * A walk that asks the map for the key after the last one begins anew whenever
 * that one was deleted, and so may never end. A cursor therefore takes all keys
 * at once, each of them once, and its reader looks the values up; a key that
 * has gone by then is skipped.
 */

/**
 * struct bpffs_map_cursor - a walk over the keys of a map
 * @map: borrowed from whoever opened the cursor
 * @take: takes the keys that are in the map now; NULL for arrays, whose keys
 *	are their indices
 * @set: the keys taken, except for arrays
 * @index: where an array's key is put
 *
 * One reader at a time; the owner serialises.
 */
struct bpffs_map_cursor {
	struct bpf_map *map;
	int (*take)(struct bpffs_map_cursor *cursor);
	struct bpffs_keyset set;
	u32 index;
};

/*
 * How often the hash table is walked: while entries are deleted and their
 * memory is used for others, a walk may stray into another bucket and miss the
 * rest of the one that it was in, and then the next one finds them.
 */
#define HASH_WALKS	3

/* A map may change as fast as it likes, this many keys are enough of it. */
static u32 max_keys(const struct bpf_map *map)
{
	return min_t(u64, 2ULL * map->max_entries + 64, U32_MAX);
}

static u64 count_key(u64 map, u64 key, u64 value, u64 ctx, u64 unused)
{
	++*(u32 *)(unsigned long)ctx;
	return 0;
}

/* Newer kernels leave it to the caller that per-CPU values stay those of one CPU. */
static void walk_hash(struct bpf_map *map, bpf_callback_t callback, void *ctx)
{
	migrate_disable();
	map->ops->map_for_each_callback(map, callback, ctx, 0);
	migrate_enable();
}

struct collector {
	struct bpffs_keyset *set;
	bool full;
};

static u64 collect_key(u64 map, u64 key, u64 value, u64 ctx, u64 unused)
{
	struct collector *collector = (void *)(unsigned long)ctx;
	u32 index;

	if (bpffs_keyset_add(collector->set, (void *)(unsigned long)key, &index) >= 0)
		return 0;
	collector->full = true;
	return 1;
}

/* Walks until a walk finds nothing new. Returns -ENOSPC if the set is full, -EINTR. */
static int collect_hash(struct bpf_map *map, struct bpffs_keyset *set)
{
	struct collector collector = { .set = set };
	int walks;
	u32 had;

	for (walks = 0; walks < HASH_WALKS; walks++) {
		had = set->nr;
		walk_hash(map, collect_key, &collector);
		if (collector.full)
			return -ENOSPC;
		if (set->nr == had)
			break;
		cond_resched();
		if (fatal_signal_pending(current))
			return -EINTR;
	}
	return 0;
}

static int take_hash(struct bpffs_map_cursor *cursor)
{
	struct bpf_map *map = cursor->map;
	u32 limit = max_keys(map);
	u32 nr = 0;
	int err;

	walk_hash(map, count_key, &nr);
	cond_resched();
	err = bpffs_keyset_init(&cursor->set, map->key_size,
				min_t(u64, (u64)nr + nr / 8 + 64, limit));
	if (err)
		return err;
	for (;;) {
		err = collect_hash(map, &cursor->set);
		if (err != -ENOSPC)
			return err;
		if (cursor->set.cap >= limit)
			return 0;
		err = bpffs_keyset_grow(&cursor->set,
					min_t(u64, 2ULL * cursor->set.cap, limit));
		if (err)
			return err;
	}
}

static int next_key(struct bpf_map *map, void *key, void *next)
{
	int err;

	rcu_read_lock();
	err = map->ops->map_get_next_key(map, key, next);
	rcu_read_unlock();
	return err;
}

static int add_growing(struct bpffs_keyset *set, const void *key, u32 *index,
		       u32 limit)
{
	int ret, err;

	ret = bpffs_keyset_add(set, key, index);
	if (ret != -ENOSPC || set->cap >= limit)
		return ret;
	err = bpffs_keyset_grow(set, min_t(u64, 2ULL * set->cap, limit));
	return err ?: bpffs_keyset_add(set, key, index);
}

/*
 * Tries can only be walked from key to key. A walk stands at key @at of the
 * set; if that key was deleted the trie begins anew, which shows as a key that
 * the walk has passed, and it goes on from the key before. Behind a key that
 * came late others may follow that it has passed, too; then that key is there.
 * The number of steps is bounded whatever the trie does meanwhile.
 */
static int walk_trie(struct bpf_map *map, struct bpffs_keyset *set, void *next)
{
	u32 limit = max_keys(map);
	u64 steps = 2ULL * limit;
	s64 at = -1;
	u32 index;
	int ret;

	while (steps--) {
		ret = next_key(map, at < 0 ? NULL : bpffs_keyset_key(set, at), next);
		if (ret)
			return ret == -ENOENT ? 0 : ret;
		ret = add_growing(set, next, &index, limit);
		if (ret == -ENOSPC)
			return 0;
		if (ret < 0)
			return ret;
		if (ret || at < 0 || index > at ||
		    bpffs_map_has_key(map, bpffs_keyset_key(set, at)))
			at = index;
		else
			at--;
		cond_resched();
		if (fatal_signal_pending(current))
			return -EINTR;
	}
	return 0;
}

static int take_trie(struct bpffs_map_cursor *cursor)
{
	struct bpf_map *map = cursor->map;
	void *next;
	int err;

	err = bpffs_keyset_init(&cursor->set, map->key_size,
				min_t(u32, max_keys(map), 1024));
	if (err)
		return err;
	next = kmalloc(map->key_size, GFP_KERNEL);
	if (!next)
		return -ENOMEM;
	err = walk_trie(map, &cursor->set, next);
	kfree(next);
	return err;
}

/**
 * bpffs_map_cursor_rewind() - take the keys that are in the map now
 * @cursor: open; empty on failure
 *
 * May sleep.
 *
 * Return: 0; -ENOMEM; -E2BIG if the map has more keys than the kernel
 * allocates at once; -EINTR after a fatal signal.
 */
int bpffs_map_cursor_rewind(struct bpffs_map_cursor *cursor)
{
	int err;

	if (!cursor->take)
		return 0;
	bpffs_keyset_free(&cursor->set);
	err = cursor->take(cursor);
	if (err)
		bpffs_keyset_free(&cursor->set);
	else
		bpffs_keyset_seal(&cursor->set);
	return err;
}

/**
 * bpffs_map_cursor_open() - begin a walk over the keys of a map
 * @map: has entries; has to outlive the cursor
 *
 * May sleep.
 *
 * Return: a cursor, owned by the caller; -EOPNOTSUPP if the map has no entries
 * or cannot be walked; -ENOMEM; -E2BIG; -EINTR after a fatal signal.
 */
struct bpffs_map_cursor *bpffs_map_cursor_open(struct bpf_map *map)
{
	u32 traits = bpffs_map_traits(map);
	struct bpffs_map_cursor *cursor;
	int err;

	if (!traits || !(traits & (BPFFS_MAP_ARRAY | BPFFS_MAP_TRIE) ||
			 map->ops->map_for_each_callback))
		return ERR_PTR(-EOPNOTSUPP);
	cursor = kzalloc(sizeof(*cursor), GFP_KERNEL_ACCOUNT);
	if (!cursor)
		return ERR_PTR(-ENOMEM);
	cursor->map = map;
	if (traits & BPFFS_MAP_TRIE)
		cursor->take = take_trie;
	else if (!(traits & BPFFS_MAP_ARRAY))
		cursor->take = take_hash;
	err = bpffs_map_cursor_rewind(cursor);
	if (!err)
		return cursor;
	kfree(cursor);
	return ERR_PTR(err);
}

/**
 * bpffs_map_cursor_close() - end a walk
 * @cursor: from bpffs_map_cursor_open()
 */
void bpffs_map_cursor_close(struct bpffs_map_cursor *cursor)
{
	bpffs_keyset_free(&cursor->set);
	kfree(cursor);
}

/**
 * bpffs_map_cursor_key() - a key of the walk
 * @cursor: open
 * @index: 0 for the first key
 *
 * The entry may have gone since the keys were taken.
 *
 * Return: key_size bytes, valid until the next call for this cursor, or NULL
 * past the last key.
 */
const void *bpffs_map_cursor_key(struct bpffs_map_cursor *cursor, u64 index)
{
	if (cursor->take)
		return index < cursor->set.nr ?
		       bpffs_keyset_key(&cursor->set, index) : NULL;
	if (index >= cursor->map->max_entries)
		return NULL;
	cursor->index = index;
	return &cursor->index;
}
