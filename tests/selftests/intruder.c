// SPDX-License-Identifier: GPL-2.0
/*
 * intruder NAME COMMAND [ARGUMENT]...: while COMMAND runs, opens by its id
 * every map called NAME, fills its first value with bytes of 1, and maps it to do
 * the same. Prints how often each was possible; exits as COMMAND does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <bpf/bpf.h>

#define VALUE_MAX	4096

static char ones[VALUE_MAX];
static unsigned long opened, written, mapped;

static void fill_mapping(int fd)
{
	void *page = mmap(NULL, VALUE_MAX, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (page == MAP_FAILED)
		return;
	mapped++;
	memset(page, 1, VALUE_MAX);
	munmap(page, VALUE_MAX);
}

static void intrude(__u32 id, const char *name)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info), key = 0;
	int fd = bpf_map_get_fd_by_id(id);

	if (fd < 0)
		return;
	if (!bpf_obj_get_info_by_fd(fd, &info, &len) && !strcmp(info.name, name) &&
	    info.value_size <= VALUE_MAX) {
		opened++;
		written += !bpf_map_update_elem(fd, &key, ones, BPF_ANY);
		fill_mapping(fd);
	}
	close(fd);
}

int main(int argc, char **argv)
{
	int status = 0;
	pid_t child;
	__u32 id;

	if (argc < 3) {
		fprintf(stderr, "usage: intruder NAME COMMAND [ARGUMENT]...\n");
		return 2;
	}
	memset(ones, 1, sizeof(ones));
	child = fork();
	if (!child) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	while (child > 0 && !waitpid(child, &status, WNOHANG))
		for (id = 0; !bpf_map_get_next_id(id, &id);)
			intrude(id, argv[1]);
	printf("opened %lu written %lu mapped %lu\n", opened, written, mapped);
	return child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
