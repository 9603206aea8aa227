// SPDX-License-Identifier: GPL-2.0
#include <linux/bits.h>
#include <linux/jhash.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "keyset.h"

/* Indices plus one and twice the capacity have to fit 32 bits. */
#define KEYSET_MAX	BIT(30)

/**
 * bpffs_keyset_init() - make an empty set
 * @set: filled in; all zero on failure
 * @key_size: bytes of a key
 * @cap: keys to make room for
 *
 * Return: 0; -E2BIG if that is more than the kernel allocates at once; -ENOMEM.
 */
int bpffs_keyset_init(struct bpffs_keyset *set, u32 key_size, u32 cap)
{
	size_t stride = round_up((size_t)key_size, sizeof(u32));
	size_t bytes;
	u32 nr_slots;

	*set = (struct bpffs_keyset){};
	if (!key_size || cap > KEYSET_MAX ||
	    check_mul_overflow(stride, (size_t)cap + 1, &bytes) || bytes > INT_MAX)
		return -E2BIG;
	nr_slots = roundup_pow_of_two(2 * max(cap, 1U));
	if (array_size(nr_slots, sizeof(*set->slots)) > INT_MAX)
		return -E2BIG;
	set->keys = kvmalloc(bytes, GFP_KERNEL_ACCOUNT);
	set->slots = kvcalloc(nr_slots, sizeof(*set->slots), GFP_KERNEL_ACCOUNT);
	if (!set->keys || !set->slots) {
		bpffs_keyset_free(set);
		return -ENOMEM;
	}
	set->cap = cap;
	set->slot_mask = nr_slots - 1;
	set->seed = get_random_u32();
	set->key_size = key_size;
	set->stride = stride;
	return 0;
}

/**
 * bpffs_keyset_free() - free a set's memory
 * @set: initialised, or all zero; all zero afterwards
 */
void bpffs_keyset_free(struct bpffs_keyset *set)
{
	kvfree(set->slots);
	kvfree(set->keys);
	*set = (struct bpffs_keyset){};
}

/**
 * bpffs_keyset_seal() - free what only additions need
 * @set: nothing can be added to it any more
 */
void bpffs_keyset_seal(struct bpffs_keyset *set)
{
	kvfree(set->slots);
	set->slots = NULL;
	set->cap = set->nr;
}

static bool is_key(const struct bpffs_keyset *set, u32 index, const u32 *key)
{
	const u32 *other = bpffs_keyset_key(set, index);
	u32 i;

	for (i = 0; i < set->stride / sizeof(u32); i++)
		if (key[i] != other[i])
			return false;
	return true;
}

/**
 * bpffs_keyset_add() - add a key unless it is there
 * @set: not sealed
 * @key: key_size bytes, which may change meanwhile
 * @index: set to the key's index
 *
 * A program may write to an element of a map while it is walked, so the key is
 * read once: what is compared has to be what is kept. A second walk over what did
 * not change finds all keys in the order of the first, without hashing them.
 *
 * Return: 1 if it was added, 0 if it was there, -ENOSPC if there is no room.
 */
int bpffs_keyset_add(struct bpffs_keyset *set, const void *key, u32 *index)
{
	u32 *copy = bpffs_keyset_key(set, set->nr);
	u32 words = set->stride / sizeof(u32);
	u32 slot, entry;

	copy[words - 1] = 0;
	memcpy(copy, key, set->key_size);
	if (set->likely < set->nr && is_key(set, set->likely, copy)) {
		*index = set->likely++;
		return 0;
	}
	slot = jhash2(copy, words, set->seed);
	for (;; slot++) {
		entry = set->slots[slot & set->slot_mask];
		if (!entry)
			break;
		if (!is_key(set, entry - 1, copy))
			continue;
		*index = entry - 1;
		set->likely = entry;
		return 0;
	}
	if (set->nr == set->cap)
		return -ENOSPC;
	*index = set->nr++;
	set->likely = set->nr;
	set->slots[slot & set->slot_mask] = *index + 1;
	return 1;
}

/**
 * bpffs_keyset_grow() - make room for more keys
 * @set: not sealed; indices stay, addresses of keys change
 * @cap: keys to make room for, more than there are
 *
 * Return: 0; -E2BIG or -ENOMEM, with @set as it was.
 */
int bpffs_keyset_grow(struct bpffs_keyset *set, u32 cap)
{
	struct bpffs_keyset larger;
	u32 i, index;
	int err;

	err = bpffs_keyset_init(&larger, set->key_size, cap);
	if (err)
		return err;
	for (i = 0; i < set->nr; i++) {
		bpffs_keyset_add(&larger, bpffs_keyset_key(set, i), &index);
		if (i % 4096 == 0)
			cond_resched();
	}
	bpffs_keyset_free(set);
	*set = larger;
	return 0;
}
