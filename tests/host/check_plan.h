/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a plan promises whatever object it was made of: everything in it is
 * inside of what it points into, so that whoever carries it out need not look.
 */
#ifndef _BPFFS_CHECK_PLAN_H
#define _BPFFS_CHECK_PLAN_H

#include <linux/kernel.h>
#include <linux/btf.h>
#include "../../kernel/bpf/codec/codec.h"
#include "../../kernel/bpf/loader/kernel_numbers.h"
#include "../../kernel/bpf/loader/plan.h"
#include "fuzz.h"

#define CHECK_LD_IMM64	(BPF_LD | BPF_IMM | BPF_DW)
#define CHECK_CALL	(BPF_JMP | BPF_CALL)
#define CHECK_VALUE_MAX	65536

static inline void check_type_id(const struct bpffs_plan *plan, u32 id)
{
	fuzz_require(!id || id < plan->btf.nr_types);
}

static inline void check_map(const struct bpffs_plan *plan,
			     const struct bpffs_plan_map *map)
{
	fuzz_require(map->name && *map->name);
	check_type_id(plan, map->key_type);
	check_type_id(plan, map->value_type);
	check_type_id(plan, map->record_type);
	fuzz_require(map->origin != BPFFS_MAP_DEFINED || !map->data);
	fuzz_require(!map->arena_size || map->type == BPFFS_MAP_TYPE_ARENA);
	fuzz_require(!map->arena_size == !map->arena_data);
	/* Sanitizers see it if there is less than that. */
	if (map->data)
		fuzz_hash(map->data, map->value_size);
	if (map->arena_data)
		fuzz_hash(map->arena_data, map->arena_size);
}

/* Calls and addresses of functions are relative to the next instruction. */
static inline void check_insn(const struct bpffs_plan_prog *prog, u32 i)
{
	const struct bpf_insn *insn = &prog->insns[i];
	bool relative = insn->code == CHECK_CALL &&
			insn->src_reg == BPF_PSEUDO_CALL;

	relative |= insn->code == CHECK_LD_IMM64 &&
		    insn->src_reg == BPF_PSEUDO_FUNC;
	if (relative)
		fuzz_require((s64)i + 1 + insn->imm >= 0 &&
			     (s64)i + 1 + insn->imm < prog->nr_insns);
}

/* The file's operands of what an extern is filled into mean nothing. */
static inline void check_insns(const struct bpffs_plan *plan,
			       const struct bpffs_plan_prog *prog)
{
	u32 i, ref = 0;

	for (i = 0; i < prog->nr_insns; i++) {
		if (ref == prog->nr_extern_refs || prog->extern_refs[ref].insn != i) {
			check_insn(prog, i);
			continue;
		}
		fuzz_require(prog->extern_refs[ref++].ext < plan->nr_externs);
	}
	fuzz_require(ref == prog->nr_extern_refs);
}

static inline void check_map_ref(const struct bpffs_plan *plan,
				 const struct bpffs_plan_prog *prog,
				 const struct bpffs_plan_map_ref *ref)
{
	const struct bpf_insn *insn = &prog->insns[ref->insn];

	fuzz_require(ref->insn + 1 < prog->nr_insns);
	fuzz_require(ref->map < plan->nr_maps);
	fuzz_require(insn->code == CHECK_LD_IMM64);
	if (insn->src_reg == BPF_PSEUDO_MAP_VALUE)
		fuzz_require((u32)insn[1].imm < (plan->maps[ref->map].arena_size ?:
						 plan->maps[ref->map].value_size));
	else
		fuzz_require(insn->src_reg == BPF_PSEUDO_MAP_FD);
}

static inline void check_jump_tables(const struct bpffs_plan_prog *prog)
{
	const struct bpf_insn *insn;
	u32 i, j;

	for (i = 0; i < prog->nr_jump_tables; i++) {
		fuzz_require(prog->jump_tables[i].nr);
		for (j = 0; j < prog->jump_tables[i].nr; j++)
			fuzz_require(prog->jump_tables[i].targets[j] < prog->nr_insns);
	}
	for (i = 0; i < prog->nr_jump_refs; i++) {
		insn = &prog->insns[prog->jump_refs[i].insn];
		fuzz_require(prog->jump_refs[i].insn + 1 < prog->nr_insns);
		fuzz_require(prog->jump_refs[i].map < prog->nr_jump_tables);
		fuzz_require(insn->code == CHECK_LD_IMM64 &&
			     insn->src_reg == BPF_PSEUDO_MAP_VALUE);
	}
}

