// SPDX-License-Identifier: GPL-2.0
/*
 * The verifier's reasons in the words of the object's author. What was not found
 * is called as a helper that no kernel has, so that a program that asks before
 * it uses it loads; of one that does not ask, the verifier speaks of the helper.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "core_name.h"
#include "verdict.h"

/* The helper that the kernel's CO-RE puts for what has no counterpart. */
#define POISON_CORE	195896080

static const struct bpf_core_relo *find_relo(const struct bpffs_plan_prog *prog,
					     u32 insn)
{
	u32 i;

	for (i = 0; i < prog->nr_core_relos; i++) {
		if (prog->core_relos[i].insn_off / sizeof(struct bpf_insn) == insn)
			return &prog->core_relos[i];
	}
	return NULL;
}

static bool explain_core(const struct bpffs_verdict *verdict,
			 const struct bpffs_plan_prog *prog,
			 const struct bpffs_btf *btf, struct bpffs_text *out)
{
	const struct bpf_core_relo *relo;

	relo = verdict->has_insn ? find_relo(prog, verdict->insn) : NULL;
	if (!relo)
		return false;
	bpffs_print(out, "the kernel has no %s ", bpffs_core_what(relo));
	bpffs_core_print(out, btf, relo);
	bpffs_print(out, ", which a CO-RE record is for; bpf_core_%s_exists() asks first",
		    *bpffs_core_what(relo) == 'e' ? "enum_value" : bpffs_core_what(relo));
	return true;
}

/* A type that does not fit the kernel's is as good as missing, too. */
static bool explain_func(const struct bpffs_plan *plan, u32 index,
			 struct bpffs_text *out)
{
	const char *name;

	if (index >= plan->nr_externs || plan->externs[index].kind != BPFFS_EXTERN_FUNC)
		return false;
	name = plan->externs[index].name;
	bpffs_print(out,
		    "the kernel has no function %s that fits extern \"%s\"; bpf_ksym_exists(%s) asks first",
		    name, name, name);
	return true;
}

/* "invalid func unknown#195896080" */
static bool unknown_func(const struct bpffs_verdict *verdict, u32 *number)
{
	static const char prefix[] = "invalid func unknown#";
	size_t i = sizeof(prefix) - 1;

	if (verdict->sentence_len <= i ||
	    memcmp(verdict->sentence, prefix, i))
		return false;
	for (*number = 0; i < verdict->sentence_len; i++) {
		if (verdict->sentence[i] < '0' || verdict->sentence[i] > '9')
			break;
		*number = *number * 10 + verdict->sentence[i] - '0';
	}
	return true;
}

/* What to do about it, of reasons that speak of the kernel's own matters. */
static bool add_advice(const struct bpffs_verdict *verdict, struct bpffs_text *out)
{
	static const struct {
		const char *reason;
		const char *advice;
	} known[] = {
		{ "missing btf func_info", "compile with -g" },
		{ "unknown opcode 8d", "a call through a pointer, which BPF does not have" },
		{ "BPF program is too large", "all its paths count; a loop without a bound?" },
	};
	size_t len;
	int i;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		len = strlen(known[i].reason);
		if (verdict->sentence_len < len ||
		    memcmp(verdict->sentence, known[i].reason, len))
			continue;
		bpffs_print(out, "%.*s: %s", (int)verdict->sentence_len, verdict->sentence,
			    known[i].advice);
		return true;
	}
	return false;
}

/**
 * bpffs_verdict_explain() - say what a reason of the verifier means
 * @verdict: what bpffs_verdict_find() found
 * @plan: of the object, whose BTF may have been taken out
 * @prog: the refused program, in @plan
 * @btf: the object's BTF
 * @buf: receives the sentence, NUL-terminated
 * @size: bytes in @buf
 *
 * Return: whether there is a better sentence than the verifier's own.
 */
bool bpffs_verdict_explain(const struct bpffs_verdict *verdict,
			   const struct bpffs_plan *plan,
			   const struct bpffs_plan_prog *prog,
			   const struct bpffs_btf *btf, char *buf, size_t size)
{
	struct bpffs_text out = { .buf = buf, .cap = size - 1 };
	bool better = false;
	u32 number;

	if (!verdict->sentence)
		return false;
	if (!unknown_func(verdict, &number))
		better = add_advice(verdict, &out);
	else if (number == POISON_CORE)
		better = explain_core(verdict, prog, btf, &out);
	else if (number >= BPFFS_MISSING_FUNC)
		better = explain_func(plan, number - BPFFS_MISSING_FUNC, &out);
	if (better)
		buf[min(out.len, out.cap)] = '\0';
	return better;
}
