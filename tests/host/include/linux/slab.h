/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Allocation as the kernel has it, on top of malloc(). Sizes that the kernel
 * would refuse with a warning, and memory freed by the wrong function, end the
 * test. shim.c has the counter by which a test makes the n-th call fail.
 */
#ifndef _SHIM_LINUX_SLAB_H
#define _SHIM_LINUX_SLAB_H

#include <linux/gfp.h>
#include <linux/types.h>
#include <linux/overflow.h>

void *shim_alloc(size_t size, gfp_t flags, bool virt);
void shim_free(const void *ptr, bool virt);

static inline void *kmalloc(size_t size, gfp_t flags)
{
	return shim_alloc(size, flags, false);
}

static inline void *kzalloc(size_t size, gfp_t flags)
{
	return shim_alloc(size, flags | __GFP_ZERO, false);
}

static inline void *kmalloc_array(size_t n, size_t size, gfp_t flags)
{
	return n && size > SIZE_MAX / n ? NULL : kmalloc(n * size, flags);
}

static inline void *kcalloc(size_t n, size_t size, gfp_t flags)
{
	return kmalloc_array(n, size, flags | __GFP_ZERO);
}

static inline void *kvmalloc(size_t size, gfp_t flags)
{
	return shim_alloc(size, flags, true);
}

static inline void *kvzalloc(size_t size, gfp_t flags)
{
	return shim_alloc(size, flags | __GFP_ZERO, true);
}

static inline void *kvmalloc_array(size_t n, size_t size, gfp_t flags)
{
	return n && size > SIZE_MAX / n ? NULL : kvmalloc(n * size, flags);
}

static inline void *kvcalloc(size_t n, size_t size, gfp_t flags)
{
	return kvmalloc_array(n, size, flags | __GFP_ZERO);
}

static inline void kfree(const void *ptr)
{
	shim_free(ptr, false);
}

static inline void kvfree(const void *ptr)
{
	shim_free(ptr, true);
}

#endif /* _SHIM_LINUX_SLAB_H */
