// SPDX-License-Identifier: GPL-2.0
/*
 * The struct_ops maps of a plan: found in the running kernel before maps are made,
 * because the kernel's struct is their shape, and given their programs when these
 * are loaded.
 */
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include "loading.h"
#include "struct_ops.h"

/**
 * struct loading_struct_ops - what a struct_ops map is in the running kernel
 * @kernel: its struct
 * @module: native file of the module's BTF that it is in, borrowed from
 *	l->module_btfs; NULL for vmlinux
 * @value: in the kernel's layout, functions zero; owned
 * @callbacks: where functions go, one for each of the plan's; owned
 */
struct loading_struct_ops {
	struct bpffs_kernel_ops kernel;
	struct bpffs_native *module;
	void *value;
	struct bpffs_kernel_callback *callbacks;
};

/**
 * struct loading_member - what a program of struct_ops stands for
 * @type: id of the kernel's struct, 0 for programs that no map has
 * @member: index of its member there
 * @module: native file of the module's BTF that @type is in; NULL for vmlinux
 */
struct loading_member {
	u32 type;
	u32 member;
	struct bpffs_native *module;
};

static int find_value_type(struct bpffs_loading *l, const struct bpffs_plan_map *pm,
			   const char *name, struct loading_struct_ops *ops)
{
	struct bpffs_native *module_btf;
	char *value_name;
	u32 id, module;
	int err;

	value_name = kasprintf(GFP_KERNEL, "bpf_struct_ops_%s", name);
	if (!value_name)
		return -ENOMEM;
	err = bpffs_kernel_btf_find(value_name, BTF_KIND_STRUCT, &id, &module_btf);
	if (err)
		err = bpffs_diag(l->diag, err,
				 "map %s: the kernel has no struct %s, in which programs could be a struct %s",
				 pm->name, value_name, name);
	kfree(value_name);
	if (err)
		return err;
	if (module_btf) {
		err = loading_keep_module_btf(l, module_btf, &module);
		if (err)
			return err;
		ops->module = l->module_btfs[module];
	}
	loading_kernel_types(&ops->kernel.types, ops->module);
	if (bpffs_kernel_ops_init(&ops->kernel, id, name))
		return 0;
	err = bpffs_symbol(BPFFS_SYM_BTF_VMLINUX, l->diag) ? -EINVAL : -EOPNOTSUPP;
	return bpffs_diag(l->diag, err,
			  "map %s: the kernel's struct bpf_struct_ops_%s has no struct %s in it",
			  pm->name, name, name);
}

static int find_struct(struct bpffs_loading *l, const struct bpffs_plan_map *pm,
		       struct loading_struct_ops *ops)
{
	const struct bpffs_btf *btf = &l->load->object->btf;
	const struct btf_type *t = bpffs_btf_type(btf, pm->value_type);
	const char *flavour = bpffs_btf_name(btf, t->name_off);
	char *name;
	int err;

	name = kmemdup_nul(flavour, bpffs_essential_len(flavour), GFP_KERNEL);
	if (!name)
		return -ENOMEM;
	err = find_value_type(l, pm, name, ops);
	kfree(name);
	return err;
}

/* One program may stand in several maps, if it is the same member everywhere. */
static int note_member(struct bpffs_loading *l, const struct bpffs_plan_map *pm,
		       const struct loading_struct_ops *ops, u32 callback)
{
	const struct bpffs_kernel_callback *there = &ops->callbacks[callback];
	u32 prog = pm->callbacks[callback].prog;
	struct loading_member *member = &l->members[prog];

	if (member->type && (member->type != ops->kernel.type ||
			     member->member != there->member ||
			     member->module != ops->module))
		return bpffs_diag(l->diag, -EINVAL,
				  "map %s: program %s stands for another member of a struct_ops map already",
				  pm->name, l->plan->progs[prog].name);
	member->type = ops->kernel.type;
	member->member = there->member;
	member->module = ops->module;
	return 0;
}

