// SPDX-License-Identifier: GPL-2.0
/*
 * Reads a ring buffer's file the ways that a shell cannot.
 *
 *	stream poll FILE MILLISECONDS	"readable" or "timeout"
 *	stream try FILE			one O_NONBLOCK read: its text, or the
 *					errno's name on stderr and status 1
 *	stream take FILE LINES		that many lines by blocking reads
 *	stream wait FILE MILLISECONDS	a blocking read, told of by its timing:
 *					prints "blocked" and the first line
 *					where nothing came before the time
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int complain(const char *what)
{
	fprintf(stderr, "stream: %s: %s\n", what, strerrorname_np(errno));
	return 1;
}

static int do_poll(int fd, long ms)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	int nr = poll(&poller, 1, ms);

	if (nr < 0)
		return complain("poll");
	puts(nr && poller.revents & POLLIN ? "readable" : "timeout");
	return 0;
}

static int do_try(int fd, long unused)
{
	char text[65536];
	ssize_t len;

	if (fcntl(fd, F_SETFL, O_NONBLOCK))
		return complain("fcntl");
	len = read(fd, text, sizeof(text));
	if (len < 0)
		return complain("read");
	fwrite(text, 1, len, stdout);
	return 0;
}

static int do_take(int fd, long lines)
{
	char byte;

	/* Larger reads would take records that nobody asked for. */
	while (lines > 0) {
		if (read(fd, &byte, 1) != 1)
			return complain("read");
		putchar(byte);
		lines -= byte == '\n';
	}
	return 0;
}

static long now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int do_wait(int fd, long ms)
{
	long begin = now_ms();
	char text[4096];
	ssize_t len;

	len = read(fd, text, sizeof(text));
	if (len < 0)
		return complain("read");
	if (now_ms() - begin >= ms)
		puts("blocked");
	fwrite(text, 1, len, stdout);
	return 0;
}

static const struct mode {
	const char *name;
	int (*run)(int fd, long number);
} modes[] = {
	{ "poll", do_poll },
	{ "try", do_try },
	{ "take", do_take },
	{ "wait", do_wait },
	{ },
};

int main(int argc, char **argv)
{
	const struct mode *mode;
	int fd;

	for (mode = modes; argc > 2 && mode->name; mode++) {
		if (strcmp(mode->name, argv[1]))
			continue;
		fd = open(argv[2], O_RDONLY);
		if (fd < 0)
			return complain(argv[2]);
		return mode->run(fd, argc > 3 ? atol(argv[3]) : 0);
	}
	fprintf(stderr, "usage: stream poll|try|take|wait FILE [NUMBER]\n");
	return 2;
}
