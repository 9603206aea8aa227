// SPDX-License-Identifier: GPL-2.0
/* ELF objects that are none, are cut short, or lie: rows 1 to 4 of the classes. */
#include <linux/err.h>
#include <linux/kernel.h>
#include "../../kernel/bpf/loader/elf.h"
#include "../../kernel/bpf/loader/plan.h"
#include "test.h"
#include "objects/objects.h"
#include "plan_build.h"

static struct object whole;

static int extent(const void *image, size_t have, size_t *need)
{
	memset(&diag, 0, sizeof(diag));
	return bpffs_elf_extent(image, have, need, &diag);
}

/* @change is what to write where in a copy of the object. */
#define REFUSED(what, err, part, change) do {				\
	struct object o = object_copy(&whole, whole.size);		\
									\
	change;								\
	is(build(&o), err, what);					\
	has_str(diag.text, part, "and says why");			\
	object_free(&o);						\
} while (0)

static void test_extent_grows(void)
{
	size_t have, need = 0, last = 0;
	struct object part;
	int err;

	for (have = 0; have <= whole.size; have++) {
		part = object_copy(&whole, have);
		err = extent(part.image, have, &need);
		object_free(&part);
		if (err != (have < whole.size ? -EAGAIN : 0) &&
		    !(err == 0 && need == whole.size))
			break;
		if (need < last || need > whole.size)
			break;
		if (err == -EAGAIN && need <= have)
			break;
		last = need;
	}
	is(have, whole.size + 1, "every beginning tells how much is needed");
	is(need, whole.size, "and at last all of it");
}

static void refused_extent(const char *what, const void *image, size_t have,
			   int err, const char *part)
{
	size_t need = 0;

	is(extent(image, have, &need), err, what);
	has_str(diag.text, part, "and says why");
}

static void test_extent_refuses(void)
{
	struct elf64_hdr ehdr;
	size_t need;

	refused_extent("text", "#!/bin/sh\n", 10, -ENOEXEC,
		       "not an ELF object");
	is(extent("abc", 3, &need), -EAGAIN, "three bytes say nothing");
	memcpy(&ehdr, whole.image, sizeof(ehdr));
	ehdr.e_machine = 0;
	is(extent(&ehdr, sizeof(ehdr), &need), -EAGAIN, "no machine is as good as BPF");
	ehdr.e_machine = 62;
	refused_extent("another machine", &ehdr, sizeof(ehdr), -ENOEXEC,
		       "machine 62 (x86-64), not BPF (247)");
	memcpy(&ehdr, whole.image, sizeof(ehdr));
	ehdr.e_type = ET_EXEC;
	refused_extent("an executable", &ehdr, sizeof(ehdr), -ENOEXEC,
		       "relocatable");
	memcpy(&ehdr, whole.image, sizeof(ehdr));
	ehdr.e_ident[EI_CLASS] = ELFCLASS32;
	refused_extent("32 bits", &ehdr, sizeof(ehdr), -ENOEXEC, "64-bit");
	memcpy(&ehdr, whole.image, sizeof(ehdr));
	ehdr.e_ident[EI_DATA] = ELFDATA2MSB;
	refused_extent("big-endian", &ehdr, sizeof(ehdr), -ENOEXEC,
		       "big-endian");
	memcpy(&ehdr, whole.image, sizeof(ehdr));
	ehdr.e_shoff = BPFFS_OBJECT_MAX;
	refused_extent("too large", &ehdr, sizeof(ehdr), -EFBIG,
		       "an object may have");
	ehdr.e_shoff = ~0ULL;
	refused_extent("much too large", &ehdr, sizeof(ehdr), -EFBIG,
		       "an object may have");
}

static void test_row_1_special_section_indices(void)
{
	REFUSED("row 1: section index past the last", -EINVAL, "is in section",
		object_symbol(&o, "total")->st_shndx =
			object_ehdr(&o)->e_shnum);
	REFUSED("row 1: SHN_XINDEX", -EINVAL, "is in section",
		object_symbol(&o, "total")->st_shndx = 0xffff);
	REFUSED("row 1: a reserved index", -EINVAL, "is in section",
		object_symbol(&o, "total")->st_shndx = 0xff00);
	REFUSED("row 1: SHN_COMMON", -EOPNOTSUPP, "common symbol",
		object_symbol(&o, "hidden_sub")->st_shndx = SHN_COMMON);
	REFUSED("row 1: a variable that is SHN_COMMON", -EINVAL, "no such symbol",
		object_symbol(&o, "total")->st_shndx = SHN_COMMON);
	REFUSED("row 1: a symbol of no use that is SHN_COMMON", 0, "",
		object_symbol(&o, "whole.bpf.c")->st_shndx = SHN_COMMON);
	REFUSED("row 1: SHN_UNDEF", -EINVAL, "no such symbol",
		object_symbol(&o, "total")->st_shndx = SHN_UNDEF);
	REFUSED("row 1: SHN_ABS", -EINVAL, "no such symbol",
		object_symbol(&o, "total")->st_shndx = SHN_ABS);
	REFUSED("row 1: a function that is SHN_ABS", -EINVAL, "in no section",
		object_symbol(&o, "hidden_sub")->st_shndx = SHN_ABS);
}

