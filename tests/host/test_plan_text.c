// SPDX-License-Identifier: GPL-2.0
/* What bpffs-plan prints. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include "test.h"
#include "objects/objects.h"

#ifndef PLAN
#define PLAN "build/host/bpffs-plan"
#define SOURCES "tests/host/objects"
#endif

static char output[1 << 16];

/* Runs it with @options on an object; its output, both streams, is in output. */
static int run(const char *options, const char *object)
{
	char command[8192];
	size_t len;
	FILE *pipe;

	snprintf(command, sizeof(command), "%s %s %s/%s.bpf.o 2>&1", PLAN, options,
		 OBJECTS, object);
	pipe = popen(command, "r");
	if (!pipe)
		return -1;
	len = fread(output, 1, sizeof(output) - 1, pipe);
	output[len] = '\0';
	return WEXITSTATUS(pclose(pipe));
}

static bool has_line(const char *line, size_t len)
{
	const char *at = output;

	while (at && strncmp(at, line, len)) {
		at = strchr(at, '\n');
		at = at ? at + 1 : NULL;
	}
	return at;
}

/* Every line of a file beside the objects' sources is a line of the output. */
static void has_lines_of(const char *name)
{
	char path[4096], line[4096];
	int lines = 0, missing = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.plan", SOURCES, name);
	file = fopen(path, "r");
	if (!ok(!!file, "%s", path))
		return;
	while (fgets(line, sizeof(line), file)) {
		if (*line == '#')
			continue;
		lines++;
		if (has_line(line, strlen(line)))
			continue;
		missing++;
		note("no line %s", line);
	}
	fclose(file);
	is(missing, 0, "every line is there");
	ok(lines > 0, "%d of them", lines);
}

static void test_whole(void)
{
	is(run("", "whole"), 0, "an object of a bit of everything");
	has_str(output, "object: {\"size\": ", "the object");
	has_str(output, "\"license\": \"GPL\", \"version\": 393472", "is told of");
	has_lines_of("whole");
}

#define PROG	"progs.on_read"

static void test_settings(void)
{
	char options[256];

	snprintf(options, sizeof(options), "--set '%s: true' --set '%s: \"%s\"' --set '%s: \"%s\"'",
		 PROG ".autoload", PROG ".type", "fexit", PROG ".attach_to",
		 "../a/progs/b:c");
	is(run(options, "whole"), 0, "with settings");
	has_lines_of("settings");
	is(run("--set '" PROG ".type: \"kprobe/x\"'", "whole"), 1, "a wrong one");
	has_str(output, "error: EINVAL: setting " PROG ".type: \"kprobe/x\"",
		"is refused");
	has_str(output, "without its target; \"kprobe\" is", "with the right one");
	is(run("--set '" PROG ".attach_to: \"x\"' --set '" PROG ".type: \"socket\"'",
	       "whole"), 1, "a target for a type without any");
	has_str(output, "error: EINVAL: setting " PROG ".attach_to", "too");
}

static void test_others(void)
{
	is(run("", "core"), 0, "an object with CO-RE records");
	has_lines_of("core");
	is(run("", "externs"), 0, "an object with externs");
	has_lines_of("externs");
	is(run("--set 'CONFIG_MODULE: \"TRI_MODULE\"'", "kconfig"), 0,
	   "one with settings for them");
	has_lines_of("kconfig");
	is(run("", "struct_ops"), 0, "one with struct_ops");
	has_lines_of("struct_ops");
	is(run("", "refused-section"), 1, "an object that is refused");
	has_str(output, "error: EOPNOTSUPP: section nobody/knows of program prog",
		"as log says it");
	is(run("", "nowhere"), 2, "no object");
	is(run("--frob", "core"), 2, "an option that there is not");
}

int main(void)
{
	test_whole();
	test_settings();
	test_others();
	return done_testing();
}
