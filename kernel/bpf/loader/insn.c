// SPDX-License-Identifier: GPL-2.0
/* The functions of an object, and the instructions they are made of. */
#include <linux/bsearch.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include "build.h"

static bool symbol_is_func(const struct bpffs_build *b, const struct elf64_sym *sym)
{
	return ELF64_ST_TYPE(sym->st_info) == STT_FUNC &&
	       sym->st_shndx < b->elf.nr_sections &&
	       b->sections[sym->st_shndx].kind == SECTION_CODE;
}

/* What is in .text is there to be called, all else is a program. */
static int add_func(struct bpffs_build *b, u32 symbol, const struct elf64_sym *sym)
{
	struct build_func *func = &b->funcs[b->nr_funcs++];

	func->name = bpffs_elf_symbol_name(&b->elf, symbol);
	func->section = sym->st_shndx;
	if (sym->st_value % sizeof(struct bpf_insn) || !sym->st_size ||
	    sym->st_size % sizeof(struct bpf_insn))
		return bpffs_diag(b->diag, -EINVAL,
				  "section %s: function \"%s\": %llu bytes at offset %llu are not whole instructions of %zu",
				  bpffs_elf_section_name(&b->elf, func->section),
				  func->name, sym->st_size, sym->st_value,
				  sizeof(struct bpf_insn));
	func->insn = sym->st_value / sizeof(struct bpf_insn);
	func->nr_insns = sym->st_size / sizeof(struct bpf_insn);
	func->entry = strcmp(bpffs_elf_section_name(&b->elf, func->section), ".text");
	if (func->entry && ELF64_ST_BIND(sym->st_info) == STB_LOCAL)
		return bpffs_diag(b->diag, -EOPNOTSUPP,
				  "section %s: function \"%s\" is static; programs are not, and functions for them to call belong into .text",
				  bpffs_elf_section_name(&b->elf, func->section),
				  func->name);
	return 0;
}

static int collect_funcs(struct bpffs_build *b)
{
	u32 i, nr = 0;
	struct elf64_sym sym;
	int err;

	for (i = 1; i < b->elf.nr_symbols; i++) {
		sym = bpffs_elf_symbol(&b->elf, i);
		nr += symbol_is_func(b, &sym);
	}
	b->funcs = kvcalloc(nr, sizeof(*b->funcs), GFP_KERNEL_ACCOUNT);
	if (!b->funcs)
		return -ENOMEM;
	for (i = 1; i < b->elf.nr_symbols; i++) {
		sym = bpffs_elf_symbol(&b->elf, i);
		if (!symbol_is_func(b, &sym))
			continue;
		err = add_func(b, i, &sym);
		if (err)
			return err;
	}
	return 0;
}

/* A function that nothing is there to call is a program, if of no known kind. */
static void single_func_is_entry(struct bpffs_build *b)
{
	if (b->nr_funcs == 1)
		b->funcs[0].entry = true;
}

static int funcs_compare(const void *a, const void *b)
{
	const struct build_func *left = a, *right = b;

	if (left->section != right->section)
		return left->section < right->section ? -1 : 1;
	if (left->insn != right->insn)
		return left->insn < right->insn ? -1 : 1;
	return strcmp(left->name, right->name);
}

/*
 * Before: functions are sorted. After: two that overlap are two names of the
 * same instructions.
 */
static int index_funcs(struct bpffs_build *b)
{
	const struct build_func *func, *prev;
	struct build_section *section;
	u32 i;

	for (i = 0; i < b->nr_funcs; i++) {
		func = &b->funcs[i];
		section = &b->sections[func->section];
		prev = section->nr_funcs ? func - 1 : NULL;
		if (prev && func->insn - prev->insn < prev->nr_insns &&
		    (func->insn != prev->insn || func->nr_insns != prev->nr_insns))
			return bpffs_diag(b->diag, -EINVAL,
					  "section %s: functions \"%s\" and \"%s\" overlap at instruction %u without being the same",
					  bpffs_elf_section_name(&b->elf,
								 func->section),
					  prev->name, func->name, func->insn);
		if (!section->nr_funcs++)
			section->first_func = i;
	}
	return 0;
}

/**
 * build_funcs() - list the functions in sections of code
 * @b: the build, past build_layout()
 *
 * Code that belongs to no function (of a weak one that was overridden when
 * objects were linked) is no part of any program.
 *
 * Return: 0; -ENOMEM; -EINVAL for functions that are empty, overlap in part or
 * are not made of whole instructions; -EOPNOTSUPP for static ones outside .text.
 */
int build_funcs(struct bpffs_build *b)
{
	int err = collect_funcs(b);

	if (err)
		return err;
	single_func_is_entry(b);
	sort(b->funcs, b->nr_funcs, sizeof(*b->funcs), funcs_compare, NULL);
	return index_funcs(b);
}

/**
 * build_func_is_alias() - whether a function is another name of one before it
 * @b: the build, past build_funcs()
 * @index: of the function
 */
bool build_func_is_alias(const struct bpffs_build *b, u32 index)
{
	const struct build_func *func = &b->funcs[index];

	return index > b->sections[func->section].first_func &&
	       func->insn == func[-1].insn;
}

/**
 * build_find_func() - look up the function that begins at an instruction
 * @b: the build, past build_funcs()
 * @section: index of a section of code
 * @insn: counted from the start of the section
 *
 * Return: the function, by the first of its names; NULL if none begins there.
 */
struct build_func *build_find_func(const struct bpffs_build *b, u32 section, u32 insn)
{
	u32 low = b->sections[section].first_func, mid;
	u32 end = low + b->sections[section].nr_funcs, high = end;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (b->funcs[mid].insn < insn)
			low = mid + 1;
		else
			high = mid;
	}
	return low < end && b->funcs[low].insn == insn ? &b->funcs[low] : NULL;
}

/**
 * build_find_global_func() - look up a function by the name of its symbol
 * @b: the build, past build_funcs()
 * @name: of a global symbol
 * @hidden: set to whether other objects cannot reach it
 *
 * Return: the function, which may have other names too; NULL if there is no
 * such symbol, or it is no function's.
 */
struct build_func *build_find_global_func(const struct bpffs_build *b, const char *name,
					  bool *hidden)
{
	const struct build_name *found;
	struct build_func key;
	struct elf64_sym sym;

	found = build_names_find(b->globals, b->nr_globals, name);
	if (!found)
		return NULL;
	sym = bpffs_elf_symbol(&b->elf, found->index);
	if (!symbol_is_func(b, &sym))
		return NULL;
	*hidden = bpffs_elf_is_hidden(&sym);
	key.section = sym.st_shndx;
	key.insn = sym.st_value / sizeof(struct bpf_insn);
	key.name = found->name;
	return bsearch(&key, b->funcs, b->nr_funcs, sizeof(key), funcs_compare);
}
