// SPDX-License-Identifier: GPL-2.0
/*
 * The value of a struct_ops map, laid out as the running kernel has it. Members
 * are found by name, so that an object fits kernels whose struct has more or fewer
 * of them, in another order.
 */
#include <linux/btf.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "../codec/btf.h"
#include "struct_ops.h"

/**
 * struct translation - a value being laid out anew
 * @kernel: how the kernel has it
 * @local: the object's types
 * @map: the map as planned
 * @value: in the kernel's layout, all zero but for what has been written
 * @callbacks: one for each of the map's
 * @nr: how many of them have been found
 * @diag: where refusals go
 */
struct translation {
	const struct bpffs_kernel_ops *kernel;
	struct bpffs_types local;
	const struct bpffs_plan_map *map;
	void *value;
	struct bpffs_kernel_callback *callbacks;
	u32 nr;
	struct bpffs_diag *diag;
};

/**
 * struct member - a member of the struct, as one side has it
 * @index: in the struct
 * @name: "" for an anonymous one
 * @type: BTF id behind typedefs and qualifiers
 * @kind: BTF_KIND_* of it
 * @offset: bytes from the start of the struct
 * @size: bytes
 * @bitfield: it is no whole number of bytes
 */
struct member {
	u32 index;
	const char *name;
	u32 type;
	u32 kind;
	u32 offset;
	u32 size;
	bool bitfield;
};

static u32 kind_of(const struct bpffs_types *types, u32 id)
{
	const struct btf_type *t = types->type(types, id);

	return t ? bpffs_btf_kind(t) : BTF_KIND_UNKN;
}

/* Whether member @index of struct @t has a size, and lies inside of the struct. */
static bool read_member(const struct bpffs_types *types, const struct btf_type *t, u32 index,
			struct member *m)
{
	const struct btf_member *member = (const struct btf_member *)bpffs_btf_tail(t) + index;
	u32 bits = member->offset;

	m->bitfield = false;
	if (BTF_INFO_KFLAG(t->info)) {
		m->bitfield = BTF_MEMBER_BITFIELD_SIZE(bits);
		bits = BTF_MEMBER_BIT_OFFSET(bits);
	}
	m->bitfield |= bits % 8;
	m->index = index;
	m->name = types->name(types, member->name_off);
	m->type = bpffs_types_resolve(types, member->type);
	m->kind = kind_of(types, m->type);
	m->offset = bits / 8;
	return bpffs_types_size(types, m->type, &m->size) && m->offset <= t->size &&
	       m->size <= t->size - m->offset;
}

static bool find_kernel_member(const struct bpffs_kernel_ops *kernel, const char *name,
			       struct member *m)
{
	const struct btf_type *t = kernel->types.type(&kernel->types, kernel->type);
	const struct btf_member *member = bpffs_btf_tail(t);
	u32 i;

	for (i = 0; *name && i < bpffs_btf_vlen(t); i++) {
		if (!strcmp(kernel->types.name(&kernel->types, member[i].name_off), name))
			return read_member(&kernel->types, t, i, m);
	}
	return false;
}

__printf(4, 5)
static int refuse(const struct translation *tr, const struct member *m, int err,
		  const char *fmt, ...)
{
	char where[200];
	va_list args;

	scnprintf(where, sizeof(where), "struct_ops map %.64s: member %.64s: ", tr->map->name,
		  *m->name ? m->name : "(anonymous)");
	va_start(args, fmt);
	err = bpffs_vdiag(tr->diag, err, where, fmt, args);
	va_end(args);
	return err;
}

static bool is_callback(const struct translation *tr, const struct member *m)
{
	return tr->nr < tr->map->nr_callbacks &&
	       tr->map->callbacks[tr->nr].member == m->index;
}

static int put_callback(struct translation *tr, const struct member *m,
			const struct member *there)
{
	const struct bpffs_types *types = &tr->kernel->types;
	const struct btf_type *t = types->type(types, there->type);

	if (kind_of(types, bpffs_types_resolve(types, t->type)) != BTF_KIND_FUNC_PROTO)
		return refuse(tr, m, -EOPNOTSUPP, "it is no pointer to a function in the kernel");
	tr->callbacks[tr->nr].member = there->index;
	tr->callbacks[tr->nr++].offset = tr->kernel->offset + there->offset;
	return 0;
}

