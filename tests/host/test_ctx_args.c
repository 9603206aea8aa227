// SPDX-License-Identifier: GPL-2.0
/* Arguments that are tagged as contexts. */
#include <linux/err.h>
#include <linux/kernel.h>
#include "../../kernel/bpf/loader/plan.h"
#include "test.h"
#include "check_plan.h"
#include "plan_find.h"
#include "objects/objects.h"
#include "plan_build.h"

/* The id of the function @name in a program's func_info. */
static __u32 func_of(const struct bpffs_plan *plan, const char *prog, const char *name)
{
	const struct bpffs_plan_prog *pp = find_prog(plan, prog);
	const struct btf_type *t;
	__u32 i;

	for (i = 0; i < pp->nr_func_info; i++) {
		t = bpffs_btf_type(&plan->btf, pp->func_info[i].type_id);
		if (!strcmp(bpffs_btf_name(&plan->btf, t->name_off), name))
			return pp->func_info[i].type_id;
	}
	return 0;
}

/* What the argument of a function points to. */
static const char *arg_struct(const struct bpffs_plan *plan, __u32 func, __u32 arg)
{
	const struct btf_type *proto = bpffs_btf_type(&plan->btf,
						      bpffs_btf_type(&plan->btf, func)->type);
	const struct btf_param *params = bpffs_btf_tail(proto);
	const struct btf_type *t = bpffs_btf_type(&plan->btf, params[arg].type);

	t = bpffs_btf_type(&plan->btf, t->type);
	return t ? bpffs_btf_name(&plan->btf, t->name_off) : "void";
}

static void test_types(const struct object *object)
{
	struct bpffs_plan *plan = plan_of(object);
	__u32 plain, on_kprobe, on_raw, nr;

	if (!ok(!IS_ERR(plan) && bpffs_has_ctx_args(plan), "an object with tags"))
		return;
	nr = plan->btf.nr_types;
	plain = func_of(plan, "on_kprobe", "common");
	is_str(arg_struct(plan, plain, 0), "void", "whose arguments are of no type");
	is(bpffs_fit_ctx_args(plan, &diag), 0, "is fitted");
	check_plan(plan);
	on_kprobe = func_of(plan, "on_kprobe", "common");
	on_raw = func_of(plan, "on_raw_tracepoint", "common");
	ok(on_kprobe >= nr && on_raw >= nr && on_raw != on_kprobe,
	   "each type of programs has the function in its own form");
	is(func_of(plan, "on_other_raw_tracepoint", "common"), on_raw,
	   "which two programs of a type share");
	is_str(arg_struct(plan, on_kprobe, 0), "bpf_user_pt_regs_t", "kprobe");
	is_str(arg_struct(plan, on_raw, 0), "bpf_raw_tracepoint_args", "raw_tracepoint");
	is_str(arg_struct(plan, func_of(plan, "on_event", "second"), 1), "bpf_perf_event_data",
	       "perf_event, the first of two");
	is_str(arg_struct(plan, func_of(plan, "on_event", "second"), 2), "bpf_perf_event_data",
	       "and the other");
	is_str(arg_struct(plan, func_of(plan, "on_event", "typed"), 0), "bpf_perf_event_data",
	       "a typedef of registers is none of perf_event's contexts");
	is_str(bpffs_btf_decl_tag(&plan->btf, on_raw, "more about "), "it", "other tags stay");
	is_str(arg_struct(plan, plain, 0), "void", "the function itself is what it was");
	ok(func_of(plan, "on_kprobe", "number") < nr, "as are those without tags");
	is_str(plan->vars[0].name, "calls", "names stay valid");
	bpffs_plan_free(plan);
}

/* A compiler would leave out the second. */
static void test_twice(struct object *object)
{
	struct elf64_shdr *shdr = object_shdr_of(object, ".BTF");
	struct bpffs_plan *plan;
	struct bpffs_btf btf;
	struct btf_decl_tag *tag;
	__u32 id;

	if (!is(bpffs_btf_parse(&btf, object_bytes(object, ".BTF"), shdr->sh_size, &diag), 0,
		"the types"))
		return;
	for (id = 1; id < btf.nr_types; id++) {
		tag = (struct btf_decl_tag *)bpffs_btf_tail(btf.types[id]);
		if (bpffs_btf_kind(btf.types[id]) == BTF_KIND_DECL_TAG && tag->component_idx == 2)
			tag->component_idx = 1;
	}
	bpffs_btf_release(&btf);
	plan = plan_of(object);
	if (!ok(!IS_ERR(plan), "an argument that is tagged twice"))
		return;
	is(bpffs_fit_ctx_args(plan, &diag), 0, "is fitted");
	check_plan(plan);
	is_str(arg_struct(plan, func_of(plan, "on_event", "second"), 1), "bpf_perf_event_data",
	       "once");
	bpffs_plan_free(plan);
}

static void test_none(const struct object *object)
{
	struct bpffs_plan *plan = plan_of(object);
	const void *before;

	if (!ok(!IS_ERR(plan) && !bpffs_has_ctx_args(plan), "an object without tags"))
		return;
	before = plan->btf_data;
	is(bpffs_fit_ctx_args(plan, &diag), 0, "needs nothing");
	ok(plan->btf_data == before, "and stays what it is");
	bpffs_plan_free(plan);
}

static void test_failing_allocations(const struct object *object)
{
	struct bpffs_plan *plan;
	unsigned long nth;
	int err, failed;

	for (nth = 1; ; nth++) {
		plan = plan_of(object);
		test_fail_alloc(nth);
		err = bpffs_fit_ctx_args(plan, &diag);
		failed = test_alloc_failed();
		test_fail_alloc(0);
		bpffs_plan_free(plan);
		if (!failed)
			break;
		is(err, -ENOMEM, "an allocation fails");
	}
	is(err, 0, "until none does");
}

int main(void)
{
	struct object tagged = object_read("ctx_args");
	struct object plain = object_read("whole");

	test_types(&tagged);
	test_none(&plain);
	test_failing_allocations(&tagged);
	test_twice(&tagged);
	object_free(&plain);
	object_free(&tagged);
	return done_testing();
}
