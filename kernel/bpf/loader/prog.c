// SPDX-License-Identifier: GPL-2.0
/* Which functions of an object are programs, and what kind of program. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "build.h"

/**
 * build_prog_is() - say what kind of program a program is
 * @prog: the program
 * @def: a row of bpffs_section_defs, or bpffs_section_unknown()
 */
void build_prog_is(struct bpffs_plan_prog *prog, const struct bpffs_section_def *def)
{
	prog->def = def;
	prog->prog_flags = 0;
	if (def->flags & BPFFS_SEC_SLEEPABLE)
		prog->prog_flags |= BPF_F_SLEEPABLE;
	if (def->flags & BPFFS_SEC_FRAGS)
		prog->prog_flags |= BPF_F_XDP_HAS_FRAGS;
}

static void list_prog(struct bpffs_build *b, const struct build_func *func)
{
	struct bpffs_plan_prog *prog = &b->plan->progs[b->plan->nr_progs++];
	const struct bpffs_section_def *def;

	prog->name = func->name;
	prog->section = bpffs_elf_section_name(&b->elf, func->section);
	prog->autoload = *prog->section != '?';
	prog->target = "";
	def = bpffs_section_find(prog->section, &prog->target);
	build_prog_is(prog, def ?: bpffs_section_unknown());
}

/**
 * build_progs() - list the programs
 * @b: the build, past build_funcs()
 *
 * Return: 0; -ENOMEM; -E2BIG for too many.
 */
int build_progs(struct bpffs_build *b)
{
	u32 i, nr = 0;

	for (i = 0; i < b->nr_funcs; i++)
		nr += b->funcs[i].entry;
	if (nr > BUILD_MAX_PROGS)
		return bpffs_diag(b->diag, -E2BIG,
				  "the object has %u programs; it may have %u",
				  nr, BUILD_MAX_PROGS);
	b->plan->progs = kvcalloc(nr, sizeof(*b->plan->progs),
				  GFP_KERNEL_ACCOUNT);
	if (!b->plan->progs)
		return -ENOMEM;
	for (i = 0; i < b->nr_funcs; i++) {
		if (b->funcs[i].entry)
			list_prog(b, &b->funcs[i]);
	}
	return 0;
}
