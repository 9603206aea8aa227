// SPDX-License-Identifier: GPL-2.0
/*
 * Programs: which functions they are, and what each is put together from.
 *
 * The kernel takes one stretch of instructions per program. So every function
 * that a program calls, or takes the address of, is appended to it once, and
 * calls are made relative to where it then stands.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "build.h"

#define NOT_PLACED	U32_MAX

/* A function whose fix-ups are being followed, and how far. */
struct frame {
	u32 func;
	u32 next;
};

/**
 * struct expansion - a program being put together
 * @b: the build
 * @main: index of the function that is the program
 * @order: functions in it, in the order they stand
 * @nr: number of them
 * @position: for each function of the object its first instruction in the
 *	program, NOT_PLACED if it is not in it
 * @stack: functions from @main to the one that is being followed
 * @depth: number of them
 * @nr_insns: instructions placed so far
 * @total: instructions of all programs so far
 *
 * The arrays have one entry for each function of the object and serve all
 * programs in turn.
 */
struct expansion {
	struct bpffs_build *b;
	u32 main;
	u32 *order;
	u32 nr;
	u32 *position;
	struct frame *stack;
	u32 depth;
	u32 nr_insns;
	u32 total;
};

static int refuse_length(const struct expansion *x)
{
	return bpffs_diag(x->b->diag, -E2BIG,
			  "program %s: more than %u instructions with all it calls, or more than %u in all programs together",
			  x->b->funcs[x->main].name, BUILD_MAX_PROG_INSNS,
			  BUILD_MAX_TOTAL_INSNS);
}

static int place(struct expansion *x, u32 func)
{
	u32 nr_insns = x->b->funcs[func].nr_insns;

	if (nr_insns > BUILD_MAX_PROG_INSNS - x->nr_insns ||
	    nr_insns > BUILD_MAX_TOTAL_INSNS - x->total)
		return refuse_length(x);
	x->position[func] = x->nr_insns;
	x->nr_insns += nr_insns;
	x->total += nr_insns;
	x->order[x->nr++] = func;
	x->stack[x->depth].func = func;
	x->stack[x->depth++].next = 0;
	return 0;
}

/* Fix-ups name a function by the first of its names, which may be another. */
static bool is_main(const struct expansion *x, u32 index)
{
	const struct build_func *func = &x->b->funcs[index];
	const struct build_func *main = &x->b->funcs[x->main];

	return func->section == main->section && func->insn == main->insn;
}

/* Numbers are what the loader puts in; one that is there names what is not ours. */
static int refuse_number(const struct expansion *x, const struct build_reloc *reloc)
{
	const struct build_func *func = &x->b->funcs[x->stack[x->depth - 1].func];

	return bpffs_diag(x->b->diag, -EINVAL,
			  "program %.64s: function \"%.64s\": the instruction at offset %zu of section %.64s (src_reg %u) names a map, function or kernel symbol by number; only a relocation can",
			  x->b->funcs[x->main].name, func->name,
			  (func->insn + reloc->insn) * sizeof(struct bpf_insn),
			  bpffs_elf_section_name(&x->b->elf, func->section), reloc->target);
}

/*
 * The kernel treats a program's first function as no other: it must be
 * neither called nor called back.
 */
static int follow(struct expansion *x, const struct build_reloc *reloc)
{
	if (reloc->kind == RELOC_NUMBER)
		return refuse_number(x, reloc);
	if (reloc->kind != RELOC_CALL && reloc->kind != RELOC_FUNC)
		return 0;
	if (is_main(x, reloc->target))
		return bpffs_diag(x->b->diag, -EINVAL,
				  "program %s: function \"%s\" %s the program itself; only subprograms can be",
				  x->b->funcs[x->main].name,
				  x->b->funcs[x->stack[x->depth - 1].func].name,
				  reloc->kind == RELOC_CALL ? "calls" :
				  "takes the address of");
	if (x->position[reloc->target] != NOT_PLACED)
		return 0;
	return place(x, reloc->target);
}

