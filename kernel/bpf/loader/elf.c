// SPDX-License-Identifier: GPL-2.0
/*
 * A validated view of an ELF object.
 *
 * Each elf_check_*() establishes one invariant and says which ones it needs;
 * everything behind bpffs_elf_open() relies on all of them and checks none
 * again. Nothing here allocates or writes.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/overflow.h>
#include <linux/string.h>
#include "elf.h"
#include "plan.h"

static const struct {
	u16 machine;
	const char *name;
} elf_machines[] = {
	{ 3, "i386" },
	{ 8, "MIPS" },
	{ 20, "PowerPC" },
	{ 21, "PowerPC64" },
	{ 22, "s390" },
	{ 40, "ARM" },
	{ 62, "x86-64" },
	{ 183, "AArch64" },
	{ 243, "RISC-V" },
	{ 258, "LoongArch" },
};

static const char *elf_machine_name(u16 machine)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(elf_machines); i++) {
		if (elf_machines[i].machine == machine)
			return elf_machines[i].name;
	}
	return "unknown";
}

static const char *elf_type_name(u16 type)
{
	static const char * const names[] = {
		[ET_NONE] = "none",
		[ET_REL]  = "relocatable",
		[ET_EXEC] = "executable",
		[ET_DYN]  = "shared object",
		[ET_CORE] = "core dump",
	};

	return type < ARRAY_SIZE(names) ? names[type] : "unknown";
}

static int elf_check_magic(const void *image, struct bpffs_diag *diag)
{
	const u8 *byte = image;

	if (memcmp(image, ELFMAG, SELFMAG))
		return bpffs_diag(diag, -ENOEXEC,
				  "not an ELF object: it begins with %02x %02x %02x %02x, not with 7f 45 4c 46",
				  byte[0], byte[1], byte[2], byte[3]);
	return 0;
}

/* Before: the magic is right. After: ELF64, little-endian, version 1. */
static int elf_check_ident(const struct elf64_hdr *ehdr, struct bpffs_diag *diag)
{
	const u8 *ident = ehdr->e_ident;

	if (ident[EI_CLASS] != ELFCLASS64)
		return bpffs_diag(diag, -ENOEXEC,
				  "ELF header: class %u, not 64-bit (%u)",
				  ident[EI_CLASS], ELFCLASS64);
	if (ident[EI_DATA] == ELFDATA2MSB)
		return bpffs_diag(diag, -ENOEXEC,
				  "ELF header: big-endian; compile with -target bpfel");
	if (ident[EI_DATA] != ELFDATA2LSB)
		return bpffs_diag(diag, -ENOEXEC,
				  "ELF header: data encoding %u, not little-endian (%u)",
				  ident[EI_DATA], ELFDATA2LSB);
	if (ident[EI_VERSION] != EV_CURRENT || ehdr->e_version != EV_CURRENT)
		return bpffs_diag(diag, -ENOEXEC,
				  "ELF header: version %u/%u, not %u",
				  ident[EI_VERSION], ehdr->e_version,
				  EV_CURRENT);
	return 0;
}

/*
 * Before: fields can be read as they stand. After: it is a BPF relocatable, or
 * one of no machine, which assemblers older than the number write.
 */
static int elf_check_kind(const struct elf64_hdr *ehdr, struct bpffs_diag *diag)
{
	if (ehdr->e_machine != EM_BPF && ehdr->e_machine != EM_NONE)
		return bpffs_diag(diag, -ENOEXEC,
				  "ELF header: machine %u (%s), not BPF (%u)",
				  ehdr->e_machine,
				  elf_machine_name(ehdr->e_machine), EM_BPF);
	if (ehdr->e_type != ET_REL)
		return bpffs_diag(diag, -ENOEXEC,
				  "ELF header: type %u (%s), not relocatable (%u)",
				  ehdr->e_type, elf_type_name(ehdr->e_type),
				  ET_REL);
	return 0;
}

/*
 * Before: it is a BPF relocatable. After: there is a section header table of
 * 1 to SHN_LORESERVE - 1 entries of the size we know, and one of them names
 * the rest.
 */
