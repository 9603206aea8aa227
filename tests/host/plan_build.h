/* SPDX-License-Identifier: GPL-2.0 */
/* Making a plan of an object, and what is said of one that is refused. */
#ifndef _BPFFS_TEST_PLAN_BUILD_H
#define _BPFFS_TEST_PLAN_BUILD_H

#include <string.h>
#include <linux/err.h>
#include "../../kernel/bpf/loader/plan.h"
#include "objects/objects.h"

/* Of the last plan. */
static struct bpffs_diag diag;

static inline struct bpffs_plan *plan_configured(const struct object *object,
						 struct bpffs_config *config)
{
	memset(&diag, 0, sizeof(diag));
	return bpffs_plan_build(object->image, object->size, config, &diag);
}

static inline struct bpffs_plan *plan_of(const struct object *object)
{
	return plan_configured(object, NULL);
}

/* 0 for a plan, which is released; else the errno it stands for. */
static inline int plan_err(struct bpffs_plan *plan)
{
	if (IS_ERR(plan))
		return PTR_ERR(plan);
	bpffs_plan_free(plan);
	return 0;
}

static inline int build(const struct object *object)
{
	return plan_err(plan_of(object));
}

#endif /* _BPFFS_TEST_PLAN_BUILD_H */
