// SPDX-License-Identifier: GPL-2.0
/*
 * Running a side for as long as it may take, and remembering what came of it:
 * libbpf comes to the same every time, and takes most of the time.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "verdict.h"

/* In a recorded text, what a line ends with. */
static const char recorded_newline = '\036';

unsigned int side_limit = 60;

/**
 * die() - end with the status of a harness that failed
 * @what: what went wrong, before errno's own words
 */
void die(const char *what)
{
	perror(what);
	exit(125);
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits for a child, for as long as the limit allows. */
static enum ending wait_for(pid_t child)
{
	struct timespec patience = { .tv_sec = side_limit };
	enum ending ending = DIED;
	sigset_t set;
	int status;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	while (!waitpid(child, &status, WNOHANG)) {
		if (sigtimedwait(&set, NULL, &patience) > 0 || errno == EINTR)
			continue;
		ending = TOO_SLOW;
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
		return ending;
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) < 2)
		ending = WEXITSTATUS(status) ? REFUSED : LOADED;
	return ending;
}

static char *contents(FILE *file)
{
	long size;
	char *text;

	fseek(file, 0, SEEK_END);
	size = ftell(file);
	rewind(file);
	text = calloc(1, size + 1);
	if (!text || fread(text, 1, size, file) != (size_t)size)
		die("reading what a side said");
	fclose(file);
	return text;
}

/**
 * run_side() - have one side load an object, in a process of its own
 * @side: which
 * @request: what to load
 *
 * Return: what came of it; the caller frees its text.
 */
struct outcome run_side(side_fn side, const struct request *request)
{
	struct outcome outcome;
	FILE *out = tmpfile();
	long begun = now_ms();
	pid_t child;
	int ret;

	if (!out)
		die("tmpfile");
	fflush(stdout);
	child = fork();
	if (child < 0)
		die("fork");
	if (!child) {
		ret = side(request, out);
		_exit(fflush(out) ? 2 : ret);
	}
	outcome.ending = wait_for(child);
	outcome.ms = now_ms() - begun;
	outcome.text = contents(out);
	return outcome;
}

static char *known;
static size_t known_size;

/**
 * recall_from() - take outcomes from what an earlier run recorded
 * @path: lines as record() printed them
 */
void recall_from(const char *path)
{
	FILE *file = fopen(path, "r");

	if (!file)
		die(path);
	known = contents(file);
	known_size = strlen(known);
	if (known_size && known[known_size - 1] != '\n')
		die("the end of what was recorded");
}

static void translate(char *text, char from, char to)
{
	for (; *text; text++)
		if (*text == from)
			*text = to;
}

/**
 * recall() - look an outcome up
 * @name: of the object, as record() was given it
 * @outcome: set if it is known; the caller frees its text
 *
 * Return: true if it is known.
 */
bool recall(const char *name, struct outcome *outcome)
{
	char *line, *text, *end;
	size_t len = strlen(name);
	int loaded, used;

	for (line = known; line && *line; line = end + 1) {
		end = strchr(line, '\n');
		if (strncmp(line, name, len) || line[len] != '\t')
			continue;
		if (sscanf(line + len, "\t%d\t%ld%n", &loaded, &outcome->ms, &used) != 2)
			continue;
		text = line + len + used + 1;
		outcome->ending = loaded ? LOADED : REFUSED;
		outcome->text = strndup(text, end - text);
		translate(outcome->text, recorded_newline, '\n');
		return true;
	}
	return false;
}

/**
 * record() - print an outcome for another run to recall
 * @name: of the object
 * @outcome: what came of it, printed if it will be the same another time
 */
void record(const char *name, const struct outcome *outcome)
{
	char *text;

	if (outcome->ending != LOADED && outcome->ending != REFUSED)
		return;
	text = strdup(outcome->text);
	translate(text, '\t', ' ');
	translate(text, '\n', recorded_newline);
	printf("recorded\t%s\t%d\t%ld\t%s\n", name, outcome->ending == LOADED,
	       outcome->ms, text);
	free(text);
}
