// SPDX-License-Identifier: GPL-2.0
/* The same, registered by a link. */
#define SECTION ".struct_ops.link"
#define CONG_NAME "bpf_cong_link"
#include "cong.bpf.c"