static int elf_check_counts(const struct elf64_hdr *ehdr, struct bpffs_diag *diag)
{
	if (!ehdr->e_shoff)
		return bpffs_diag(diag, -ENOEXEC,
				  "ELF header: no section header table");
	if (ehdr->e_shentsize != sizeof(struct elf64_shdr))
		return bpffs_diag(diag, -ENOEXEC,
				  "ELF header: section headers of %u bytes, not %zu",
				  ehdr->e_shentsize, sizeof(struct elf64_shdr));
	if (!ehdr->e_shnum)
		return bpffs_diag(diag, -EOPNOTSUPP,
				  "ELF header: section count 0 (extended numbering) is not supported; at most %u sections",
				  SHN_LORESERVE - 1);
	if (ehdr->e_shnum >= SHN_LORESERVE)
		return bpffs_diag(diag, -ENOEXEC,
				  "ELF header: section count %u is a reserved number; at most %u",
				  ehdr->e_shnum, SHN_LORESERVE - 1);
	if (ehdr->e_shstrndx == SHN_UNDEF || ehdr->e_shstrndx >= ehdr->e_shnum)
		return bpffs_diag(diag, -ENOEXEC,
				  "ELF header: section names are in section %u of %u",
				  ehdr->e_shstrndx, ehdr->e_shnum);
	return 0;
}

/* Before: sizeof(struct elf64_hdr) bytes are there. After: all of the above. */
static int elf_check_ehdr(const void *image, struct elf64_hdr *ehdr,
			  struct bpffs_diag *diag)
{
	int err;

	memcpy(ehdr, image, sizeof(*ehdr));
	err = elf_check_magic(image, diag);
	if (!err)
		err = elf_check_ident(ehdr, diag);
	if (!err)
		err = elf_check_kind(ehdr, diag);
	if (!err)
		err = elf_check_counts(ehdr, diag);
	return err;
}

/* Before: the header is right. After: the table ends at *end, within limits. */
static int elf_table_end(const struct elf64_hdr *ehdr, u64 *end,
			 struct bpffs_diag *diag)
{
	u64 bytes = (u64)ehdr->e_shnum * sizeof(struct elf64_shdr);

	if (check_add_overflow(ehdr->e_shoff, bytes, end) ||
	    *end > BPFFS_OBJECT_MAX)
		return bpffs_diag(diag, -EFBIG,
				  "ELF header: section headers at offset %llu; an object may have %u bytes",
				  ehdr->e_shoff, BPFFS_OBJECT_MAX);
	return 0;
}

/* Bytes of the file that a section takes. */
static u64 elf_file_size(const struct elf64_shdr *shdr)
{
	if (shdr->sh_type == SHT_NOBITS || shdr->sh_type == SHT_NULL)
		return 0;
	return shdr->sh_size;
}

static int elf_section_end(const struct elf64_shdr *shdr, u32 index, u64 *end,
			   struct bpffs_diag *diag)
{
	u64 size = elf_file_size(shdr);

	if (!size) {
		*end = 0;
		return 0;
	}
	if (check_add_overflow(shdr->sh_offset, size, end) ||
	    *end > BPFFS_OBJECT_MAX)
		return bpffs_diag(diag, -EFBIG,
				  "section %u: %llu bytes at offset %llu; an object may have %u bytes",
				  index, size, shdr->sh_offset,
				  BPFFS_OBJECT_MAX);
	return 0;
}

static void elf_copy_section(const void *image, u64 table, u32 index,
			     struct elf64_shdr *shdr)
{
	memcpy(shdr, image + table + (u64)index * sizeof(*shdr), sizeof(*shdr));
}

/**
 * bpffs_elf_extent() - how long an object is, judged from its beginning
 * @image: its first @have bytes
 * @have: bytes there are so far
 * @need: receives how many bytes there must be
 * @diag: receives the sentence of a refusal
 *
 * Takes constant time until the section header table is complete, and one
 * pass over that table then; an answer of 0 does not change with more bytes.
 *
 * Return: 0 with the length of the whole object in @need; -EAGAIN with the
 * number of bytes needed to say more in @need; -ENOEXEC for what is not a
 * 64-bit little-endian BPF relocatable; -EOPNOTSUPP for extended section
 * numbering; -EFBIG for an object over BPFFS_OBJECT_MAX.
 */
int bpffs_elf_extent(const void *image, size_t have, size_t *need,
		     struct bpffs_diag *diag)
{
	u64 extent, end;
	struct elf64_hdr ehdr;
	struct elf64_shdr shdr;
	int err;
	u32 i;

