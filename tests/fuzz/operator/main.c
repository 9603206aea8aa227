// SPDX-License-Identifier: GPL-2.0
/*
 * In the guest, as root: operate on a fresh namespace at DIRECTORY.
 *
 *	operator [-v] alone DIRECTORY SEED COUNT OBJECT...
 *		COUNT operations, each compared with what it must come to, and the
 *		tree every now and then. The same seed repeats them all; -v tells them
 *	operator crowd DIRECTORY SEED SECONDS OBJECT...
 *		several processes at once, some of which are killed; when they are
 *		gone the tree is surveyed and removed
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include "operator.h"

bool as_alice;

static unsigned long chance;
static char done_now[3 * PATH_SIZE];
static unsigned long turn, nr_succeeded;
static bool verbose;
static unsigned int seed;

void begin_chance(unsigned int from)
{
	chance = 0x9e3779b97f4a7c15UL ^ (unsigned long)from << 16;
}

/* From 0 up to @below - 1. */
unsigned int pick(unsigned int below)
{
	chance ^= chance << 13;
	chance ^= chance >> 7;
	chance ^= chance << 17;
	return (chance >> 11) % below;
}

void doing(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(done_now, sizeof(done_now), format, args);
	va_end(args);
	if (verbose)
		fprintf(stderr, "%lu%s: %s\n", turn, as_alice ? " (alice)" : "", done_now);
}

void wrong(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "seed %u, operation %lu%s: %s: ", seed, turn,
		as_alice ? " (alice)" : "", done_now);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

static const char *name_of(int err)
{
	return err ? strerrorname_np(-err) : "success";
}

void check(int got, int want)
{
	nr_succeeded += !got;
	if (got != want)
		wrong("%s, and should be %s", name_of(got), name_of(want));
}

void check_any(int got, int one, int other)
{
	if (got != one && got != other)
		wrong("%s, and should be %s or %s", name_of(got), name_of(one), name_of(other));
}

void become(bool alice)
{
	uid_t id = alice ? ALICE : 0;
	bool is_alice = geteuid() == ALICE;

	if (is_alice == alice)
		return;
	/* The group while we may. */
	if ((alice && setresgid(-1, id, -1)) || setresuid(-1, id, -1) ||
	    (!alice && setresgid(-1, id, -1))) {
		perror("operator: changing users");
		exit(1);
	}
}

/* The root's mode is what the mount gave it. */
static void begin_alone(void)
{
	unsigned int i;
	struct stat st;

	if (stat(".", &st))
		wrong("no root: %s", strerror(errno));
	begin_model(st.st_mode & 07777);
	for (i = 0; i < nr_objects; i++) {
		object_learn(&objects[i]);
		if (system("rm -r learn"))
			wrong("cannot be removed");
	}
	compare_tree();
}

/* It looks at everything, and so is dear. */
static void compare_now(void)
{
	bool alice = as_alice;

	as_alice = false;
	doing("comparison");
	compare_tree();
	as_alice = alice;
}

static void operate_once(void)
{
	unsigned int n = pick(100);

	if (n < 50)
		name_operations[pick(nr_name_operations)]();
	else if (n < 84)
		node_operations[pick(nr_node_operations)]();
	else if (n < 88)
		load_operations[pick(nr_load_operations)]();
	else if (n < 98)
		file_operation();
	else
		mount_operation();
}

static int alone(unsigned long count)
{
	begin_alone();
	for (turn = 1; turn <= count; turn++) {
		operate_once();
		if (turn % 200 == 0)
			compare_now();
	}
	compare_now();
	printf("seed %u: %lu operations, %lu calls succeeded, %lu inodes at the end\n", seed,
	       count, nr_succeeded, compare_tree());
	return 0;
}

static int explain_use(void)
{
	fprintf(stderr,
		"usage: operator [-v] alone DIRECTORY SEED COUNT OBJECT...\n"
		"       operator crowd DIRECTORY SEED SECONDS OBJECT...\n");
	return 2;
}

/* The kernel's own defaults differ between builds. */
static void set_sysctl(const char *name, const char *value)
{
	FILE *file = fopen(name, "we");

	if (!file || fputs(value, file) < 0 || fclose(file)) {
		perror(name);
		exit(1);
	}
}

static void prepare(const char *dir)
{
	const struct rlimit files = { 256, 256 };

	umask(0);
	setrlimit(RLIMIT_NOFILE, &files);
	set_sysctl("/proc/sys/fs/protected_hardlinks", "1");
	set_sysctl("/proc/sys/fs/protected_regular", "0");
	setvbuf(stderr, NULL, _IOLBF, 0);
	if (setgroups(0, NULL) || setresgid(0, 0, 0) || chdir(dir)) {
		perror(dir);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	int i;

	verbose = argc > 1 && !strcmp(argv[1], "-v");
	argc -= verbose;
	argv += verbose;
	if (argc < 6)
		return explain_use();
	seed = strtoul(argv[3], NULL, 0);
	for (i = 5; i < argc; i++)
		object_read(argv[i]);
	prepare(argv[2]);
	begin_chance(seed);
	if (!strcmp(argv[1], "alone"))
		return alone(strtoul(argv[4], NULL, 0));
	if (!strcmp(argv[1], "crowd"))
		return crowd(seed, strtoul(argv[4], NULL, 0));
	return explain_use();
}
