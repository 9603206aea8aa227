/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a fuzzer is: every fuzz_*.c has these, by the names that libFuzzer looks
 * for. replay.c calls them too, for a run that always does the same.
 */
#ifndef _BPFFS_FUZZ_H
#define _BPFFS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/types.h>

/* Tries one input; ends the process where something is wrong. */
int fuzz_one(const u8 *data, size_t size) __asm__("LLVMFuzzerTestOneInput");

/* Optional. Changes @data in place, up to @max bytes; returns the new size. */
size_t fuzz_mutate(u8 *data, size_t size, size_t max, unsigned int seed)
	__asm__("LLVMFuzzerCustomMutator");

/* What libFuzzer does to bytes that it knows nothing of. */
size_t fuzz_mutate_bytes(u8 *data, size_t size, size_t max)
	__asm__("LLVMFuzzerMutate");

#define fuzz_require(what) do {						\
	if (!(what)) {							\
		fprintf(stderr, "%s:%d: not so: %s\n", __FILE__,	\
			__LINE__, #what);				\
		abort();						\
	}								\
} while (0)

/* A copy of its exact size, for sanitizers to guard. */
static inline void *fuzz_copy(const void *data, size_t size)
{
	void *copy = malloc(size);

	memcpy(copy, data, size);
	return copy;
}

/* A number that differs between inputs, and not between runs. */
static inline u32 fuzz_hash(const u8 *data, size_t size)
{
	u32 hash = 2166136261U;

	while (size--)
		hash = (hash ^ *data++) * 16777619U;
	return hash;
}

/* Random numbers for one call of fuzz_mutate(). */
struct fuzz_random {
	u64 state;
};

static inline void fuzz_seed(struct fuzz_random *random, unsigned int seed)
{
	random->state = 0x9e3779b97f4a7c15ULL ^ (u64)seed << 16;
}

/* From 0 up to @below - 1; 0 where @below is 0. */
static inline u32 fuzz_pick(struct fuzz_random *random, u32 below)
{
	random->state ^= random->state << 13;
	random->state ^= random->state >> 7;
	random->state ^= random->state << 17;
	return below ? (random->state >> 11) % below : 0;
}

/* A number that code forgets about, or that is near @old. */
static inline u64 fuzz_number(struct fuzz_random *random, u64 old, u32 size)
{
	switch (fuzz_pick(random, 10)) {
	case 0:
		return old + 1;
	case 1:
		return old - 1;
	case 2:
		return old ^ 1ULL << fuzz_pick(random, 64);
	case 3:
		return 0;
	case 4:
		return -1ULL - fuzz_pick(random, 16);
	case 5:
		return size + fuzz_pick(random, 17) - 8;
	case 6:
		return 1ULL << fuzz_pick(random, 64);
	case 7:
		return (1ULL << 31) - 1 + fuzz_pick(random, 2);
	case 8:
		return old + 8 * (fuzz_pick(random, 9) - 4);
	default:
		return fuzz_pick(random, 64);
	}
}

#endif /* _BPFFS_FUZZ_H */
