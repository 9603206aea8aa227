// SPDX-License-Identifier: GPL-2.0
/*
 * Externs in the BTF that the kernel gets.
 *
 * The kernel takes no extern: neither a variable nor a function of that
 * linkage, nor a section without a size. What a program does with externs does
 * not depend on it, so BTF says that .kconfig is the section that its map has,
 * and .ksyms one of integers. A function cannot be in a section; a variable
 * stands there for it.
 */
#include <linux/btf.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "build.h"

#define STAND_IN_NAME	"dummy_ksym"
#define STAND_IN_INT	"int"

/**
 * build_is_extern_datasec() - whether a DATASEC is of externs
 * @name: its name
 */
bool build_is_extern_datasec(const char *name)
{
	return !strcmp(name, ".ksyms") || !strcmp(name, ".kconfig");
}

static u32 find_int(const struct bpffs_btf *btf)
{
	const struct btf_type *t;
	u32 id;

	for (id = 1; id < btf->nr_types; id++) {
		t = bpffs_btf_type(btf, id);
		if (BTF_INFO_KIND(t->info) == BTF_KIND_INT &&
		    BTF_INT_BITS(*(const u32 *)(t + 1)) == 32)
			return id;
	}
	return 0;
}

/**
 * build_plan_stand_in() - decide what takes the place of externs
 * @b: the build; externs are listed
 */
void build_plan_stand_in(struct bpffs_build *b)
{
	struct build_stand_in *in = &b->stand_in;
	const struct bpffs_btf *btf = &b->plan->btf;
	bool in_ksyms = false;
	u32 i, kind;

	for (i = 0; i < b->plan->nr_externs; i++) {
		kind = b->plan->externs[i].kind;
		in_ksyms |= kind != BPFFS_EXTERN_KCONFIG;
		in->add_var |= kind == BPFFS_EXTERN_FUNC;
	}
	if (!in_ksyms)
		return;
	in->int_id = find_int(btf);
	in->add_int = !in->int_id;
	if (in->add_int)
		in->int_id = btf->nr_types;
	in->var_id = btf->nr_types + in->add_int;
	in->name_off = btf->str_len;
}

static void fixup_func(struct bpffs_build *b, struct btf_type *t)
{
	struct btf_type *proto = build_own_type(b, t->type);
	struct btf_param *param = (struct btf_param *)(proto + 1);
	u32 i;

	/* Listed before. */
	if (BTF_INFO_VLEN(t->info) == BTF_FUNC_GLOBAL)
		return;
	t->info = (BTF_KIND_FUNC << 24) | BTF_FUNC_GLOBAL;
	for (i = 0; i < BTF_INFO_VLEN(proto->info); i++) {
		if (param[i].type && !param[i].name_off)
			param[i].name_off = b->stand_in.name_off;
	}
}

static void fixup_ksym(struct bpffs_build *b, struct btf_var_secinfo *info, u32 index)
{
	struct btf_type *t = build_own_type(b, info->type);

	if (BTF_INFO_KIND(t->info) == BTF_KIND_FUNC) {
		fixup_func(b, t);
		info->type = b->stand_in.var_id;
	} else {
		((struct btf_var *)(t + 1))->linkage = BTF_VAR_GLOBAL_ALLOCATED;
		t->type = b->stand_in.int_id;
	}
	info->offset = index * sizeof(u32);
	info->size = sizeof(u32);
}

static void fixup_kconfig(struct bpffs_build *b, struct btf_var_secinfo *info,
			  const struct bpffs_plan_extern *ext)
{
	struct btf_type *t = build_own_type(b, info->type);

	((struct btf_var *)(t + 1))->linkage = BTF_VAR_GLOBAL_ALLOCATED;
	info->offset = ext->offset;
	info->size = ext->size;
}

/*
 * Before: any DATASEC. After: its members are externs of the object that belong
 * into it, each of the kind that it was found to be.
 */
