// SPDX-License-Identifier: GPL-2.0
#include <linux/atomic.h>
#include <linux/bpf.h>
#include <linux/cpumask.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include "internal.h"

/*
 * Map operations are called as bpf(2) calls them: on one CPU, with programs
 * kept off it (see instrumentation_disable()), under RCU, and writes counted
 * against freezing.
 */

static const u8 map_traits[] = {
	[BPF_MAP_TYPE_HASH] = BPFFS_MAP_ENTRIES,
	[BPF_MAP_TYPE_LRU_HASH] = BPFFS_MAP_ENTRIES,
	[BPF_MAP_TYPE_ARRAY] = BPFFS_MAP_ENTRIES | BPFFS_MAP_ARRAY,
	[BPF_MAP_TYPE_PERCPU_HASH] = BPFFS_MAP_ENTRIES | BPFFS_MAP_PERCPU,
	[BPF_MAP_TYPE_LRU_PERCPU_HASH] = BPFFS_MAP_ENTRIES | BPFFS_MAP_PERCPU,
	[BPF_MAP_TYPE_PERCPU_ARRAY] = BPFFS_MAP_ENTRIES | BPFFS_MAP_ARRAY |
				      BPFFS_MAP_PERCPU,
	[BPF_MAP_TYPE_LPM_TRIE] = BPFFS_MAP_ENTRIES | BPFFS_MAP_TRIE,
};

/* The kernel's bpf_prog_active, NULL where it is not to be had. */
static int __percpu *prog_active;

/*
 * A trie finds the longest prefix of a key, which need not be the key. The
 * length of the prefix that it found stands at a constant distance before the
 * value, in a structure that is private to the kernel; this tells whether that
 * distance has been seen to be right.
 */
static bool trie_prefix_known;

static u32 trie_prefix(const struct bpf_map *map, const void *found)
{
	const size_t prefixlen_and_flags = 2 * sizeof(u32);
	u32 prefix;

	found -= map->key_size - sizeof(prefix);
	memcpy(&prefix, found - prefixlen_and_flags, sizeof(prefix));
	return prefix;
}

/* Adds a prefix of the same address, and looks for it by all of the address. */
static bool __init trie_tells(struct bpf_map *map, u32 prefix)
{
	u32 key[2] = { prefix, 0 };
	u32 value = 0;
	void *found;

	if (bpffs_map_update(map, key, &value))
		return false;
	key[0] = 32;
	rcu_read_lock();
	found = map->ops->map_lookup_elem(map, key);
	if (found)
		value = trie_prefix(map, found);
	rcu_read_unlock();
	return value == prefix;
}

static bool __init probe_trie(void)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_LPM_TRIE,
		.key_size = 2 * sizeof(u32),
		.value_size = sizeof(u32),
		.max_entries = 2,
		.map_flags = BPF_F_NO_PREALLOC,
	};
	struct bpffs_native *native;
	struct bpf_map *map;
	bool known;

	native = bpffs_map_create(&attr, NULL, NULL);
	if (IS_ERR(native))
		return false;
	map = bpffs_native_map(native);
	known = trie_tells(map, 9) && trie_tells(map, 23);
	bpffs_native_put(native);
	return known;
}

/**
 * bpffs_map_init() - learn what map accesses need
 */
void __init bpffs_map_init(void)
{
	prog_active = (int __percpu *)bpffs_symbol(BPFFS_SYM_BPF_PROG_ACTIVE, NULL);
	trie_prefix_known = probe_trie();
}

/**
 * bpffs_map_traits() - what kind of map it is
 * @map: any map
 *
 * Maps that live in a network card have none of the operations used here.
 *
 * Return: BPFFS_MAP_* flags, 0 if entries cannot be accessed.
 */
u32 bpffs_map_traits(const struct bpf_map *map)
{
	if (map->map_type >= ARRAY_SIZE(map_traits) || !map->ops->map_lookup_elem)
		return 0;
	return map_traits[map->map_type];
}

/**
 * bpffs_map_has_entries() - can entries be looked up and written by key
 * @map: any map
 */