	if (have < sizeof(ehdr)) {
		*need = sizeof(ehdr);
		err = have < SELFMAG ? 0 : elf_check_magic(image, diag);
		return err ?: -EAGAIN;
	}
	err = elf_check_ehdr(image, &ehdr, diag);
	if (err)
		return err;
	err = elf_table_end(&ehdr, &extent, diag);
	if (err)
		return err;
	if (have < extent) {
		*need = extent;
		return -EAGAIN;
	}
	for (i = 1; i < ehdr.e_shnum; i++) {
		elf_copy_section(image, ehdr.e_shoff, i, &shdr);
		err = elf_section_end(&shdr, i, &end, diag);
		if (err)
			return err;
		extent = max(extent, end);
	}
	*need = max_t(u64, extent, sizeof(ehdr));
	return 0;
}

/* Before: nothing. After: the section header table lies inside the file. */
static int elf_open_header(struct bpffs_elf *elf, u32 *names,
			   struct bpffs_diag *diag)
{
	struct elf64_hdr ehdr;
	u64 end;
	int err;

	if (elf->size < sizeof(ehdr))
		return bpffs_diag(diag, -ENOEXEC,
				  "not an ELF object: %zu bytes, and its header takes %zu",
				  elf->size, sizeof(ehdr));
	err = elf_check_ehdr(elf->image, &ehdr, diag);
	if (err)
		return err;
	err = elf_table_end(&ehdr, &end, diag);
	if (err)
		return err;
	if (end > elf->size)
		return bpffs_diag(diag, -ENOEXEC,
				  "the section headers end at offset %llu, the file at %zu",
				  end, elf->size);
	elf->sections_at = ehdr.e_shoff;
	elf->nr_sections = ehdr.e_shnum;
	*names = ehdr.e_shstrndx;
	return 0;
}

/*
 * Before: section headers can be copied out. After: every section lies inside
 * the file, and their sizes add up to no more than the file, so that work done
 * once for each byte of each section is bounded by the file's size.
 */
static int elf_check_sections(const struct bpffs_elf *elf,
			      struct bpffs_diag *diag)
{
	u64 end, total = 0;
	struct elf64_shdr shdr;
	int err;
	u32 i;

	for (i = 1; i < elf->nr_sections; i++) {
		shdr = bpffs_elf_section(elf, i);
		err = elf_section_end(&shdr, i, &end, diag);
		if (err)
			return err;
		if (end > elf->size)
			return bpffs_diag(diag, -ENOEXEC,
					  "section %u ends at offset %llu, the file at %zu",
					  i, end, elf->size);
		total += elf_file_size(&shdr);
		if (total > elf->size)
			return bpffs_diag(diag, -ENOEXEC,
					  "section %u overlaps others: the first %u have %llu bytes, the file %zu",
					  i, i, total, elf->size);
	}
	return 0;
}

/*
 * Before: sections lie inside the file, @index is one of them. After: @strings
 * has @len bytes, at least one, the last of which is NUL.
 */
static int elf_open_strings(const struct bpffs_elf *elf, u32 index,
			    const char **strings, u32 *len,
			    struct bpffs_diag *diag)
{
	struct elf64_shdr shdr = bpffs_elf_section(elf, index);

	if (shdr.sh_type != SHT_STRTAB)
		return bpffs_diag(diag, -ENOEXEC,
				  "section %u: type %u where a string table (%u) is needed",
				  index, shdr.sh_type, SHT_STRTAB);
	if (!shdr.sh_size)
		return bpffs_diag(diag, -ENOEXEC,
				  "section %u: the string table is empty",
				  index);
	*strings = (const char *)bpffs_elf_bytes(elf, &shdr);
	*len = shdr.sh_size;
	if ((*strings)[*len - 1])
		return bpffs_diag(diag, -ENOEXEC,
				  "section %u: the string table does not end in NUL",
				  index);
	return 0;
}

/*
 * String tables end in NUL, and may share what several names end with: names of
 * megabytes, thousands of them, cost a file next to nothing. Those who sort names
 * and look them up rely on what is counted here.
 */
#define NAME_LEN_MAX	(2U * PATH_MAX)
#define NAMES_LEN_MAX	BPFFS_OBJECT_MAX

/* Before: @name ends in NUL. After: @total counts it, and is within bounds. */
static int elf_count_name(const char *what, u32 index, const char *name, u32 *total,
			  struct bpffs_diag *diag)
{
	u32 len = strnlen(name, NAME_LEN_MAX + 1);

	if (len > NAME_LEN_MAX)
		return bpffs_diag(diag, -E2BIG,
				  "%s %u \"%.32s...\": its name is longer than %u bytes",
				  what, index, name, NAME_LEN_MAX);
	*total += len;
	if (*total > NAMES_LEN_MAX)
		return bpffs_diag(diag, -E2BIG,
				  "the names of the first %u %ss have more than %u bytes in all",
				  index, what, NAMES_LEN_MAX);
	return 0;
}

