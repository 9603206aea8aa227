// SPDX-License-Identifier: GPL-2.0
/* What each section of an object is for, and the symbols that are not local. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "build.h"

/**
 * struct section_name - what a section of that name is for
 * @name: the whole name or, with @dotted, also what stands before a '.'
 * @dotted: NAME.anything means the same
 * @type: the ELF section type it must have
 * @kind: what the loader does with it
 * @refused: why it cannot be loaded; NULL if it can
 */
struct section_name {
	const char *name;
	bool dotted;
	u32 type;
	enum build_section_kind kind;
	const char *refused;
};

static const struct section_name section_names[] = {
	{ ".maps", false, SHT_PROGBITS, SECTION_MAPS },
	{ ".data", true, SHT_PROGBITS, SECTION_DATA },
	{ ".rodata", true, SHT_PROGBITS, SECTION_RODATA },
	{ ".bss", true, SHT_NOBITS, SECTION_BSS },
	{ ".percpu", true, SHT_PROGBITS, SECTION_PERCPU },
	{ ".jumptables", false, SHT_PROGBITS, SECTION_JUMP_TABLES },
	{ ".addr_space.1", false, SHT_PROGBITS, SECTION_ARENA },
	{ "license", false, SHT_PROGBITS, SECTION_LICENSE },
	{ "version", false, SHT_PROGBITS, SECTION_VERSION },
	{ ".BTF", false, SHT_PROGBITS, SECTION_BTF },
	{ ".BTF.ext", false, SHT_PROGBITS, SECTION_BTF_EXT },
	{ "maps", false, SHT_PROGBITS, SECTION_LEGACY_MAPS },
	{ ".struct_ops", false, SHT_PROGBITS, SECTION_STRUCT_OPS },
	{ ".struct_ops.link", false, SHT_PROGBITS, SECTION_STRUCT_OPS },
	{ "?.struct_ops", false, SHT_PROGBITS, SECTION_STRUCT_OPS },
	{ "?.struct_ops.link", false, SHT_PROGBITS, SECTION_STRUCT_OPS },
	{ ".kconfig", false, SHT_PROGBITS, SECTION_OTHER,
	  "definitions of what only the kernel has" },
	{ ".ksyms", false, SHT_PROGBITS, SECTION_OTHER,
	  "definitions of what only the kernel has" },
};

static bool section_name_matches(const struct section_name *sn,
				 const char *name)
{
	size_t len = strlen(sn->name);

	if (strncmp(name, sn->name, len))
		return false;
	return !name[len] || (sn->dotted && name[len] == '.');
}

/**
 * build_section_name() - the names of sections that mean something by name
 * @index: counted from 0
 *
 * Return: the name, static; NULL behind the last one.
 */
const char *build_section_name(u32 index)
{
	return index < ARRAY_SIZE(section_names) ? section_names[index].name : NULL;
}

static const struct section_name *section_name_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(section_names); i++) {
		if (section_name_matches(&section_names[i], name))
			return &section_names[i];
	}
	return NULL;
}

static int classify_code(struct bpffs_build *b, u32 index,
			 const struct elf64_shdr *shdr)
{
	if (shdr->sh_size % sizeof(struct bpf_insn))
		return bpffs_diag(b->diag, -EINVAL,
				  "section %s: %llu bytes of code are not whole instructions of %zu",
				  bpffs_elf_section_name(&b->elf, index),
				  shdr->sh_size, sizeof(struct bpf_insn));
	b->sections[index].kind = SECTION_CODE;
	return 0;
}

static int classify_named(struct bpffs_build *b, u32 index,
			  const struct elf64_shdr *shdr)
{
	const char *name = bpffs_elf_section_name(&b->elf, index);
	const struct section_name *sn = section_name_find(name);

	if (!sn)
		return 0;
	if (sn->refused)
		return bpffs_diag(b->diag, -EOPNOTSUPP,
				  "section %s: %s are not supported by this version",
				  name, sn->refused);
	if (shdr->sh_type != sn->type)
		return bpffs_diag(b->diag, -EINVAL,
				  "section %s: it has %s in the file, where %s are expected",
				  name, shdr->sh_type == SHT_NOBITS ?
				  "no contents" : "contents",
				  sn->type == SHT_NOBITS ? "none" : "some");
	b->sections[index].kind = sn->kind;
	return 0;
}

