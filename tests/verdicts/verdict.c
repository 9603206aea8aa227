// SPDX-License-Identifier: GPL-2.0
/*
 * Loads objects by libbpf and by bpffs, one after the other and each in a
 * process of its own, and tells whether the two agree.
 *
 *	verdict [--limit SECONDS] [--recall FILE] NAME=OBJECT...
 *
 * Prints a line per object, its parts separated by tabs:
 *
 *	VERDICT NAME MILLISECONDS-LIBBPF MILLISECONDS-BPFFS DETAIL
 *
 * where VERDICT is
 *
 *	same	both load, and the kernel describes the results alike
 *	differ	both load, and it does not; DETAIL has the lines that differ
 *	neither	both refuse; DETAIL has both reasons
 *	libbpf	libbpf alone loads; DETAIL is why bpffs does not
 *	bpffs	bpffs alone loads; DETAIL is why libbpf does not
 *	slow	one of them took longer than the limit
 *	crash	one of them died, or something it made stayed behind
 *
 * A line that begins with "recorded" is what libbpf came to. --recall takes a
 * FILE of such lines, without that word, for what need not be done again.
 *
 * A program that an object does not load by default is loaded alone after it,
 * and has a line of its own, named OBJECT?PROGRAM. With "--programs each" so is
 * every program, as the kernel's own test runner does it.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "verdict.h"

#define MAX_LINES	4096

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int split_sorted(char *text, char **lines)
{
	int nr = 0;
	char *line;

	while ((line = strsep(&text, "\n")) && nr < MAX_LINES)
		if (*line)
			lines[nr++] = line;
	qsort(lines, nr, sizeof(*lines), compare_lines);
	return nr;
}

/* Prints the lines that only one has; false if there are none. */
static bool differences(FILE *out, char *mine, char *theirs)
{
	static char *a[MAX_LINES], *b[MAX_LINES];
	int nr_a = split_sorted(mine, a), nr_b = split_sorted(theirs, b);
	int i = 0, j = 0, order;
	bool any = false;

	while (i < nr_a || j < nr_b) {
		order = i == nr_a ? 1 : j == nr_b ? -1 : strcmp(a[i], b[j]);
		if (order) {
			fprintf(out, "%s%s: %s", any ? " | " : "",
				order < 0 ? "libbpf" : "bpffs", order < 0 ? a[i] : b[j]);
			any = true;
		}
		i += order <= 0;
		j += order >= 0;
	}
	return any;
}

static void one_line(char *text)
{
	for (; *text; text++)
		if (*text == '\n' || *text == '\t' || *text == '\r')
			*text = ' ';
}

static const char *judge(struct outcome *libbpf, struct outcome *bpffs, FILE *detail)
{
	if (libbpf->ending == LOADED && bpffs->ending == LOADED)
		return differences(detail, libbpf->text, bpffs->text) ? "differ" : "same";
	one_line(libbpf->text);
	one_line(bpffs->text);
	if (libbpf->ending == DIED || bpffs->ending == DIED) {
		fprintf(detail, "%s died", libbpf->ending == DIED ? "libbpf" : "bpffs");
		return "crash";
	}
	if (libbpf->ending == TOO_SLOW || bpffs->ending == TOO_SLOW) {
		fprintf(detail, "libbpf: %s| bpffs: %s", libbpf->text, bpffs->text);
		return "slow";
	}
	if (bpffs->ending == LOADED) {
		fprintf(detail, "%s", libbpf->text);
		return "bpffs";
	}
	if (libbpf->ending == LOADED) {
		fprintf(detail, "%s", bpffs->text);
		return "libbpf";
	}
	fprintf(detail, "libbpf: %s| bpffs: %s", libbpf->text, bpffs->text);
	return "neither";
}

/* Programs and maps in the kernel. */
static int count_objects(void)
{
	__u32 id = 0;
	int nr = 0;

	while (!bpf_prog_get_next_id(id, &id))
		nr++;
	for (id = 0; !bpf_map_get_next_id(id, &id);)
		nr++;
	return nr;
}

