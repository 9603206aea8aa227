// SPDX-License-Identifier: GPL-2.0
/*
 * Which instructions want what filled in.
 *
 * Every instruction that needs a fix-up ends up in one list, whether a
 * relocation says so or, for a call inside one section, its own immediate. The
 * list is made once; each program that a function becomes part of applies it.
 */
#include <linux/btf.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include "build.h"

#define INSN_SIZE	sizeof(struct bpf_insn)
#define CODE_LD_IMM64	(BPF_LD | BPF_IMM | BPF_DW)
#define CODE_CALL	(BPF_JMP | BPF_CALL)

/* Room for so many to begin with. */
#define MIN_RELOCS	64

/* A relocation of the file; @index is its place there, for messages. */
struct raw_reloc {
	u64 offset;
	u32 type;
	u32 symbol;
	u32 index;
};

/**
 * struct link - a section of code being worked through
 * @b: the build
 * @section: its index
 * @code: its bytes, aligned to nothing
 * @raw: its relocations, sorted by offset
 * @nr: number of them
 * @next: the first that has not been passed
 * @next_pos: the instruction that it is at, U32_MAX for none
 * @func: the function that is being worked through
 * @pos: instruction of @section that is being looked at
 */
struct link {
	struct bpffs_build *b;
	u32 section;
	const u8 *code;
	struct raw_reloc *raw;
	u32 nr;
	u32 next;
	u32 next_pos;
	const struct build_func *func;
	u32 pos;
};

static const u8 *section_code(const struct bpffs_build *b, u32 section)
{
	struct elf64_shdr shdr = bpffs_elf_section(&b->elf, section);

	return bpffs_elf_bytes(&b->elf, &shdr);
}

/* What an instruction begins with. */
static u8 code_at(const u8 *code, u32 insn)
{
	return code[(u64)insn * INSN_SIZE];
}

static bool wants_fixup(u8 code)
{
	return code == CODE_LD_IMM64 || code == CODE_CALL;
}

static struct bpf_insn current_insn(const struct link *l)
{
	struct bpf_insn copy;

	memcpy(&copy, l->code + (u64)l->pos * INSN_SIZE, sizeof(copy));
	return copy;
}

__printf(3, 4)
static int refuse_insn(const struct link *l, int err, const char *fmt, ...)
{
	char where[BUILD_WHERE];
	va_list args;

	scnprintf(where, sizeof(where),
		  "section %.64s: function \"%.64s\": instruction at offset %zu: ",
		  bpffs_elf_section_name(&l->b->elf, l->section),
		  l->func->name, l->pos * INSN_SIZE);
	va_start(args, fmt);
	err = bpffs_vdiag(l->b->diag, err, where, fmt, args);
	va_end(args);
	return err;
}

__printf(4, 5)
static int refuse_reloc(const struct link *l, const struct raw_reloc *raw,
			int err, const char *fmt, ...)
{
	char where[BUILD_WHERE];
	va_list args;

	scnprintf(where, sizeof(where),
		  "relocation %u of section %.64s at offset %llu: ", raw->index,
		  bpffs_elf_section_name(&l->b->elf, l->section), raw->offset);
	va_start(args, fmt);
	err = bpffs_vdiag(l->b->diag, err, where, fmt, args);
	va_end(args);
	return err;
}

static int raw_compare(const void *a, const void *b)
{
	const struct raw_reloc *left = a, *right = b;

	if (left->offset != right->offset)
		return left->offset < right->offset ? -1 : 1;
	return left->index < right->index ? -1 : left->index > right->index;
}

/*
 * Before: @rel was claimed by a section. After: @l has it sorted by offset, as
 * compilers write it already.
 */