/* Places a function and, depth first, all that can be reached from it. */
static int place_reachable(struct expansion *x, u32 index)
{
	const struct build_func *func;
	struct frame *top;
	int err;

	err = place(x, index);
	while (!err && x->depth) {
		top = &x->stack[x->depth - 1];
		func = &x->b->funcs[top->func];
		if (top->next == func->nr_relocs)
			x->depth--;
		else
			err = follow(x, &x->b->relocs[func->first_reloc +
						      top->next++]);
	}
	return err;
}

static int place_all(struct expansion *x)
{
	u32 callback;
	int err;

	err = place_reachable(x, x->main);
	if (err || !x->b->funcs[x->main].on_throw)
		return err;
	err = build_exception_callback(x->b, x->main, &callback);
	if (err || x->position[callback] != NOT_PLACED)
		return err;
	return place_reachable(x, callback);
}

static void forget(struct expansion *x)
{
	while (x->nr)
		x->position[x->order[--x->nr]] = NOT_PLACED;
	x->nr_insns = 0;
	x->depth = 0;
}

/* How many of the program's fix-ups are of the kinds @kinds, a bit for each. */
static u32 count_refs(const struct expansion *x, u32 kinds)
{
	const struct build_func *func;
	u32 i, j, nr = 0;

	for (i = 0; i < x->nr; i++) {
		func = &x->b->funcs[x->order[i]];
		for (j = 0; j < func->nr_relocs; j++)
			nr += kinds >> x->b->relocs[func->first_reloc + j].kind & 1;
	}
	return nr;
}

static void add_map_ref(struct bpffs_plan_prog *prog, u32 insn, u32 map)
{
	prog->map_refs[prog->nr_map_refs].insn = insn;
	prog->map_refs[prog->nr_map_refs++].map = map;
}

static void add_extern_ref(struct bpffs_plan_prog *prog, u32 insn, u32 ext)
{
	prog->extern_refs[prog->nr_extern_refs].insn = insn;
	prog->extern_refs[prog->nr_extern_refs++].ext = ext;
}

static void apply(const struct expansion *x, struct bpffs_plan_prog *prog,
		  const struct build_reloc *reloc, u32 at)
{
	struct bpf_insn *insn = &prog->insns[at];

	switch (reloc->kind) {
	case RELOC_CALL:
		insn->imm = x->position[reloc->target] - at - 1;
		break;
	case RELOC_FUNC:
		insn[0].src_reg = BPF_PSEUDO_FUNC;
		insn[0].imm = x->position[reloc->target] - at - 1;
		insn[1].imm = 0;
		break;
	case RELOC_MAP:
		insn[0].src_reg = BPF_PSEUDO_MAP_FD;
		insn[0].imm = 0;
		insn[1].imm = 0;
		add_map_ref(prog, at, reloc->target);
		break;
	case RELOC_DATA:
		insn[0].src_reg = BPF_PSEUDO_MAP_VALUE;
		insn[0].imm = 0;
		insn[1].imm = reloc->offset;
		add_map_ref(prog, at, reloc->target);
		break;
	case RELOC_JUMP_TABLE:
		insn[0].src_reg = BPF_PSEUDO_MAP_VALUE;
		insn[0].imm = 0;
		insn[1].imm = 0;
		break;
	case RELOC_EXTERN:
		add_extern_ref(prog, at, reloc->target);
		break;
	case RELOC_NUMBER:
		break;
	}
}

static void copy_func(const struct expansion *x, struct bpffs_plan_prog *prog,
		      u32 index)
{
	const struct build_func *func = &x->b->funcs[index];
	struct elf64_shdr shdr = bpffs_elf_section(&x->b->elf, func->section);
	const struct build_reloc *reloc = &x->b->relocs[func->first_reloc];
	u32 i, at = x->position[index];

	memcpy(prog->insns + at, bpffs_elf_bytes(&x->b->elf, &shdr) +
	       (u64)func->insn * sizeof(*prog->insns),
	       func->nr_insns * sizeof(*prog->insns));
	for (i = 0; i < func->nr_relocs; i++, reloc++)
		apply(x, prog, reloc, at + reloc->insn);
}