bool bpffs_map_has_entries(const struct bpf_map *map)
{
	return bpffs_map_traits(map) & BPFFS_MAP_ENTRIES;
}

/**
 * bpffs_map_is_managed() - whether the kernel keeps anything in a map's values
 * @map: any map
 *
 * Locks, timers, pointers and the like, which nobody else may read or write.
 */
bool bpffs_map_is_managed(const struct bpf_map *map)
{
	return bpffs_values_are_managed(map);
}

/**
 * bpffs_map_is_percpu() - does an entry have a value for every possible CPU
 * @map: any map
 */
bool bpffs_map_is_percpu(const struct bpf_map *map)
{
	return bpffs_map_traits(map) & BPFFS_MAP_PERCPU;
}

/* Bytes from one CPU's value to the next, in a per-CPU map. */
static size_t percpu_stride(const struct bpf_map *map)
{
	return round_up((size_t)map->value_size, 8);
}

/**
 * bpffs_map_value_bytes() - how much room the value of an entry takes
 * @map: any map
 *
 * Return: bytes that bpffs_map_lookup() writes and bpffs_map_update() reads:
 * for a per-CPU map every possible CPU's value in their order, each rounded up
 * to a multiple of 8.
 */
size_t bpffs_map_value_bytes(const struct bpf_map *map)
{
	if (!bpffs_map_is_percpu(map))
		return map->value_size;
	return percpu_stride(map) * num_possible_cpus();
}

/**
 * bpffs_map_memory() - kernel memory that a map takes
 * @map: any map
 *
 * Return: bytes; what the map itself says where the kernel asks maps (6.4),
 * otherwise what /proc/PID/fdinfo calls memlock there: as if it were full. So
 * are maps counted that take memory only as they fill.
 */
u64 bpffs_map_memory(const struct bpf_map *map)
{
	u64 entry = round_up((u64)map->key_size + bpffs_map_value_bytes(map), 8);
	u64 usage = bpffs_map_mem_usage(map);

	if (usage && !(map->map_flags & BPF_F_NO_PREALLOC))
		return usage;
	if (map->map_type == BPF_MAP_TYPE_RINGBUF)
		return map->max_entries;
	return max_t(u64, usage, round_up(map->max_entries * entry, PAGE_SIZE));
}

/*
 * While bpf_prog_active is up, no tracing program begins on this CPU. A
 * program that traces the map's own code would otherwise find the bucket it
 * wants locked below it.
 */
static void instrumentation_disable(void)
{
	migrate_disable();
	if (prog_active)
		this_cpu_inc(*prog_active);
}

static void instrumentation_enable(void)
{
	if (prog_active)
		this_cpu_dec(*prog_active);
	migrate_enable();
}

static void enter_map(void)
	__acquires(RCU)
{
	instrumentation_disable();
	rcu_read_lock();
}

static void leave_map(void)
	__releases(RCU)
{
	rcu_read_unlock();
	instrumentation_enable();
}

/*
 * The lock inside a value is the programs' bpf_spin_lock(), whose functions
 * are not exported; both are the same few instructions of the architecture.
 */
#if defined(CONFIG_QUEUED_SPINLOCKS) || defined(CONFIG_BPF_ARCH_SPINLOCK)
static void value_lock(void *lock)
{
	BUILD_BUG_ON(sizeof(arch_spinlock_t) != sizeof(struct bpf_spin_lock));
	arch_spin_lock((arch_spinlock_t *)lock);
}

static void value_unlock(void *lock)
{
	arch_spin_unlock((arch_spinlock_t *)lock);
}
#else
static void value_lock(void *lock)
{
	atomic_t *word = lock;

	BUILD_BUG_ON(sizeof(*word) != sizeof(struct bpf_spin_lock));
	do {
		atomic_cond_read_relaxed(word, !VAL);
	} while (atomic_xchg(word, 1));
}

static void value_unlock(void *lock)
{
	atomic_set_release((atomic_t *)lock, 0);
}
#endif

