/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_STRING_H
#define _SHIM_LINUX_STRING_H

#include <string.h>
#include <strings.h>
#include <linux/types.h>
#include <linux/errno.h>

ssize_t strscpy(char *dst, const char *src, size_t size);
size_t str_has_prefix(const char *str, const char *prefix);
void *memchr_inv(const void *start, int c, size_t size);
char *kstrdup(const char *str, gfp_t flags);
char *kstrndup(const char *str, size_t max, gfp_t flags);
char *kmemdup_nul(const char *str, size_t len, gfp_t flags);
void *kmemdup(const void *src, size_t len, gfp_t flags);
void *kvmemdup(const void *src, size_t len, gfp_t flags);

#endif /* _SHIM_LINUX_STRING_H */
