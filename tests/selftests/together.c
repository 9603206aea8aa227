// SPDX-License-Identifier: GPL-2.0
/*
 * together DIR SECONDS OBJECT HOOK: eight threads of one process, which share
 * its descriptors, make, load, attach, read, write, rename, link and remove the
 * same few names in DIR at once. HOOK is where OBJECT's programs are linked to,
 * "kprobe/vfs_read". Ends after SECONDS, but not before each thread did what it
 * is for, and prints how often; fails if one does not come to that.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define PATH_SIZE	512
#define NAME_SIZE	128

static const char *top, *hook;
/* How often each is to succeed, and for how many seconds that is waited for. */
#define ENOUGH		1
#define PATIENCE	600

static char *object;
static size_t object_size;
static int stop;

/* Names on both sides of how long a name may be to stand in the dentry itself. */
static const char * const long_names[] = {
	"a_name_that_is_longer_than_what_the_kernel_keeps_in_line_with_a_name",
	"another_name_that_is_longer_than_what_is_kept_in_line_with_a_name",
};

static char *path_of(char *path, const char *dir, const char *rest)
{
	snprintf(path, PATH_SIZE, "%s/%s%s%s", top, dir, *rest ? "/" : "", rest);
	return path;
}

/* Which of the two directories is as good as any. */
static const char *a_dir(unsigned long turn)
{
	return turn % 3 ? "one" : "two";
}

static int put(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int done;

	if (fd < 0)
		return 0;
	done = write(fd, data, len) == (ssize_t)len;
	close(fd);
	return done;
}

static unsigned long loads;

static int load(unsigned long turn)
{
	char path[PATH_SIZE];
	int done;

	mkdir(path_of(path, a_dir(turn), ""), 0700);
	done = put(path_of(path, a_dir(turn), "load"), object, object_size);
	__atomic_fetch_add(&loads, done, __ATOMIC_RELAXED);
	return done;
}

static int attach(unsigned long turn)
{
	char path[PATH_SIZE], name[PATH_SIZE];

	path_of(path, a_dir(turn), "attach");
	if (turn % 4 == 1)
		return put(path, "*\n", 2);
	snprintf(name, sizeof(name), "%s: \"%s\"\n", long_names[turn / 2 % 2], hook);
	return put(path, name, strlen(name));
}

static int read_all(unsigned long turn)
{
	static const char * const nodes[] = {
		"info", "log", "attach", "config", "maps/hits", "maps/.bss", "progs/on_kprobe",
	};
	char path[PATH_SIZE], text[4096];
	int fd, done = 0;

	path_of(path, a_dir(turn), nodes[turn % ARRAY_SIZE(nodes)]);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	while (read(fd, text, sizeof(text)) > 0)
		done = 1;
	close(fd);
	return done;
}

static int write_map(unsigned long turn)
{
	char path[PATH_SIZE];

	return put(path_of(path, a_dir(turn), "maps/hits"), "0: 1\n1: 2\n", 10);
}

static int rename_dir(unsigned long turn)
{
	char from[PATH_SIZE], to[PATH_SIZE];

	path_of(from, "one", "");
	path_of(to, "two", "");
	return !(turn & 1 ? rename(from, to) : rename(to, from));
}

/* A program's name goes around while others attach it by that name. */
static int rename_prog(unsigned long turn)
{
	const char * const names[] = { "on_kprobe", long_names[0], long_names[1] };
	char from[PATH_SIZE], to[PATH_SIZE], progs[NAME_SIZE];

	snprintf(progs, sizeof(progs), "progs/%s", names[turn % 3]);
	path_of(from, a_dir(turn / 3), progs);
	snprintf(progs, sizeof(progs), "progs/%s", names[(turn + 1) % 3]);
	return !rename(from, path_of(to, a_dir(turn / 3), progs));
}

