/* SPDX-License-Identifier: GPL-2.0 */
#include <linux/compiler_attributes.h>

#ifndef READ_ONCE
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, val)	(*(volatile __typeof__(x) *)&(x) = (val))
#endif
