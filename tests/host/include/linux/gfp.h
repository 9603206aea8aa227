/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_GFP_H
#define _SHIM_LINUX_GFP_H

#include <linux/types.h>

#define GFP_KERNEL		0x1U
#define __GFP_ACCOUNT		0x2U
#define __GFP_ZERO		0x4U
#define __GFP_NOWARN		0x8U
#define GFP_NOWAIT		0x10U
#define GFP_KERNEL_ACCOUNT	(GFP_KERNEL | __GFP_ACCOUNT)

#endif /* _SHIM_LINUX_GFP_H */
