/* SPDX-License-Identifier: GPL-2.0 */
/* Finding what a plan has by its name. */
#ifndef _BPFFS_TEST_PLAN_FIND_H
#define _BPFFS_TEST_PLAN_FIND_H

#include <string.h>
#include "../../kernel/bpf/loader/plan.h"

static inline const struct bpffs_plan_map *find_map(const struct bpffs_plan *plan,
						    const char *name)
{
	__u32 i;

	for (i = 0; i < plan->nr_maps; i++) {
		if (!strcmp(plan->maps[i].name, name))
			return &plan->maps[i];
	}
	return NULL;
}

static inline const struct bpffs_plan_prog *find_prog(const struct bpffs_plan *plan,
						      const char *name)
{
	__u32 i;

	for (i = 0; i < plan->nr_progs; i++) {
		if (!strcmp(plan->progs[i].name, name))
			return &plan->progs[i];
	}
	return NULL;
}

#endif /* _BPFFS_TEST_PLAN_FIND_H */
