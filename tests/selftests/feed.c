// SPDX-License-Identifier: GPL-2.0
/*
 * Ways of writing a file that no shell has.
 *
 *	feed sendfile SRC DST		the kernel moves the bytes
 *	feed backwards SRC DST SIZE	pwrite(2) of SIZE bytes, from the end on
 *	feed shuffled SRC DST SIZE	the same in an order that looks random
 *	feed short SRC DST SIZE		only the first SIZE bytes, then close
 *	feed sparse SRC DST SIZE	everything but SIZE bytes in the middle
 *	feed both SRC DST SRC2		two writers of DST, taking turns
 *	feed stream SRC DST SIZE	write(2) of SIZE bytes at a time
 *	feed threads SRC DST SIZE	the same, and it is the exit that closes DST,
 *					while other threads sleep
 *
 * A write that fails ends it: its errno goes to stderr by name, and the exit
 * status is 1. What "both" has to say it says for each writer on a line of its
 * own, and exits 0.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file's contents, mapped until the process ends. */
struct source {
	int fd;
	const char *data;
	size_t size;
};

static int complain(const char *what)
{
	fprintf(stderr, "feed: %s: %s\n", what, strerrorname_np(errno));
	return 1;
}

static struct source open_source(const char *name)
{
	struct source src = { .fd = open(name, O_RDONLY) };
	struct stat st;

	if (src.fd < 0 || fstat(src.fd, &st))
		exit(complain(name));
	src.size = st.st_size;
	src.data = mmap(NULL, src.size, PROT_READ, MAP_PRIVATE, src.fd, 0);
	if (src.data == MAP_FAILED)
		exit(complain(name));
	return src;
}

static int open_target(const char *name)
{
	int fd = open(name, O_WRONLY);

	if (fd < 0)
		exit(complain(name));
	return fd;
}

static int put(int fd, const struct source *src, size_t from, size_t len)
{
	ssize_t done;

	if (from >= src->size)
		return 0;
	if (len > src->size - from)
		len = src->size - from;
	while (len) {
		done = pwrite(fd, src->data + from, len, from);
		if (done < 0)
			return complain("pwrite");
		from += done;
		len -= done;
	}
	return 0;
}

static int feed_sendfile(int fd, const struct source *src, size_t size)
{
	size_t left = src->size;
	ssize_t done;

	while (left) {
		done = sendfile(fd, src->fd, NULL, left);
		if (done < 0)
			return complain("sendfile");
		left -= done;
	}
	return 0;
}

static int feed_backwards(int fd, const struct source *src, size_t size)
{
	size_t i = (src->size + size - 1) / size;

	while (i--)
		if (put(fd, src, i * size, size))
			return 1;
	return 0;
}

/* Steps by a number without a factor in common with the count visit all. */
static size_t stride_for(size_t count)
{
	static const size_t primes[] = { 7919, 104729, 15485863 };
	size_t i;

	for (i = 0; i < 2 && count % primes[i] == 0; i++)
		;
	return primes[i];
}

static int feed_shuffled(int fd, const struct source *src, size_t size)
{
	size_t count = (src->size + size - 1) / size, i, at = 0;

	for (i = 0; i < count; i++) {
		at = (at + stride_for(count)) % count;
		if (put(fd, src, at * size, size))
			return 1;
	}
	return 0;
}

static int feed_short(int fd, const struct source *src, size_t size)
{
	return put(fd, src, 0, size);
}

static int feed_sparse(int fd, const struct source *src, size_t size)
{
	size_t hole = src->size / 2;

	return put(fd, src, 0, hole) ||
	       put(fd, src, hole + size, src->size);
}

static int feed_stream(int fd, const struct source *src, size_t size)
{
	size_t at = 0, len;
	ssize_t done;

	while (at < src->size) {
		len = src->size - at < size ? src->size - at : size;
		done = write(fd, src->data + at, len);
		if (done < 0)
			return complain("write");
		at += done;
	}
	return 0;
}

static void *sleeps(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static int feed_threads(int fd, const struct source *src, size_t size)
{
	pthread_t thread;
	int i;

	for (i = 0; i < 4; i++) {
		errno = pthread_create(&thread, NULL, sleeps, NULL);
		if (errno)
			return complain("pthread_create");
	}
	exit(feed_stream(fd, src, size));
}

/* Each writer has a file description, and so an image, of its own. */
static int feed_both(const char *one, const char *target, const char *other)
{
	struct source src[2] = { open_source(one), open_source(other) };
	int fd[2] = { open_target(target), open_target(target) };
	const char *end[2] = { NULL, NULL };
	size_t at[2] = { 0, 0 };
	ssize_t done;
	int i;

	for (i = 0; !end[0] || !end[1]; i = !i) {
		if (end[i])
			continue;
		done = write(fd[i], src[i].data + at[i],
			     src[i].size - at[i] < 64 ? src[i].size - at[i] : 64);
		if (done < 0) {
			end[i] = strerrorname_np(errno);
			continue;
		}
		at[i] += done;
		if (at[i] == src[i].size)
			end[i] = "OK";
	}
	printf("%s\n%s\n", end[0], end[1]);
	return 0;
}

static const struct way {
	const char *name;
	int (*feed)(int fd, const struct source *src, size_t size);
} ways[] = {
	{ "sendfile", feed_sendfile },
	{ "backwards", feed_backwards },
	{ "shuffled", feed_shuffled },
	{ "short", feed_short },
	{ "sparse", feed_sparse },
	{ "stream", feed_stream },
	{ "threads", feed_threads },
	{ },
};

static int feed(const char *name, const char *from, const char *to, size_t size)
{
	const struct way *way;
	struct source src;
	int fd, failed;

	for (way = ways; way->name && strcmp(way->name, name); way++)
		;
	if (!way->name || !size)
		return 2;
	src = open_source(from);
	fd = open_target(to);
	failed = way->feed(fd, &src, size);
	if (close(fd))
		return complain("close");
	return failed;
}

int main(int argc, char **argv)
{
	if (argc < 4) {
		fprintf(stderr, "usage: feed WAY SRC DST [SIZE|SRC2]\n");
		return 2;
	}
	if (!strcmp(argv[1], "both") && argc == 5)
		return feed_both(argv[2], argv[3], argv[4]);
	return feed(argv[1], argv[2], argv[3], argc > 4 ? strtoul(argv[4], NULL, 0) : 1);
}