static int classify_section(struct bpffs_build *b, u32 index)
{
	struct elf64_shdr shdr = bpffs_elf_section(&b->elf, index);

	if (!shdr.sh_size)
		return 0;
	if (shdr.sh_type == SHT_PROGBITS && shdr.sh_flags & SHF_EXECINSTR)
		return classify_code(b, index, &shdr);
	if (shdr.sh_type == SHT_PROGBITS || shdr.sh_type == SHT_NOBITS)
		return classify_named(b, index, &shdr);
	return 0;
}

/*
 * Before: @index holds relocations. After: they are whole, come with our
 * symbol table, and the section they are for knows them.
 */
static int claim_rel(struct bpffs_build *b, u32 index, const struct elf64_shdr *shdr)
{
	const char *name = bpffs_elf_section_name(&b->elf, index);
	struct build_section *target;

	if (!shdr->sh_info || shdr->sh_info >= b->elf.nr_sections)
		return bpffs_diag(b->diag, -ENOEXEC,
				  "section %s: relocations for section %u of %u",
				  name, shdr->sh_info, b->elf.nr_sections);
	if (shdr->sh_type == SHT_RELA)
		return bpffs_diag(b->diag, -ENOEXEC,
				  "section %s: relocations with addends (RELA); BPF has none (REL)",
				  name);
	if (shdr->sh_entsize != sizeof(struct elf64_rel) ||
	    shdr->sh_size % sizeof(struct elf64_rel))
		return bpffs_diag(b->diag, -ENOEXEC,
				  "section %s: %llu bytes of relocations in entries of %llu, not of %zu",
				  name, shdr->sh_size, shdr->sh_entsize,
				  sizeof(struct elf64_rel));
	if (shdr->sh_link != b->elf.symtab)
		return bpffs_diag(b->diag, -ENOEXEC,
				  "section %s: its symbols are in section %u, not in %u",
				  name, shdr->sh_link, b->elf.symtab);
	target = &b->sections[shdr->sh_info];
	if (target->rel)
		return bpffs_diag(b->diag, -ENOEXEC,
				  "section %s: section %s has relocations in %s already",
				  name,
				  bpffs_elf_section_name(&b->elf, shdr->sh_info),
				  bpffs_elf_section_name(&b->elf, target->rel));
	target->rel = index;
	return 0;
}

static int claim_rels(struct bpffs_build *b)
{
	struct elf64_shdr shdr;
	int err;
	u32 i;

	for (i = 1; i < b->elf.nr_sections; i++) {
		shdr = bpffs_elf_section(&b->elf, i);
		if (shdr.sh_type != SHT_REL && shdr.sh_type != SHT_RELA)
			continue;
		err = claim_rel(b, i, &shdr);
		if (err)
			return err;
	}
	return 0;
}

static int index_sections(struct bpffs_build *b)
{
	u32 i, nr = b->elf.nr_sections;

	b->sections = kvcalloc(nr, sizeof(*b->sections), GFP_KERNEL_ACCOUNT);
	b->section_names = kvmalloc_array(nr, sizeof(*b->section_names),
					  GFP_KERNEL_ACCOUNT);
	if (!b->sections || !b->section_names)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		b->section_names[i].name = bpffs_elf_section_name(&b->elf, i);
		b->section_names[i].index = i;
	}
	build_names_sort(b->section_names, nr);
	return 0;
}

static bool symbol_is_global(const struct elf64_sym *sym)
{
	return ELF64_ST_BIND(sym->st_info) != STB_LOCAL &&
	       sym->st_shndx != SHN_UNDEF && sym->st_shndx != SHN_ABS &&
	       sym->st_shndx != SHN_COMMON;
}

static u32 count_globals(const struct bpffs_build *b)
{
	u32 i, nr = 0;
	struct elf64_sym sym;

	for (i = 1; i < b->elf.nr_symbols; i++) {
		sym = bpffs_elf_symbol(&b->elf, i);
		nr += symbol_is_global(&sym);
	}
	return nr;
}

static int check_globals(const struct bpffs_build *b)
{
	u32 i;

	for (i = 1; i < b->nr_globals; i++) {
		if (strcmp(b->globals[i].name, b->globals[i - 1].name))
			continue;
		return bpffs_diag(b->diag, -EINVAL,
				  "symbol \"%s\" is defined twice (%u and %u)",
				  b->globals[i].name, b->globals[i - 1].index,
				  b->globals[i].index);
	}
	return 0;
}