/* Copies a value out, consistently if it has a lock, without special fields. */
static void copy_value(struct bpf_map *map, void *dst, void *src)
{
	int lock = bpffs_spin_lock_offset(map);
	unsigned long flags;

	if (lock < 0) {
		copy_map_value(map, dst, src);
	} else {
		local_irq_save(flags);
		value_lock(src + lock);
		copy_map_value(map, dst, src);
		value_unlock(src + lock);
		local_irq_restore(flags);
	}
	check_and_init_map_value(map, dst);
}

static void *find_value(struct bpf_map *map, void *key)
{
	if (map->ops->map_lookup_elem_sys_only)
		return map->ops->map_lookup_elem_sys_only(map, key);
	return map->ops->map_lookup_elem(map, key);
}

/*
 * A trie finds the longest prefix, and not only the one asked for. Every entry of
 * every dump comes through here.
 */
static __always_inline void *find_exactly(struct bpf_map *map, u32 traits, void *key)
{
	void *found = find_value(map, key);

	if (trie_prefix_known && traits & BPFFS_MAP_TRIE && !IS_ERR_OR_NULL(found) &&
	    trie_prefix(map, found) != *(u32 *)key)
		return NULL;
	return found;
}

/**
 * bpffs_map_has_key() - whether there is an entry of a key
 * @map: a trie
 * @key: key_size bytes
 */
bool bpffs_map_has_key(struct bpf_map *map, void *key)
{
	void *found;

	enter_map();
	found = find_exactly(map, BPFFS_MAP_TRIE, key);
	leave_map();
	return !IS_ERR_OR_NULL(found);
}

static int lookup_one(struct bpf_map *map, u32 traits, void *key, void *value, void **where)
{
	void *found = find_exactly(map, traits, key);

	*where = found;
	if (IS_ERR(found))
		return PTR_ERR(found);
	if (!found)
		return -ENOENT;
	copy_value(map, value, found);
	return 0;
}

/*
 * One lookup finds every CPU's value: they are a constant distance apart. For
 * an LRU map it counts as a use of the entry, which bpf(2) avoids by a function
 * that is not exported.
 */
static void *percpu_value(struct bpf_map *map, void *key)
{
	return map->ops->map_lookup_percpu_elem(map, key,
						cpumask_first(cpu_possible_mask));
}

static int lookup_percpu(struct bpf_map *map, void *key, void *value,
			 void **where)
{
	size_t stride = percpu_stride(map);
	int first = cpumask_first(cpu_possible_mask);
	void *found = percpu_value(map, key);
	int cpu;

	*where = found;
	if (!found)
		return -ENOENT;
	for_each_possible_cpu(cpu) {
		copy_map_value_long(map, value,
				    found + bpffs_percpu_distance(first, cpu));
		check_and_init_map_value(map, value);
		memset(value + map->value_size, 0, stride - map->value_size);
		value += stride;
	}
	return 0;
}

/* So often in a row an entry is taken away while it is read. */
#define LOOKUP_TRIES	8

/*
 * Hash tables give a deleted entry's memory to the next one at once. What was
 * copied belongs to the key if the key still leads to it afterwards.
 */
static bool was_reused(struct bpf_map *map, u32 traits, void *key, const void *found)
{
	if (traits & (BPFFS_MAP_ARRAY | BPFFS_MAP_TRIE))
		return false;
	/* The copy is complete before the key is looked up again. */
	smp_rmb();
	if (traits & BPFFS_MAP_PERCPU)
		return percpu_value(map, key) != found;
	return find_value(map, key) != found;
}

/**
 * bpffs_map_lookup() - read one entry
 * @map: has entries
 * @key: key_size bytes
 * @value: bpffs_map_value_bytes() bytes, written on success; locks, timers and
 *	the like read as zero
 *
 * In a trie, too, it is the entry of this very prefix that is read. One that is
 * replaced again and again is read as bpf(2) does it, which looks once.
 *
 * Return: 0, or -ENOENT if there is no such entry.
 */
