// SPDX-License-Identifier: GPL-2.0
/*
 * Whether an object and the kernel mean the same by a type.
 *
 * Two types fit as libbpf has it: integers, structs, unions and enums fit any
 * other of their kind, whatever they are called; pointers and arrays fit if
 * what is behind them does; prototypes, if all arguments and results do.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/overflow.h>
#include "../codec/btf.h"
#include "type_compat.h"

/* Longest chain of typedefs, pointers and arrays that is followed. */
#define CHAIN_MAX	64

/* Prototypes inside of prototypes, and all types looked at for one answer. */
#define DEPTH_MAX	16
#define STEPS_MAX	4096

static const struct btf_type *object_type(const struct bpffs_types *types, u32 id)
{
	return bpffs_btf_type(types->of, id);
}

static const char *object_name(const struct bpffs_types *types, u32 name_off)
{
	return bpffs_btf_name(types->of, name_off);
}

/**
 * bpffs_types_of() - the types of an object
 * @types: filled in
 * @btf: the object's BTF, which must outlive @types
 */
void bpffs_types_of(struct bpffs_types *types, const struct bpffs_btf *btf)
{
	types->type = object_type;
	types->name = object_name;
	types->of = btf;
}

static bool kind_is_modifier(u32 kind)
{
	switch (kind) {
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		return true;
	default:
		return false;
	}
}

/**
 * bpffs_types_resolve() - see through typedefs and qualifiers
 * @types: whose types
 * @id: any number
 *
 * Return: id of what is behind them; 0 for void and for ids out of range.
 */
u32 bpffs_types_resolve(const struct bpffs_types *types, u32 id)
{
	const struct btf_type *t;
	int i;

	for (i = 0; i < CHAIN_MAX; i++) {
		t = types->type(types, id);
		if (!t || !kind_is_modifier(bpffs_btf_kind(t)))
			return t ? id : 0;
		id = t->type;
	}
	return 0;
}

/**
 * bpffs_types_size() - bytes of a value of a type
 * @types: whose types
 * @id: any number
 * @size: set to its sizeof()
 *
 * Return: false for types that have no values, or too large ones.
 */
bool bpffs_types_size(const struct bpffs_types *types, u32 id, u32 *size)
{
	const struct btf_array *array;
	const struct btf_type *t;
	u32 nr = 1;
	int i;

	for (i = 0; i < CHAIN_MAX; i++) {
		t = types->type(types, bpffs_types_resolve(types, id));
		switch (t ? bpffs_btf_kind(t) : BTF_KIND_UNKN) {
		case BTF_KIND_INT:
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
		case BTF_KIND_ENUM:
		case BTF_KIND_ENUM64:
		case BTF_KIND_FLOAT:
			return !check_mul_overflow(nr, t->size, size);
		case BTF_KIND_PTR:
			return !check_mul_overflow(nr, (u32)sizeof(u64), size);
		case BTF_KIND_ARRAY:
			array = bpffs_btf_tail(t);
			if (check_mul_overflow(nr, array->nelems, &nr))
				return false;
			id = array->type;
			break;
		default:
			return false;
		}
	}
	return false;
}

/* Two types in step; @steps counts down over the whole comparison. */
struct pair {
	const struct bpffs_types *local;
	const struct bpffs_types *kernel;
	int steps;
};

static u32 kind_of(const struct btf_type *t)
{
	u32 kind = t ? bpffs_btf_kind(t) : BTF_KIND_UNKN;

	return kind == BTF_KIND_ENUM64 ? BTF_KIND_ENUM : kind;
}

/* Integers that are bits of a larger one went out of use with BTF's bitfields. */
static bool int_is_whole(const struct btf_type *t)
{
	return !BTF_INT_OFFSET(*(const u32 *)bpffs_btf_tail(t));
}

static u32 element_type(const struct btf_type *t)
{
	return ((const struct btf_array *)bpffs_btf_tail(t))->type;
}