static const char *callback_name(struct bpffs_loading *l, const struct bpffs_plan_map *pm,
				 u32 callback)
{
	const struct bpffs_btf *btf = &l->load->object->btf;
	const struct btf_type *t = bpffs_btf_type(btf, pm->value_type);
	const struct btf_member *members = (const struct btf_member *)(t + 1);

	return bpffs_btf_name(btf, members[pm->callbacks[callback].member].name_off);
}

/*
 * A kernel that is older than the object does not call what it does not have.
 * Programs for that stay out, unless another map has them.
 */
static void drop_missing(struct bpffs_loading *l, struct bpffs_plan_map *pm,
			 struct loading_struct_ops *ops)
{
	struct bpffs_plan_prog *pp;
	u32 i, nr = 0;

	for (i = 0; i < pm->nr_callbacks; i++) {
		if (!ops->callbacks[i].missing) {
			pm->callbacks[nr] = pm->callbacks[i];
			ops->callbacks[nr++] = ops->callbacks[i];
			continue;
		}
		pp = &l->plan->progs[pm->callbacks[i].prog];
		pp->autoload = false;
		bpffs_remark(&l->plan->remarks,
			     "map %.64s: the kernel's struct has no %.64s, which is to be program %.64s",
			     pm->name, callback_name(l, pm, i), pp->name);
	}
	pm->nr_callbacks = nr;
}

static int find_struct_ops(struct bpffs_loading *l, u32 index)
{
	struct bpffs_plan_map *pm = &l->plan->maps[index];
	struct loading_struct_ops *ops = &l->struct_ops[index];
	int err;
	u32 i;

	err = find_struct(l, pm, ops);
	if (err)
		return err;
	ops->value = kvzalloc(ops->kernel.value_size, GFP_KERNEL);
	ops->callbacks = kvcalloc(pm->nr_callbacks, sizeof(*ops->callbacks), GFP_KERNEL);
	if (!ops->value || !ops->callbacks)
		return -ENOMEM;
	err = bpffs_struct_ops_translate(&ops->kernel, &l->load->object->btf, pm, ops->value,
					 ops->callbacks, l->diag);
	if (!err)
		drop_missing(l, pm, ops);
	for (i = 0; !err && i < pm->nr_callbacks; i++)
		err = note_member(l, pm, ops, i);
	return err;
}

static bool is_struct_ops(const struct bpffs_loading *l, u32 index)
{
	return l->plan->maps[index].origin == BPFFS_MAP_STRUCT_OPS;
}

static int alloc_struct_ops(struct bpffs_loading *l)
{
	l->struct_ops = kvcalloc(l->plan->nr_maps, sizeof(*l->struct_ops), GFP_KERNEL);
	l->members = kvcalloc(l->plan->nr_progs, sizeof(*l->members), GFP_KERNEL);
	return l->struct_ops && l->members ? 0 : -ENOMEM;
}

/* What one map could not have another one may have. */
static void choose_members(struct bpffs_loading *l)
{
	u32 i;

	for (i = 0; l->members && i < l->plan->nr_progs; i++)
		if (l->members[i].type)
			l->plan->progs[i].autoload = true;
}

/**
 * loading_struct_ops() - find the structs of struct_ops maps in the kernel
 * @l: the load; nothing is made yet
 *
 * Return: 0; -ENOENT for structs that the kernel lets nobody be; -EOPNOTSUPP for
 * members that do not fit; -EINVAL; -ENOMEM.
 */
int loading_struct_ops(struct bpffs_loading *l)
{
	int err = 0;
	u32 i;

	for (i = 0; !err && i < l->plan->nr_maps; i++) {
		if (!is_struct_ops(l, i))
			continue;
		if (!l->struct_ops)
			err = alloc_struct_ops(l);
		if (!err)
			err = find_struct_ops(l, i);
	}
	if (!err)
		choose_members(l);
	return err;
}

/**
 * loading_drop_struct_ops() - give back what loading_struct_ops() took
 * @l: the load, whatever it came to
 */
