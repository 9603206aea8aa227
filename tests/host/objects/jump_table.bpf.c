// SPDX-License-Identifier: GPL-2.0
/* The guest's object of that name, without the types of a kernel. */
#include <linux/bpf.h>
#include "../../selftests/progs/jump_table.bpf.c"
