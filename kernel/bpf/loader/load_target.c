// SPDX-License-Identifier: GPL-2.0
/* What a program attaches to, where the verifier has to know its type. */
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/slab.h>
#include "kernel_numbers.h"
#include "loading.h"

/**
 * struct attach_kind - how the kernel's BTF knows what a program attaches to
 * @attach_type: expected_attach_type of the program
 * @prefix: in front of the target's name
 * @kind: BTF_KIND_* of what has that name
 * @what: the same for people
 */
struct attach_kind {
	u32 attach_type;
	const char *prefix;
	u32 kind;
	const char *what;
};

static const struct attach_kind attach_kinds[] = {
	{ BPF_TRACE_RAW_TP, "btf_trace_", BTF_KIND_TYPEDEF, "tracepoint" },
	{ BPF_LSM_MAC, "bpf_lsm_", BTF_KIND_FUNC, "LSM hook" },
	{ BPF_LSM_CGROUP, "bpf_lsm_", BTF_KIND_FUNC, "LSM hook" },
	{ BPF_TRACE_ITER, "bpf_iter_", BTF_KIND_FUNC, "iterator" },
	/* Every other type. */
	{ 0, "", BTF_KIND_FUNC, "function" },
};

static const struct attach_kind *find_attach_kind(u32 attach_type)
{
	const struct attach_kind *ak = attach_kinds;

	while (ak->attach_type && ak->attach_type != attach_type)
		ak++;
	return ak;
}

static int refuse_nowhere(struct bpffs_loading *l, const struct bpffs_plan_prog *pp)
{
	return bpffs_diag(l->diag, -EINVAL,
			  "program %s: section %s names no target; write SEC(\"%s/TARGET\") or set progs.%s.attach_to",
			  pp->name, pp->section, pp->def->prefix, pp->name);
}

/* "MODULE:NAME" is of that module alone. */
static int find_named(const struct attach_kind *ak, const char *where,
		      struct loading_target *target)
{
	const char *colon = strchr(where, ':');
	char *module = NULL, *name;
	int err = -ENOMEM;

	name = kasprintf(GFP_KERNEL, "%s%s", ak->prefix, colon ? colon + 1 : where);
	if (colon)
		module = kmemdup_nul(where, colon - where, GFP_KERNEL);
	if (!name || (colon && !module))
		goto free;
	if (module)
		err = bpffs_kernel_btf_find_in(module, name, ak->kind, &target->id,
					       &target->native);
	else
		err = bpffs_kernel_btf_find(name, ak->kind, &target->id, &target->native);
free:
	kfree(module);
	kfree(name);
	return err;
}

static int find_in_kernel(struct bpffs_loading *l, const struct bpffs_plan_prog *pp,
			  struct loading_target *target)
{
	const struct attach_kind *ak = find_attach_kind(pp->def->attach_type);
	int err;

	if (!*pp->target)
		return refuse_nowhere(l, pp);
	err = find_named(ak, pp->target, target);
	if (err == -ENOENT)
		return bpffs_diag(l->diag, err,
				  "program %s: the BTF of the kernel and its modules has no %s %s",
				  pp->name, ak->what, pp->target);
	if (err)
		return bpffs_diag(l->diag, err,
				  "program %s: the kernel's BTF cannot be searched for %s %s",
				  pp->name, ak->what, pp->target);
	return 0;
}

static bool has_many_targets(u32 attach_type)
{
	return attach_type == BPFFS_ATTACH_FENTRY_MULTI ||
	       attach_type == BPFFS_ATTACH_FEXIT_MULTI ||
	       attach_type == BPFFS_ATTACH_FSESSION_MULTI;
}

/* Of "MODULE:PATTERN" the kernel is told the module alone. */
static int find_in_module(struct bpffs_loading *l, const struct bpffs_plan_prog *pp,
			  struct loading_target *target)
{
	const char *colon = strchr(pp->target, ':');
	char *module;
	int err;