static bool fit(struct pair *p, u32 local_id, u32 kernel_id, int depth);

static bool arguments_fit(struct pair *p, const struct btf_type *local,
			  const struct btf_type *kernel, int depth)
{
	const struct btf_param *l = bpffs_btf_tail(local), *k = bpffs_btf_tail(kernel);
	u32 i;

	if (bpffs_btf_vlen(local) != bpffs_btf_vlen(kernel) || !depth)
		return false;
	for (i = 0; i < bpffs_btf_vlen(local); i++) {
		if (!fit(p, l[i].type, k[i].type, depth - 1))
			return false;
	}
	return true;
}

static bool fit(struct pair *p, u32 local_id, u32 kernel_id, int depth)
{
	const struct btf_type *local, *kernel;
	u32 kind;

	while (p->steps-- > 0) {
		local = p->local->type(p->local, bpffs_types_resolve(p->local, local_id));
		kernel = p->kernel->type(p->kernel, bpffs_types_resolve(p->kernel, kernel_id));
		kind = kind_of(local);
		if (kind != kind_of(kernel))
			return false;
		switch (kind) {
		case BTF_KIND_UNKN:
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
		case BTF_KIND_ENUM:
		case BTF_KIND_FWD:
			return true;
		case BTF_KIND_INT:
			return int_is_whole(local) && int_is_whole(kernel);
		case BTF_KIND_ARRAY:
			local_id = element_type(local);
			kernel_id = element_type(kernel);
			break;
		case BTF_KIND_FUNC_PROTO:
			if (!arguments_fit(p, local, kernel, depth))
				return false;
			fallthrough;
		case BTF_KIND_PTR:
			local_id = local->type;
			kernel_id = kernel->type;
			break;
		default:
			return false;
		}
	}
	return false;
}

/**
 * bpffs_types_fit() - whether an object means what the kernel has
 * @local: types of the object
 * @local_id: id of the type that it declares
 * @kernel: types of the kernel
 * @kernel_id: id of the type that is there
 *
 * Return: true if they fit.
 */
bool bpffs_types_fit(const struct bpffs_types *local, u32 local_id,
		     const struct bpffs_types *kernel, u32 kernel_id)
{
	struct pair p = { .local = local, .kernel = kernel, .steps = STEPS_MAX };

	return fit(&p, local_id, kernel_id, DEPTH_MAX);
}

static const char * const kind_names[] = {
	[BTF_KIND_UNKN] = "void",
	[BTF_KIND_INT] = "integer",
	[BTF_KIND_PTR] = "pointer",
	[BTF_KIND_ARRAY] = "array",
	[BTF_KIND_STRUCT] = "struct",
	[BTF_KIND_UNION] = "union",
	[BTF_KIND_ENUM] = "enum",
	[BTF_KIND_FWD] = "forward declaration",
	[BTF_KIND_FUNC_PROTO] = "function",
	[BTF_KIND_FLOAT] = "float",
};

/**
 * bpffs_types_describe() - a type in words, for a sentence
 * @types: whose types
 * @id: any number
 * @buf: receives "struct task_struct", "function of 3 arguments" or the like
 * @size: bytes in @buf
 */
void bpffs_types_describe(const struct bpffs_types *types, u32 id, char *buf, size_t size)
{
	const struct btf_type *t = types->type(types, bpffs_types_resolve(types, id));
	u32 kind = kind_of(t);
	const char *name = t ? types->name(types, t->name_off) : "";
	const char *what = kind < ARRAY_SIZE(kind_names) ? kind_names[kind] : NULL;

	if (kind == BTF_KIND_FUNC_PROTO)
		scnprintf(buf, size, "function of %u arguments", bpffs_btf_vlen(t));
	else
		scnprintf(buf, size, "%s%s%.64s", what ?: "type", *name ? " " : "", name);
}