/* The kernel frees objects some time after the last reference went. */
static bool settled(int before)
{
	const struct timespec moment = { .tv_nsec = 5000000 };
	int try;

	for (try = 0; try < 1000; try++) {
		if (count_objects() <= before)
			return true;
		nanosleep(&moment, NULL);
	}
	return false;
}

static void unpin_all(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	if (!dir)
		die(path);
	while ((entry = readdir(dir)))
		unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
}

static struct outcome by_libbpf(const char *name, const struct request *request)
{
	struct outcome outcome;

	if (recall(name, &outcome))
		return outcome;
	outcome = run_side(side_libbpf, request);
	unpin_all("/sys/fs/bpf");
	record(name, &outcome);
	return outcome;
}

static struct outcome by_bpffs(const struct request *request)
{
	struct outcome outcome;

	if (mount("bpffs", BPFFS_MOUNT, "bpffs", 0, "newns"))
		die("mounting bpffs");
	outcome = run_side(side_bpffs, request);
	if (umount2(BPFFS_MOUNT, 0) && umount2(BPFFS_MOUNT, MNT_DETACH))
		die("unmounting bpffs");
	return outcome;
}

static void try_object(const char *name, const struct request *request)
{
	struct outcome libbpf, bpffs;
	int before = count_objects();
	const char *verdict;
	char *text = NULL;
	size_t size;
	FILE *detail = open_memstream(&text, &size);
	bool clean;

	libbpf = by_libbpf(name, request);
	clean = settled(before);
	bpffs = by_bpffs(request);
	verdict = judge(&libbpf, &bpffs, detail);
	if (!clean || !settled(before)) {
		fprintf(detail, " | left behind by %s: %d", clean ? "bpffs" : "libbpf",
			count_objects() - before);
		verdict = "crash";
	}
	fclose(detail);
	one_line(text);
	printf("%s\t%s\t%ld\t%ld\t%s\n", verdict, name, libbpf.ms, bpffs.ms, text);
	fflush(stdout);
	free(text);
	free(libbpf.text);
	free(bpffs.text);
}

static bool each_program;

static void try_programs(const char *name, const struct request *request)
{
	struct outcome list = run_side(side_programs, request);
	struct request alone = *request;
	char *rest = list.text, *line, *full;

	while (list.ending == LOADED && (line = strsep(&rest, "\n"))) {
		if (!*line || (*line != '?' && !each_program))
			continue;
		alone.only = line + 1;
		if (asprintf(&full, "%s?%s", name, line + 1) < 0)
			die("memory");
		try_object(full, &alone);
		free(full);
	}
	free(list.text);
}

static void prepare(void)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	if (mkdir(BPFFS_MOUNT, 0700) && errno != EEXIST)
		die(BPFFS_MOUNT);
}

static int explain(void)
{
	fputs("usage: verdict [--limit SECONDS] [--recall FILE] [--programs each] NAME=OBJECT...\n",
	      stderr);
	return 2;
}

int main(int argc, char **argv)
{
	struct request request = {};
	char *object;
	int i;

	for (i = 1; i + 1 < argc && !strncmp(argv[i], "--", 2); i += 2) {
		if (!strcmp(argv[i], "--limit"))
			side_limit = strtoul(argv[i + 1], NULL, 0);
		else if (!strcmp(argv[i], "--recall"))
			recall_from(argv[i + 1]);
		else if (!strcmp(argv[i], "--programs"))
			each_program = !strcmp(argv[i + 1], "each");
		else
			return explain();
	}
	prepare();
	for (; i < argc; i++) {
		object = strchr(argv[i], '=');
		if (!object)
			return explain();
		*object++ = '\0';
		request.object = object;
		try_object(argv[i], &request);
		try_programs(argv[i], &request);
	}
	return 0;
}
