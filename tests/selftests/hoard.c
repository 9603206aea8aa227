// SPDX-License-Identifier: GPL-2.0
/*
 * hoard OBJECT [DIR]: loads OBJECT into the object directory DIR and attaches
 * everything, while another thread duplicates every descriptor that it can get
 * hold of. Without DIR, descriptor 3 is the load and 4 the attach of a
 * directory, which somebody else opened, and a child does it, who may trace its
 * parent. Prints how many of those stand for objects of bpf(2).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define LAST_FD	24

/* In memory that a child shares, too. */
static struct {
	int stop;
	unsigned long tries, caught;
} *shared;

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

/* @pidfd is of whose descriptors to take; -1: one's own. */
static void hoard(int pidfd)
{
	int fd, copy;

	while (!__atomic_load_n(&shared->stop, __ATOMIC_RELAXED)) {
		for (fd = 3; fd < LAST_FD; fd++) {
			copy = pidfd < 0 ? fcntl(fd, F_DUPFD, LAST_FD + 1) :
				syscall(SYS_pidfd_getfd, pidfd, fd, 0);
			if (copy < 0)
				continue;
			shared->tries++;
			shared->caught += is_bpf(copy);
			close(copy);
		}
	}
}

static void *hoard_own(void *unused)
{
	hoard(-1);
	return NULL;
}

static void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static void put(int fd, const void *data, size_t len)
{
	if (fd < 0 || write(fd, data, len) != (ssize_t)len || close(fd))
		die("write");
}

static int open_node(const char *dir, const char *node)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, node);
	return open(path, O_WRONLY);
}

static void start_child(void)
{
	int pidfd = syscall(SYS_pidfd_open, getpid(), 0);
	pid_t pid;

	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	pid = fork();
	if (pidfd < 0 || pid < 0)
		die("child");
	if (pid)
		return;
	close(3);
	close(4);
	hoard(pidfd);
	_exit(0);
}

int main(int argc, char **argv)
{
	static char object[1 << 20];
	pthread_t thread;
	ssize_t len;
	int fd;

	if (argc < 2)
		return 2;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	fd = open(argv[1], O_RDONLY);
	len = read(fd, object, sizeof(object));
	if (len <= 0)
		die(argv[1]);
	if (argc < 3)
		start_child();
	else if (pthread_create(&thread, NULL, hoard_own, NULL))
		die("thread");
	while (!__atomic_load_n(&shared->tries, __ATOMIC_RELAXED))
		sched_yield();
	put(argc < 3 ? 3 : open_node(argv[2], "load"), object, len);
	put(argc < 3 ? 4 : open_node(argv[2], "attach"), "*\n", 2);
	__atomic_store_n(&shared->stop, 1, __ATOMIC_RELAXED);
	if (argc < 3)
		wait(NULL);
	else
		pthread_join(thread, NULL);
	printf("%lu\n", shared->caught);
	return shared->tries ? 0 : 1;
}