static void test_row_2_section_table(void)
{
	REFUSED("row 2: extended numbering", -EOPNOTSUPP, "extended",
		object_ehdr(&o)->e_shnum = 0);
	REFUSED("row 2: a reserved count", -ENOEXEC, "reserved",
		object_ehdr(&o)->e_shnum = 0xff00);
	REFUSED("row 2: more sections than there are", -ENOEXEC,
		"section headers end",
		object_ehdr(&o)->e_shnum++);
	REFUSED("row 2: the table past the end", -ENOEXEC,
		"section headers end",
		object_ehdr(&o)->e_shoff = o.size - 1);
	REFUSED("row 2: the table nowhere", -ENOEXEC, "no section header",
		object_ehdr(&o)->e_shoff = 0);
	REFUSED("row 2: entries of another size", -ENOEXEC, "section headers of",
		object_ehdr(&o)->e_shentsize = 0);
	REFUSED("row 2: symbols of size 0", -ENOEXEC, "entries of 0",
		object_shdr_of(&o, ".symtab")->sh_entsize = 0);
	REFUSED("row 2: relocations of size 0", -ENOEXEC, "entries of 0",
		object_shdr_of(&o, ".rel.text")->sh_entsize = 0);
	REFUSED("row 2: half a symbol", -ENOEXEC, "symbol table",
		object_shdr_of(&o, ".symtab")->sh_size--);
	REFUSED("row 2: a section past the end", -ENOEXEC, "ends at offset",
		object_shdr_of(&o, ".text")->sh_offset = o.size - 8);
	REFUSED("row 2: a section that wraps", -EFBIG, "an object may have",
		object_shdr_of(&o, ".text")->sh_offset = -8);
	REFUSED("row 2: sections on top of each other", -ENOEXEC, "overlaps",
		{ object_shdr_of(&o, ".debug_str")->sh_offset = 0;
		  object_shdr_of(&o, ".debug_str")->sh_size = o.size; });
	REFUSED("row 2: two symbol tables", -ENOEXEC, "both symbol tables",
		object_shdr_of(&o, ".debug_str")->sh_type = SHT_SYMTAB);
	REFUSED("row 2: no symbol table", -ENOEXEC, "no symbol table",
		object_shdr_of(&o, ".symtab")->sh_type = SHT_PROGBITS);
}

static void test_empty_section_nowhere(void)
{
	struct object o = object_copy(&whole, whole.size);
	struct elf64_shdr *shdr = object_shdr_of(&o, ".debug_str");
	struct bpffs_elf elf;

	shdr->sh_size = 0;
	shdr->sh_offset = -1;
	is(bpffs_elf_open(&elf, o.image, o.size, &diag), 0, "an empty section may be anywhere");
	ok(bpffs_elf_bytes(&elf, shdr) == o.image, "its bytes are in the object");
	object_free(&o);
}

static void test_row_3_strings(void)
{
	REFUSED("row 3: names that do not end", -ENOEXEC, "end in NUL",
		{ struct elf64_shdr *s = object_shdr_of(&o, ".strtab");
		  o.image[s->sh_offset + s->sh_size - 1] = 'x'; });
	REFUSED("row 3: no names at all", -ENOEXEC, "is empty",
		object_shdr_of(&o, ".strtab")->sh_size = 0);
	REFUSED("row 3: a section's name past the end", -ENOEXEC, "its name",
		object_shdr_of(&o, ".maps")->sh_name = 0x10000);
	REFUSED("row 3: a symbol's name past the end", -ENOEXEC, "its name",
		object_symbol(&o, "total")->st_name = 0xffffffff);
	REFUSED("row 3: names in no section", -ENOEXEC, "names are in section",
		object_shdr_of(&o, ".symtab")->sh_link = 0xffff);
	REFUSED("row 3: names in no strings", -ENOEXEC, "string table",
		object_shdr_of(&o, ".symtab")->sh_link =
			object_section(&o, ".text"));
	REFUSED("row 3: section names in section 0", -ENOEXEC, "names are in",
		object_ehdr(&o)->e_shstrndx = 0);
	REFUSED("row 3: section names nowhere", -ENOEXEC, "names are in",
		object_ehdr(&o)->e_shstrndx = 0xffff);
}

