// SPDX-License-Identifier: GPL-2.0
/* The few kernel functions that the codec and the loader call, for the host. */
#include <stdio.h>
#include <stdlib.h>
#include <linux/kernel.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "test.h"

#define SHIM_MAGIC_KM	0x6b6d616c6c6f6321ULL
#define SHIM_MAGIC_KV	0x6b766d616c6c6f63ULL

/* The kernel warns about more and fails. */
#define SHIM_KMALLOC_MAX	(4UL << 20)
#define SHIM_KVMALLOC_MAX	0x7fffffffUL

unsigned long test_alloc_calls;
unsigned long test_alloc_fail_at;
unsigned long test_kill_at;

bool shim_is_killed(void)
{
	return test_kill_at && !--test_kill_at;
}

struct shim_block {
	u64 magic;
	u64 size;
	char data[];
};

void shim_warn(const char *what)
{
	fprintf(stderr, "kernel warning: %s\n", what);
	abort();
}

void *shim_alloc(size_t size, gfp_t flags, bool virt)
{
	struct shim_block *block;

	if (size > (virt ? SHIM_KVMALLOC_MAX : SHIM_KMALLOC_MAX)) {
		if (!(flags & __GFP_NOWARN))
			shim_warn("allocation that the kernel would refuse");
		return NULL;
	}
	if (++test_alloc_calls == test_alloc_fail_at)
		return NULL;
	block = malloc(sizeof(*block) + size);
	if (!block)
		return NULL;
	block->magic = virt ? SHIM_MAGIC_KV : SHIM_MAGIC_KM;
	block->size = size;
	memset(block->data, flags & __GFP_ZERO ? 0 : 0xa5, size);
	return block->data;
}

void shim_free(const void *ptr, bool virt)
{
	struct shim_block *block;

	if (!ptr)
		return;
	block = container_of(ptr, struct shim_block, data);
	if (block->magic == SHIM_MAGIC_KV && !virt)
		shim_warn("kfree() of memory from kvmalloc()");
	else if (block->magic != SHIM_MAGIC_KV && block->magic != SHIM_MAGIC_KM)
		shim_warn("free of memory that was not allocated");
	block->magic = 0;
	free(block);
}

int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	int len = vsnprintf(buf, size, fmt, args);

	if (len < 0 || !size)
		return 0;
	return (size_t)len < size ? len : (int)size - 1;
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

ssize_t strscpy(char *dst, const char *src, size_t size)
{
	size_t len = strnlen(src, size);

	if (!size)
		return -E2BIG;
	if (len == size) {
		memcpy(dst, src, size - 1);
		dst[size - 1] = '\0';
		return -E2BIG;
	}
	memcpy(dst, src, len + 1);
	return len;
}

size_t str_has_prefix(const char *str, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(str, prefix, len) ? 0 : len;
}

void *memchr_inv(const void *start, int c, size_t size)
{
	const u8 *p = start;

	for (; size; size--, p++)
		if (*p != (u8)c)
			return (void *)p;
	return NULL;
}

void *kmemdup(const void *src, size_t len, gfp_t flags)
{
	void *copy = kmalloc(len, flags);

	if (copy)
		memcpy(copy, src, len);
	return copy;
}

void *kvmemdup(const void *src, size_t len, gfp_t flags)
{
	void *copy = kvmalloc(len, flags);

	if (copy)
		memcpy(copy, src, len);
	return copy;
}

char *kmemdup_nul(const char *str, size_t len, gfp_t flags)
{
	char *copy = kmalloc(len + 1, flags);

	if (!copy)
		return NULL;
	memcpy(copy, str, len);
	copy[len] = '\0';
	return copy;
}

char *kstrdup(const char *str, gfp_t flags)
{
	return str ? kmemdup_nul(str, strlen(str), flags) : NULL;
}

char *kstrndup(const char *str, size_t max, gfp_t flags)
{
	return str ? kmemdup_nul(str, strnlen(str, max), flags) : NULL;
}
