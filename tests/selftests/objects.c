// SPDX-License-Identifier: GPL-2.0
/*
 * How many programs, maps and links the kernel knows, as bpftool would count
 * them, without its start-up: tests ask often.
 */
#include <stdio.h>
#include <bpf/bpf.h>

static int count(int (*next)(__u32 id, __u32 *next_id))
{
	__u32 id = 0;
	int nr = 0;

	while (!next(id, &id))
		nr++;
	return nr;
}

int main(void)
{
	printf("prog %d map %d link %d\n", count(bpf_prog_get_next_id),
	       count(bpf_map_get_next_id), count(bpf_link_get_next_id));
	return 0;
}