static int load_raw(struct link *l, u32 rel)
{
	struct elf64_shdr shdr = bpffs_elf_section(&l->b->elf, rel);
	const u8 *bytes = bpffs_elf_bytes(&l->b->elf, &shdr);
	struct elf64_rel entry;
	bool sorted = true;
	u32 i;

	l->nr = shdr.sh_size / sizeof(entry);
	l->raw = kvmalloc_array(l->nr, sizeof(*l->raw), GFP_KERNEL_ACCOUNT);
	if (!l->raw)
		return -ENOMEM;
	for (i = 0; i < l->nr; i++) {
		memcpy(&entry, bytes + (u64)i * sizeof(entry), sizeof(entry));
		l->raw[i].offset = entry.r_offset;
		l->raw[i].type = (u32)entry.r_info;
		l->raw[i].symbol = ELF64_R_SYM(entry.r_info);
		l->raw[i].index = i;
		sorted &= !i || l->raw[i - 1].offset <= entry.r_offset;
	}
	if (!sorted)
		sort(l->raw, l->nr, sizeof(*l->raw), raw_compare, NULL);
	return 0;
}

/* Before: @l->raw is sorted. After: each is inside the section. */
static int check_raw(const struct link *l)
{
	struct elf64_shdr shdr = bpffs_elf_section(&l->b->elf, l->section);
	const struct raw_reloc *raw;
	u32 i;

	for (i = 0; i < l->nr; i++) {
		raw = &l->raw[i];
		if (raw->offset >= shdr.sh_size || raw->offset % INSN_SIZE)
			return refuse_reloc(l, raw, -EINVAL,
					    "it is not at an instruction of the section's %llu bytes",
					    shdr.sh_size);
		if (!raw->symbol || raw->symbol >= l->b->elf.nr_symbols)
			return refuse_reloc(l, raw, -EINVAL,
					    "it is against symbol %u of %u",
					    raw->symbol, l->b->elf.nr_symbols);
		if (i && raw->offset == raw[-1].offset)
			return refuse_reloc(l, raw, -EINVAL,
					    "relocation %u is at the same place",
					    raw[-1].index);
	}
	return 0;
}

/*
 * Before: the symbol exists. After: it is in a section of the object, or
 * undefined.
 */
static int raw_symbol(const struct link *l, const struct raw_reloc *raw,
		      struct elf64_sym *sym)
{
	*sym = bpffs_elf_symbol(&l->b->elf, raw->symbol);
	if (sym->st_shndx == SHN_COMMON)
		return refuse_reloc(l, raw, -EOPNOTSUPP,
				    "\"%s\" is a common symbol, in no section; compile with -fno-common",
				    bpffs_elf_symbol_name(&l->b->elf, raw->symbol));
	if (sym->st_shndx >= l->b->elf.nr_sections)
		return refuse_reloc(l, raw, -EINVAL,
				    "symbol \"%s\" is in no section (%#x)",
				    bpffs_elf_symbol_name(&l->b->elf,
							  raw->symbol),
				    sym->st_shndx);
	return 0;
}

static int check_type(const struct link *l, const struct raw_reloc *raw,
		      u32 want, const char *what)
{
	if (raw->type == want)
		return 0;
	return refuse_reloc(l, raw, -EINVAL,
			    "type %u on %s, which takes type %u", raw->type,
			    what, want);
}

/* After: there is room for one more. */
static int reserve_reloc(struct bpffs_build *b)
{
	u32 room = b->nr_relocs ? 2 * b->nr_relocs : MIN_RELOCS;
	struct build_reloc *more;

	if (b->nr_relocs < b->max_relocs)
		return 0;
	more = kvmalloc_array(room, sizeof(*more), GFP_KERNEL_ACCOUNT);
	if (!more)
		return -ENOMEM;
	if (b->nr_relocs)
		memcpy(more, b->relocs, b->nr_relocs * sizeof(*more));
	kvfree(b->relocs);
	b->relocs = more;
	b->max_relocs = room;
	return 0;
}