int bpffs_map_lookup(struct bpf_map *map, const void *key, void *value)
{
	u32 traits = bpffs_map_traits(map);
	int tries = LOOKUP_TRIES;
	void *k = (void *)key;
	void *found;
	int err;

	enter_map();
	do {
		if (traits & BPFFS_MAP_PERCPU)
			err = lookup_percpu(map, k, value, &found);
		else
			err = lookup_one(map, traits, k, value, &found);
	} while (!err && --tries && was_reused(map, traits, k, found));
	leave_map();
	return err;
}

/**
 * bpffs_map_write_begin() - announce a write to a map's memory
 * @map: any map
 *
 * Between this and bpffs_map_write_end() the map cannot be frozen. Entries
 * need no announcement, the functions below make it themselves; it is for
 * those who write where bpffs_map_direct() points. May sleep.
 *
 * bpf(2) counts without the mutex and can still write to a map that it is
 * about to freeze. Taking the mutex closes that gap for a constant that the
 * verifier will rely on.
 *
 * Return: 0, or -EPERM if the map is frozen.
 */
int bpffs_map_write_begin(struct bpf_map *map)
{
	int err = 0;

	mutex_lock(&map->freeze_mutex);
	if (map->frozen)
		err = -EPERM;
	else
		atomic64_inc(&map->writecnt);
	mutex_unlock(&map->freeze_mutex);
	return err;
}

/**
 * bpffs_map_write_end() - end what bpffs_map_write_begin() began
 * @map: the same map
 */
void bpffs_map_write_end(struct bpf_map *map)
{
	atomic64_dec(&map->writecnt);
}

/*
 * The gap that the mutex closes counts only where the verifier reads values of
 * a frozen map, which it does of those it has the address of.
 */
static int write_begin(struct bpf_map *map)
{
	if (!prog_active)
		return -EOPNOTSUPP;
	if (map->ops->map_direct_value_addr)
		return bpffs_map_write_begin(map);
	atomic64_inc(&map->writecnt);
	if (!READ_ONCE(map->frozen))
		return 0;
	bpffs_map_write_end(map);
	return -EPERM;
}

static int update_one(struct bpf_map *map, void *key, void *value)
{
	u64 flags = bpffs_spin_lock_offset(map) >= 0 ? BPF_F_LOCK : BPF_ANY;

	return map->ops->map_update_elem(map, key, value, flags);
}

/* This CPU's part of a per-CPU value. */
static void *this_cpu_part(struct bpf_map *map, void *value)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		if (cpu == smp_processor_id())
			break;
		value += percpu_stride(map);
	}
	return value;
}

/*
 * The update operation sets only this CPU's value, so it serves to make the
 * entry, and the values are then written in place, as programs do it with
 * bpf_map_lookup_percpu_elem(). As for them, an entry that is deleted in this
 * very moment may already belong to another key: bpf(2) writes under the
 * bucket's lock, in a function that is not exported, and to have it called would
 * take a descriptor for each entry and, with an opener's rights, a thread.
 */
static int update_percpu(struct bpf_map *map, void *key, void *value)
{
	int first = cpumask_first(cpu_possible_mask);
	void *found = percpu_value(map, key);
	int cpu, err;

	if (!found) {
		err = map->ops->map_update_elem(map, key,
						this_cpu_part(map, value),
						BPF_NOEXIST);
		if (err && err != -EEXIST)
			return err;
		found = percpu_value(map, key);
	}
	/* Set and deleted by somebody else since: as if it had been in time. */
	if (!found)
		return 0;
	for_each_possible_cpu(cpu) {
		copy_map_value_long(map, found + bpffs_percpu_distance(first, cpu),
				    value);
		value += percpu_stride(map);
	}
	return 0;
}

/*
 * Maps without preallocated entries take them from small stocks, which the
 * kernel refills behind our back and slowly. A long text of entries can outrun
 * it; then this waits, twice as long each time, up to these many jiffies.
 */
#define REFILL_PAUSE	32

static int update(struct bpf_map *map, void *key, void *value)
{
	int err;

	err = write_begin(map);
	if (err)
		return err;
	enter_map();
	if (bpffs_map_is_percpu(map))
		err = update_percpu(map, key, value);
	else
		err = update_one(map, key, value);
	leave_map();
	bpffs_map_write_end(map);
	return err;
}

