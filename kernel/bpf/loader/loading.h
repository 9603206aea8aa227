/* SPDX-License-Identifier: GPL-2.0 */
/* What the files that carry out a plan share; nobody else includes this. */
#ifndef _BPFFS_LOADER_LOADING_H
#define _BPFFS_LOADER_LOADING_H

#include "object.h"
#include "../services/services.h"

/**
 * struct bpffs_loading - what a load under way holds
 * @load: what was asked for and what there is of the result
 * @plan: owned
 * @btf: native file of the object's BTF, owned; NULL without
 * @natives: native files of load->maps, borrowed from them
 * @diag: where refusals go
 */
struct bpffs_loading {
	struct bpffs_load *load;
	struct bpffs_plan *plan;
	struct bpffs_native *btf;
	struct bpffs_native **natives;
	struct bpffs_diag *diag;
};

/* load.c */
void loading_keep_log(struct bpffs_loading *l, const char *what,
		      struct bpffs_vlog *log);
void loading_kernel_name(char *to, const char *from);

/* load_map.c */
int loading_maps(struct bpffs_loading *l);

/* load_prog.c */
int loading_progs(struct bpffs_loading *l);

#endif /* _BPFFS_LOADER_LOADING_H */
