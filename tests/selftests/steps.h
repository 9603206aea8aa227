/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What forced.c does between forcing a failure and judging it, and how it
 * sees what a failure changed.
 *
 * A step is one operation on the tree, in words: "mkdir DIR", "put FILE NODE"
 * (the whole of FILE in one write), "say NODE TEXT" (a line), "take NODE"
 * (reads it to the end, or one record of a stream), and so on; several are
 * separated by ';'. Everything that a step needs and that is not the operation
 * itself is done before.
 */
#ifndef BPFFS_STEPS_H
#define BPFFS_STEPS_H

#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_STEPS	8
#define MAX_TEXT	(4 << 20)

static void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerrorname_np(errno));
	exit(2);
}

/*
 * Steps. Each returns 0 or a positive errno; @wrote tells whether write(2)
 * said so, which is when the directory's log has to explain it.
 */
struct step {
	int (*run)(struct step *step);
	const char *arg, *arg2;
	char *data;
	size_t len;
	int wrote;
};

static int do_mkdir(struct step *s)
{
	return mkdir(s->arg, 0700) ? errno : 0;
}

static int do_rmdir(struct step *s)
{
	return rmdir(s->arg) ? errno : 0;
}

static int do_unlink(struct step *s)
{
	return unlink(s->arg) ? errno : 0;
}

static int do_link(struct step *s)
{
	return link(s->arg, s->arg2) ? errno : 0;
}

static int do_rename(struct step *s)
{
	return rename(s->arg, s->arg2) ? errno : 0;
}

static int do_mount(struct step *s)
{
	return mount("bpffs", s->arg, "bpffs", 0, "newns") ? errno : 0;
}

static int do_umount(struct step *s)
{
	return umount2(s->arg, 0) ? errno : 0;
}

static int do_write(struct step *s)
{
	int fd = open(s->arg, O_WRONLY), err = 0;

	s->wrote = 0;
	if (fd < 0)
		return errno;
	if (write(fd, s->data, s->len) != (ssize_t)s->len) {
		s->wrote = 1;
		err = errno;
	}
	if (close(fd) && !err)
		err = errno;
	return err;
}

/* What the last take read. */
static char taken[MAX_TEXT];
static size_t taken_len;

static int read_from(int fd, int once)
{
	ssize_t len;

	taken_len = 0;
	do {
		len = read(fd, taken + taken_len, sizeof(taken) - taken_len);
		if (len < 0)
			return errno;
		taken_len += len;
	} while (len && !once);
	return 0;
}

static int take(struct step *s, int flags, int once)
{
	int fd = open(s->arg, O_RDONLY | flags), err;

	if (fd < 0)
		return errno;
	err = read_from(fd, once);
	close(fd);
	return err;
}

static int do_take(struct step *s)
{
	return take(s, 0, 0);
}

static int do_take_one(struct step *s)
{
	return take(s, O_NONBLOCK, 1);
}

static int do_truncate(struct step *s)
{
	return truncate(s->arg, 0) ? errno : 0;
}

static int unlink_all(const char *dir_name)
{
	DIR *dir = opendir(dir_name);
	struct dirent *entry;
	int err = 0;

	if (!dir)
		return errno;
	while (!err && (entry = readdir(dir)))
		if (entry->d_type == DT_REG && unlinkat(dirfd(dir), entry->d_name, 0))
			err = errno;
	closedir(dir);
	return err;
}

/* Takes what is loaded in an object directory, and attached nowhere, down. */
static int do_unload(struct step *s)
{
	static const char * const names[] = { "progs", "vars", "maps" };
	char path[PATH_MAX];
	int i, err = 0;

	for (i = 0; i < 3 && !err; i++) {
		snprintf(path, sizeof(path), "%s/%s", s->arg, names[i]);
		err = unlink_all(path);
	}
	return err;
}

static int do_fsync(struct step *s)
{
	int fd = open(s->arg, O_RDONLY), err;

	err = fd < 0 || fsync(fd) ? errno : 0;
	close(fd);
	return err;
}

static int do_list(struct step *s)
{
	DIR *dir = opendir(s->arg);
	struct dirent *entry;

	taken_len = 0;
	if (!dir)
		return errno;
	errno = 0;
	while ((entry = readdir(dir)))
		taken_len += sprintf(taken + taken_len, "%s\n", entry->d_name);
	if (errno) {
		int err = errno;

		closedir(dir);
		return err;
	}
	return closedir(dir) ? errno : 0;
}

static const struct verb {
	const char *name;
	int (*run)(struct step *step);
	enum { ONE, TWO, FROM_FILE, TEXT } args;
} verbs[] = {
	{ "mkdir", do_mkdir, ONE },
	{ "rmdir", do_rmdir, ONE },
	{ "unlink", do_unlink, ONE },
	{ "link", do_link, TWO },
	{ "rename", do_rename, TWO },
	{ "mount", do_mount, ONE },
	{ "umount", do_umount, ONE },
	{ "put", do_write, FROM_FILE },
	{ "say", do_write, TEXT },
	{ "take", do_take, ONE },
	{ "take-one", do_take_one, ONE },
	{ "list", do_list, ONE },
	{ "truncate", do_truncate, ONE },
	{ "unload", do_unload, ONE },
	{ "fsync", do_fsync, ONE },
	{ }
};

