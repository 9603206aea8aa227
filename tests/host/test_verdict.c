// SPDX-License-Identifier: GPL-2.0
/* Finding the verifier's reason in its log. */
#include <stdlib.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "test.h"
#include "../../kernel/bpf/loader/verdict.h"

static const char strings[] = "\0/src/opens.bpf.c\0opens.bpf.c";

static struct bpf_line_info lines[] = {
	{ .insn_off = 0, .file_name_off = 1, .line_col = 40 << 10 },
	{ .insn_off = 2, .file_name_off = 1, .line_col = 42 << 10 | 7 },
	{ .insn_off = 9, .file_name_off = 18, .line_col = 50 << 10 },
};

static const struct bpffs_btf btf = {
	.strings = strings,
	.str_len = sizeof(strings),
};

static const struct bpffs_plan_prog prog = {
	.line_info = lines,
	.nr_line_info = ARRAY_SIZE(lines),
};

/* The log is copied to the byte, so that a read past its end is seen. */
static void check(const char *log, const char *sentence, const char *file,
		  u32 line, const char *what)
{
	size_t len = strlen(log);
	struct bpffs_verdict verdict;
	char *copy = malloc(len + !len);

	memcpy(copy, log, len);
	bpffs_verdict_find(&verdict, copy, len, &prog, &btf);
	if (sentence)
		ok(verdict.sentence_len == strlen(sentence) &&
		   !memcmp(verdict.sentence, sentence, strlen(sentence)),
		   "%s: sentence", what);
	else
		ok(!verdict.sentence, "%s: no sentence", what);
	is(verdict.line, line, what);
	if (file)
		is_str(verdict.file, file, what);
	free(copy);
}

static void mask(const char *log, const char *want)
{
	size_t len = strlen(log);
	char *copy = malloc(len + !len);

	memcpy(copy, log, len);
	bpffs_log_mask(copy, len);
	ok(!memcmp(copy, want, len), "'%s' becomes '%s'", log, want);
	free(copy);
}

static void test_mask(void)
{
	mask("", "");
	mask("0x", "0x");
	mask("0: (18) r1 = 0xffff888004a1b000", "0: (18) r1 = 0x****************");
	mask("r1 = 0xff34c2d1a0b1c200 ", "r1 = 0x**************** ");
	mask("0xffffc90000000000 0xffffc90000000008",
	     "0x**************** 0x****************");
	mask("r2 = 0xffffffffffffffff", "r2 = 0xffffffffffffffff");
	mask("r2 = 0xfffffffffffff001", "r2 = 0xfffffffffffff001");
	mask("r3 = 0x7fffffffffffffff", "r3 = 0x7fffffffffffffff");
	mask("r3 = 0xffff88800000000", "r3 = 0xffff88800000000");
	mask("0xffff888004a1b000a", "0xffff888004a1b000a");
	mask("xffff888004a1b000", "xffff888004a1b000");
}

static const char report[] =
	"Verification failed: Register Type Safety: Invalid dereference\n\n"
	"Reason:\n  R0 may be NULL here (a nullable map value pointer).\n\n"
	"At:\n  careless @ opens.bpf.c:42:9\n  Source context:\n"
	"  >>> 42 |         *value += 1;\n         |         ^-- error: invalid\n"
	"  Instruction context:\n       1 | (85) call bpf_map_lookup_elem#1\n"
	"  >>>  2 | (79) r1 = *(u64 *)(r0 +0)\n\n"
	"Suggestion:\n  Add a NULL check before the access.\n\n"
	"subprog 0 (careless) main insns_self 7 insns_total 7 stack 8\n"
	"processed 7 insns (limit 1000000) max_states_per_insn 0\n";

/* Kernels since 7.3 explain themselves behind the reason. */
static void test_report(void)
{
	char log[2048];

	snprintf(log, sizeof(log), "2: (79) r1 = *(u64 *)(r0 +0)\n"
		 "R0 invalid mem access 'map_value_or_null'\n\n%s", report);
	check(log, "R0 invalid mem access 'map_value_or_null'", "opens.bpf.c", 42,
	      "a report behind the reason");
	snprintf(log, sizeof(log), "2: (79) r1 = *(u64 *)(r0 +0)\n%s", report);
	check(log, "Register Type Safety: Invalid dereference", "opens.bpf.c", 42,
	      "a report alone");
	check(report, "Register Type Safety: Invalid dereference", NULL, 0,
	      "and without an instruction");
	snprintf(log, sizeof(log), "1: (bf) r6 = r1\nR1 is of no use\n%s%s%s", report,
		 "R0 invalid mem access 'map_value_or_null'\n", report);
	check(log, "R0 invalid mem access 'map_value_or_null'", "opens.bpf.c", 40,
	      "two of them");
	snprintf(log, sizeof(log), "1: (bf) r6 = r1\nR1 max value is outside\n%s%s", report,
		 report);
	check(log, "R1 max value is outside", "opens.bpf.c", 40, "one behind the other");
	check("subprog 3 is refused\n", "subprog 3 is refused", NULL, 0,
	      "not all of subprogs is statistics");
}

int main(void)
{
	test_mask();
	test_report();
	check("", NULL, NULL, 0, "an empty log");
	check("\n\n", NULL, NULL, 0, "blank lines");
	check("R0 !read_ok\n", "R0 !read_ok", NULL, 0, "a single line");
	check("R0 !read_ok", "R0 !read_ok", NULL, 0, "no newline at the end");
	check("0: R1=ctx(off=0,imm=0) R10=fp0\n"
	      "; return *p;\n"
	      "3: (61) r0 = *(u32 *)(r1 +0)\n"
	      "R1 invalid mem access 'scalar'\n"
	      "processed 4 insns (limit 1000000) max_states_per_insn 0\n",
	      "R1 invalid mem access 'scalar'", "opens.bpf.c", 42,
	      "statistics are no reason");
	check("12: (85) call bpf_foo#1\n"
	      "unknown func bpf_foo#1\n",
	      "unknown func bpf_foo#1", "opens.bpf.c", 50,
	      "the last line info covers the rest");
	check("0: (b7) r0 = 0\n"
	      "1: (95) exit\n"
	      "processed 2 insns\n", NULL, "opens.bpf.c", 40,
	      "a program that ends well has no reason");
	check("; for (;;)\n"
	      "2: (05) goto pc-1\n"
	      "infinite loop detected at insn 2\n"
	      "cur state: R1=ctx() R10=fp0\n"
	      "old state: R1=ctx() R10=fp0\n"
	      "processed 5 insns (limit 1000000)\n",
	      "infinite loop detected at insn 2", "opens.bpf.c", 42, "states are no reason");
	check("99999999999: (95) exit\n", "99999999999: (95) exit", NULL, 0,
	      "a number that is no instruction");
	check("5:", "5:", NULL, 0, "a log that was cut off");
	return done_testing();
}
