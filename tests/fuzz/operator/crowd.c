// SPDX-License-Identifier: GPL-2.0
/*
 * Several operators on one tree, some of which are killed. Each has a seed of
 * its own; what comes of it depends on the others.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "operator.h"

#define NR_OPERATORS	6

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE	1
#endif

static void any_load(const char *path)
{
	static const char * const dirs[] = { ".", "a", "b", "c", "a/b", "b/c" };
	const struct object *object = &objects[pick(nr_objects)];
	char load[PATH_SIZE];
	int fd;

	snprintf(load, sizeof(load), "%s/load", dirs[pick(ARRAY_SIZE(dirs))]);
	fd = open(load, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	object_write(fd, object, pick(2) ? object->size : 4096);
	close(fd);
}

static void any_attach(const char *path)
{
	static const char * const dirs[] = { ".", "a", "b", "c", "a/b", "b/c" };
	const struct object *object = &objects[pick(nr_objects)];
	const char *text = pick(2) ? "*" : object->items[pick(object->nr_items)].name;
	char attach[PATH_SIZE];
	int fd;

	snprintf(attach, sizeof(attach), "%s/attach", dirs[pick(ARRAY_SIZE(dirs))]);
	fd = open(attach, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	write(fd, text, strlen(text));
	close(fd);
}

static void any_mkdir(const char *path)
{
	mkdir(path, 0755);
}

static void any_rename(const char *path)
{
	char to[PATH_SIZE];

	pick_any_path(to);
	renameat2(AT_FDCWD, path, AT_FDCWD, to, pick(4) ? 0 : pick(8));
}

static void any_link(const char *path)
{
	char to[PATH_SIZE];

	pick_any_path(to);
	link(path, to);
}

static void any_unlink(const char *path)
{
	unlink(path);
}

static void any_rmdir(const char *path)
{
	rmdir(path);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	remove(path);
	return 0;
}

static void any_remove(const char *path)
{
	if (strcmp(path, ".") && !pick(4))
		nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void any_open(const char *path)
{
	static const int accesses[] = { O_RDONLY, O_WRONLY, O_RDWR };
	int fd;

	fd = open(path, accesses[pick(ARRAY_SIZE(accesses))] | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0)
		keep_open(fd);
}

static void any_attributes(const char *path)
{
	static const mode_t modes[] = { 0755, 0777, 01777, 0700, 0644 };
	uid_t uid = pick(2) ? ALICE : 0;

	chmod(path, modes[pick(ARRAY_SIZE(modes))]);
	chown(path, uid, uid);
	truncate(path, pick(2));
	lstat(path, &(struct stat) {});
}

static void (* const operations[])(const char *path) = {
	any_load, any_attach, any_attach, any_mkdir, any_mkdir, any_mkdir, any_rename, any_rename,
	any_rename, any_link, any_link, any_unlink, any_rmdir, any_remove, any_open, any_open,
	any_open, any_attributes,
};

/* Where the tree is taken apart from under it, it begins at its root again. */
static void operate(void)
{
	unsigned int n = pick(ARRAY_SIZE(operations));
	char path[PATH_SIZE];

	as_alice = !pick(4);
	if (!pick(3)) {
		file_operation();
	} else if (!pick(60)) {
		mount_operation();
	} else {
		pick_any_path(path);
		doing("operation %u at %s", n, path);
		become(as_alice);
		operations[n](path);
		become(false);
	}
}

static pid_t begin_operator(unsigned int seed)
{
	pid_t child = fork();

	if (child)
		return child;
	begin_chance(seed);
	for (;;)
		operate();
}

/* Most are killed at what they are doing; a wrong one says so by its status. */
static unsigned int end_operator(pid_t child)
{
	int status;

	kill(child, SIGKILL);
	if (waitpid(child, &status, 0) != child || WIFSIGNALED(status))
		return 0;
	return 1;
}

static time_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

static unsigned int operate_together(unsigned int seed, unsigned int seconds)
{
	const time_t end = now() + seconds;
	pid_t children[NR_OPERATORS];
	unsigned int i, failed = 0;

	for (i = 0; i < NR_OPERATORS; i++)
		children[i] = begin_operator(seed++);
	while (now() < end) {
		usleep(300000);
		i = pick(NR_OPERATORS);
		failed += end_operator(children[i]);
		children[i] = begin_operator(seed++);
	}
	for (i = 0; i < NR_OPERATORS; i++)
		failed += end_operator(children[i]);
	printf("%u operators, seeds up to %u\n", NR_OPERATORS, seed - 1);
	return failed;
}

/* What operators that were killed had mounted below this directory. */
static void unmount_below(void)
{
	char line[2 * PATH_SIZE], here[PATH_SIZE], target[PATH_SIZE];
	unsigned int more = 1, tries;
	FILE *mounts;

	if (!getcwd(here, sizeof(here)))
		wrong("no directory");
	for (tries = 0; more && tries < 1000; tries++) {
		more = 0;
		mounts = fopen("/proc/self/mounts", "re");
		while (fgets(line, sizeof(line), mounts)) {
			if (sscanf(line, "%*s %2047s", target) != 1 ||
			    strncmp(target, here, strlen(here)) || target[strlen(here)] != '/')
				continue;
			more += !umount2(target, MNT_DETACH);
		}
		fclose(mounts);
	}
}

static int remove_all(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	const char *name = path + ftw->base;

	/* The root's own nodes stay; what goes with its directory may be gone. */
	if (ftw->level == 0 || (ftw->level == 1 && is_reserved(name)))
		return 0;
	if (remove(path) && errno != ENOENT)
		wrong("%s cannot be removed: %s", path, strerror(errno));
	return 0;
}

static void remove_tree(void)
{
	doing("removal of everything");
	if (nftw(".", remove_all, 16, FTW_DEPTH | FTW_PHYS))
		wrong("it ended early: %s", strerror(errno));
	survey_tree();
}

int crowd(unsigned int seed, unsigned int seconds)
{
	unsigned int i, failed;

	in_crowd = true;
	for (i = 0; i < nr_objects; i++) {
		object_learn(&objects[i]);
		nftw("learn", remove_one, 16, FTW_DEPTH | FTW_PHYS);
	}
	failed = operate_together(seed, seconds);
	close_slots();
	unmount_below();
	survey_tree();
	remove_tree();
	return failed ? 1 : 0;
}
