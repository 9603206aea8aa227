// SPDX-License-Identifier: GPL-2.0
/* What programs that can be run on a packet make of one. */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "verdict.h"

#define PACKET_SIZE	128

/* A program that is to be run, by a descriptor of its own. */
struct asked {
	char *name;
	int fd;
};

static struct asked *asked;
static size_t nr_asked;

/* Others would be run with a context, which each wants to be different. */
static bool takes_packets(__u32 type)
{
	switch (type) {
	case BPF_PROG_TYPE_SOCKET_FILTER:
	case BPF_PROG_TYPE_SCHED_CLS:
	case BPF_PROG_TYPE_SCHED_ACT:
	case BPF_PROG_TYPE_XDP:
	case BPF_PROG_TYPE_CGROUP_SKB:
	case BPF_PROG_TYPE_LWT_IN:
	case BPF_PROG_TYPE_LWT_OUT:
	case BPF_PROG_TYPE_LWT_XMIT:
	case BPF_PROG_TYPE_FLOW_DISSECTOR:
		return true;
	default:
		return false;
	}
}

/**
 * answer_later() - have a program run by answer_all(), if it takes packets
 * @name: of the program
 * @fd: its descriptor, which may be closed afterwards
 * @type: BPF_PROG_TYPE_*
 */
void answer_later(const char *name, int fd, __u32 type)
{
	if (!takes_packets(type))
		return;
	asked = realloc(asked, (nr_asked + 1) * sizeof(*asked));
	if (!asked)
		die("memory");
	asked[nr_asked].name = strdup(name);
	asked[nr_asked++].fd = dup(fd);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct asked *)a)->name, ((const struct asked *)b)->name);
}

/* TCP from 10.0.0.1:1000 to 10.0.0.2:80, the first of a connection. */
static void make_packet(unsigned char *packet)
{
	static const unsigned char headers[] = {
		2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x08, 0x00,
		0x45, 0, 0, PACKET_SIZE - 14, 0, 1, 0, 0, 64, IPPROTO_TCP, 0x66, 0x81,
		10, 0, 0, 1, 10, 0, 0, 2,
		0x03, 0xe8, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x02, 0xff, 0xff, 0, 0, 0, 0,
	};
	size_t i;

	memcpy(packet, headers, sizeof(headers));
	for (i = sizeof(headers); i < PACKET_SIZE; i++)
		packet[i] = i;
}

static void run_once(FILE *out, const struct asked *prog)
{
	unsigned char packet[PACKET_SIZE], left[4 * PACKET_SIZE] = {};
	struct bpf_test_run_opts opts = {
		.sz = sizeof(opts),
		.data_in = packet,
		.data_size_in = sizeof(packet),
		.data_out = left,
		.data_size_out = sizeof(left),
	};
	__u32 i, sum = 0;

	make_packet(packet);
	if (bpf_prog_test_run_opts(prog->fd, &opts)) {
		fprintf(out, "answer of %s: none, errno %d\n", prog->name, errno);
		return;
	}
	for (i = 0; i < opts.data_size_out; i++)
		sum = sum * 31 + left[i];
	fprintf(out, "answer of %s: %u, and %u bytes with the sum %08x\n", prog->name,
		opts.retval, opts.data_size_out, sum);
}

/**
 * answer_all() - run what answer_later() was given, once each
 * @out: a line for each
 *
 * By name, since they may see in maps what others did before them.
 */
void answer_all(FILE *out)
{
	size_t i;

	qsort(asked, nr_asked, sizeof(*asked), by_name);
	for (i = 0; i < nr_asked; i++)
		run_once(out, &asked[i]);
}