/* Before: there is room for it. */
static void add_reloc(struct link *l, enum build_reloc_kind kind, u32 target,
		      u32 offset)
{
	struct build_reloc *reloc = &l->b->relocs[l->b->nr_relocs++];

	reloc->insn = l->pos - l->func->insn;
	reloc->kind = kind;
	reloc->target = target;
	reloc->offset = offset;
}

static int link_func(struct link *l, enum build_reloc_kind kind, u32 section,
		     s64 insn)
{
	const struct build_func *func = NULL;

	if (insn >= 0 && insn <= U32_MAX)
		func = build_find_func(l->b, section, insn);
	if (!func)
		return refuse_insn(l, -EINVAL,
				   "it %s instruction %lld of section %s, where no function begins",
				   kind == RELOC_CALL ? "calls" :
				   "takes the address of", insn,
				   bpffs_elf_section_name(&l->b->elf, section));
	add_reloc(l, kind, func - l->b->funcs, 0);
	return 0;
}

static int link_map(struct link *l, const struct raw_reloc *raw, u32 section,
		    s64 offset)
{
	u32 map;

	if (!build_find_map(l->b, section, offset, &map))
		return refuse_reloc(l, raw, -EINVAL,
				    "no map is defined at offset %lld of section %s",
				    offset,
				    bpffs_elf_section_name(&l->b->elf, section));
	add_reloc(l, RELOC_MAP, map, 0);
	return 0;
}

static int link_data(struct link *l, const struct raw_reloc *raw, u32 section,
		     s64 offset)
{
	const struct build_section *data = &l->b->sections[section];
	u64 size = bpffs_elf_section(&l->b->elf, section).sh_size;

	if (offset < 0 || offset >= size)
		return refuse_reloc(l, raw, -EINVAL,
				    "offset %lld of section %s, which has %llu bytes",
				    offset, bpffs_elf_section_name(&l->b->elf, section),
				    size);
	add_reloc(l, RELOC_DATA, data->map, data->base + offset);
	return 0;
}

/* An undefined symbol that is no extern is one that no compiler makes. */
static const struct bpffs_plan_extern *raw_extern(const struct link *l,
						  const struct raw_reloc *raw)
{
	const char *name = bpffs_elf_symbol_name(&l->b->elf, raw->symbol);
	const struct bpffs_plan_extern *ext = build_find_extern(l->b, name);

	if (!ext)
		refuse_reloc(l, raw, -EINVAL,
			     "symbol \"%s\" is in no section of this object, and no extern",
			     name);
	return ext;
}

/* Only a variable of .kconfig is somewhere that an offset can be added to. */
static int link_extern(struct link *l, const struct raw_reloc *raw, s32 addend)
{
	const struct bpffs_plan_extern *ext = raw_extern(l, raw);

	if (!ext)
		return -EINVAL;
	if (addend < 0 || (addend && addend >= ext->size))
		return refuse_reloc(l, raw, -EINVAL,
				    "offset %d from \"%s\", which has %u bytes",
				    addend, ext->name, ext->size);
	if (ext->kind == BPFFS_EXTERN_KCONFIG)
		add_reloc(l, RELOC_DATA, l->b->plan->kconfig_map,
			  ext->offset + addend);
	else
		add_reloc(l, RELOC_EXTERN, ext - l->b->plan->externs, 0);
	return 0;
}

static int link_extern_call(struct link *l, const struct raw_reloc *raw)
{
	const struct bpffs_plan_extern *ext = raw_extern(l, raw);

	if (!ext)
		return -EINVAL;
	if (ext->kind != BPFFS_EXTERN_FUNC)
		return refuse_reloc(l, raw, -EINVAL,
				    "a call of \"%s\", which is not a function",
				    ext->name);
	add_reloc(l, RELOC_EXTERN, ext - l->b->plan->externs, 0);
	return 0;
}

