/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BPFFS_LOADER_CORE_NAME_H
#define _BPFFS_LOADER_CORE_NAME_H

#include <linux/bpf.h>
#include "../codec/codec.h"

/* core_name.c */
const char *bpffs_core_what(const struct bpf_core_relo *relo);
void bpffs_core_print(struct bpffs_text *out, const struct bpffs_btf *btf,
		      const struct bpf_core_relo *relo);

#endif /* _BPFFS_LOADER_CORE_NAME_H */
