/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_KERNEL_H
#define _SHIM_LINUX_KERNEL_H

#include <stdarg.h>
#include <stdio.h>
#include <linux/types.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/container_of.h>

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define IS_ALIGNED(x, a)	(((x) & ((__typeof__(x))(a) - 1)) == 0)
#define ALIGN(x, a)		(((x) + (__typeof__(x))(a) - 1) & \
				 ~((__typeof__(x))(a) - 1))
#define round_up(x, y)		ALIGN(x, y)
#define round_down(x, y)	((x) & ~((__typeof__(x))(y) - 1))
#define roundup(x, y)		(DIV_ROUND_UP(x, y) * (y))
#define upper_32_bits(n)	((u32)((n) >> 16 >> 16))
#define lower_32_bits(n)	((u32)(n))

/* What would be a warning in the kernel's log ends the test. */
#define WARN_ON(cond)		({ int __c = !!(cond); if (__c) shim_warn(#cond); __c; })
#define WARN_ON_ONCE(cond)	WARN_ON(cond)

void shim_warn(const char *what);

__printf(3, 0)
int vscnprintf(char *buf, size_t size, const char *fmt, va_list args);
__printf(3, 4)
int scnprintf(char *buf, size_t size, const char *fmt, ...);

#endif /* _SHIM_LINUX_KERNEL_H */