static int link_prog(unsigned long turn)
{
	char from[PATH_SIZE], to[PATH_SIZE], leaf[NAME_SIZE];
	int done;

	path_of(from, a_dir(turn), "progs/on_kprobe");
	snprintf(leaf, sizeof(leaf), "hooks/%s/x%lu", hook, turn % 4);
	done = !link(from, path_of(to, a_dir(turn), leaf));
	snprintf(leaf, sizeof(leaf), "hooks/%s/x%lu", hook, (turn + 2) % 4);
	unlink(path_of(to, a_dir(turn), leaf));
	return done;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	remove(path);
	return 0;
}

/* What was loaded is there for others for a while. */
static int remove_all(unsigned long turn)
{
	const struct timespec a_while = { .tv_nsec = 100 * 1000 * 1000 };
	static unsigned long seen;
	char path[PATH_SIZE], away[PATH_SIZE];

	nanosleep(&a_while, NULL);
	if (turn % 8 && __atomic_load_n(&loads, __ATOMIC_RELAXED) == seen)
		return 0;
	nanosleep(&a_while, NULL);
	seen = __atomic_load_n(&loads, __ATOMIC_RELAXED);
	/* Once from among the others, and once where they do not look for it. */
	nftw(path_of(path, a_dir(turn), ""), remove_one, 16, FTW_DEPTH | FTW_PHYS);
	if (rename(path, path_of(away, "away", "")))
		return 0;
	nftw(away, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return access(away, F_OK) != 0;
}

static struct deed {
	const char *name;
	int (*once)(unsigned long turn);
	unsigned long done;
} deeds[] = {
	{ "load", load, 0 },
	{ "attach", attach, 0 },
	{ "read", read_all, 0 },
	{ "write", write_map, 0 },
	{ "rename", rename_dir, 0 },
	{ "rename-program", rename_prog, 0 },
	{ "link", link_prog, 0 },
	{ "remove", remove_all, 0 },
};

#define NR_DEEDS	ARRAY_SIZE(deeds)

static void *over_and_over(void *arg)
{
	const struct timespec a_moment = { .tv_nsec = 5 * 1000 * 1000 };
	struct deed *deed = arg;
	unsigned long turn;

	/* Who never stops for a moment keeps others from getting anywhere. */
	for (turn = 0; !__atomic_load_n(&stop, __ATOMIC_RELAXED); turn++) {
		__atomic_fetch_add(&deed->done, deed->once(turn), __ATOMIC_RELAXED);
		nanosleep(&a_moment, NULL);
	}
	return NULL;
}

static int all_did_enough(void)
{
	unsigned int i;

	for (i = 0; i < NR_DEEDS; i++)
		if (__atomic_load_n(&deeds[i].done, __ATOMIC_RELAXED) < ENOUGH)
			return 0;
	return 1;
}

static void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static void read_object(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		die(path);
	object_size = st.st_size;
	object = malloc(object_size);
	if (read(fd, object, object_size) != (ssize_t)object_size)
		die(path);
	close(fd);
}

int main(int argc, char **argv)
{
	pthread_t threads[NR_DEEDS];
	unsigned int i, second, idle = 0;

	if (argc != 5) {
		fprintf(stderr, "usage: together DIR SECONDS OBJECT HOOK\n");
		return 2;
	}
	top = argv[1];
	read_object(argv[3]);
	hook = argv[4];
	for (i = 0; i < NR_DEEDS; i++)
		if (pthread_create(&threads[i], NULL, over_and_over, &deeds[i]))
			die("pthread_create");
	for (second = 0; second < PATIENCE; second++) {
		if (second >= strtoul(argv[2], NULL, 0) && all_did_enough())
			break;
		sleep(1);
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	for (i = 0; i < NR_DEEDS; i++) {
		pthread_join(threads[i], NULL);
		printf("%s %lu%s", deeds[i].name, deeds[i].done, i + 1 < NR_DEEDS ? ", " : "\n");
		idle += deeds[i].done < ENOUGH;
	}
	return idle;
}
