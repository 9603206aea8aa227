// SPDX-License-Identifier: GPL-2.0
/*
 * The object through libbpf: bpf_object__open_file() and bpf_object__load(),
 * which is what "bpftool prog loadall" does less its own guesses of types.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "verdict.h"

/* Everything libbpf warned of; a verifier log may be cut. */
static char said[256 << 10];
static size_t said_len;

static int remember(enum libbpf_print_level level, const char *format, va_list args)
{
	size_t room = sizeof(said) - said_len;
	int len;

	if (level != LIBBPF_WARN || room < 2)
		return 0;
	len = vsnprintf(said + said_len, room, format, args);
	if (len > 0)
		said_len += (size_t)len < room ? (size_t)len : room - 1;
	return len;
}

static void print_line(FILE *out, const char *from)
{
	fprintf(out, "%.*s", (int)strcspn(from, "\n"), from);
}

/* The last line of a verifier log that is not about statistics or code. */
static const char *verifier_sentence(const char *log)
{
	const char *end = strstr(log, "-- END PROG LOAD LOG --");
	const char *line, *next, *last = NULL;

	for (line = log; line && *line && (!end || line < end); line = next) {
		next = strchr(line, '\n');
		if (next)
			next++;
		if (next && next < (end ?: said + said_len) && *line != '\n' &&
		    strncmp(line, "processed ", 10) && strncmp(line, "-- ", 3))
			last = line;
	}
	return last;
}

static int complain(FILE *out, int err)
{
	const char *log = strstr(said, "-- BEGIN PROG LOAD LOG --");
	const char *sentence = log ? verifier_sentence(log) : NULL;
	const char *first = !strncmp(said, "libbpf: ", 8) ? said + 8 : said;

	fprintf(out, "%s: ", strerrorname_np(err) ?: "?");
	print_line(out, first);
	if (sentence) {
		fputs(": ", out);
		print_line(out, sentence);
	}
	fputc('\n', out);
	return 1;
}

static struct bpf_object *open_object(const struct request *request)
{
	libbpf_set_print(remember);
	return bpf_object__open_file(request->object, NULL);
}

static void choose(struct bpf_object *obj, const char *only)
{
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, obj)
		bpf_program__set_autoload(prog, !strcmp(bpf_program__name(prog), only));
}

/* Data sections go by the name of their section, without the object's. */
static const char *map_name(const struct bpf_map *map)
{
	const char *name = bpf_map__name(map);

	if (bpf_map__is_internal(map) && strchr(name, '.'))
		return strchr(name, '.');
	return name;
}

static int describe(FILE *out, struct bpf_object *obj)
{
	struct bpf_program *prog;
	struct bpf_map *map;
	int failed = 0;

	bpf_object__for_each_map(map, obj)
		if (bpf_map__fd(map) >= 0)
			failed |= describe_map(out, map_name(map), bpf_map__fd(map));
	bpf_object__for_each_program(prog, obj)
		if (bpf_program__fd(prog) >= 0)
			failed |= describe_prog(out, bpf_program__name(prog),
						bpf_program__fd(prog));
	return failed;
}

/**
 * side_libbpf() - load an object by libbpf
 * @request: what to load
 * @out: description or complaint
 *
 * Return: see struct request.
 */
int side_libbpf(const struct request *request, FILE *out)
{
	struct bpf_object *obj = open_object(request);
	int err;

	if (!obj)
		return complain(out, errno);
	if (request->only)
		choose(obj, request->only);
	err = bpf_object__load(obj);
	if (err)
		return complain(out, -err);
	err = describe(out, obj);
	answer_all(out);
	return err;
}

/**
 * side_programs() - name the programs of an object
 * @request: the object
 * @out: a line for each, beginning with '?' for those that are not loaded by
 *	default and with a blank for the others
 *
 * Return: 0, or 1 for an object that cannot be opened.
 */
int side_programs(const struct request *request, FILE *out)
{
	struct bpf_object *obj = open_object(request);
	struct bpf_program *prog;

	if (!obj)
		return 1;
	bpf_object__for_each_program(prog, obj)
		fprintf(out, "%c%s\n", bpf_program__autoload(prog) ? ' ' : '?',
			bpf_program__name(prog));
	return 0;
}
