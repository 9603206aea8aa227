// SPDX-License-Identifier: GPL-2.0
/* What the kernel says of a map or program, as one line of text. */
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "verdict.h"

/* The kernel lets a program use no more than this. */
#define MAX_USED_MAPS	64

/**
 * describe_map() - one line about a map
 * @out: where it goes
 * @name: of the map in its object
 * @fd: its descriptor
 *
 * Return: 0, or 1 where the kernel does not tell.
 */
int describe_map(FILE *out, const char *name, int fd)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &len)) {
		fprintf(out, "no information on map %s: %m\n", name);
		return 1;
	}
	fprintf(out, "map %s: type %u key %u value %u entries %u flags %#x extra %llu ",
		name, info.type, info.key_size, info.value_size, info.max_entries,
		info.map_flags, (unsigned long long)info.map_extra);
	fprintf(out, "btf %s key type %u value type %u\n",
		info.btf_id ? "yes" : "no", info.btf_key_type_id, info.btf_value_type_id);
	return 0;
}

/*
 * Names of the maps that a program uses, without data sections: libbpf binds
 * .rodata to programs that do not use it, and gives each the object's name.
 */
static void describe_used(FILE *out, const __u32 *ids, __u32 nr)
{
	struct bpf_map_info info;
	__u32 len, i;
	int fd;

	for (i = 0; i < nr; i++) {
		memset(&info, 0, sizeof(info));
		len = sizeof(info);
		fd = bpf_map_get_fd_by_id(ids[i]);
		if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &len))
			fprintf(out, " ?");
		else if (!strchr(info.name, '.'))
			fprintf(out, " %s", info.name);
		close(fd);
	}
}

/**
 * describe_prog() - one line about a program, and another by answer_all()
 * @out: where it goes
 * @name: of the program in its object
 * @fd: its descriptor
 *
 * Return: 0, or 1 where the kernel does not tell.
 */
int describe_prog(FILE *out, const char *name, int fd)
{
	__u32 used[MAX_USED_MAPS];
	struct bpf_prog_info info = {
		.nr_map_ids = MAX_USED_MAPS,
		.map_ids = (unsigned long)used,
	};
	__u32 len = sizeof(info), i;

	if (bpf_obj_get_info_by_fd(fd, &info, &len)) {
		fprintf(out, "no information on program %s: %m\n", name);
		return 1;
	}
	fprintf(out, "program %s: type %u tag ", name, info.type);
	for (i = 0; i < sizeof(info.tag); i++)
		fprintf(out, "%02x", info.tag[i]);
	fprintf(out, " name %s gpl %u instructions %u ",
		info.name, info.gpl_compatible,
		(unsigned int)(info.xlated_prog_len / sizeof(struct bpf_insn)));
	fprintf(out, "btf %s lines %u functions %u target %u of %s maps",
		info.btf_id ? "yes" : "no", info.nr_line_info, info.nr_func_info,
		info.attach_btf_id, info.attach_btf_obj_id ? "kernel" : "nothing");
	describe_used(out, used, info.nr_map_ids);
	fputc('\n', out);
	answer_later(name, fd, info.type);
	return 0;
}