static inline void check_records(const struct bpffs_plan *plan,
				 const struct bpffs_plan_prog *prog)
{
	const struct bpffs_btf *btf = &plan->btf;
	u32 i;

	for (i = 0; i < prog->nr_func_info; i++) {
		fuzz_require(prog->func_info[i].insn_off < prog->nr_insns);
		fuzz_require(bpffs_btf_type(btf, prog->func_info[i].type_id));
	}
	for (i = 0; i < prog->nr_line_info; i++) {
		fuzz_require(prog->line_info[i].insn_off < prog->nr_insns);
		fuzz_require(prog->line_info[i].line_off < btf->str_len);
		fuzz_require(prog->line_info[i].file_name_off < btf->str_len);
	}
	for (i = 0; i < prog->nr_core_relos; i++) {
		fuzz_require(prog->core_relos[i].insn_off / 8 < prog->nr_insns);
		fuzz_require(!i || prog->core_relos[i].type_id >=
			     prog->core_relos[i - 1].type_id);
		fuzz_require(bpffs_btf_type(btf, prog->core_relos[i].type_id));
		fuzz_require(prog->core_relos[i].access_str_off < btf->str_len);
	}
}

static inline void check_prog(const struct bpffs_plan *plan,
			      const struct bpffs_plan_prog *prog)
{
	u32 i;

	fuzz_require(prog->name && *prog->name && prog->section && prog->def);
	fuzz_require(prog->target && strlen(prog->target) < 1U << 30);
	if (!prog->autoload) {
		fuzz_require(!prog->nr_insns && !prog->nr_map_refs);
		return;
	}
	fuzz_require(prog->nr_insns);
	check_insns(plan, prog);
	for (i = 0; i < prog->nr_map_refs; i++) {
		fuzz_require(!i || prog->map_refs[i].insn !=
			     prog->map_refs[i - 1].insn);
		check_map_ref(plan, prog, &prog->map_refs[i]);
	}
	check_jump_tables(prog);
	check_records(plan, prog);
}

static inline void check_var(const struct bpffs_plan *plan,
			     const struct bpffs_plan_var *var)
{
	fuzz_require(var->name && *var->name);
	fuzz_require(var->map < plan->nr_maps);
	fuzz_require((u64)var->offset + var->size <=
		     plan->maps[var->map].value_size);
	check_type_id(plan, var->type);
}

/* Whatever type an object gives to values, they print and what prints parses. */
static inline void check_value(const struct bpffs_btf *btf, u32 type, u32 size,
			       const u8 *data)
{
	static char text[1 << 18];
	struct bpffs_text out = { .buf = text, .cap = sizeof(text) };
	u8 *copy, *back;

	if (size > CHECK_VALUE_MAX)
		return;
	copy = data ? fuzz_copy(data, size) : calloc(1, size);
	back = calloc(1, size);
	bpffs_print_value(&out, btf, type, size, copy);
	if (bpffs_text_fits(&out))
		bpffs_parse_value(text, out.len, btf, type, size, back, NULL);
	bpffs_store_value(btf, type, size, back, copy);
	free(back);
	free(copy);
}

static inline void check_values(const struct bpffs_plan *plan)
{
	const struct bpffs_btf *btf = plan->btf_data ? &plan->btf : NULL;
	const struct bpffs_plan_map *map;
	const struct bpffs_plan_var *var;
	char name[256];
	struct bpffs_text out;
	u32 i;

	for (i = 0; i < plan->nr_maps; i++) {
		map = &plan->maps[i];
		check_value(btf, map->key_type, map->key_size, NULL);
		check_value(btf, map->value_type, map->value_size, map->data);
		out = (struct bpffs_text){ .buf = name, .cap = sizeof(name) };
		if (btf)
			bpffs_print_type(&out, btf, map->value_type);
	}
	for (i = 0; i < plan->nr_vars; i++) {
		var = &plan->vars[i];
		map = &plan->maps[var->map];
		check_value(btf, var->type, var->size,
			    map->data ? (u8 *)map->data + var->offset : NULL);
	}
}

/* The kernel is given these bytes, and they are read again after the load. */
static inline void check_btf(const struct bpffs_plan *plan)
{
	struct bpffs_diag diag = {};
	struct bpffs_btf again;
	void *copy;
	int err;

	if (!plan->btf_data)
		return;
	copy = fuzz_copy(plan->btf_data, plan->btf_size);
	err = bpffs_btf_parse(&again, copy, plan->btf_size, &diag);
	if (err && err != -ENOMEM)
		fprintf(stderr, "%s\n", diag.text);
	fuzz_require(!err || err == -ENOMEM);
	if (!err)
		bpffs_btf_release(&again);
	free(copy);
}

static inline void check_plan(const struct bpffs_plan *plan)
{
	u32 i;

	fuzz_require(plan->license);
	fuzz_require(plan->nr_maps || plan->nr_progs || plan->remarks.len);
	fuzz_hash((const u8 *)plan->license, strlen(plan->license));
	for (i = 0; i < plan->nr_maps; i++)
		check_map(plan, &plan->maps[i]);
	for (i = 0; i < plan->nr_progs; i++)
		check_prog(plan, &plan->progs[i]);
	for (i = 0; i < plan->nr_vars; i++)
		check_var(plan, &plan->vars[i]);
	check_btf(plan);
	check_values(plan);
}

#endif /* _BPFFS_CHECK_PLAN_H */
