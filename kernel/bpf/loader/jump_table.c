// SPDX-License-Identifier: GPL-2.0
/*
 * Tables of places that a program jumps to, which compilers make of a switch. In
 * the object an entry is an offset into the section of the function; for the
 * kernel it is an instruction of the program.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "build.h"

/* Each is a map, and no kernel takes a program that names more. */
#define MAX_TABLES	64U

#define ENTRY_SIZE	sizeof(u64)

/**
 * struct collection - the tables of a program being read
 * @b: the build
 * @prog: the program
 * @func: the function that is being looked at
 * @position: where it stands in the program
 */
struct collection {
	struct bpffs_build *b;
	struct bpffs_plan_prog *prog;
	const struct build_func *func;
	u32 position;
};

__printf(4, 5)
static int refuse(const struct collection *c, u32 symbol, int err, const char *fmt, ...)
{
	char where[BUILD_WHERE];
	va_list args;

	scnprintf(where, sizeof(where), "program %.64s: function \"%.64s\": jump table \"%.64s\": ",
		  c->prog->name, c->func->name, bpffs_elf_symbol_name(&c->b->elf, symbol));
	va_start(args, fmt);
	err = bpffs_vdiag(c->b->diag, err, where, fmt, args);
	va_end(args);
	return err;
}

static int read_entry(const struct collection *c, u32 symbol, const u8 *bytes, u32 index,
		      u32 *target)
{
	u64 offset;

	memcpy(&offset, bytes + index * ENTRY_SIZE, sizeof(offset));
	if (offset % sizeof(struct bpf_insn) ||
	    offset / sizeof(struct bpf_insn) < c->func->insn ||
	    offset / sizeof(struct bpf_insn) - c->func->insn >= c->func->nr_insns)
		return refuse(c, symbol, -EINVAL,
			      "entry %u, offset %llu of section %.64s, is no instruction of the function",
			      index, offset, bpffs_elf_section_name(&c->b->elf, c->func->section));
	*target = c->position + offset / sizeof(struct bpf_insn) - c->func->insn;
	return 0;
}

static int read_table(const struct collection *c, u32 symbol,
		      struct bpffs_plan_jump_table *table)
{
	struct elf64_sym sym = bpffs_elf_symbol(&c->b->elf, symbol);
	struct elf64_shdr shdr = bpffs_elf_section(&c->b->elf, sym.st_shndx);
	const u8 *bytes = bpffs_elf_bytes(&c->b->elf, &shdr) + sym.st_value;
	u32 i, nr = sym.st_size / ENTRY_SIZE;
	int err = 0;

	if (!sym.st_size || sym.st_size % ENTRY_SIZE)
		return refuse(c, symbol, -EINVAL, "%llu bytes are not entries of %zu",
			      sym.st_size, ENTRY_SIZE);
	if (nr > BUILD_MAX_SLOTS - c->b->nr_jumps)
		return refuse(c, symbol, -E2BIG,
			      "%u entries; all tables of the object together may have %u",
			      nr, BUILD_MAX_SLOTS);
	table->targets = kvmalloc_array(nr, sizeof(*table->targets), GFP_KERNEL_ACCOUNT);
	if (!table->targets)
		return -ENOMEM;
	table->nr = nr;
	c->b->nr_jumps += nr;
	for (i = 0; !err && i < nr; i++)
		err = read_entry(c, symbol, bytes, i, &table->targets[i]);
	return err;
}

/* One that several instructions of a function name is one map. */
static int find_table(struct collection *c, u32 symbol, u32 *index)
{
	struct bpffs_plan_prog *prog = c->prog;
	u32 i;

	for (i = 0; i < prog->nr_jump_tables; i++) {
		if (prog->jump_tables[i].symbol != symbol ||
		    prog->jump_tables[i].position != c->position)
			continue;
		*index = i;
		return 0;
	}
	if (i == MAX_TABLES)
		return refuse(c, symbol, -E2BIG, "a program may have %u", MAX_TABLES);
	prog->jump_tables[i].symbol = symbol;
	prog->jump_tables[i].position = c->position;
	*index = prog->nr_jump_tables++;
	return read_table(c, symbol, &prog->jump_tables[i]);
}

static int collect(struct collection *c)
{
	const struct build_reloc *reloc = &c->b->relocs[c->func->first_reloc];
	const struct build_reloc *end = reloc + c->func->nr_relocs;
	struct bpffs_plan_map_ref *ref;
	int err = 0;

	for (; !err && reloc < end; reloc++) {
		if (reloc->kind != RELOC_JUMP_TABLE)
			continue;
		ref = &c->prog->jump_refs[c->prog->nr_jump_refs++];
		ref->insn = c->position + reloc->insn;
		err = find_table(c, reloc->target, &ref->map);
	}
	return err;
}

/**
 * build_jump_tables() - read the jump tables of a program
 * @b: the build; fix-ups are read
 * @prog: the program, whose instructions are in place
 * @order: functions in it, in the order they stand
 * @position: for each function of the object its first instruction in the program
 * @nr: functions in @order
 * @nr_refs: instructions of the program that name a table
 *
 * Return: 0; -ENOMEM; -E2BIG for more tables or entries than there may be;
 * -EINVAL for entries that are no instructions of the function.
 */
int build_jump_tables(struct bpffs_build *b, struct bpffs_plan_prog *prog,
		      const u32 *order, const u32 *position, u32 nr, u32 nr_refs)
{
	struct collection c = { .b = b, .prog = prog };
	int err = 0;
	u32 i;

	if (!nr_refs)
		return 0;
	prog->jump_refs = kvmalloc_array(nr_refs, sizeof(*prog->jump_refs),
					 GFP_KERNEL_ACCOUNT);
	prog->jump_tables = kcalloc(min(nr_refs, MAX_TABLES), sizeof(*prog->jump_tables),
				    GFP_KERNEL_ACCOUNT);
	if (!prog->jump_refs || !prog->jump_tables)
		return -ENOMEM;
	for (i = 0; !err && i < nr; i++) {
		c.func = &b->funcs[order[i]];
		c.position = position[order[i]];
		err = collect(&c);
	}
	return err;
}