/* @nr more symbols of one name of @len bytes. */
static struct object with_names(u32 nr, u32 len)
{
	struct elf64_shdr *strtab = object_shdr_of(&whole, ".strtab");
	struct elf64_shdr *symtab = object_shdr_of(&whole, ".symtab");
	size_t strings = strtab->sh_size + len + 1;
	size_t symbols = symtab->sh_size + nr * sizeof(struct elf64_sym);
	size_t at = ALIGN(whole.size, 8);
	struct object o = { .size = at + symbols + strings };
	struct elf64_sym *sym;
	u32 i;

	o.image = calloc(1, o.size);
	memcpy(o.image, whole.image, whole.size);
	sym = memcpy(o.image + at, whole.image + symtab->sh_offset, symtab->sh_size);
	sym += symtab->sh_size / sizeof(*sym);
	for (i = 0; i < nr; i++)
		sym[i] = (struct elf64_sym){ .st_name = strtab->sh_size,
					     .st_shndx = SHN_ABS };
	memcpy(o.image + at + symbols, whole.image + strtab->sh_offset, strtab->sh_size);
	memset(o.image + at + symbols + strtab->sh_size, 'a', len);
	*object_shdr_of(&o, ".symtab") = (struct elf64_shdr){
		.sh_name = symtab->sh_name, .sh_type = SHT_SYMTAB, .sh_offset = at,
		.sh_size = symbols, .sh_link = symtab->sh_link,
		.sh_info = symtab->sh_info, .sh_entsize = sizeof(*sym),
	};
	object_shdr_of(&o, ".strtab")->sh_offset = at + symbols;
	object_shdr_of(&o, ".strtab")->sh_size = strings;
	return o;
}

/* What sorts names, or copies one, must not be made to work for megabytes. */
static void test_row_5_names(void)
{
	struct object o = with_names(1, 8192);

	is(build(&o), 0, "row 5: a name of 8192 bytes");
	object_free(&o);
	o = with_names(1, 8193);
	is(build(&o), -E2BIG, "row 5: a name that is longer");
	has_str(diag.text, "longer than 8192 bytes", "and says so");
	object_free(&o);
	o = with_names(5000, 8192);
	is(build(&o), -E2BIG, "row 5: names that are long together");
	has_str(diag.text, "more than 33554432 bytes in all", "and says so");
	object_free(&o);
}

static void test_row_4_functions(void)
{
	REFUSED("row 4: a function past its section", -EINVAL, "not inside",
		object_symbol(&o, "hidden_sub")->st_size += 0x1000);
	REFUSED("row 4: a function that wraps", -EINVAL, "not inside",
		object_symbol(&o, "hidden_sub")->st_size = -8);
	REFUSED("row 4: an empty function", -EINVAL, "whole instructions",
		object_symbol(&o, "hidden_sub")->st_size = 0);
	REFUSED("row 4: half an instruction", -EINVAL, "whole instructions",
		object_symbol(&o, "hidden_sub")->st_size -= 4);
	REFUSED("row 4: functions that overlap", -EINVAL, "overlap",
		object_symbol(&o, "global_sub")->st_size += 8);
	REFUSED("row 4: two functions of other sizes at one place", -EINVAL, "overlap",
		{ struct elf64_sym *s = object_symbol(&o, "hidden_sub");
		  s->st_value = object_symbol(&o, "global_sub")->st_value;
		  s->st_size = object_symbol(&o, "global_sub")->st_size - 8; });
	REFUSED("row 4: code that is no instructions", -EINVAL,
		"whole instructions",
		object_shdr_of(&o, "fentry.s/do_unlinkat")->sh_size = 12;
		object_symbol(&o, "on_unlink")->st_size = 8);
}

/* A file that grew by one byte is still the same object. */
static void test_more_bytes(void)
{
	struct object longer = object_copy(&whole, whole.size + 1);

	longer.image[whole.size] = 0;
	is(build(&longer), 0, "bytes after the object do not matter");
	object_free(&longer);
}

int main(void)
{
	whole = object_read("whole");
	is(build(&whole), 0, "the object as it is");
	test_extent_grows();
	test_extent_refuses();
	test_row_1_special_section_indices();
	test_row_2_section_table();
	test_empty_section_nowhere();
	test_row_3_strings();
	test_row_5_names();
	test_row_4_functions();
	test_more_bytes();
	object_free(&whole);
	return done_testing();
}
