/* SPDX-License-Identifier: GPL-2.0 */
/* Little objects in memory, and the places in them that tests overwrite. */
#ifndef _BPFFS_TEST_OBJECTS_H
#define _BPFFS_TEST_OBJECTS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/elf.h>

/* The Makefile says where it puts them. */
#ifndef OBJECTS
#define OBJECTS "build/host/objects"
#endif

struct object {
	unsigned char *image;
	size_t size;
};

static inline struct object object_read(const char *name)
{
	struct object object = {};
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.bpf.o", OBJECTS, name);
	file = fopen(path, "rb");
	if (!file || fseek(file, 0, SEEK_END)) {
		perror(path);
		exit(1);
	}
	object.size = ftell(file);
	object.image = malloc(object.size);
	rewind(file);
	if (fread(object.image, 1, object.size, file) != object.size) {
		perror(path);
		exit(1);
	}
	fclose(file);
	return object;
}

/* A copy of exactly its size, so that AddressSanitizer sees every overrun. */
static inline struct object object_copy(const struct object *from, size_t size)
{
	struct object object = { .image = malloc(size), .size = size };

	memcpy(object.image, from->image, size < from->size ? size : from->size);
	return object;
}

static inline void object_free(struct object *object)
{
	free(object->image);
	object->image = NULL;
}

static inline struct elf64_hdr *object_ehdr(struct object *object)
{
	return (struct elf64_hdr *)object->image;
}

static inline struct elf64_shdr *object_shdr(struct object *object, int index)
{
	struct elf64_hdr *ehdr = object_ehdr(object);

	return (struct elf64_shdr *)(object->image + ehdr->e_shoff) + index;
}

/* Index of a section by its name; the test ends where there is none. */
static inline int object_section(struct object *object, const char *name)
{
	struct elf64_hdr *ehdr = object_ehdr(object);
	struct elf64_shdr *names = object_shdr(object, ehdr->e_shstrndx);
	int i;

	for (i = 1; i < ehdr->e_shnum; i++) {
		if (!strcmp((char *)object->image + names->sh_offset +
			    object_shdr(object, i)->sh_name, name))
			return i;
	}
	fprintf(stderr, "no section %s\n", name);
	exit(1);
}

static inline struct elf64_shdr *object_shdr_of(struct object *object,
						const char *name)
{
	return object_shdr(object, object_section(object, name));
}

static inline void *object_bytes(struct object *object, const char *name)
{
	return object->image + object_shdr_of(object, name)->sh_offset;
}

/* A symbol by its name; the test ends where there is none. */
static inline struct elf64_sym *object_symbol(struct object *object,
					      const char *name)
{
	struct elf64_shdr *shdr = object_shdr_of(object, ".symtab");
	struct elf64_shdr *names = object_shdr(object, shdr->sh_link);
	struct elf64_sym *sym = object_bytes(object, ".symtab");
	size_t i;

	for (i = 0; i < shdr->sh_size / sizeof(*sym); i++, sym++) {
		if (!strcmp((char *)object->image + names->sh_offset +
			    sym->st_name, name))
			return sym;
	}
	fprintf(stderr, "no symbol %s\n", name);
	exit(1);
}

#endif /* _BPFFS_TEST_OBJECTS_H */