static int write_prog(const struct expansion *x, struct bpffs_plan_prog *prog)
{
	int err;
	u32 i;

	prog->insns = kvmalloc_array(x->nr_insns, sizeof(*prog->insns),
				     GFP_KERNEL_ACCOUNT);
	prog->map_refs = kvmalloc_array(count_refs(x, BIT(RELOC_MAP) |
						   BIT(RELOC_DATA)),
					sizeof(*prog->map_refs),
					GFP_KERNEL_ACCOUNT);
	prog->extern_refs = kvmalloc_array(count_refs(x, BIT(RELOC_EXTERN)),
					   sizeof(*prog->extern_refs),
					   GFP_KERNEL_ACCOUNT);
	if (!prog->insns || !prog->map_refs || !prog->extern_refs)
		return -ENOMEM;
	prog->nr_insns = x->nr_insns;
	for (i = 0; i < x->nr; i++)
		copy_func(x, prog, x->order[i]);
	err = build_jump_tables(x->b, prog, x->order, x->position, x->nr,
				count_refs(x, BIT(RELOC_JUMP_TABLE)));
	return err ?: build_prog_records(x->b, prog, x->order, x->position, x->nr);
}

static int refuse_section(struct bpffs_build *b,
			  const struct bpffs_plan_prog *prog)
{
	const char *like = bpffs_section_like(prog->section);

	if (!strcmp(prog->section, ".text"))
		return bpffs_diag(b->diag, -EOPNOTSUPP,
				  "function \"%s\" is all there is, and section .text does not say what kind of program it is; SEC(\"kprobe/...\") or the like does, or progs.%s.type",
				  prog->name, prog->name);
	if (!strncmp(prog->section, ".text.", strlen(".text.")))
		return bpffs_diag(b->diag, -EOPNOTSUPP,
				  "section %s: the compiler moved function \"%s\" out of .text, where programs have what they call; compile without -ffunction-sections, and the function without attribute cold",
				  prog->section, prog->name);
	return bpffs_diag(b->diag, -EOPNOTSUPP,
			  "section %s of program %s: no section of that name is known%s%s%s; progs.%s.type can tell what the program is",
			  prog->section, prog->name, *like ? "; \"" : "", like,
			  *like ? "\" begins like it" : "", prog->name);
}

/* Programs stand in the plan in the order of their functions. */
static int expand_prog(struct expansion *x, struct bpffs_plan_prog *prog)
{
	int err;

	while (!x->b->funcs[x->main].entry)
		x->main++;
	err = 0;
	if (prog->autoload && prog->def == bpffs_section_unknown())
		err = refuse_section(x->b, prog);
	if (prog->autoload && !err)
		err = place_all(x);
	if (prog->autoload && !err)
		err = write_prog(x, prog);
	forget(x);
	x->main++;
	return err;
}

static int expand_all(struct expansion *x)
{
	struct bpffs_plan *plan = x->b->plan;
	int err = 0;
	u32 i;

	for (i = 0; i < x->b->nr_funcs; i++)
		x->position[i] = NOT_PLACED;
	for (i = 0; !err && i < plan->nr_progs; i++)
		err = expand_prog(x, &plan->progs[i]);
	return err;
}

/**
 * build_expand_progs() - put the programs together
 * @b: the build; programs are listed, fix-ups and .BTF.ext are read
 *
 * Those that are not to be loaded stay empty.
 *
 * Return: 0; -ENOMEM; -E2BIG for programs that get too long; -EINVAL for
 * programs that call themselves; -EOPNOTSUPP for sections that are not known;
 * what build_exception_callback() says.
 */
int build_expand_progs(struct bpffs_build *b)
{
	u32 nr = b->nr_funcs;
	struct expansion x = { .b = b };
	int err = -ENOMEM;

	x.order = kvmalloc_array(nr, sizeof(*x.order), GFP_KERNEL_ACCOUNT);
	x.position = kvmalloc_array(nr, sizeof(*x.position),
				    GFP_KERNEL_ACCOUNT);
	x.stack = kvmalloc_array(nr, sizeof(*x.stack), GFP_KERNEL_ACCOUNT);
	if (x.order && x.position && x.stack)
		err = expand_all(&x);
	kvfree(x.stack);
	kvfree(x.position);
	kvfree(x.order);
	return err;
}