static int index_globals(struct bpffs_build *b)
{
	struct elf64_sym sym;
	u32 i;

	b->globals = kvmalloc_array(count_globals(b), sizeof(*b->globals),
				    GFP_KERNEL_ACCOUNT);
	if (!b->globals)
		return -ENOMEM;
	for (i = 1; i < b->elf.nr_symbols; i++) {
		sym = bpffs_elf_symbol(&b->elf, i);
		if (!symbol_is_global(&sym))
			continue;
		b->globals[b->nr_globals].name =
			bpffs_elf_symbol_name(&b->elf, i);
		b->globals[b->nr_globals++].index = i;
	}
	build_names_sort(b->globals, b->nr_globals);
	return check_globals(b);
}

/**
 * build_layout() - find out what each section is for
 * @b: the build; its ELF view is open
 *
 * Fills in section_names, globals, and of sections kind and rel.
 *
 * Return: 0; -ENOMEM; -ENOEXEC for relocation sections that are no such;
 * -EINVAL for sections whose type contradicts their name and for symbols that
 * are defined twice; -EOPNOTSUPP for sections that this version does not load.
 */
int build_layout(struct bpffs_build *b)
{
	int err;
	u32 i;

	err = index_sections(b);
	for (i = 1; !err && i < b->elf.nr_sections; i++)
		err = classify_section(b, i);
	if (!err)
		err = claim_rels(b);
	if (!err)
		err = index_globals(b);
	return err;
}

/**
 * build_find_section() - look up a section by name
 * @b: the build, past build_layout()
 * @name: its name
 *
 * Return: index of the first section of that name; 0 if there is none.
 */
u32 build_find_section(const struct bpffs_build *b, const char *name)
{
	const struct build_name *found;

	found = build_names_find(b->section_names, b->elf.nr_sections, name);
	return found ? found->index : 0;
}

/**
 * build_only_section() - find the one section of a kind
 * @b: the build, past build_layout()
 * @kind: what it is for
 * @index: receives its index, 0 if there is none
 *
 * Return: 0; -EINVAL if there are two.
 */
int build_only_section(struct bpffs_build *b, enum build_section_kind kind,
		       u32 *index)
{
	u32 i;

	*index = 0;
	for (i = 1; i < b->elf.nr_sections; i++) {
		if (b->sections[i].kind != kind)
			continue;
		if (*index)
			return bpffs_diag(b->diag, -EINVAL,
					  "section %s is there twice",
					  bpffs_elf_section_name(&b->elf, i));
		*index = i;
	}
	return 0;
}

/**
 * build_license() - read the license section
 * @b: the build, past build_layout()
 *
 * The string need not end in the section: what libbpf takes it for ends there.
 *
 * Return: 0; -EINVAL if there are two.
 */
int build_license(struct bpffs_build *b)
{
	struct elf64_shdr shdr;
	u32 index;
	int err;

	err = build_only_section(b, SECTION_LICENSE, &index);
	if (err || !index)
		return err;
	shdr = bpffs_elf_section(&b->elf, index);
	memcpy(b->plan->license, bpffs_elf_bytes(&b->elf, &shdr),
	       min_t(u64, shdr.sh_size, sizeof(b->plan->license) - 1));
	return 0;
}

/**
 * build_version() - read the version section
 * @b: the build, past build_layout()
 *
 * Return: 0; -EINVAL unless it holds one 32-bit number.
 */
int build_version(struct bpffs_build *b)
{
	struct elf64_shdr shdr;
	u32 index;
	int err;

	err = build_only_section(b, SECTION_VERSION, &index);
	if (err || !index)
		return err;
	shdr = bpffs_elf_section(&b->elf, index);
	if (shdr.sh_size != sizeof(b->plan->version))
		return bpffs_diag(b->diag, -EINVAL,
				  "section version: %llu bytes, not a number of %zu",
				  shdr.sh_size, sizeof(b->plan->version));
	memcpy(&b->plan->version, bpffs_elf_bytes(&b->elf, &shdr),
	       sizeof(b->plan->version));
	return 0;
}
