// SPDX-License-Identifier: GPL-2.0
/* Functions that programs name for what they throw. */
#include <linux/err.h>
#include <linux/kernel.h>
#include "../../kernel/bpf/loader/plan.h"
#include "test.h"
#include "plan_find.h"
#include "objects/objects.h"
#include "plan_build.h"

static struct bpffs_config config;

static bool has_func_info(const struct bpffs_plan *plan, const struct bpffs_plan_prog *prog,
			  const char *name, u32 insn)
{
	u32 i;

	for (i = 0; i < prog->nr_func_info; i++)
		if (prog->func_info[i].type_id == bpffs_btf_find(&plan->btf, name, BTF_KIND_FUNC))
			return prog->func_info[i].insn_off == insn;
	return false;
}

static void test_callback(const struct object *object)
{
	struct bpffs_plan *plan = plan_configured(object, &config);
	const struct bpffs_plan_prog *thrower, *caller;

	if (!ok(!IS_ERR(plan), "programs that throw"))
		return;
	thrower = find_prog(plan, "thrower");
	caller = find_prog(plan, "caller");
	is(find_prog(plan, "neither")->nr_func_info, 2, "without a tag there is what is called");
	is(thrower->nr_func_info, 3, "a callback is there, and what it calls");
	ok(has_func_info(plan, thrower, "caught", thrower->func_info[1].insn_off),
	   "it follows all that can be reached");
	ok(has_func_info(plan, thrower, "twice", thrower->func_info[2].insn_off),
	   "and what it calls follows it");
	is(find_prog(plan, "hidden_thrower")->nr_func_info, 3,
	   "a program that is hidden has one, too");
	is(caller->nr_func_info, 3, "one that is called is there once");
	bpffs_plan_free(plan);
}

static struct bpffs_plan *plan_with(const struct object *object, const char *prog)
{
	char line[80];

	bpffs_config_clear(&config);
	snprintf(line, sizeof(line), "progs.%s.autoload: true", prog);
	bpffs_config_set(&config, line, strlen(line), &diag);
	return plan_configured(object, &config);
}

/* "caught" comes behind it in the list of functions. */
static void test_alias(const struct object *object)
{
	struct bpffs_plan *plan = plan_with(object, "to_alias");

	if (!ok(!IS_ERR(plan), "a callback by another of its names"))
		return;
	is(find_prog(plan, "to_alias")->nr_func_info, 3, "is there once");
	bpffs_plan_free(plan);
}

static void refuses(const struct object *object, const char *prog, int err, const char *sentence)
{
	struct bpffs_plan *plan = plan_with(object, prog);

	if (ok(IS_ERR(plan), "%s is refused", prog)) {
		is(PTR_ERR(plan), err, "with the right errno");
		has_str(diag.text, sentence, "and the sentence says why");
	} else {
		bpffs_plan_free(plan);
	}
}

/* Tags of other things than programs are of no use. */
static void test_misplaced(struct object *object)
{
	struct elf64_shdr *shdr = object_shdr_of(object, ".BTF");
	struct bpffs_btf btf;
	struct btf_type *t;

	if (!is(bpffs_btf_parse(&btf, object_bytes(object, ".BTF"), shdr->sh_size, &diag), 0,
		"the types"))
		return;
	t = (struct btf_type *)bpffs_btf_type(&btf, bpffs_btf_find(&btf, "thrower",
								   BTF_KIND_FUNC));
	t->info = (BTF_KIND_FUNC << 24) | BTF_FUNC_STATIC;
	bpffs_btf_release(&btf);
	ok(IS_ERR(plan_configured(object, &config)), "a tag of a static function is refused");
	has_str(diag.text, "\"thrower\" is tagged \"exception_callback:caught\"",
		"the sentence names both");
}

int main(void)
{
	struct object object = object_read("throws");

	bpffs_config_init(&config);
	test_callback(&object);
	test_alias(&object);
	refuses(&object, "to_nowhere", -ENOENT, "has no function \"nowhere\"");
	refuses(&object, "to_hidden", -EINVAL, "\"hidden\" cannot be its exception callback");
	refuses(&object, "to_static", -EINVAL, "\"twice\" cannot be its exception callback");
	refuses(&object, "to_program", -EINVAL, "\"thrower\" cannot be its exception callback");
	bpffs_config_clear(&config);
	test_misplaced(&object);
	object_free(&object);
	return done_testing();
}
