// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit: walks over the keys of a map that changes at a certain step of the
 * walk. The maps are the kernel's; only the question for the next key is one of
 * this file, which asks the map after it has changed it.
 */
#include <kunit/test.h>
#include <linux/bpf.h>
#include <linux/err.h>
#include <linux/sched/signal.h>
#include "services.h"

#define NR_KEYS	5

/* What all keys but one of a trie are: addresses, in the order of a walk. */
struct trie_key {
	u32 prefix;
	__be32 address;
};

/**
 * struct walk_fixture - a map whose walk is watched
 * @native: keeps it
 * @map: the map, with @ops in place of its own
 * @own_ops: what the map came with
 * @ops: the same, but for the key after another
 * @steps: keys that were asked for
 * @change: at which of them the map changes, and how
 */
struct walk_fixture {
	struct bpffs_native *native;
	struct bpf_map *map;
	const struct bpf_map_ops *own_ops;
	struct bpf_map_ops ops;
	unsigned int steps;
	void (*change)(struct walk_fixture *f);
};

/* An operation of a map has no other way to know whose walk it is in. */
static struct walk_fixture *walked;

static int change_and_ask(struct bpf_map *map, void *key, void *next)
{
	walked->steps++;
	walked->change(walked);
	return walked->own_ops->map_get_next_key(map, key, next);
}

/* The map itself is asked: where no program is traced, as here, bpffs refuses to. */
static void add(struct walk_fixture *f, u32 address)
{
	struct trie_key key = { 32, cpu_to_be32(address) };
	u32 value = address;

	rcu_read_lock();
	WARN_ON(f->own_ops->map_update_elem(f->map, &key, &value, BPF_ANY));
	rcu_read_unlock();
}

static void drop(struct walk_fixture *f, u32 address)
{
	struct trie_key key = { 32, cpu_to_be32(address) };

	rcu_read_lock();
	WARN_ON(f->own_ops->map_delete_elem(f->map, &key));
	rcu_read_unlock();
}

static void change_nothing(struct walk_fixture *f)
{
}

/* The walk stands at 30: it begins anew, with a key that it does not know. */
static void drop_and_add_first(struct walk_fixture *f)
{
	if (f->steps != 4)
		return;
	drop(f, 30);
	add(f, 5);
}

/* The walk stands at 30, and falls back to 20, of which nothing is left, and to 10. */
static void drop_what_it_passed(struct walk_fixture *f)
{
	if (f->steps != 4)
		return;
	drop(f, 20);
	drop(f, 30);
}

/* There is always one more. */
static void add_behind(struct walk_fixture *f)
{
	add(f, 100 + f->steps);
	if (f->steps > 20)
		drop(f, 100 + f->steps - 20);
}

/* The key that the walk stands at is gone, and the one before is there again. */
static void drop_and_add_forever(struct walk_fixture *f)
{
	add(f, f->steps % 2 ? 10 : 20);
	drop(f, f->steps % 2 ? 20 : 10);
}

static int walk_init(struct kunit *test)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_LPM_TRIE,
		.key_size = sizeof(struct trie_key),
		.value_size = sizeof(u32),
		.max_entries = 64,
		.map_flags = BPF_F_NO_PREALLOC,
	};
	struct walk_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	u32 i;

	if (!f)
		return -ENOMEM;
	f->native = bpffs_map_create(&attr, NULL, NULL);
	if (IS_ERR(f->native))
		return PTR_ERR(f->native);
	f->map = bpffs_native_map(f->native);
	f->own_ops = f->map->ops;
	f->ops = *f->own_ops;
	f->ops.map_get_next_key = change_and_ask;
	f->change = change_nothing;
	for (i = 1; i <= NR_KEYS; i++)
		add(f, 10 * i);
	f->map->ops = &f->ops;
	walked = f;
	test->priv = f;
	return 0;
}

static void walk_exit(struct kunit *test)
{
	struct walk_fixture *f = test->priv;

	if (!f)
		return;
	walked = NULL;
	f->map->ops = f->own_ops;
	bpffs_native_put(f->native);
}

