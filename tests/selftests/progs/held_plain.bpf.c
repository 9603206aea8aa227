// SPDX-License-Identifier: GPL-2.0
/* The same section, with a number where the other object has a lock. */
#define HELD __u32
#include "held.bpf.c"
