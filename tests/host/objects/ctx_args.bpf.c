// SPDX-License-Identifier: GPL-2.0
/* The guest's object of that name, without the types of a kernel. */
#include <linux/bpf.h>
#include <linux/bpf_perf_event.h>
#include "../../selftests/progs/ctx_args.bpf.c"
