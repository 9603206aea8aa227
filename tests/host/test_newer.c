// SPDX-License-Identifier: GPL-2.0
/* Objects that are newer than the kernel or the loader. */
#include <linux/err.h>
#include <linux/kernel.h>
#include "../../kernel/bpf/loader/plan.h"
#include "test.h"
#include "objects/objects.h"

static struct bpffs_diag diag;

static struct bpffs_plan *plan_of(const struct object *object)
{
	memset(&diag, 0, sizeof(diag));
	return bpffs_plan_build(object->image, object->size, NULL, &diag);
}

static bool has_section(const struct bpffs_btf *btf, const char *name)
{
	return bpffs_btf_find(btf, name, BTF_KIND_DATASEC);
}

static void test_soften(void)
{
	struct object object = object_read("names");
	struct bpffs_plan *plan = plan_of(&object);
	struct bpffs_btf soft;
	void *copy;

	if (!ok(!IS_ERR(plan), "an object with '?' in a section's name"))
		return;
	ok(has_section(&plan->btf, "?odd"), "keeps its types");
	copy = malloc(plan->btf_size);
	memcpy(copy, plan->btf_data, plan->btf_size);
	ok(bpffs_btf_soften(copy, &plan->btf), "there is something to soften");
	is(bpffs_btf_parse(&soft, copy, plan->btf_size, &diag), 0, "and it is BTF");
	ok(has_section(&soft, "_odd") && !has_section(&soft, "?odd"),
	   "without the '?'");
	ok(has_section(&plan->btf, "?odd"), "the object's own stays");
	ok(!bpffs_btf_soften(copy, &soft), "a second time there is nothing");
	bpffs_btf_release(&soft);
	free(copy);
	bpffs_plan_free(plan);
	object_free(&object);
}

/* What the types say is spoilt; the object works without them, or not at all. */
static void spoil(struct object *object)
{
	__u16 *magic = object_bytes(object, ".BTF");

	*magic ^= 1;
}

static void test_optional_btf(void)
{
	struct object object = object_read("names");
	struct bpffs_plan *plan;

	spoil(&object);
	plan = plan_of(&object);
	if (ok(!IS_ERR(plan), "unreadable BTF that nothing needs")) {
		is(plan->btf_size, 0, "is left out");
		ok(!plan->btf_data && !plan->btf.nr_types, "all of it");
		is(plan->nr_progs, 1, "the program is there");
		is(plan->progs[0].nr_func_info, 0, "without records");
		has_str(plan->remarks.text, "loaded without types: ", "a remark says so");
		bpffs_plan_free(plan);
	}
	object_free(&object);
}

static void test_needed_btf(void)
{
	static const char * const names[] = {
		"whole", "core", "core-names", "externs", "refused-struct_ops",
	};
	struct object object;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		object = object_read(names[i]);
		spoil(&object);
		ok(IS_ERR(plan_of(&object)), "%s: unreadable BTF is refused", names[i]);
		ok(*diag.text, "with a sentence");
		object_free(&object);
	}
}

static void test_only_types(void)
{
	struct object object = object_read("types");
	struct bpffs_plan *plan = plan_of(&object);

	if (ok(!IS_ERR(plan), "an object without maps and programs")) {
		is(plan->nr_progs + plan->nr_maps, 0, "has none");
		ok(plan->btf_size > 0, "and has types");
		has_str(plan->remarks.text, "\"only_types\" is in section .text",
			"a remark says so");
		bpffs_plan_free(plan);
	}
	object_free(&object);
}

static void test_lone_func(void)
{
	struct object object = object_read("lone");

	ok(IS_ERR(plan_of(&object)), "a single function in .text is a program of no type");
	has_str(diag.text, "function \"lone\"", "the sentence names it");
	has_str(diag.text, "progs.lone.type", "and what would tell");
	object_free(&object);
}

static void test_failing_allocations(void)
{
	struct object object = object_read("names");
	struct bpffs_plan *plan;
	unsigned long nth;

	spoil(&object);
	for (nth = 1; nth < 1000; nth++) {
		test_fail_alloc(nth);
		plan = plan_of(&object);
		if (!IS_ERR(plan)) {
			bpffs_plan_free(plan);
			break;
		}
	}
	ok(!test_alloc_failed() && nth > 3,
	   "no allocation that fails is taken for unreadable BTF");
	test_fail_alloc(0);
	object_free(&object);
}

int main(void)
{
	test_soften();
	test_optional_btf();
	test_needed_btf();
	test_only_types();
	test_lone_func();
	test_failing_allocations();
	return done_testing();
}
