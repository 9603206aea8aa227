// SPDX-License-Identifier: GPL-2.0
/*
 * Visiting types in an order in which what a type is made of comes before it,
 * which is also how loops are found. The stack of the visit is an array: BTF
 * nests as deep as its author likes, the kernel's stack does not.
 */
#include <linux/kernel.h>
#include <linux/errno.h>
#include "btf_check.h"

/* In layout.depth while a type is on the stack; above every real depth. */
#define VISITING	0xff

/**
 * struct visit - types whose parts are being visited
 * @id: the type
 * @next: index of its part that comes next
 */
struct visit {
	u32 id;
	u32 next;
};

/*
 * What values of a type are made of: pointers and prototypes end here, so a
 * list node that points to list nodes is no loop.
 */
static bool next_part(const struct bpffs_btf *btf, struct visit *visit,
		      u32 *part)
{
	const struct btf_type *type = btf->types[visit->id];
	const void *tail = bpffs_btf_tail(type);
	u32 i = visit->next++;

	switch (bpffs_btf_kind(type)) {
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
	case BTF_KIND_VAR:
		*part = type->type;
		return i == 0;
	case BTF_KIND_ARRAY:
		*part = ((const struct btf_array *)tail)->type;
		return i == 0;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		if (i == bpffs_btf_vlen(type))
			return false;
		*part = ((const struct btf_member *)tail)[i].type;
		return true;
	case BTF_KIND_DATASEC:
		if (i == bpffs_btf_vlen(type))
			return false;
		*part = ((const struct btf_var_secinfo *)tail)[i].type;
		return true;
	default:
		return false;
	}
}

static int enter(struct bpffs_btf *btf, struct visit *stack, u32 *top, u32 id,
		 struct bpffs_diag *diag)
{
	struct bpffs_btf_layout *layout = &btf->layouts[id];

	if (layout->depth == VISITING)
		return bpffs_btf_refuse(btf, id, diag, "contains itself");
	if (!id || layout->depth)
		return 0;
	if (*top == BPFFS_BTF_CHAIN)
		return bpffs_btf_refuse(btf, stack[0].id, diag,
					"is a chain of more than %u types",
					BPFFS_BTF_CHAIN);
	layout->depth = VISITING;
	stack[*top].id = id;
	stack[*top].next = 0;
	(*top)++;
	return 0;
}

static bool is_level(const struct btf_type *type)
{
	switch (bpffs_btf_kind(type)) {
	case BTF_KIND_ARRAY:
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_DATASEC:
		return true;
	default:
		return false;
	}
}

/* Parts that other types had visited before make a type deep as well. */
static int leave(struct bpffs_btf *btf, u32 id, struct bpffs_diag *diag)
{
	struct visit again = { .id = id };
	u32 depth = 1, part;

	while (next_part(btf, &again, &part))
		depth = max_t(u32, depth, btf->layouts[part].depth);
	depth += is_level(btf->types[id]);
	if (depth > BPFFS_BTF_DEPTH)
		return bpffs_btf_refuse(btf, id, diag,
					"structs and arrays nest deeper than %u levels",
					BPFFS_BTF_DEPTH);
	btf->layouts[id].depth = depth;
	return bpffs_btf_size_up(btf, id, diag);
}

static int visit_type(struct bpffs_btf *btf, u32 root, struct bpffs_diag *diag)
{
	struct visit stack[BPFFS_BTF_CHAIN];
	u32 top = 0, part;
	int err;

	err = enter(btf, stack, &top, root, diag);
	while (!err && top) {
		if (next_part(btf, &stack[top - 1], &part))
			err = enter(btf, stack, &top, part, diag);
		else
			err = leave(btf, stack[--top].id, diag);
	}
	return err;
}

/**
 * bpffs_btf_lay_out() - work out what values of each type look like
 * @btf: every record is checked by itself; its layouts are filled in
 * @diag: says what is wrong
 *
 * Return: 0; -EINVAL where types loop, nest too deep or contradict each other.
 */
int bpffs_btf_lay_out(struct bpffs_btf *btf, struct bpffs_diag *diag)
{
	u32 id;
	int err;

	for (id = 1; id < btf->nr_types; id++) {
		err = visit_type(btf, id, diag);
		if (err)
			return err;
	}
	return 0;
}