/* Expects the keys of @addresses, in this order, up to a 0. */
static void expect_walk(struct kunit *test, const u32 *addresses)
{
	struct walk_fixture *f = test->priv;
	struct bpffs_map_cursor *cursor = bpffs_map_cursor_open(f->map);
	const struct trie_key *key;
	u64 i;

	KUNIT_ASSERT_EQ(test, 0, PTR_ERR_OR_ZERO(cursor));
	for (i = 0; addresses[i]; i++) {
		key = bpffs_map_cursor_key(cursor, i);
		KUNIT_EXPECT_NOT_NULL(test, key);
		if (key)
			KUNIT_EXPECT_EQ(test, be32_to_cpu(key->address), addresses[i]);
	}
	KUNIT_EXPECT_NULL(test, bpffs_map_cursor_key(cursor, i));
	bpffs_map_cursor_close(cursor);
}

static void walk_takes_each_key(struct kunit *test)
{
	static const u32 all[] = { 10, 20, 30, 40, 50, 0 };

	expect_walk(test, all);
}

static void walk_begins_with_a_new_key(struct kunit *test)
{
	static const u32 all[] = { 10, 20, 30, 5, 40, 50, 0 };
	struct walk_fixture *f = test->priv;

	f->change = drop_and_add_first;
	expect_walk(test, all);
}

static void walk_falls_back(struct kunit *test)
{
	static const u32 all[] = { 10, 20, 30, 40, 50, 0 };
	struct walk_fixture *f = test->priv;

	f->change = drop_what_it_passed;
	expect_walk(test, all);
}

/* Expects that a walk takes some keys and ends, and returns their number. */
static u64 count_walk(struct kunit *test)
{
	struct walk_fixture *f = test->priv;
	struct bpffs_map_cursor *cursor = bpffs_map_cursor_open(f->map);
	u64 nr = 0;

	KUNIT_EXPECT_EQ(test, 0, PTR_ERR_OR_ZERO(cursor));
	if (IS_ERR(cursor))
		return 0;
	while (bpffs_map_cursor_key(cursor, nr))
		nr++;
	bpffs_map_cursor_close(cursor);
	return nr;
}

/* Twice as many keys as the map has room for, and some, are enough of it. */
static void walk_of_what_always_grows(struct kunit *test)
{
	struct walk_fixture *f = test->priv;

	f->change = add_behind;
	KUNIT_EXPECT_EQ(test, count_walk(test), 2ULL * f->map->max_entries + 64);
}

/* As many steps again, where no key is new. */
static void walk_that_gets_nowhere(struct kunit *test)
{
	struct walk_fixture *f = test->priv;

	f->change = drop_and_add_forever;
	KUNIT_EXPECT_EQ(test, count_walk(test), 2ULL);
	KUNIT_EXPECT_EQ(test, f->steps, 2 * (2 * f->map->max_entries + 64));
}

static void walk_ends_when_killed(struct kunit *test)
{
	struct walk_fixture *f = test->priv;
	struct bpffs_map_cursor *cursor;

	spin_lock_irq(&current->sighand->siglock);
	sigaddset(&current->pending.signal, SIGKILL);
	set_tsk_thread_flag(current, TIF_SIGPENDING);
	spin_unlock_irq(&current->sighand->siglock);
	cursor = bpffs_map_cursor_open(f->map);
	flush_signals(current);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(cursor), -EINTR);
	KUNIT_EXPECT_EQ(test, f->steps, 1U);
	if (!IS_ERR(cursor))
		bpffs_map_cursor_close(cursor);
}

static struct kunit_case walk_cases[] = {
	KUNIT_CASE(walk_takes_each_key),
	KUNIT_CASE(walk_begins_with_a_new_key),
	KUNIT_CASE(walk_falls_back),
	KUNIT_CASE(walk_of_what_always_grows),
	KUNIT_CASE(walk_that_gets_nowhere),
	KUNIT_CASE(walk_ends_when_killed),
	{}
};

static struct kunit_suite walk_suite = {
	.name = "bpffs-walk",
	.init = walk_init,
	.exit = walk_exit,
	.test_cases = walk_cases,
};

kunit_test_suite(walk_suite);