static int check_member(struct bpffs_build *b, const struct btf_var_secinfo *info,
			bool config, const struct bpffs_plan_extern **ext)
{
	const struct btf_type *t = build_own_type(b, info->type);
	const char *name = bpffs_btf_name(&b->plan->btf, t->name_off);
	bool is_func = BTF_INFO_KIND(t->info) == BTF_KIND_FUNC;

	*ext = build_find_extern(b, name);
	if (*ext && ((*ext)->kind == BPFFS_EXTERN_KCONFIG) == config &&
	    ((*ext)->kind == BPFFS_EXTERN_FUNC) == is_func)
		return 0;
	return bpffs_diag(b->diag, -EINVAL,
			  "section .BTF: DATASEC %s has \"%s\", which is not an undefined symbol of that kind",
			  config ? ".kconfig" : ".ksyms", name);
}

/**
 * build_fixup_extern_datasec() - make a section of externs one that the kernel
 *	takes
 * @b: the build; externs are listed
 * @id: id of a DATASEC .ksyms or .kconfig
 *
 * The members of .kconfig are left for the caller to sort by offset.
 *
 * Return: 0; -EINVAL if it is not of externs.
 */
int build_fixup_extern_datasec(struct bpffs_build *b, u32 id)
{
	struct btf_type *t = build_own_type(b, id);
	struct btf_var_secinfo *info = (struct btf_var_secinfo *)(t + 1);
	const char *name = bpffs_btf_name(&b->plan->btf, t->name_off);
	bool config = !strcmp(name, ".kconfig");
	const struct bpffs_plan_extern *ext;
	u32 i, nr = BTF_INFO_VLEN(t->info);
	int err;

	for (i = 0; i < nr; i++) {
		err = build_check_signal(b);
		if (!err)
			err = check_member(b, &info[i], config, &ext);
		if (err)
			return err;
		if (config)
			fixup_kconfig(b, &info[i], ext);
		else
			fixup_ksym(b, &info[i], i);
	}
	t->size = config ? b->kconfig_bytes : nr * sizeof(u32);
	return 0;
}

/* An integer and a variable. */
#define STAND_IN_TYPES	(sizeof(struct btf_type) + sizeof(u32) + \
			 sizeof(struct btf_type) + sizeof(struct btf_var))

/* Returns how many bytes of types are added. */
static u32 make_types(const struct build_stand_in *in, void *to)
{
	struct btf_type *t = to;

	if (in->add_int) {
		t->name_off = in->name_off + sizeof(STAND_IN_NAME);
		t->info = BTF_KIND_INT << 24;
		t->size = sizeof(u32);
		*(u32 *)(t + 1) = BTF_INT_SIGNED << 24 | 32;
		t = (void *)(t + 1) + sizeof(u32);
	}
	if (in->add_var) {
		t->name_off = in->name_off;
		t->info = BTF_KIND_VAR << 24;
		t->type = in->int_id;
		((struct btf_var *)(t + 1))->linkage = BTF_VAR_GLOBAL_ALLOCATED;
		t = (void *)(t + 1) + sizeof(struct btf_var);
	}
	return (void *)t - to;
}

static const char stand_in_names[] = STAND_IN_NAME "\0" STAND_IN_INT;

/* The name of the integer is there only if the integer is. */
static u32 names_to_add(const struct build_stand_in *in)
{
	return in->add_int ? sizeof(stand_in_names) : sizeof(STAND_IN_NAME);
}

/**
 * build_append_stand_in() - append what takes the place of externs to the BTF
 * @b: the build; the BTF that the plan owns is fixed up
 *
 * The index over the BTF is not true any more after this.
 *
 * Return: 0; -ENOMEM.
 */
int build_append_stand_in(struct bpffs_build *b)
{
	u32 types[STAND_IN_TYPES / sizeof(u32)] = {};
	struct bpffs_plan *plan = b->plan;
	u32 len, size;
	void *blob;

	len = make_types(&b->stand_in, types);
	if (!len)
		return 0;
	blob = bpffs_btf_extend(plan->btf_data, types, len, stand_in_names,
				names_to_add(&b->stand_in), &size);
	if (!blob)
		return -ENOMEM;
	kvfree(plan->btf_data);
	plan->btf_data = blob;
	plan->btf_size = size;
	return 0;
}
