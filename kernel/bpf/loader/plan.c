// SPDX-License-Identifier: GPL-2.0
/* From the bytes of an object to a plan: each step in its own file. */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "build.h"

static void forget_use(struct bpffs_config *config)
{
	struct bpffs_setting *setting;

	list_for_each_entry(setting, &config->settings, node)
		setting->used = false;
}

static const char *map_name(const struct bpffs_plan *plan, u32 i)
{
	return plan->maps[i].name;
}

static const char *prog_name(const struct bpffs_plan *plan, u32 i)
{
	return plan->progs[i].name;
}

static int build_check_names(struct bpffs_build *b, u32 nr, const char *what,
			     const char *(*name)(const struct bpffs_plan *plan, u32 i))
{
	struct build_name *names;
	u32 i;
	int err;

	names = kvmalloc_array(nr, sizeof(*names), GFP_KERNEL_ACCOUNT);
	if (!names)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		names[i].name = name(b->plan, i);
		names[i].index = i;
	}
	err = build_names_check(names, nr, what, b->diag);
	kvfree(names);
	return err;
}

static int build_check_map_names(struct bpffs_build *b)
{
	return build_check_names(b, b->plan->nr_maps, "map", map_name);
}

static int build_check_prog_names(struct bpffs_build *b)
{
	return build_check_names(b, b->plan->nr_progs, "program", prog_name);
}

/* Types alone are an object too, though rarely what was meant. */
static int build_remark_none(struct bpffs_build *b)
{
	struct bpffs_remarks *remarks = &b->plan->remarks;

	if (b->plan->nr_maps || b->plan->nr_progs)
		return 0;
	if (b->nr_funcs)
		bpffs_remark(remarks,
			     "no maps and no programs: function \"%s\" is in section .text; SEC(\"kprobe/...\") or the like makes a program",
			     b->funcs[0].name);
	else
		bpffs_remark(remarks, "no maps and no programs");
	return 0;
}

/*
 * In order: each needs what those before it have found. The comments of the
 * functions say what that is.
 */
static int (* const build_steps[])(struct bpffs_build *b) = {
	build_layout,
	build_merge_data,
	build_license,
	build_version,
	build_btf,
	build_externs,
	build_btf_fixup,
	build_defined_maps,
	build_data_maps,
	build_extern_map,
	build_struct_ops_maps,
	build_check_map_names,
	build_apply_map_settings,
	build_finish_maps,
	build_arena,
	build_vars,
	build_apply_presets,
	build_funcs,
	build_exception_tags,
	build_progs,
	build_remark_none,
	build_check_prog_names,
	build_map_slots,
	build_apply_prog_settings,
	build_struct_ops_callbacks,
	build_relocs,
	build_btf_ext,
	build_expand_progs,
};

/**
 * build_check_signal() - let others run, and end for who is killed
 * @b: the build
 *
 * For loops whose length is the object's to choose.
 *
 * Return: 0, or -EINTR after a fatal signal.
 */
int build_check_signal(struct bpffs_build *b)
{
	cond_resched();
	if (!fatal_signal_pending(current))
		return 0;
	return bpffs_diag(b->diag, -EINTR, "killed while the object was read");
}

static int build_run(struct bpffs_build *b)
{
	size_t i;
	int err;

	err = bpffs_elf_open(&b->elf, b->plan->image, b->plan->image_size,
			     b->diag);
	for (i = 0; !err && i < ARRAY_SIZE(build_steps); i++)
		err = build_check_signal(b) ?: build_steps[i](b);
	if (err == -ENOMEM)
		bpffs_diag(b->diag, err,
			   "not enough memory to read an object of %zu bytes",
			   b->plan->image_size);
	return err;
}

static void build_release(struct bpffs_build *b)
{
	kvfree(b->relocs);
	kvfree(b->funcs);
	kvfree(b->map_places);
	kvfree(b->extern_names);
	kvfree(b->apart);
	kvfree(b->globals);
	kvfree(b->section_names);
	kvfree(b->sections);
}

/**
 * bpffs_plan_build() - read an ELF object
 * @image: the file, of any alignment; must outlive the plan
 * @size: bytes in @image
 * @config: settings to apply, whose @used is set for those that were; NULL for
 *	none; the caller keeps others away until this returns
 * @diag: receives the sentence of a refusal
 *
 * Takes any bytes. Calls nothing of the kernel but its allocator and scheduler.
 *
 * Return: a plan, to be released by bpffs_plan_free(); or as ERR_PTR():
 * -ENOEXEC for what is not a well-formed BPF relocatable; -EINVAL for one that
 * contradicts itself; -EOPNOTSUPP for what is understood and not supported;
 * -EFBIG for an object over BPFFS_OBJECT_MAX; -E2BIG for more maps, programs,
 * variables, instructions or data than there may be; -ENOENT for a setting
 * that names nothing in the object; -ENOMEM; -EINTR after a fatal signal; what
 * the codec says of values that do not fit their variables.
 */
struct bpffs_plan *bpffs_plan_build(const void *image, size_t size,
				    struct bpffs_config *config,
				    struct bpffs_diag *diag)
{
	struct bpffs_build b = { .config = config, .diag = diag };
	int err;

	b.plan = kzalloc(sizeof(*b.plan), GFP_KERNEL_ACCOUNT);
	if (!b.plan)
		return ERR_PTR(bpffs_diag(diag, -ENOMEM, "not enough memory"));
	b.plan->image = image;
	b.plan->image_size = size;
	if (config)
		forget_use(config);
	err = build_run(&b);
	build_release(&b);
	if (!err)
		return b.plan;
	bpffs_plan_free(b.plan);
	return ERR_PTR(err);
}

static void free_map(struct bpffs_plan_map *map)
{
	kfree(map->own_name);
	kfree(map->inner);
	kvfree(map->data);
	kvfree(map->callbacks);
}

static void free_prog(struct bpffs_plan_prog *prog)
{
	u32 i;

	for (i = 0; i < prog->nr_jump_tables; i++)
		kvfree(prog->jump_tables[i].targets);
	kfree(prog->jump_tables);
	kvfree(prog->jump_refs);
	kvfree(prog->insns);
	kvfree(prog->map_refs);
	kvfree(prog->extern_refs);
	kvfree(prog->func_info);
	kvfree(prog->line_info);
	kvfree(prog->core_relos);
	kfree(prog->attach_to);
}

/**
 * bpffs_plan_free() - release a plan and all it owns
 * @plan: from bpffs_plan_build(); NULL is fine
 *
 * What has been taken out of it, with NULL left in its place, is not touched.
 */
void bpffs_plan_free(struct bpffs_plan *plan)
{
	u32 i;

	if (!plan)
		return;
	for (i = 0; i < plan->nr_progs; i++)
		free_prog(&plan->progs[i]);
	for (i = 0; i < plan->nr_maps; i++)
		free_map(&plan->maps[i]);
	kvfree(plan->slots);
	kvfree(plan->externs);
	kvfree(plan->vars);
	kvfree(plan->progs);
	kvfree(plan->maps);
	bpffs_btf_release(&plan->btf);
	kvfree(plan->btf_before);
	kvfree(plan->btf_data);
	kfree(plan);
}
