// SPDX-License-Identifier: GPL-2.0
/*
 * Takes the BPF objects out of programs that carry them in their data, as
 * skeletons made by bpftool do.
 *
 *	embedded DIRECTORY PROGRAM...
 *
 * Writes DIRECTORY/PROGRAM.bpf.o, with a number in the name for all but the
 * first of a program. An object begins where an ELF header for BPF stands, and
 * ends with its table of sections, which the compiler and bpftool put last.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/elf.h>
#include <linux/elf-em.h>

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* The size of the object that @at begins, 0 if none does. */
static size_t object_size(const char *at, size_t left)
{
	struct elf64_hdr ehdr;
	size_t table;

	if (left < sizeof(ehdr) || memcmp(at, ELFMAG, SELFMAG))
		return 0;
	memcpy(&ehdr, at, sizeof(ehdr));
	if (ehdr.e_machine != EM_BPF || ehdr.e_type != ET_REL ||
	    ehdr.e_ehsize != sizeof(ehdr))
		return 0;
	table = (size_t)ehdr.e_shnum * ehdr.e_shentsize;
	if (ehdr.e_shoff > left || table > left - ehdr.e_shoff)
		return 0;
	return ehdr.e_shoff + table;
}

static void save(const char *directory, const char *program, int nr,
		 const char *object, size_t size)
{
	const char *base = strrchr(program, '/');
	char path[4096], suffix[16] = "";
	FILE *out;

	if (nr > 1)
		snprintf(suffix, sizeof(suffix), "-%d", nr);
	snprintf(path, sizeof(path), "%s/%s%s.bpf.o", directory,
		 base ? base + 1 : program, suffix);
	out = fopen(path, "w");
	if (!out || fwrite(object, 1, size, out) != size || fclose(out))
		die(path);
}

static void search(const char *directory, const char *program)
{
	int fd = open(program, O_RDONLY), nr = 0;
	const char *start, *end, *at;
	struct stat st;
	size_t size;

	if (fd < 0 || fstat(fd, &st))
		die(program);
	if (!S_ISREG(st.st_mode) || !st.st_size)
		goto out;
	start = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (start == MAP_FAILED)
		die(program);
	end = start + st.st_size;
	for (at = start; (at = memmem(at, end - at, ELFMAG, SELFMAG)); at += size ?: 1) {
		size = object_size(at, end - at);
		if (size)
			save(directory, program, ++nr, at, size);
	}
	munmap((void *)start, st.st_size);
out:
	close(fd);
}

int main(int argc, char **argv)
{
	int i;

	if (argc < 3) {
		fprintf(stderr, "usage: embedded DIRECTORY PROGRAM...\n");
		return 2;
	}
	for (i = 2; i < argc; i++)
		search(argv[1], argv[i]);
	return 0;
}
