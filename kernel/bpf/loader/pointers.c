// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses of maps and programs that stand in the data of an object, each with
 * a relocation.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "build.h"

/**
 * build_refuse_pointer() - refuse a relocation of data
 * @p: the relocation
 * @err: errno of the refusal
 * @fmt: what is wrong with it
 *
 * Return: @err.
 */
int build_refuse_pointer(const struct build_pointers *p, int err, const char *fmt, ...)
{
	char where[BUILD_WHERE];
	va_list args;

	scnprintf(where, sizeof(where),
		  "relocation %u of section %.64s at offset %llu: ", p->index,
		  bpffs_elf_section_name(&p->b->elf, p->section), p->rel.r_offset);
	va_start(args, fmt);
	err = bpffs_vdiag(p->b->diag, err, where, fmt, args);
	va_end(args);
	return err;
}

/**
 * build_pointer_map() - find the map that a pointer stands in
 * @p: the relocation, in a section that defines maps or has their values
 * @index: receives the map's index in the plan
 * @offset: receives the place in the map's definition or value, where all of
 *	the pointer is inside
 *
 * Return: 0; -EINVAL if no map is there.
 */
int build_pointer_map(const struct build_pointers *p, u32 *index, u32 *offset)
{
	const struct build_section *section = &p->b->sections[p->section];
	const struct build_map_place *place;

	if (p->rel.r_offset > U32_MAX)
		goto refuse;
	if (!build_find_map(p->b, p->section, p->rel.r_offset, index))
		--*index;
	if (*index - section->map >= section->nr_maps)
		goto refuse;
	place = &p->b->map_places[*index];
	*offset = p->rel.r_offset - place->offset;
	if (*offset < place->size && place->size - *offset >= BUILD_POINTER_SIZE)
		return 0;
refuse:
	return build_refuse_pointer(p, -EINVAL, "no map is there");
}

/**
 * build_pointer_target() - find what a pointer points to
 * @p: the relocation
 * @section: receives the index of a section of the object
 * @offset: receives the place in it, which may be outside
 *
 * Return: 0; -EINVAL for relocations that are no addresses in this object.
 */
int build_pointer_target(const struct build_pointers *p, u32 *section, s64 *offset)
{
	struct elf64_shdr shdr = bpffs_elf_section(&p->b->elf, p->section);
	u32 index = ELF64_R_SYM(p->rel.r_info);
	u32 type = ELF64_R_TYPE(p->rel.r_info);
	struct elf64_sym sym;
	s64 addend;

	if (type != R_BPF_64_ABS64 && type != R_BPF_DATA_64)
		return build_refuse_pointer(p, -EINVAL,
					    "type %u on a pointer, which takes type %u",
					    type, R_BPF_64_ABS64);
	if (!index || index >= p->b->elf.nr_symbols)
		return build_refuse_pointer(p, -EINVAL, "it is against symbol %u of %u",
					    index, p->b->elf.nr_symbols);
	if (shdr.sh_size < sizeof(addend) || p->rel.r_offset > shdr.sh_size - sizeof(addend))
		return build_refuse_pointer(p, -EINVAL,
					    "it is not inside the section's %llu bytes",
					    shdr.sh_size);
	sym = bpffs_elf_symbol(&p->b->elf, index);
	if (sym.st_shndx == SHN_UNDEF || sym.st_shndx >= p->b->elf.nr_sections)
		return build_refuse_pointer(p, -EINVAL,
					    "symbol \"%s\" is not defined in this object",
					    bpffs_elf_symbol_name(&p->b->elf, index));
	memcpy(&addend, bpffs_elf_bytes(&p->b->elf, &shdr) + p->rel.r_offset, sizeof(addend));
	*section = sym.st_shndx;
	*offset = (s64)(sym.st_value + (u64)addend);
	return 0;
}

/**
 * build_pointer_prog() - find the program that a pointer points to
 * @p: the relocation
 * @section: what build_pointer_target() found
 * @offset: likewise
 * @prog: receives the program's index in the plan
 *
 * Return: 0; -EINVAL if no program begins there.
 */
int build_pointer_prog(const struct build_pointers *p, u32 section, s64 offset, u32 *prog)
{
	const s64 size = sizeof(struct bpf_insn);
	const struct build_func *func = NULL;

	if (p->b->sections[section].kind == SECTION_CODE && offset >= 0 &&
	    offset % size == 0 && offset / size <= U32_MAX)
		func = build_find_func(p->b, section, offset / size);
	if (!func || !func->entry)
		return build_refuse_pointer(p, -EINVAL,
					    "what is at offset %lld of section %s is no program",
					    offset, bpffs_elf_section_name(&p->b->elf, section));
	*prog = p->progs[func - p->b->funcs];
	return 0;
}

/* Programs are listed in the order of their functions. */
static u32 *number_progs(const struct bpffs_build *b)
{
	u32 *progs, i, nr = 0;

	progs = kvmalloc_array(b->nr_funcs, sizeof(*progs), GFP_KERNEL_ACCOUNT);
	for (i = 0; progs && i < b->nr_funcs; i++) {
		progs[i] = nr;
		nr += b->funcs[i].entry;
	}
	return progs;
}

/**
 * build_count_pointers() - how many pointers a section of data has at most
 * @b: the build
 * @section: index of the section
 */
u32 build_count_pointers(const struct bpffs_build *b, u32 section)
{
	u32 rel = b->sections[section].rel;

	return rel ? bpffs_elf_section(&b->elf, rel).sh_size / sizeof(struct elf64_rel) : 0;
}

/**
 * build_read_pointers() - go through the pointers in a section of data
 * @b: the build; programs are listed
 * @section: index of the section
 * @each: called for each of its relocations
 *
 * Return: 0; -ENOMEM; the first errno that @each returns.
 */
int build_read_pointers(struct bpffs_build *b, u32 section,
			int (*each)(struct build_pointers *p))
{
	struct build_pointers p = { .b = b, .section = section };
	u32 nr = build_count_pointers(b, section);
	struct elf64_shdr shdr;
	const u8 *bytes;
	int err = 0;

	if (!nr)
		return 0;
	p.progs = number_progs(b);
	if (!p.progs)
		return -ENOMEM;
	shdr = bpffs_elf_section(&b->elf, b->sections[section].rel);
	bytes = bpffs_elf_bytes(&b->elf, &shdr);
	for (p.index = 0; !err && p.index < nr; p.index++) {
		memcpy(&p.rel, bytes + (u64)p.index * sizeof(p.rel), sizeof(p.rel));
		if ((u32)p.rel.r_info != R_BPF_NONE)
			err = each(&p);
	}
	kvfree(p.progs);
	return err;
}
