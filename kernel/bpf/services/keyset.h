/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BPFFS_SERVICES_KEYSET_H
#define _BPFFS_SERVICES_KEYSET_H

#include <linux/types.h>

/**
 * struct bpffs_keyset - keys in the order they were added, each once
 * @keys: @nr keys, @stride bytes apart, and room for one that is looked at
 * @slots: open-addressed hash table, index of a key plus one, 0 where empty
 * @nr: keys in @keys
 * @cap: keys that may be added; fixed between two allocations
 * @likely: index of the key that is expected next, @nr if it is a new one
 * @slot_mask: number of slots, a power of two of at least 2 * @cap, minus one
 * @seed: of the hash, so that no choice of keys makes the table slow
 * @key_size: bytes of a key
 * @stride: @key_size rounded up to whole words; what that adds is zero
 *
 * Adding allocates nothing, so it may be done under RCU.
 */
struct bpffs_keyset {
	void *keys;
	u32 *slots;
	u32 nr;
	u32 cap;
	u32 likely;
	u32 slot_mask;
	u32 seed;
	u32 key_size;
	u32 stride;
};

int bpffs_keyset_init(struct bpffs_keyset *set, u32 key_size, u32 cap);
void bpffs_keyset_free(struct bpffs_keyset *set);
int bpffs_keyset_grow(struct bpffs_keyset *set, u32 cap);
void bpffs_keyset_seal(struct bpffs_keyset *set);
int bpffs_keyset_add(struct bpffs_keyset *set, const void *key, u32 *index);

static inline void *bpffs_keyset_key(const struct bpffs_keyset *set, u32 index)
{
	return set->keys + (size_t)index * set->stride;
}

#endif /* _BPFFS_SERVICES_KEYSET_H */