/*
 * Before: section names end in NUL. After: every section has a name, of bounded
 * length.
 */
static int elf_check_section_names(const struct bpffs_elf *elf,
				   struct bpffs_diag *diag)
{
	struct elf64_shdr shdr;
	u32 i, total = 0;
	int err;

	for (i = 0; i < elf->nr_sections; i++) {
		shdr = bpffs_elf_section(elf, i);
		if (shdr.sh_name >= elf->names_len)
			return bpffs_diag(diag, -ENOEXEC,
					  "section %u: its name is at %u of %u bytes of names",
					  i, shdr.sh_name, elf->names_len);
		err = elf_count_name("section", i, elf->names + shdr.sh_name, &total, diag);
		if (err)
			return err;
	}
	return 0;
}

/* Before: sections have names. After: there is exactly one symbol table. */
static int elf_find_symtab(struct bpffs_elf *elf, struct bpffs_diag *diag)
{
	struct elf64_shdr shdr;
	u32 i;

	elf->symtab = 0;
	for (i = 1; i < elf->nr_sections; i++) {
		shdr = bpffs_elf_section(elf, i);
		if (shdr.sh_type != SHT_SYMTAB)
			continue;
		if (elf->symtab)
			return bpffs_diag(diag, -ENOEXEC,
					  "sections %u and %u are both symbol tables",
					  elf->symtab, i);
		elf->symtab = i;
	}
	if (!elf->symtab)
		return bpffs_diag(diag, -ENOEXEC,
				  "no symbol table: a stripped object cannot be loaded (strip -g keeps symbols)");
	return 0;
}

/*
 * Before: there is one symbol table. After: it holds whole symbols, and their
 * names are in a string table that ends in NUL.
 */
static int elf_open_symtab(struct bpffs_elf *elf, struct bpffs_diag *diag)
{
	struct elf64_shdr shdr = bpffs_elf_section(elf, elf->symtab);

	if (shdr.sh_entsize != sizeof(struct elf64_sym) ||
	    shdr.sh_size % sizeof(struct elf64_sym))
		return bpffs_diag(diag, -ENOEXEC,
				  "symbol table: %llu bytes in entries of %llu, not of %zu",
				  shdr.sh_size, shdr.sh_entsize,
				  sizeof(struct elf64_sym));
	if (!shdr.sh_link || shdr.sh_link >= elf->nr_sections)
		return bpffs_diag(diag, -ENOEXEC,
				  "symbol table: its names are in section %u of %u",
				  shdr.sh_link, elf->nr_sections);
	elf->symbols_at = shdr.sh_offset;
	elf->nr_symbols = shdr.sh_size / sizeof(struct elf64_sym);
	return elf_open_strings(elf, shdr.sh_link, &elf->strings,
				&elf->strings_len, diag);
}

/* Before: @sym has a name and a real section. After: it lies inside it. */
static int elf_check_symbol_extent(const struct bpffs_elf *elf, u32 index,
				   const struct elf64_sym *sym,
				   struct bpffs_diag *diag)
{
	struct elf64_shdr shdr = bpffs_elf_section(elf, sym->st_shndx);
	u64 end;

	if (check_add_overflow(sym->st_value, sym->st_size, &end) ||
	    end > shdr.sh_size)
		return bpffs_diag(diag, -EINVAL,
				  "symbol %u \"%s\": %llu bytes at %llu are not inside section %s of %llu bytes",
				  index, bpffs_elf_symbol_name(elf, index),
				  sym->st_size, sym->st_value,
				  bpffs_elf_section_name(elf, sym->st_shndx),
				  shdr.sh_size);
	return 0;
}

/* Before: names end in NUL. After: symbol @index has one, which @total counts. */
static int elf_check_symbol_name(const struct bpffs_elf *elf, u32 index, u32 *total,
				 struct bpffs_diag *diag)
{
	struct elf64_sym sym = bpffs_elf_symbol(elf, index);

	if (sym.st_name >= elf->strings_len)
		return bpffs_diag(diag, -ENOEXEC,
				  "symbol %u: its name is at %u of %u bytes of names",
				  index, sym.st_name, elf->strings_len);
	return elf_count_name("symbol", index, elf->strings + sym.st_name, total, diag);
}

/*
 * Before: @sym has a name. After: its section index is that of a section, or
 * SHN_UNDEF, SHN_ABS or SHN_COMMON, and no other.
 */
