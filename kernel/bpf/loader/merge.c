// SPDX-License-Identifier: GPL-2.0
/*
 * Data sections of one name, which are one map, as a linker would make them one
 * section: their variables are described together, by one DATASEC. LLVM 19 and
 * later give the strings and constants that a linker may merge sections of their
 * own beside the one that the source names.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "build.h"

/* No type that a program can have a variable of wants more. */
#define MAX_ALIGN	4096U

/*
 * Compilers number the static variables of one name, so these are few, and an
 * object of nothing else shall not take the square of its size.
 */
#define MAX_NAMESAKES	16

/**
 * build_section_is_data() - whether a section becomes a map of variables
 * @section: the section
 *
 * Return: true for .data, .bss, .rodata, .percpu and their like that are not
 * empty.
 */
bool build_section_is_data(const struct build_section *section)
{
	return section->kind == SECTION_DATA || section->kind == SECTION_BSS ||
	       section->kind == SECTION_RODATA || section->kind == SECTION_PERCPU;
}

/* A symbol of the one kind whose place BTF says in words of its own section. */
static bool symbol_is_apart(const struct bpffs_build *b, const struct elf64_sym *sym)
{
	const struct build_section *section;

	if (ELF64_ST_BIND(sym->st_info) != STB_LOCAL ||
	    ELF64_ST_TYPE(sym->st_info) != STT_OBJECT ||
	    sym->st_shndx >= b->elf.nr_sections)
		return false;
	section = &b->sections[sym->st_shndx];
	return build_section_is_data(section) && b->sections[section->first].merged;
}

static u32 count_apart(const struct bpffs_build *b)
{
	struct elf64_sym sym;
	u32 i, nr = 0;

	for (i = 1; i < b->elf.nr_symbols; i++) {
		sym = bpffs_elf_symbol(&b->elf, i);
		nr += symbol_is_apart(b, &sym);
	}
	return nr;
}

static int index_apart(struct bpffs_build *b)
{
	struct elf64_sym sym;
	u32 i;

	b->apart = kvmalloc_array(count_apart(b), sizeof(*b->apart), GFP_KERNEL_ACCOUNT);
	if (!b->apart)
		return -ENOMEM;
	for (i = 1; i < b->elf.nr_symbols; i++) {
		sym = bpffs_elf_symbol(&b->elf, i);
		if (!symbol_is_apart(b, &sym))
			continue;
		b->apart[b->nr_apart].name = bpffs_elf_symbol_name(&b->elf, i);
		b->apart[b->nr_apart++].index = i;
	}
	build_names_sort(b->apart, b->nr_apart);
	return 0;
}

/* Before: the sections of this name up to @index have their places. */
static int place_section(struct bpffs_build *b, u32 first, u32 index)
{
	struct elf64_shdr shdr = bpffs_elf_section(&b->elf, index);
	struct build_section *section = &b->sections[index];
	struct build_section *whole = &b->sections[first];
	u64 align = shdr.sh_addralign ?: 1;
	int err;

	section->first = first;
	err = build_check_data_size(b, index, shdr.sh_size);
	if (err)
		return err;
	if (index != first) {
		if (align > MAX_ALIGN || align & (align - 1))
			return bpffs_diag(b->diag, -EINVAL,
					  "section %s is there twice, and aligned to %llu bytes, which is no power of two up to %u",
					  bpffs_elf_section_name(&b->elf, index), align,
					  MAX_ALIGN);
		section->base = ALIGN(whole->bytes, (u32)align);
		whole->merged = true;
	}
	err = build_check_data_size(b, index, section->base + shdr.sh_size);
	if (!err)
		whole->bytes = section->base + shdr.sh_size;
	return err;
}

/**
 * build_merge_data() - find a place for each data section in its map
 * @b: the build, past build_layout()
 *
 * Fills in first and base of data sections, bytes and merged of the first of each
 * name, and apart.
 *
 * Return: 0; -ENOMEM; -E2BIG for more bytes under one name than there may be;
 * -EINVAL for an alignment that is none.
 */
int build_merge_data(struct bpffs_build *b)
{
	const struct build_name *name = b->section_names;
	const struct build_name *end = name + b->elf.nr_sections;
	const struct build_name *first = name;
	bool merged = false;
	int err;

	for (; name < end; name++) {
		if (!build_section_is_data(&b->sections[name->index]))
			continue;
		if (!build_section_is_data(&b->sections[first->index]) ||
		    strcmp(first->name, name->name))
			first = name;
		err = place_section(b, first->index, name->index);
		if (err)
			return err;
		merged |= b->sections[first->index].merged;
	}
	return merged ? index_apart(b) : 0;
}

/**
 * build_section_is_in() - whether a section is part of another one
 * @b: the build, past build_merge_data()
 * @index: index of the section, also one of those that ELF reserves
 * @whole: index of the other section, of data the first of its name; not 0
 *
 * Return: true if it is the same, or data that is merged into it.
 */
bool build_section_is_in(const struct bpffs_build *b, u32 index, u32 whole)
{
	return index == whole ||
	       (index < b->elf.nr_sections && b->sections[index].first == whole);
}

/**
 * build_find_apart() - where a static variable of merged sections is
 * @b: the build, past build_merge_data()
 * @name: of the variable
 * @whole: index of the first section of the name that it is in
 * @sym: receives its symbol
 *
 * Return: 0; -ENOENT if there is none, -ENOTUNIQ for two that it could be, -E2BIG
 * for more of the name, in other sections too, than are looked at.
 */
int build_find_apart(const struct bpffs_build *b, const char *name, u32 whole,
		     struct elf64_sym *sym)
{
	const struct build_name *namesake = build_names_find(b->apart, b->nr_apart, name);
	const struct build_name *end = b->apart + b->nr_apart;
	u32 looked_at = 0, nr_found = 0;
	struct elf64_sym candidate;

	for (; namesake && namesake < end && !strcmp(namesake->name, name); namesake++) {
		if (looked_at++ == MAX_NAMESAKES)
			return -E2BIG;
		candidate = bpffs_elf_symbol(&b->elf, namesake->index);
		if (!build_section_is_in(b, candidate.st_shndx, whole))
			continue;
		if (nr_found++)
			return -ENOTUNIQ;
		*sym = candidate;
	}
	return nr_found ? 0 : -ENOENT;
}
