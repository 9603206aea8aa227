/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_COMPILER_ATTRIBUTES_H
#define _SHIM_LINUX_COMPILER_ATTRIBUTES_H

#define __printf(a, b)		__attribute__((__format__(printf, a, b)))
#define __maybe_unused		__attribute__((__unused__))
#define __always_unused		__attribute__((__unused__))
#define __must_check		__attribute__((__warn_unused_result__))
#define __packed		__attribute__((__packed__))
#define __aligned(x)		__attribute__((__aligned__(x)))
#define __cold			__attribute__((__cold__))
#define __pure			__attribute__((__pure__))
#define __noreturn		__attribute__((__noreturn__))
#define __malloc		__attribute__((__malloc__))
#define noinline		__attribute__((__noinline__))
#define noinline_for_stack	noinline
#define fallthrough		__attribute__((__fallthrough__))
#ifndef __counted_by
#define __counted_by(member)
#endif
#ifndef __always_inline
#define __always_inline		inline __attribute__((__always_inline__))
#endif

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)

#define __force
#define __user
#define __rcu

#endif /* _SHIM_LINUX_COMPILER_ATTRIBUTES_H */
