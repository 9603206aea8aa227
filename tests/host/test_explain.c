// SPDX-License-Identifier: GPL-2.0
/* The verifier's reasons in other words. */
#include <linux/err.h>
#include <linux/kernel.h>
#include "../../kernel/bpf/loader/core_name.h"
#include "../../kernel/bpf/loader/verdict.h"
#include "test.h"
#include "objects/objects.h"

static struct bpffs_plan *object_plan;
static const struct bpffs_plan_prog *prog;

static bool names(const char *want)
{
	char buf[256];
	__u32 i;

	for (i = 0; i < prog->nr_core_relos; i++) {
		struct bpffs_text out = { .buf = buf, .cap = sizeof(buf) - 1 };

		bpffs_core_print(&out, &object_plan->btf, &prog->core_relos[i]);
		buf[out.len] = '\0';
		if (!strcmp(buf, want))
			return true;
	}
	return false;
}

static void test_names(void)
{
	ok(names("struct outer.in[1].a[2]"), "a field");
	ok(names("struct outer.in[0].c"), "a member of an anonymous union");
	ok(names("struct outer.bits"), "a bitfield");
	ok(names("struct inner"), "a type");
	ok(names("enum colour::GREEN"), "an enumerator");
}

/* A path may be any string, and its type any type. */
static void test_wrong_paths(void)
{
	static const char * const strings[] = {
		"", "0", "9", "0:0:4:4:4", "0:9", "x", "0:", ":0", "0:0:0:0:0:0:0:0",
		"99999999999999999999:1",
	};
	struct bpf_core_relo relo = {};
	struct bpffs_btf btf = object_plan->btf;
	char buf[64];
	__u32 i;
	int kind;

	for (i = 0; i < ARRAY_SIZE(strings); i++) {
		btf.strings = strings[i];
		btf.str_len = strlen(strings[i]) + 1;
		for (relo.type_id = 0; relo.type_id < btf.nr_types; relo.type_id++) {
			for (kind = 0; kind < 14; kind++) {
				struct bpffs_text out = { .buf = buf, .cap = sizeof(buf) };

				relo.kind = kind;
				bpffs_core_print(&out, &btf, &relo);
			}
		}
	}
	ok(1, "every path in every type can be printed");
}

static void explain(const char *log, const char *want, const char *what)
{
	struct bpffs_verdict verdict;
	char buf[300] = "";
	bool better;

	bpffs_verdict_find(&verdict, log, strlen(log), prog, &object_plan->btf);
	better = bpffs_verdict_explain(&verdict, object_plan, prog, &object_plan->btf,
				       buf, sizeof(buf));
	is(better, !!want, what);
	if (want)
		has_str(buf, want, "in these words");
}

static void test_explain(void)
{
	char log[256];
	__u32 insn = prog->core_relos[0].insn_off / 8;

	snprintf(log, sizeof(log),
		 "%u: (85) call unknown#195896080\ninvalid func unknown#195896080\n"
		 "processed 5 insns (limit 1000000)\n", insn);
	explain(log, "the kernel has no field struct outer.", "a poisoned field");
	explain("33: (85) call unknown#195896080\ninvalid func unknown#195896080\n", NULL,
		"an instruction without a record");
	explain("invalid func unknown#195896080\n", NULL, "no instruction at all");
	snprintf(log, sizeof(log), "%u: (85) call unknown#7\ninvalid func unknown#7\n", insn);
	explain(log, NULL, "another helper");
	explain("", NULL, "nothing");
	explain("3: (8d) callx r2\nunknown opcode 8d\n",
		"unknown opcode 8d: a call through a pointer", "an instruction that BPF has not");
	explain("missing btf func_info\n", "missing btf func_info: compile with -g", "no BTF");
	explain("missing btf\n", NULL, "the first half of a reason");
	explain("BPF program is too large. Processed 1000001 insn\n",
		"Processed 1000001 insn: all its paths count", "a program that never ends");
}

static void explain_number(__u32 number, const char *want, const char *what)
{
	char log[256];

	snprintf(log, sizeof(log), "7: (85) call unknown#%u\ninvalid func unknown#%u\n", number,
		 number);
	explain(log, want, what);
}

/* Missing functions are called by the number of their extern. */
static void test_functions(void)
{
	struct object object = object_read("externs");
	struct bpffs_diag diag = {};
	__u32 i, nr;

	object_plan = bpffs_plan_build(object.image, object.size, NULL, &diag);
	if (!is_str(diag.text, "", "the loader takes an object with externs"))
		return;
	prog = &object_plan->progs[0];
	nr = object_plan->nr_externs;
	for (i = 0; i < nr; i++)
		explain_number(BPFFS_MISSING_FUNC + i,
			       object_plan->externs[i].kind == BPFFS_EXTERN_FUNC ?
			       object_plan->externs[i].name : NULL,
			       object_plan->externs[i].name);
	explain_number(BPFFS_MISSING_FUNC + nr, NULL, "no extern of the object");
	explain_number(BPFFS_MISSING_FUNC - 1, NULL, "a number below them");
	bpffs_plan_free(object_plan);
	object_free(&object);
}

int main(void)
{
	struct object object = object_read("core-names");
	struct bpffs_diag diag = {};

	object_plan = bpffs_plan_build(object.image, object.size, NULL, &diag);
	if (!is_str(diag.text, "", "the loader takes the object"))
		return done_testing();
	prog = &object_plan->progs[0];
	test_names();
	test_wrong_paths();
	test_explain();
	bpffs_plan_free(object_plan);
	object_free(&object);
	test_functions();
	return done_testing();
}