/**
 * bpffs_map_update() - write one entry, made if it is not there
 * @map: has entries
 * @key: key_size bytes
 * @value: bpffs_map_value_bytes() bytes; where the map's values have a lock,
 *	the whole value is written under it. Bytes of locks, timers and the like
 *	are not taken from it.
 *
 * May sleep.
 *
 * Return: 0; -E2BIG if the map is full or the key past an array's end; -EPERM
 * if the map is frozen; -ENOMEM; -EINVAL if a trie's key has too long a
 * prefix; -EOPNOTSUPP if the kernel does not let bpffs keep programs away (see
 * BPFFS_SYM_BPF_PROG_ACTIVE for the sentence).
 */
int bpffs_map_update(struct bpf_map *map, void *key, void *value)
{
	long pause;
	int err;

	for (pause = 1; pause <= REFILL_PAUSE; pause *= 2) {
		err = update(map, key, value);
		if (err != -ENOMEM || !(map->map_flags & BPF_F_NO_PREALLOC) ||
		    schedule_timeout_killable(pause))
			break;
	}
	return err;
}

/**
 * bpffs_map_delete() - delete one entry
 * @map: has entries
 * @key: key_size bytes
 *
 * May sleep.
 *
 * Return: 0; -ENOENT if there is no such entry; -EINVAL if it is an array's,
 * which cannot be deleted; -EPERM if the map is frozen; -EOPNOTSUPP as for
 * bpffs_map_update().
 */
int bpffs_map_delete(struct bpf_map *map, void *key)
{
	int err;

	err = write_begin(map);
	if (err)
		return err;
	enter_map();
	err = map->ops->map_delete_elem(map, key);
	leave_map();
	bpffs_map_write_end(map);
	return err;
}

static int clear_entry(struct bpf_map *map, void *key, void *zero)
{
	int err;

	if (zero)
		return bpffs_map_update(map, key, zero);
	err = bpffs_map_delete(map, key);
	return err == -ENOENT ? 0 : err;
}

static int clear_keys(struct bpf_map *map, struct bpffs_map_cursor *cursor,
		      void *zero)
{
	const void *key;
	u64 index;
	int err;

	for (index = 0; (key = bpffs_map_cursor_key(cursor, index)); index++) {
		err = clear_entry(map, (void *)key, zero);
		if (err)
			return err;
		if (signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

/**
 * bpffs_map_clear() - delete every entry, or zero it where it cannot be deleted
 * @map: has entries
 *
 * Entries that appear meanwhile may stay. May sleep.
 *
 * Return: 0; -EPERM if the map is frozen; -ENOMEM; -EINTR after a
 * signal; -EOPNOTSUPP as for bpffs_map_update().
 */
int bpffs_map_clear(struct bpf_map *map)
{
	struct bpffs_map_cursor *cursor;
	void *zero = NULL;
	int err = -ENOMEM;

	cursor = bpffs_map_cursor_open(map);
	if (IS_ERR(cursor))
		return PTR_ERR(cursor);
	if (bpffs_map_traits(map) & BPFFS_MAP_ARRAY) {
		zero = kvzalloc(bpffs_map_value_bytes(map), GFP_KERNEL);
		if (!zero)
			goto close;
	}
	err = clear_keys(map, cursor, zero);
	kvfree(zero);
close:
	bpffs_map_cursor_close(cursor);
	return err;
}

/**
 * bpffs_map_direct() - where the value of a data section's map lies
 * @map: any map
 *
 * Return: the address that programs themselves use, value_size bytes valid as
 * long as the map; NULL unless it is an array with one entry.
 */
void *bpffs_map_direct(struct bpf_map *map)
{
	u64 addr;

	if (map->map_type != BPF_MAP_TYPE_ARRAY || map->max_entries != 1 ||
	    !map->ops->map_direct_value_addr ||
	    map->ops->map_direct_value_addr(map, &addr, 0))
		return NULL;
	return (void *)(unsigned long)addr;
}
