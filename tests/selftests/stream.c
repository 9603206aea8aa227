// SPDX-License-Identifier: GPL-2.0
/*
 * Reads a ring buffer's file the ways that a shell cannot.
 *
 *	stream poll FILE MILLISECONDS	"readable" or "timeout"
 *	stream try FILE			one O_NONBLOCK read: its text, or the
 *					errno's name on stderr and status 1
 *	stream take FILE LINES		that many lines by blocking reads
 *	stream rival FILE BYTES		takes records by mapping a buffer of that
 *					many bytes until SIGTERM; prints how many
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/bpf.h>
#include <linux/bpffs.h>

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

static sig_atomic_t stop;

static void stop_now(int signal)
{
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
}

/* A record's length stands before it, with flags, and both fill whole words. */
static unsigned long extent(__u32 head)
{
	__u32 len = head & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);

	return (len + BPF_RINGBUF_HDR_SZ + 7) / 8 * 8;
}

/* The consumer's position, the producer's and the records are pages in a row. */
static int do_rival(int fd, long size)
{
	long page = sysconf(_SC_PAGESIZE);
	int map = ioctl(fd, BPFFS_IOC_GET_FD);
	unsigned long *consumer, *producer, at, taken = 0;
	char *records;
	__u32 head;

	consumer = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, map, 0);
	producer = mmap(NULL, page + size, PROT_READ, MAP_SHARED, map, page);
	if (consumer == MAP_FAILED || producer == MAP_FAILED)
		return complain("mmap");
	records = (char *)producer + page;
	signal(SIGTERM, stop_now);
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		at = __atomic_load_n(consumer, __ATOMIC_ACQUIRE);
		if (at == __atomic_load_n(producer, __ATOMIC_ACQUIRE))
			continue;
		head = __atomic_load_n((__u32 *)(records + at % size), __ATOMIC_ACQUIRE);
		if (head & BPF_RINGBUF_BUSY_BIT)
			continue;
		if (__atomic_compare_exchange_n(consumer, &at, at + extent(head), 0,
						__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
			taken++;
		/* What comes next is for others, if they want it. */
		usleep(100);
	}
	printf("%lu\n", taken);
	return 0;
}

static const struct mode {
	const char *name;
	int (*run)(int fd, long number);
} modes[] = {
	{ "poll", do_poll },
	{ "try", do_try },
	{ "take", do_take },
	{ "rival", do_rival },
	{ },
};

int main(int argc, char **argv)
{
	const struct mode *mode;
	int fd;

	for (mode = modes; argc > 2 && mode->name; mode++) {
		if (strcmp(mode->name, argv[1]))
			continue;
		fd = open(argv[2], mode->run == do_rival ? O_RDWR : O_RDONLY);
		if (fd < 0)
			return complain(argv[2]);
		return mode->run(fd, argc > 3 ? atol(argv[3]) : 0);
	}
	fprintf(stderr, "usage: stream poll|try|take|rival FILE [NUMBER]\n");
	return 2;
}
