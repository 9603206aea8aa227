/* SPDX-License-Identifier: GPL-2.0 */
/* TAP for host tests: each test_*.c is one program that prove(1) runs. */
#ifndef _BPFFS_TEST_H
#define _BPFFS_TEST_H

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <linux/compiler_attributes.h>

/*
 * Kernel allocations so far, and the number of the one that fails (0: none).
 * A test that wants every failure once does:
 *
 *	for (n = 1; ; n++) {
 *		test_fail_alloc(n);
 *		err = what_is_tested();
 *		if (!test_alloc_failed())
 *			break;
 *	}
 *	test_fail_alloc(0);
 */
extern unsigned long test_alloc_calls;
extern unsigned long test_alloc_fail_at;

/* Which question for a fatal signal, from here on, finds one; 0 for none. */
extern unsigned long test_kill_at;

static inline void test_fail_alloc(unsigned long nth)
{
	test_alloc_calls = 0;
	test_alloc_fail_at = nth;
}

static inline int test_alloc_failed(void)
{
	return test_alloc_fail_at && test_alloc_calls >= test_alloc_fail_at;
}

static unsigned int test_run, test_planned, test_failures;

static inline void plan(unsigned int n)
{
	test_planned = n;
	printf("1..%u\n", n);
}

__printf(1, 2)
static inline void note(const char *fmt, ...)
{
	va_list args;

	fflush(stdout);
	fputs("# ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

__printf(2, 3)
static inline int ok(int passed, const char *fmt, ...)
{
	va_list args;

	printf("%sok %u - ", passed ? "" : "not ", ++test_run);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	test_failures += !passed;
	return passed;
}

static inline int is(long long got, long long want, const char *what)
{
	int passed = ok(got == want, "%s", what);

	if (!passed)
		note("got %lld, want %lld", got, want);
	return passed;
}

static inline int is_str(const char *got, const char *want, const char *what)
{
	int passed = ok(got && want && !strcmp(got, want), "%s", what);

	if (!passed)
		note("got  '%s'\n# want '%s'", got ? got : "(null)",
		     want ? want : "(null)");
	return passed;
}

/* The text is there to be read, so tests ask for its telling part only. */
static inline int has_str(const char *got, const char *part, const char *what)
{
	int passed = ok(got && strstr(got, part), "%s", what);

	if (!passed)
		note("got  '%s'\n# want '...%s...'", got ? got : "(null)", part);
	return passed;
}

/* Last statement of main(): prints the plan unless plan() did. */
static inline int done_testing(void)
{
	if (!test_planned)
		printf("1..%u\n", test_run);
	else if (test_planned != test_run)
		test_failures++;
	return test_failures ? 1 : 0;
}

#endif /* _BPFFS_TEST_H */
