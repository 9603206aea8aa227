// SPDX-License-Identifier: GPL-2.0
/* The same, with one map of another size. */
#define NR_SHARED 8
#include "pinned.bpf.c"
