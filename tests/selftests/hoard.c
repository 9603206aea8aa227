// SPDX-License-Identifier: GPL-2.0
/*
 * hoard OBJECT DIR: loads OBJECT into the object directory DIR and attaches
 * everything, while another thread duplicates every descriptor that it can get
 * hold of. Prints how many of those stand for objects of bpf(2).
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LAST_FD	24

static int stop;
static unsigned long tries, caught;

static int is_bpf(int fd)
{
	char path[64], link[128];
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	len = readlink(path, link, sizeof(link) - 1);
	if (len < 0)
		return 0;
	link[len] = '\0';
	return strstr(link, "bpf") && strstr(link, "anon_inode");
}

static void *hoard(void *unused)
{
	int fd, copy;

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		for (fd = 3; fd < LAST_FD; fd++) {
			copy = fcntl(fd, F_DUPFD, LAST_FD + 1);
			if (copy < 0)
				continue;
			tries++;
			caught += is_bpf(copy);
			close(copy);
		}
	}
	return NULL;
}

static void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static void put(const char *dir, const char *node, const void *data, size_t len)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, node);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, data, len) != (ssize_t)len || close(fd))
		die(path);
}

int main(int argc, char **argv)
{
	static char object[1 << 20];
	pthread_t thread;
	ssize_t len;
	int fd;

	if (argc != 3)
		return 2;
	fd = open(argv[1], O_RDONLY);
	len = read(fd, object, sizeof(object));
	if (len <= 0 || pthread_create(&thread, NULL, hoard, NULL))
		die(argv[1]);
	put(argv[2], "load", object, len);
	put(argv[2], "attach", "*\n", 2);
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	printf("%lu\n", caught);
	return tries ? 0 : 1;
}