/* What it says is looked at where a program has it. */
static int link_jump_table(struct link *l, const struct raw_reloc *raw, s64 offset)
{
	struct elf64_sym sym = bpffs_elf_symbol(&l->b->elf, raw->symbol);

	if (offset != sym.st_value)
		return refuse_reloc(l, raw, -EINVAL,
				    "offset %lld from jump table \"%s\", which can be named only whole",
				    offset - (s64)sym.st_value,
				    bpffs_elf_symbol_name(&l->b->elf, raw->symbol));
	add_reloc(l, RELOC_JUMP_TABLE, raw->symbol, 0);
	return 0;
}

static int link_address(struct link *l, const struct raw_reloc *raw,
			u32 section, s64 offset)
{
	switch (l->b->sections[section].kind) {
	case SECTION_CODE:
		if (offset % (s64)INSN_SIZE)
			return refuse_reloc(l, raw, -EINVAL,
					    "offset %lld is inside an instruction",
					    offset);
		return link_func(l, RELOC_FUNC, section,
				 offset / (s64)INSN_SIZE);
	case SECTION_MAPS:
	case SECTION_LEGACY_MAPS:
		return link_map(l, raw, section, offset);
	case SECTION_DATA:
	case SECTION_BSS:
	case SECTION_RODATA:
	case SECTION_PERCPU:
	case SECTION_ARENA:
		return link_data(l, raw, section, offset);
	case SECTION_JUMP_TABLES:
		return link_jump_table(l, raw, offset);
	default:
		return refuse_reloc(l, raw, -EOPNOTSUPP,
				    "symbol \"%s\" is in section %s, which holds neither maps nor data nor code",
				    bpffs_elf_symbol_name(&l->b->elf,
							  raw->symbol),
				    bpffs_elf_section_name(&l->b->elf, section));
	}
}

/*
 * A load that names a descriptor or a kernel object by number would mean
 * whatever the process that writes the object happens to have open.
 */
static int link_load(struct link *l, const struct raw_reloc *raw,
		     struct bpf_insn insn)
{
	u32 end = l->func->insn + l->func->nr_insns;
	struct elf64_sym sym;
	int err;

	if (l->pos + 1 == end || code_at(l->code, l->pos + 1))
		return refuse_insn(l, -EINVAL,
				   "a load of 64 bits without its second half");
	if (!raw && insn.src_reg)
		add_reloc(l, RELOC_NUMBER, insn.src_reg, 0);
	if (!raw)
		return 0;
	err = check_type(l, raw, R_BPF_64_64, "a load of 64 bits");
	if (!err)
		err = raw_symbol(l, raw, &sym);
	if (err)
		return err;
	if (sym.st_shndx == SHN_UNDEF)
		return link_extern(l, raw, insn.imm);
	return link_address(l, raw, sym.st_shndx,
			    (s64)sym.st_value + insn.imm);
}

/* The immediate of a call counts from the instruction after it. */
static int link_call(struct link *l, const struct raw_reloc *raw,
		     struct bpf_insn insn)
{
	struct elf64_sym sym;
	int err;

	if (!raw && !insn.src_reg)
		return 0;
	if (insn.src_reg != BPF_PSEUDO_CALL) {
		add_reloc(l, RELOC_NUMBER, insn.src_reg, 0);
		return 0;
	}
	if (!raw)
		return link_func(l, RELOC_CALL, l->section,
				 (s64)l->pos + insn.imm + 1);
	err = check_type(l, raw, R_BPF_64_32, "a call");
	if (!err)
		err = raw_symbol(l, raw, &sym);
	if (err)
		return err;
	if (sym.st_shndx == SHN_UNDEF)
		return link_extern_call(l, raw);
	if (l->b->sections[sym.st_shndx].kind != SECTION_CODE ||
	    sym.st_value % INSN_SIZE)
		return refuse_reloc(l, raw, -EINVAL,
				    "a call of \"%s\", which is not a function",
				    bpffs_elf_symbol_name(&l->b->elf,
							  raw->symbol));
	return link_func(l, RELOC_CALL, sym.st_shndx,
			 (s64)(sym.st_value / INSN_SIZE) + insn.imm + 1);
}