void loading_drop_struct_ops(struct bpffs_loading *l)
{
	u32 i;

	for (i = 0; l->struct_ops && i < l->plan->nr_maps; i++) {
		kvfree(l->struct_ops[i].value);
		kvfree(l->struct_ops[i].callbacks);
	}
	kvfree(l->struct_ops);
	kvfree(l->members);
}

/**
 * loading_find_member() - find what a program of struct_ops is verified as
 * @l: the load, past loading_struct_ops()
 * @pp: the program
 * @target: filled in
 *
 * Return: 0; -EINVAL for programs that no map has.
 */
int loading_find_member(struct bpffs_loading *l, const struct bpffs_plan_prog *pp,
			struct loading_target *target)
{
	const struct loading_member *member = l->members;

	if (member)
		member += pp - l->plan->progs;
	if (!member || !member->type)
		return bpffs_diag(l->diag, -EINVAL,
				  "program %s: no map in section .struct_ops or .struct_ops.link has it, so nobody knows for what it is to be verified",
				  pp->name);
	target->id = member->type;
	target->attach_type = member->member;
	target->native = member->module ? bpffs_native_get(member->module) : NULL;
	return 0;
}

static void init_request(struct bpffs_loading *l, u32 index,
			 struct bpffs_struct_ops_request *req)
{
	const struct bpffs_plan_map *pm = &l->plan->maps[index];
	const struct loading_struct_ops *ops = &l->struct_ops[index];

	req->attr.map_flags = pm->flags;
	req->attr.value_size = ops->kernel.value_size;
	req->attr.btf_vmlinux_value_type_id = ops->kernel.value_type;
	loading_kernel_name(req->attr.map_name, pm->name);
	req->btf = l->btf;
	req->value_btf = ops->module;
	req->value = ops->value;
	req->nr_callbacks = pm->nr_callbacks;
}

/**
 * loading_make_struct_ops() - make a struct_ops map
 * @l: the load; its BTF is loaded, without which no object with such maps is
 * @index: of the map in the plan
 *
 * Return: its native file, owned by the caller, or an errno as ERR_PTR() and a
 * sentence.
 */
struct bpffs_native *loading_make_struct_ops(struct bpffs_loading *l, u32 index)
{
	const struct bpffs_plan_map *pm = &l->plan->maps[index];
	struct bpffs_struct_ops_request req = {};
	struct bpffs_native *native;

	init_request(l, index, &req);
	native = bpffs_struct_ops_create(&req);
	if (IS_ERR(native))
		bpffs_diag(l->diag, PTR_ERR(native),
			   "map %s: the kernel refuses a struct_ops map of %u bytes, flags %#x",
			   pm->name, req.attr.value_size, pm->flags);
	return native;
}

static int bind(struct bpffs_loading *l, u32 index)
{
	const struct bpffs_plan_map *pm = &l->plan->maps[index];
	struct bpffs_map *map = l->load->maps[index];
	struct bpffs_struct_ops_request req = {};
	int err;
	u32 i;

	init_request(l, index, &req);
	map->struct_ops = bpffs_struct_ops_alloc(&req, map->native);
	if (!map->struct_ops)
		return -ENOMEM;
	for (i = 0; i < pm->nr_callbacks; i++)
		bpffs_struct_ops_add(map->struct_ops, l->struct_ops[index].callbacks[i].offset,
				     l->progs[pm->callbacks[i].prog]->native);
	err = bpffs_struct_ops_prepare(map->struct_ops);
	return err ? bpffs_diag(l->diag, err,
				"map %s: the kernel refuses its value: a function that it needs is missing, or a member has a value that it may not have",
				pm->name) : 0;
}

/**
 * loading_bind_struct_ops() - give struct_ops maps their programs
 * @l: the load; its programs are loaded
 *
 * Return: 0; -ENOMEM; what the kernel says of the value.
 */
int loading_bind_struct_ops(struct bpffs_loading *l)
{
	int err = 0;
	u32 i;

	for (i = 0; !err && i < l->plan->nr_maps; i++) {
		if (is_struct_ops(l, i))
			err = bind(l, i);
	}
	return err;
}