	if (!colon)
		return 0;
	module = kmemdup_nul(pp->target, colon - pp->target, GFP_KERNEL);
	if (!module)
		return -ENOMEM;
	err = bpffs_module_btf_open(module, &target->native);
	if (err == -ENOENT)
		bpffs_diag(l->diag, err, "program %s: there is no BTF of a module \"%s\"",
			   pp->name, module);
	else if (err)
		bpffs_diag(l->diag, err,
			   "program %s: the kernel's BTF cannot be searched for module \"%s\"",
			   pp->name, module);
	kfree(module);
	return err;
}

/*
 * The kernel numbers a program's types as its object does. Of several functions
 * of a name, see bpffs_fit_ctx_args(), it means the one that the program has.
 */
static u32 find_func(const struct bpffs_prog *prog, const char *name)
{
	const struct bpffs_btf *btf = &prog->object->btf;
	const struct bpf_prog_aux *aux = prog->prog->aux;
	const struct btf_type *t;
	u32 i;

	if (!aux->btf)
		return 0;
	for (i = 0; i < aux->func_info_cnt; i++) {
		t = bpffs_btf_type(btf, aux->func_info[i].type_id);
		if (t && !strcmp(bpffs_btf_name(btf, t->name_off), name))
			return aux->func_info[i].type_id;
	}
	return bpffs_btf_find(btf, name, BTF_KIND_FUNC);
}

static int find_in_prog(struct bpffs_loading *l, const struct bpffs_plan_prog *pp,
			struct loading_target *target)
{
	struct bpffs_prog *prog;
	const char *func;

	if (!l->load->find_prog)
		return bpffs_diag(l->diag, -EOPNOTSUPP,
				  "program %s: nobody here knows programs by path",
				  pp->name);
	prog = l->load->find_prog(l->load, pp->attach_prog, l->diag);
	if (IS_ERR(prog))
		return bpffs_diag(l->diag, PTR_ERR(prog),
				  "program %s: there is no program at \"%s\"", pp->name,
				  pp->attach_prog);
	func = *pp->target ? pp->target : prog->name;
	target->id = find_func(prog, func);
	if (!target->id) {
		bpffs_prog_put(prog);
		return bpffs_diag(l->diag, -ENOENT,
				  "program %s: the BTF of \"%s\" has no function %s",
				  pp->name, pp->attach_prog, func);
	}
	target->prog = prog;
	target->native = prog->native;
	return 0;
}

/**
 * loading_find_target() - find what a program attaches to by BTF
 * @l: the load
 * @pp: the program
 * @target: filled in; stays empty for programs that attach otherwise
 *
 * Return: 0; -EINVAL where no target is named; -ENOENT where it is not there;
 * -ENOMEM; what bpffs_kernel_btf_find() and bpffs_load.find_prog say. To be
 * released by loading_put_target().
 */
int loading_find_target(struct bpffs_loading *l, const struct bpffs_plan_prog *pp,
			struct loading_target *target)
{
	*target = (struct loading_target){ .attach_type = pp->def->attach_type };
	if (pp->def->type == BPF_PROG_TYPE_STRUCT_OPS)
		return loading_find_member(l, pp, target);
	if (has_many_targets(pp->def->attach_type))
		return find_in_module(l, pp, target);
	if (!(pp->def->flags & BPFFS_SEC_ATTACH_BTF))
		return 0;
	if (pp->attach_prog)
		return find_in_prog(l, pp, target);
	if (pp->def->type == BPF_PROG_TYPE_EXT)
		return bpffs_diag(l->diag, -EINVAL,
				  "program %s replaces a function of another program; set progs.%s.attach_to to \"PATH\" or \"PATH:FUNCTION\"",
				  pp->name, pp->name);
	return find_in_kernel(l, pp, target);
}

/**
 * loading_put_target() - let go of what loading_find_target() found
 * @target: what it filled in
 */
void loading_put_target(struct loading_target *target)
{
	if (target->prog)
		bpffs_prog_put(target->prog);
	else if (target->native)
		bpffs_native_put(target->native);
}