/* Before: relocations are at instructions. */
static void find_next_raw(struct link *l)
{
	u64 here = (u64)l->pos * INSN_SIZE;

	while (l->next < l->nr && l->raw[l->next].offset < here)
		l->next++;
	l->next_pos = l->next < l->nr ? l->raw[l->next].offset / INSN_SIZE : U32_MAX;
}

/* The relocation of the current instruction; NULL where there is none. */
static const struct raw_reloc *take_raw(struct link *l)
{
	if (l->pos > l->next_pos)
		find_next_raw(l);
	return l->pos == l->next_pos ? &l->raw[l->next] : NULL;
}

static int link_insn(struct link *l)
{
	const struct raw_reloc *raw = take_raw(l);
	u8 code = code_at(l->code, l->pos);
	int err = reserve_reloc(l->b);

	if (err)
		return err;
	if (raw && raw->type == R_BPF_NONE)
		raw = NULL;
	if (code == CODE_LD_IMM64)
		return link_load(l, raw, current_insn(l));
	if (code == CODE_CALL)
		return link_call(l, raw, current_insn(l));
	if (raw)
		return refuse_reloc(l, raw, -EINVAL,
				    "the instruction (code %#x) is neither a load of 64 bits nor a call",
				    code);
	return 0;
}

/* Most instructions are of no concern here. */
static u32 skip_plain(const struct link *l, u32 pos, u32 end)
{
	const u8 *code = l->code;

	end = min(end, l->next_pos);
	while (pos < end && !wants_fixup(code_at(code, pos)))
		pos++;
	return pos;
}

static int link_one_func(struct link *l, struct build_func *func)
{
	u32 end = func->insn + func->nr_insns;
	int err;

	l->func = func;
	func->first_reloc = l->b->nr_relocs;
	for (l->pos = func->insn; ; l->pos++) {
		l->pos = skip_plain(l, l->pos, end);
		if (l->pos >= end)
			break;
		err = link_insn(l);
		if (err)
			return err;
		if (code_at(l->code, l->pos) != CODE_LD_IMM64)
			continue;
		l->pos++;
		if (take_raw(l))
			return refuse_reloc(l, &l->raw[l->next], -EINVAL,
					    "it is in the second half of a load");
	}
	func->nr_relocs = l->b->nr_relocs - func->first_reloc;
	return 0;
}

/* Each relocation is taken once, whatever the number of names. */
static int link_next_func(struct link *l, u32 index)
{
	struct build_func *func = &l->b->funcs[index];

	if (!build_func_is_alias(l->b, index))
		return link_one_func(l, func);
	func->first_reloc = func[-1].first_reloc;
	func->nr_relocs = func[-1].nr_relocs;
	return 0;
}

static int link_section(struct bpffs_build *b, u32 section)
{
	const struct build_section *info = &b->sections[section];
	struct link l = {
		.b = b,
		.section = section,
		.code = section_code(b, section),
	};
	int err = 0;
	u32 i;

	if (info->rel)
		err = load_raw(&l, info->rel);
	if (!err)
		err = check_raw(&l);
	if (!err)
		find_next_raw(&l);
	for (i = 0; !err && i < info->nr_funcs; i++)
		err = link_next_func(&l, info->first_func + i);
	kvfree(l.raw);
	return err;
}

/**
 * build_relocs() - list the fix-ups of all functions
 * @b: the build, past build_funcs() and build_data_maps()
 *
 * Return: 0; -ENOMEM; -EINVAL for relocations, calls and loads that cannot be
 * meant; -EOPNOTSUPP for symbols in sections that are nothing to a program.
 */
int build_relocs(struct bpffs_build *b)
{
	int err = reserve_reloc(b);
	u32 i;

	for (i = 1; !err && i < b->elf.nr_sections; i++) {
		if (b->sections[i].kind == SECTION_CODE)
			err = link_section(b, i);
	}
	return err;
}
