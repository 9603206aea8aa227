/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_BSEARCH_H
#define _SHIM_LINUX_BSEARCH_H

/* The C library's is the same. */
#include <stdlib.h>

#endif /* _SHIM_LINUX_BSEARCH_H */
