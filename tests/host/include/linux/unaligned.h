/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_UNALIGNED_H
#define _SHIM_LINUX_UNALIGNED_H

#define get_unaligned(ptr) \
	({ __typeof__(*(ptr)) __v; __builtin_memcpy(&__v, ptr, sizeof(__v)); __v; })
#define put_unaligned(val, ptr) \
	({ __typeof__(*(ptr)) __v = (val); __builtin_memcpy(ptr, &__v, sizeof(__v)); })

#endif /* _SHIM_LINUX_UNALIGNED_H */
