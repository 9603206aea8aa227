// SPDX-License-Identifier: GPL-2.0
/*
 * Something to measure: does one thing an exact number of times, under a
 * command name of its own.
 *
 *	work COMM getppid|getpriority N
 *	work COMM open|fsync|read FILE N
 *	work COMM tcp CONGESTION_CONTROL N
 *	work COMM sleep|spawn N
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int do_getppid(const char *file)
{
	return syscall(SYS_getppid) < 0;
}

static int do_getpriority(const char *file)
{
	return syscall(SYS_getpriority, PRIO_PROCESS, 0) < 0;
}

static int do_open(const char *file)
{
	int fd = open(file, O_RDONLY);

	return fd < 0 || close(fd);
}

static int do_fsync(const char *file)
{
	static int fd = -1;

	if (fd < 0)
		fd = open(file, O_RDWR | O_CREAT, 0600);
	return fd < 0 || fsync(fd);
}

static int do_read(const char *file)
{
	static int fd = -1;
	char byte;

	if (fd < 0)
		fd = open(file, O_RDONLY);
	return fd < 0 || pread(fd, &byte, 1, 0) < 0;
}

static int do_sleep(const char *file)
{
	struct timespec time = { .tv_nsec = 1000000 };

	return nanosleep(&time, NULL);
}

/* A child that begins the program true and so ends with status 0. */
static int do_spawn(const char *file)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		execlp("true", "true", NULL);
		_exit(127);
	}
	return pid < 0 || waitpid(pid, &status, 0) != pid || status;
}

/* Moves @bytes from one end to the other; as much as fits on the way at a time. */
static int move(int from, int to, size_t bytes)
{
	static char buf[16 << 10];
	size_t moved, got;
	ssize_t n;

	for (moved = 0; moved < bytes; moved += sizeof(buf)) {
		if (write(from, buf, sizeof(buf)) != sizeof(buf))
			return -1;
		for (got = 0; got < sizeof(buf); got += n) {
			n = read(to, buf, sizeof(buf) - got);
			if (n <= 0)
				return -1;
		}
	}
	return 0;
}

/* A connection of this machine to itself that sends a megabyte. */
static int do_tcp(const char *congestion)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int from = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t len = sizeof(addr);
	int to = -1, err;

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	err = setsockopt(from, IPPROTO_TCP, TCP_CONGESTION, congestion, strlen(congestion)) ||
	      bind(listener, (struct sockaddr *)&addr, len) || listen(listener, 1) ||
	      getsockname(listener, (struct sockaddr *)&addr, &len) ||
	      connect(from, (struct sockaddr *)&addr, len);
	if (!err)
		to = accept(listener, NULL, NULL);
	err = err || to < 0 || move(from, to, 1 << 20);
	close(to);
	close(from);
	close(listener);
	return err;
}

static const struct deed {
	const char *name;
	int has_file;
	int (*once)(const char *file);
} deeds[] = {
	{ "getppid", 0, do_getppid },
	{ "getpriority", 0, do_getpriority },
	{ "open", 1, do_open },
	{ "fsync", 1, do_fsync },
	{ "read", 1, do_read },
	{ "sleep", 0, do_sleep },
	{ "spawn", 0, do_spawn },
	{ "tcp", 1, do_tcp },
	{ },
};

static const struct deed *find(const char *name)
{
	const struct deed *deed;

	for (deed = deeds; deed->name; deed++)
		if (!strcmp(deed->name, name))
			return deed;
	return NULL;
}

int main(int argc, char **argv)
{
	const struct deed *deed = argc > 3 ? find(argv[2]) : NULL;
	const char *file;
	long nr;

	if (!deed || argc != 4 + deed->has_file) {
		fprintf(stderr, "usage: work COMM DEED [FILE] N\n");
		return 2;
	}
	file = deed->has_file ? argv[3] : NULL;
	nr = atol(argv[argc - 1]);
	prctl(PR_SET_NAME, argv[1]);
	while (nr-- > 0) {
		if (deed->once(file)) {
			perror(argv[2]);
			return 1;
		}
	}
	return 0;
}
