/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BPFFS_LOADER_ELF_H
#define _BPFFS_LOADER_ELF_H

#include <linux/types.h>
#include <linux/elf.h>
#include <linux/bpffs_diag.h>

/* Relocations that LLVM's BPF backend emits. */
#define R_BPF_NONE		0	/* nothing to do */
#define R_BPF_64_64		1	/* a 16-byte load: map, variable, function */
#define R_BPF_64_ABS64		2	/* 8 bytes of data */
#define R_BPF_DATA_64		12	/* likewise, by binutils before 2.41 */
#define R_BPF_64_ABS32		3	/* 4 bytes of data */
#define R_BPF_64_NODYLD32	4	/* 4 bytes of .BTF or .BTF.ext */
#define R_BPF_64_32		10	/* the immediate of a call */

/**
 * struct bpffs_elf - validated view of an ELF object
 * @image: the file; borrowed
 * @size: bytes in @image
 * @sections_at: offset of the section header table
 * @nr_sections: section headers in it, at least 1
 * @names: section name string table, ends in NUL
 * @names_len: bytes in @names
 * @symtab: index of the symbol table's section
 * @symbols_at: offset of the symbol table
 * @nr_symbols: symbols in it, the null symbol included
 * @strings: string table of the symbols, ends in NUL
 * @strings_len: bytes in @strings
 *
 * After bpffs_elf_open() has returned 0: every section but those of type
 * NOBITS and NULL lies inside the file, no two of them can be made to count
 * the same bytes twice (their sizes add up to no more than the file), every
 * section and symbol has a NUL-terminated name, and every symbol that is
 * defined in a section lies inside that section. Nothing in the file need be
 * aligned: headers, symbols and relocations are copied out, never pointed at.
 *
 * Lives as long as the plan is being built; nothing to release.
 */
struct bpffs_elf {
	const u8 *image;
	size_t size;
	u64 sections_at;
	u32 nr_sections;
	const char *names;
	u32 names_len;
	u32 symtab;
	u64 symbols_at;
	u32 nr_symbols;
	const char *strings;
	u32 strings_len;
};

int bpffs_elf_open(struct bpffs_elf *elf, const void *image, size_t size,
		   struct bpffs_diag *diag);
struct elf64_shdr bpffs_elf_section(const struct bpffs_elf *elf, u32 index);
const char *bpffs_elf_section_name(const struct bpffs_elf *elf, u32 index);
struct elf64_sym bpffs_elf_symbol(const struct bpffs_elf *elf, u32 index);
const char *bpffs_elf_symbol_name(const struct bpffs_elf *elf, u32 index);

/**
 * bpffs_elf_bytes() - contents of a section
 * @elf: the object
 * @shdr: one of its section headers, as bpffs_elf_section() gave it
 *
 * Return: sh_size bytes inside the image, of any alignment; NULL for sections
 * that take no room in the file. Where an empty section is does not matter, so
 * the file may say anything of it.
 */
static inline const u8 *bpffs_elf_bytes(const struct bpffs_elf *elf,
					const struct elf64_shdr *shdr)
{
	if (shdr->sh_type == SHT_NOBITS || shdr->sh_type == SHT_NULL)
		return NULL;
	return elf->image + (shdr->sh_size ? shdr->sh_offset : 0);
}

/* Visibility of symbols, in the low bits of st_other. */
#define ELF_VISIBILITY(other)	((other) & 3)
#define STV_INTERNAL		1
#define STV_HIDDEN		2

/**
 * bpffs_elf_is_hidden() - whether other objects cannot reach a symbol
 * @sym: the symbol
 */
static inline bool bpffs_elf_is_hidden(const struct elf64_sym *sym)
{
	u32 visibility = ELF_VISIBILITY(sym->st_other);

	return visibility == STV_HIDDEN || visibility == STV_INTERNAL;
}

#endif /* _BPFFS_LOADER_ELF_H */