static int elf_check_symbol(const struct bpffs_elf *elf, u32 index,
			    struct bpffs_diag *diag)
{
	struct elf64_sym sym = bpffs_elf_symbol(elf, index);

	if (sym.st_shndx == SHN_UNDEF || sym.st_shndx == SHN_ABS ||
	    sym.st_shndx == SHN_COMMON)
		return 0;
	if (sym.st_shndx >= elf->nr_sections)
		return bpffs_diag(diag, -EINVAL,
				  "symbol %u \"%s\" is in section %u of %u",
				  index, bpffs_elf_symbol_name(elf, index),
				  sym.st_shndx, elf->nr_sections);
	return elf_check_symbol_extent(elf, index, &sym, diag);
}

static int elf_check_symbols(const struct bpffs_elf *elf,
			     struct bpffs_diag *diag)
{
	u32 i, total = 0;
	int err;

	for (i = 0; i < elf->nr_symbols; i++) {
		err = elf_check_symbol_name(elf, i, &total, diag);
		if (!err)
			err = elf_check_symbol(elf, i, diag);
		if (err)
			return err;
	}
	return 0;
}

/**
 * bpffs_elf_open() - check an ELF object and set up the view of it
 * @elf: filled in
 * @image: the file, of any alignment; must outlive @elf
 * @size: bytes in @image
 * @diag: receives the sentence of a refusal
 *
 * Return: 0, with everything &struct bpffs_elf promises; -ENOEXEC for what is
 * not a well-formed BPF relocatable; -EINVAL for symbols outside of their
 * sections; -EOPNOTSUPP for extended numbering and common symbols; -EFBIG for
 * a file over BPFFS_OBJECT_MAX; -E2BIG for names that are very long.
 */
int bpffs_elf_open(struct bpffs_elf *elf, const void *image, size_t size,
		   struct bpffs_diag *diag)
{
	u32 names = 0;
	int err;

	memset(elf, 0, sizeof(*elf));
	elf->image = image;
	elf->size = size;
	if (size > BPFFS_OBJECT_MAX)
		return bpffs_diag(diag, -EFBIG,
				  "an object of %zu bytes; it may have %u",
				  size, BPFFS_OBJECT_MAX);
	err = elf_open_header(elf, &names, diag);
	if (!err)
		err = elf_check_sections(elf, diag);
	if (!err)
		err = elf_open_strings(elf, names, &elf->names,
				       &elf->names_len, diag);
	if (!err)
		err = elf_check_section_names(elf, diag);
	if (!err)
		err = elf_find_symtab(elf, diag);
	if (!err)
		err = elf_open_symtab(elf, diag);
	if (!err)
		err = elf_check_symbols(elf, diag);
	return err;
}

/**
 * bpffs_elf_section() - a section header
 * @elf: the object
 * @index: below nr_sections
 *
 * Return: a copy, because nothing in the file need be aligned.
 */
struct elf64_shdr bpffs_elf_section(const struct bpffs_elf *elf, u32 index)
{
	struct elf64_shdr shdr;

	elf_copy_section(elf->image, elf->sections_at, index, &shdr);
	return shdr;
}

/**
 * bpffs_elf_section_name() - name of a section
 * @elf: the object
 * @index: below nr_sections
 *
 * Return: a string inside the image.
 */
const char *bpffs_elf_section_name(const struct bpffs_elf *elf, u32 index)
{
	return elf->names + bpffs_elf_section(elf, index).sh_name;
}

/**
 * bpffs_elf_symbol() - a symbol
 * @elf: the object
 * @index: below nr_symbols
 *
 * Return: a copy.
 */
struct elf64_sym bpffs_elf_symbol(const struct bpffs_elf *elf, u32 index)
{
	struct elf64_sym sym;

	memcpy(&sym, elf->image + elf->symbols_at + (u64)index * sizeof(sym),
	       sizeof(sym));
	return sym;
}

/**
 * bpffs_elf_symbol_name() - name of a symbol
 * @elf: the object
 * @index: below nr_symbols
 *
 * Return: a string inside the image; the section's name for the nameless
 * symbol that stands for a section.
 */
const char *bpffs_elf_symbol_name(const struct bpffs_elf *elf, u32 index)
{
	struct elf64_sym sym = bpffs_elf_symbol(elf, index);

	if (ELF64_ST_TYPE(sym.st_info) == STT_SECTION && !sym.st_name &&
	    sym.st_shndx < elf->nr_sections)
		return bpffs_elf_section_name(elf, sym.st_shndx);
	return elf->strings + sym.st_name;
}