static const struct verb *find_verb(const char *name)
{
	const struct verb *verb;

	for (verb = verbs; verb->name; verb++)
		if (name && !strcmp(verb->name, name))
			return verb;
	errno = EINVAL;
	die(name ? name : "no step");
	return NULL;
}

static void read_file(struct step *s, const char *path)
{
	int fd = open(path, O_RDONLY);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		die(path);
	s->data = malloc(st.st_size + 1);
	s->len = st.st_size;
	if (read(fd, s->data, s->len) != (ssize_t)s->len)
		die(path);
	close(fd);
}

static void parse_step(struct step *s, char *text)
{
	const struct verb *verb = find_verb(strtok(text, " "));

	s->run = verb->run;
	s->arg = strtok(NULL, " ");
	if (verb->args == TWO)
		s->arg2 = strtok(NULL, " ");
	if (verb->args == FROM_FILE) {
		read_file(s, s->arg);
		s->arg = strtok(NULL, " ");
	}
	if (verb->args == TEXT)
		s->len = asprintf(&s->data, "%s\n", strtok(NULL, ""));
	if (!s->arg || (verb->args == TWO && !s->arg2))
		die("a step lacks a word");
}

/* Returns how many there are. */
static int parse_steps(struct step *steps, char *text)
{
	char *next, *rest = text;
	int nr = 0;

	while ((next = strsep(&rest, ";"))) {
		while (*next == ' ')
			next++;
		if (!*next)
			continue;
		if (nr == MAX_STEPS)
			die("too many steps");
		parse_step(&steps[nr++], next);
	}
	return nr;
}

/*
 * State: everything that a failure must leave as it was, as a text. Logs tell
 * of the failure and are not in it; streams would be emptied by reading.
 */
static char state_text[MAX_TEXT];
static size_t state_len;

static void note(const char *what, const char *value)
{
	int len = snprintf(state_text + state_len, sizeof(state_text) - state_len, "%s %s\n",
			   what, value);

	if (state_len + len >= sizeof(state_text))
		die("the state is too long");
	state_len += len;
}

static int count_ids(int (*next)(__u32 id, __u32 *next_id))
{
	__u32 id = 0;
	int nr = 0;

	while (!next(id, &id))
		nr++;
	return nr;
}

static void note_process(void)
{
	char line[64];
	FILE *maps = fopen("/proc/self/maps", "r");
	int fd, fds = 0, areas = 0, c;

	for (fd = 0; fd < 64; fd++)
		fds += fcntl(fd, F_GETFD) >= 0;
	while (maps && (c = getc(maps)) != EOF)
		areas += c == '\n';
	if (maps)
		fclose(maps);
	sprintf(line, "%d descriptors, %d areas", fds, areas);
	note("process:", line);
}

static void note_content(const char *path)
{
	static char text[1 << 16];
	int fd = open(path, O_RDONLY | O_NONBLOCK);
	ssize_t len;

	if (fd < 0)
		return note("unreadable", strerrorname_np(errno));
	while ((len = read(fd, text, sizeof(text) - 1)) > 0) {
		text[len] = '\0';
		note("", text);
	}
	if (len < 0)
		note("unread", strerrorname_np(errno));
	close(fd);
}

static int is_left_out(const char *name, const char *stream)
{
	return !strcmp(name, ".") || !strcmp(name, "..") || !strcmp(name, "log") ||
	       !strcmp(name, "load") || (stream && !strcmp(name, stream));
}

static void note_tree(const char *path, const char *stream)
{
	char below[PATH_MAX], line[64];
	struct dirent *entry;
	struct stat st;
	DIR *dir;

	if (lstat(path, &st))
		return note(path, strerrorname_np(errno));
	snprintf(line, sizeof(line), "%o %lu", st.st_mode, (unsigned long)st.st_nlink);
	note(path, line);
	if (S_ISREG(st.st_mode))
		return note_content(path);
	dir = opendir(path);
	if (!dir)
		return note(path, strerrorname_np(errno));
	while ((entry = readdir(dir))) {
		if (is_left_out(entry->d_name, stream))
			continue;
		snprintf(below, sizeof(below), "%s/%s", path, entry->d_name);
		note_tree(below, stream);
	}
	closedir(dir);
}

/* Returns the text, which the next call overwrites. */
static const char *state(const char *tree, const char *stream)
{
	char line[96];

	state_len = 0;
	note_process();
	sprintf(line, "%d programs, %d maps, %d links, %d BTFs", count_ids(bpf_prog_get_next_id),
		count_ids(bpf_map_get_next_id), count_ids(bpf_link_get_next_id),
		count_ids(bpf_btf_get_next_id));
	note("kernel:", line);
	if (tree)
		note_tree(tree, stream);
	return state_text;
}

#endif /* BPFFS_STEPS_H */