static int put_pointer(struct translation *tr, const struct member *m,
		       const struct member *there)
{
	if (is_callback(tr, m))
		return put_callback(tr, m, there);
	if (!memchr_inv(tr->map->data + m->offset, 0, m->size))
		return 0;
	return refuse(tr, m, -EOPNOTSUPP,
		      "a pointer to something that is no program of the object");
}

static int put_member(struct translation *tr, const struct member *m)
{
	const void *data = tr->map->data + m->offset;
	char wanted[96], have[96];
	struct member there;

	if (!find_kernel_member(tr->kernel, m->name, &there)) {
		if (is_callback(tr, m)) {
			tr->callbacks[tr->nr++].missing = true;
			return 0;
		}
		if (!memchr_inv(data, 0, m->size))
			return 0;
		return refuse(tr, m, -EOPNOTSUPP,
			      "the kernel's struct has none of that name, and the object sets it");
	}
	if (m->bitfield || there.bitfield)
		return refuse(tr, m, -EOPNOTSUPP, "bitfields are not translated");
	if (m->kind != there.kind) {
		bpffs_types_describe(&tr->local, m->type, wanted, sizeof(wanted));
		bpffs_types_describe(&tr->kernel->types, there.type, have, sizeof(have));
		return refuse(tr, m, -EOPNOTSUPP, "its type is %s, and the kernel's %s", wanted,
			      have);
	}
	if (m->kind == BTF_KIND_PTR)
		return put_pointer(tr, m, &there);
	if (m->size != there.size)
		return refuse(tr, m, -EOPNOTSUPP, "it has %u bytes, and %u in the kernel",
			      m->size, there.size);
	memcpy(tr->value + tr->kernel->offset + there.offset, data, m->size);
	return 0;
}

/**
 * bpffs_struct_ops_translate() - lay out the value of a struct_ops map
 * @kernel: the kernel's struct
 * @btf: the object's types
 * @map: the map as planned
 * @value: receives the value, @kernel->value_size bytes of zeroes before;
 *	pointers to functions stay zero
 * @callbacks: receives where they go, one for each of the map's
 * @diag: receives the sentence of a refusal
 *
 * Members that the kernel does not have may be there as long as they are zero.
 *
 * Return: 0; -EOPNOTSUPP for members that the kernel's struct cannot take; -EINVAL
 * for those without a size.
 */
int bpffs_struct_ops_translate(const struct bpffs_kernel_ops *kernel,
			       const struct bpffs_btf *btf, const struct bpffs_plan_map *map,
			       void *value, struct bpffs_kernel_callback *callbacks,
			       struct bpffs_diag *diag)
{
	struct translation tr = {
		.kernel = kernel,
		.map = map,
		.value = value,
		.callbacks = callbacks,
		.diag = diag,
	};
	const struct btf_type *t = bpffs_btf_type(btf, map->value_type);
	struct member m;
	int err = 0;
	u32 i;

	bpffs_types_of(&tr.local, btf);
	for (i = 0; !err && i < bpffs_btf_vlen(t); i++) {
		if (!read_member(&tr.local, t, i, &m))
			return refuse(&tr, &m, -EINVAL, "its type has no size");
		err = put_member(&tr, &m);
	}
	return err;
}

static bool is_struct(const struct bpffs_types *types, u32 id, const char *name)
{
	const struct btf_type *t = types->type(types, id);

	return t && bpffs_btf_kind(t) == BTF_KIND_STRUCT &&
	       !strcmp(types->name(types, t->name_off), name);
}

/**
 * bpffs_kernel_ops_init() - find a struct of functions in the kernel's value of it
 * @kernel: its @types are filled in; receives all else
 * @value_type: id of the struct bpf_struct_ops_NAME
 * @name: NAME
 *
 * Return: whether the former has a struct NAME in it.
 */
bool bpffs_kernel_ops_init(struct bpffs_kernel_ops *kernel, u32 value_type, const char *name)
{
	const struct bpffs_types *types = &kernel->types;
	const struct btf_type *t = types->type(types, value_type);
	const struct btf_member *member;
	struct member m;
	u32 i;

	for (i = 0; t && i < bpffs_btf_vlen(t); i++) {
		member = (const struct btf_member *)bpffs_btf_tail(t) + i;
		if (!is_struct(types, member->type, name) || !read_member(types, t, i, &m))
			continue;
		kernel->type = member->type;
		kernel->value_type = value_type;
		kernel->value_size = t->size;
		kernel->offset = m.offset;
		return true;
	}
	return false;
}
