// SPDX-License-Identifier: GPL-2.0
/* The object through bpffs: written to the load of a fresh directory. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/bpffs.h>

#include "verdict.h"

#define DIR_PATH	BPFFS_MOUNT "/object"

static int complain(FILE *out, const char *what)
{
	fprintf(out, "cannot use %s: %m\n", what);
	return 1;
}

/* The first line of the log, without its "error: ". */
static int refused(FILE *out, int err)
{
	char line[2048] = "";
	FILE *log = fopen(DIR_PATH "/log", "r");
	const char *text = line;

	if (log && fgets(line, sizeof(line), log)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "error: ", 7))
			text += 7;
	}
	fprintf(out, "%s\n", *text ? text : strerrorname_np(err));
	return 1;
}

/* Switches every program of the object but one off. */
static int choose(const struct request *request, FILE *out)
{
	FILE *config = fopen(DIR_PATH "/config", "w");
	char names[64 << 10] = "", *name, *rest = names;
	FILE *list = fmemopen(names, sizeof(names), "w");

	if (!config || !list)
		return complain(out, "config");
	side_programs(request, list);
	fclose(list);
	while ((name = strsep(&rest, "\n")) && *name)
		fprintf(config, "progs.%s.autoload: %s\n", name + 1,
			strcmp(name + 1, request->only) ? "false" : "true");
	return fclose(config) ? complain(out, "config") : 0;
}

static int write_object(const struct request *request, FILE *out)
{
	static char buffer[1 << 20];
	int from = open(request->object, O_RDONLY);
	int to = open(DIR_PATH "/load", O_WRONLY);
	ssize_t got, put, done;

	if (from < 0 || to < 0)
		return complain(out, from < 0 ? request->object : "load");
	while ((got = read(from, buffer, sizeof(buffer))) > 0)
		for (done = 0; done < got; done += put) {
			put = write(to, buffer + done, got - done);
			if (put < 0)
				return refused(out, errno);
		}
	return close(to) ? refused(out, errno) : 0;
}

/* Calls @describe for every file below a directory. */
static int describe_all(FILE *out, const char *path,
			int (*describe)(FILE *out, const char *name, int fd))
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int failed = 0, file, fd;

	if (!dir)
		return complain(out, path);
	while ((entry = readdir(dir))) {
		if (entry->d_type == DT_DIR)
			continue;
		file = openat(dirfd(dir), entry->d_name, O_RDONLY);
		fd = file < 0 ? -1 : ioctl(file, BPFFS_IOC_GET_FD);
		if (fd < 0)
			fprintf(out, "%s gives no descriptor: %m\n", entry->d_name);
		else
			failed |= describe(out, entry->d_name, fd);
		close(fd);
		close(file);
	}
	closedir(dir);
	return failed;
}

/**
 * side_bpffs() - load an object by bpffs
 * @request: what to load
 * @out: description or complaint
 *
 * Return: see struct request.
 */
int side_bpffs(const struct request *request, FILE *out)
{
	if (mkdir(DIR_PATH, 0700))
		return complain(out, DIR_PATH);
	if (request->only && choose(request, out))
		return 1;
	if (write_object(request, out) ||
	    describe_all(out, DIR_PATH "/maps", describe_map) ||
	    describe_all(out, DIR_PATH "/progs", describe_prog))
		return 1;
	answer_all(out);
	return 0;
}
