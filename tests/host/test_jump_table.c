// SPDX-License-Identifier: GPL-2.0
/* Jump tables: where their entries lead in the program, and hostile ones. */
#include <linux/err.h>
#include <linux/kernel.h>
#include "../../kernel/bpf/loader/plan.h"
#include "test.h"
#include "objects/objects.h"
#include "plan_build.h"
#include "plan_find.h"

static struct object good;

static struct bpffs_plan *plan_set(const struct object *object, const char *setting)
{
	struct bpffs_config config;
	struct bpffs_plan *plan;

	bpffs_config_init(&config);
	bpffs_config_set(&config, setting, strlen(setting), NULL);
	plan = plan_configured(object, &config);
	bpffs_config_clear(&config);
	return plan;
}

#define LOADED	"progs.jumps.autoload: true"
#define LEFT	"progs.jumps.autoload: false"

static void test_targets(void)
{
	struct bpffs_plan *plan = plan_set(&good, LOADED);
	const struct bpffs_plan_jump_table *table;
	const struct bpffs_plan_prog *prog;

	if (!ok(!IS_ERR(plan), "a program with a jump table: %s", diag.text))
		return;
	prog = &plan->progs[0];
	is_str(prog->name, "jumps", "its name");
	if (ok(prog->nr_jump_tables == 1 && prog->nr_jump_refs == 1, "one table, named once")) {
		table = &prog->jump_tables[0];
		is(table->nr, 2, "its entries");
		is(prog->insns[table->targets[0]].imm, 3, "the first one leads to where it should");
		is(prog->insns[table->targets[1]].imm, 5, "and the second one");
		is(prog->insns[prog->jump_refs[0].insn].src_reg, BPF_PSEUDO_MAP_VALUE,
		   "what names it loads the address of a value");
	}
	is(plan->progs[1].nr_jump_tables, 0, "another program has none");
	bpffs_plan_free(plan);
}

/* @change is what to write where in a copy of the object. */
#define REFUSED(what, part, change) do {				\
	struct object o = object_copy(&good, good.size);		\
	u64 *entry = object_bytes(&o, ".jumptables");			\
	struct elf64_sym *sym = object_symbol(&o, "pick_jumps");	\
									\
	change;								\
	is(plan_err(plan_set(&o, LOADED)), -EINVAL, what);		\
	has_str(diag.text, part, "and says why");			\
	is(plan_err(plan_set(&o, LEFT)), 0, "which is no matter where it is not loaded"); \
	(void)entry;							\
	(void)sym;							\
	object_free(&o);						\
} while (0)

static void test_hostile(void)
{
	REFUSED("an entry behind the function", "entry 1, offset 88", entry[1] = 88);
	REFUSED("an entry far behind it", "entry 0, offset 1844674407370955", entry[0] = -8);
	REFUSED("an entry inside an instruction", "entry 0, offset 60", entry[0] += 4);
	REFUSED("half an entry", "12 bytes", sym->st_size = 12);
	REFUSED("a table without entries", "0 bytes", sym->st_size = 0);
}

static void test_part(void)
{
	struct object o = object_copy(&good, good.size);
	struct bpf_insn *insns = object_bytes(&o, ".text");

	while (insns->code != (BPF_LD | BPF_IMM | BPF_DW))
		insns++;
	insns->imm = 8;
	is(plan_err(plan_set(&o, LOADED)), -EINVAL, "part of a table");
	has_str(diag.text, "offset 8 from jump table \"pick_jumps\"", "and says why");
	object_free(&o);
}

int main(void)
{
	good = object_read("jump_table");
	test_targets();
	test_hostile();
	test_part();
	object_free(&good);
	return done_testing();
}
