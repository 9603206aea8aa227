// SPDX-License-Identifier: GPL-2.0
/*
 * The bridge to bpf(2): takes a native descriptor from a map's or a program's
 * file and uses it.
 *
 *	getfd r|w|rw FILE info		what the kernel says of the object
 *	getfd r|w|rw FILE get KEY	the 8-byte value of a 4-byte key
 *	getfd r|w|rw FILE set KEY VALUE
 *	getfd r|w|rw FILE cloexec	whether the descriptor closes at exec
 *
 * The first word is how FILE is opened. An errno goes to stderr by name, with
 * the call it came from, and the exit status is 1.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/bpffs.h>

static int complain(const char *what)
{
	fprintf(stderr, "getfd: %s: %s\n", what, strerrorname_np(errno));
	return 1;
}

static int print_info(int fd)
{
	struct {
		union {
			struct bpf_map_info map;
			struct bpf_prog_info prog;
		};
	} info = {};
	char link[64], kind[64] = "";
	__u32 len = sizeof(info);

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	if (readlink(link, kind, sizeof(kind) - 1) < 0)
		return complain("readlink");
	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return complain("info");
	if (strstr(kind, "bpf-map"))
		printf("map type %u id %u name %s\n", info.map.type, info.map.id, info.map.name);
	else
		printf("prog type %u id %u name %s\n", info.prog.type, info.prog.id,
		       info.prog.name);
	return 0;
}

static int get(int fd, __u32 key)
{
	__u64 value = 0;

	if (bpf_map_lookup_elem(fd, &key, &value))
		return complain("lookup");
	printf("%llu\n", (unsigned long long)value);
	return 0;
}

static int set(int fd, __u32 key, __u64 value)
{
	return bpf_map_update_elem(fd, &key, &value, BPF_ANY) ? complain("update") : 0;
}

static int flags_of(const char *mode)
{
	if (!strcmp(mode, "r"))
		return O_RDONLY;
	return strcmp(mode, "w") ? O_RDWR : O_WRONLY;
}

int main(int argc, char **argv)
{
	int file, fd;

	if (argc < 4) {
		fprintf(stderr, "usage: getfd r|w|rw FILE info|get|set|cloexec [KEY [VALUE]]\n");
		return 2;
	}
	file = open(argv[2], flags_of(argv[1]));
	if (file < 0)
		return complain(argv[2]);
	fd = ioctl(file, BPFFS_IOC_GET_FD);
	if (fd < 0)
		return complain("ioctl");
	if (!strcmp(argv[3], "info"))
		return print_info(fd);
	if (!strcmp(argv[3], "cloexec"))
		return !(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	if (!strcmp(argv[3], "get") && argc > 4)
		return get(fd, strtoul(argv[4], NULL, 0));
	if (!strcmp(argv[3], "set") && argc > 5)
		return set(fd, strtoul(argv[4], NULL, 0), strtoull(argv[5], NULL, 0));
	return 2;
}
