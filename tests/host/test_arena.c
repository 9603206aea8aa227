// SPDX-License-Identifier: GPL-2.0
/* Variables in an arena. */
#include <linux/err.h>
#include <linux/kernel.h>
#include "../../kernel/bpf/loader/plan.h"
#include "test.h"
#include "check_plan.h"
#include "plan_find.h"
#include "objects/objects.h"
#include "plan_build.h"

static struct bpffs_config config;

static void test_contents(const struct object *object)
{
	struct bpffs_plan *plan = plan_configured(object, &config);
	const struct bpffs_plan_map *arena;

	if (!ok(!IS_ERR(plan), "variables in an arena"))
		return;
	check_plan(plan);
	is(plan->nr_maps, 2, "make no map of their own");
	arena = find_map(plan, "arena");
	ok(arena->arena_size >= 12000 * sizeof(__u64), "they are the arena's");
	ok(!!memchr(arena->arena_data, 1, arena->arena_size), "with what they begin with");
	is(plan->nr_vars, 2, "they are no files");
	has_str(plan->remarks.text, "section .addr_space.1: its variables get no files",
		"which a remark says");
	bpffs_plan_free(plan);
}

static void test_too_small(const struct object *object)
{
	const char *line = "maps.arena.max_entries: 23";

	is(bpffs_config_set(&config, line, strlen(line), &diag), 0, "a smaller arena");
	is(PTR_ERR(plan_configured(object, &config)), -E2BIG, "has no room for them");
	has_str(diag.text, "arena arena has 23 pages of 4096", "as the sentence says");
	bpffs_config_clear(&config);
}

static void test_failing_allocations(const struct object *object)
{
	struct bpffs_plan *plan;
	unsigned long nth;

	for (nth = 1; ; nth++) {
		test_fail_alloc(nth);
		plan = plan_configured(object, &config);
		if (!test_alloc_failed())
			break;
		if (!is(PTR_ERR(plan), -ENOMEM, "each allocation fails"))
			break;
	}
	test_fail_alloc(0);
	bpffs_plan_free(plan);
}

int main(void)
{
	struct object object = object_read("arena");

	bpffs_config_init(&config);
	test_contents(&object);
	test_too_small(&object);
	test_failing_allocations(&object);
	object_free(&object);
	return done_testing();
}
