// SPDX-License-Identifier: GPL-2.0
/*
 * What a value of a type looks like, from what values of its parts look like.
 * Everything that printing, parsing and storing rely on is refused here or
 * holds: members lie within their structs, arrays do not overflow, and text is
 * not out of proportion to the bytes it stands for.
 */
#include <linux/kernel.h>
#include <linux/errno.h>
#include <linux/overflow.h>
#include <linux/string.h>
#include "btf_check.h"
#include "member.h"

/*
 * Unions print all of their members, so unions of unions double their text at
 * each level. No program has types that come near these limits.
 */
#define TEXTS_PER_BYTE	64
#define TEXTS_FREE	65536
#define FIELDS_MAX	BIT(16)

/*
 * Storing searches a value for each part that the kernel manages in it. Kernels
 * take a dozen of them, and no struct that has one has thousands of members.
 */
#define KEPT_STEPS_MAX	BIT(26)

/* Structs that the kernel initialises and uses inside of map values. */
static const char * const managed_structs[] = {
	"bpf_spin_lock", "bpf_res_spin_lock", "bpf_timer", "bpf_wq",
	"bpf_task_work", "bpf_list_head", "bpf_list_node", "bpf_rb_root",
	"bpf_rb_node", "bpf_refcount",
};

/* Type tags of pointers that hold a kernel object. */
static const char * const managed_tags[] = {
	"kptr", "kptr_ref", "kptr_untrusted", "percpu_kptr", "uptr",
};

static bool in_list(const char *name, const char * const *list, u32 nr)
{
	while (nr--)
		if (!strcmp(name, list[nr]))
			return true;
	return false;
}

static u64 saturating_mul(u64 a, u64 b)
{
	u64 product;

	return check_mul_overflow(a, b, &product) ? U64_MAX : product;
}

static u64 saturating_add(u64 a, u64 b)
{
	u64 sum;

	return check_add_overflow(a, b, &sum) ? U64_MAX : sum;
}

static u32 saturating_u32(u64 value)
{
	return min_t(u64, value, U32_MAX);
}

static int set_scalar(struct bpffs_btf *btf, u32 id, u32 size, u32 bits)
{
	struct bpffs_btf_layout *layout = &btf->layouts[id];

	layout->size = size;
	layout->resolved = id;
	layout->has_value = true;
	layout->bits = bits;
	layout->texts = 1;
	return 0;
}

static int size_int(struct bpffs_btf *btf, u32 id, struct bpffs_diag *diag)
{
	const struct btf_type *type = btf->types[id];

	return set_scalar(btf, id, type->size,
			  BTF_INT_BITS(bpffs_int_data(type)));
}

static int size_enum(struct bpffs_btf *btf, u32 id, struct bpffs_diag *diag)
{
	u32 size = btf->types[id]->size;

	return set_scalar(btf, id, size, 8 * size);
}

/* What is behind a pointer may not be laid out yet, and may be a loop. */
static bool is_kptr(const struct bpffs_btf *btf, const struct btf_type *type)
{
	u32 i;

	for (i = 0; i < BPFFS_BTF_CHAIN; i++) {
		type = bpffs_btf_type(btf, type->type);
		if (!type || bpffs_btf_kind(type) != BTF_KIND_TYPE_TAG)
			return false;
		if (in_list(bpffs_btf_name(btf, type->name_off), managed_tags,
			    ARRAY_SIZE(managed_tags)))
			return true;
	}
	return false;
}

static int size_ptr(struct bpffs_btf *btf, u32 id, struct bpffs_diag *diag)
{
	set_scalar(btf, id, 8, 64);
	if (is_kptr(btf, btf->types[id])) {
		btf->layouts[id].managed = BPFFS_MANAGED_WHOLLY;
		btf->layouts[id].kept = 1;
		btf->layouts[id].bits = 0;
	}
	return 0;
}

static int check_kept(struct bpffs_btf *btf, u32 id, struct bpffs_diag *diag)
{
	const struct bpffs_btf_layout *layout = &btf->layouts[id];

	if ((u64)layout->kept * layout->steps <= KEPT_STEPS_MAX)
		return 0;
	return bpffs_btf_refuse(btf, id, diag,
				"%u locks, timers or the like in one value, and %u parts to search for each, are out of proportion",
				layout->kept, layout->steps);
}

static int check_proportion(struct bpffs_btf *btf, u32 id,
			    struct bpffs_diag *diag)
{
	struct bpffs_btf_layout *layout = &btf->layouts[id];

	if (layout->fields > FIELDS_MAX ||
	    layout->texts > (u64)layout->size * TEXTS_PER_BYTE + TEXTS_FREE)
		return bpffs_btf_refuse(btf, id, diag,
					"%u bytes that print as %llu values in %u fields are out of proportion",
					layout->size, layout->texts,
					layout->fields);
	return check_kept(btf, id, diag);
}

static int size_array(struct bpffs_btf *btf, u32 id, struct bpffs_diag *diag)
{
	const struct btf_array *array = bpffs_btf_tail(btf->types[id]);
	const struct bpffs_btf_layout *elem = &btf->layouts[array->type];
	struct bpffs_btf_layout *layout = &btf->layouts[id];
	u32 size;

	if (check_mul_overflow(elem->size, array->nelems, &size))
		return bpffs_btf_refuse(btf, id, diag,
					"%u elements of %u bytes are more than 4 GiB",
					array->nelems, elem->size);
	set_scalar(btf, id, size, 0);
	layout->has_value = elem->has_value;
	layout->managed = elem->managed;
	layout->kept = saturating_u32((u64)elem->kept * array->nelems);
	layout->steps = saturating_u32(elem->steps + 1ULL);
	layout->bits = saturating_mul(elem->bits, array->nelems);
	if (size && !bpffs_is_char(btf, btf->types[elem->resolved]))
		layout->texts = saturating_mul(elem->texts, array->nelems);
	return check_kept(btf, id, diag);
}

static int check_bitfield(struct bpffs_btf *btf, u32 id, u32 i, u32 bits,
			  const struct bpffs_btf_layout *value,
			  struct bpffs_diag *diag)
{
	const struct btf_type *type = btf->types[value->resolved];

	switch (type ? bpffs_btf_kind(type) : BTF_KIND_UNKN) {
	case BTF_KIND_INT:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		break;
	default:
		return bpffs_btf_refuse(btf, id, diag,
					"member %u is a bitfield of neither an integer nor an enum",
					i);
	}
	if (bits > value->bits)
		return bpffs_btf_refuse(btf, id, diag,
					"member %u has %u bits of a type of %llu",
					i, bits, value->bits);
	return 0;
}

static int check_member(struct bpffs_btf *btf, u32 id, u32 i,
			struct bpffs_diag *diag)
{
	const struct btf_type *type = btf->types[id];
	const struct btf_member *member = bpffs_btf_tail(type);
	const struct bpffs_btf_layout *value;
	u32 pos, bits;
	u64 width;
	int err;

	member += i;
	value = &btf->layouts[member->type];
	bits = bpffs_member_bits(btf, type, member, &pos);
	if (bits) {
		err = check_bitfield(btf, id, i, bits, value, diag);
		if (err)
			return err;
	} else if (pos % 8) {
		return bpffs_btf_refuse(btf, id, diag,
					"member %u begins at bit %u and is no bitfield",
					i, pos);
	}
	width = bits ? bits : 8ULL * value->size;
	if (pos + width > 8ULL * type->size)
		return bpffs_btf_refuse(btf, id, diag,
					"member %u, %llu bits at bit %u, ends past the %u bytes of its parent",
					i, width, pos, type->size);
	return 0;
}

static void add_part(struct bpffs_btf_layout *layout,
		     const struct bpffs_btf_layout *part, u64 bits, bool is_union)
{
	if (is_union)
		layout->bits = max(layout->bits, bits);
	else
		layout->bits = saturating_add(layout->bits, bits);
	layout->texts = saturating_add(layout->texts, part->texts);
	layout->steps = saturating_u32(layout->steps + 1ULL);
	if (!part->managed)
		return;
	layout->steps = saturating_u32((u64)layout->steps + part->steps);
	layout->kept = saturating_u32((u64)layout->kept + part->kept);
	layout->managed = BPFFS_MANAGED_PARTLY;
}

/*
 * Before: values of the type are text. After: they are bytes, since it is not
 * known what a part of them is, and nobody would know what in them is the kernel's.
 */
static int make_opaque(struct bpffs_btf *btf, u32 id, struct bpffs_diag *diag)
{
	btf->layouts[id].has_value = false;
	if (!btf->layouts[id].managed)
		return 0;
	return bpffs_btf_refuse(btf, id, diag,
				"it has locks, timers or the like, and a part that no text is for");
}

static int size_struct(struct bpffs_btf *btf, u32 id, struct bpffs_diag *diag)
{
	const struct btf_type *type = btf->types[id];
	const struct btf_member *member = bpffs_btf_tail(type);
	bool is_union = bpffs_btf_kind(type) == BTF_KIND_UNION, opaque = false;
	struct bpffs_btf_layout *layout = &btf->layouts[id];
	const struct bpffs_btf_layout *part;
	u32 i, pos, bits;
	int err;

	set_scalar(btf, id, type->size, 0);
	for (i = 0; i < bpffs_btf_vlen(type); i++) {
		err = check_member(btf, id, i, diag);
		if (err)
			return err;
		part = &btf->layouts[member[i].type];
		opaque |= !part->has_value;
		bits = bpffs_member_bits(btf, type, &member[i], &pos);
		add_part(layout, part, bits ? bits : part->bits, is_union);
		layout->fields += bpffs_member_fields(btf, &member[i]);
		if (layout->fields > FIELDS_MAX)
			break;
	}
	if (!is_union && in_list(bpffs_btf_name(btf, type->name_off),
				 managed_structs, ARRAY_SIZE(managed_structs))) {
		layout->managed = BPFFS_MANAGED_WHOLLY;
		layout->kept = 1;
		layout->steps = 0;
		layout->bits = 0;
	}
	err = check_proportion(btf, id, diag);
	return !err && opaque ? make_opaque(btf, id, diag) : err;
}

/* A typedef, qualifier, tag or variable is what it stands for, void included. */
static int size_modifier(struct bpffs_btf *btf, u32 id, struct bpffs_diag *diag)
{
	struct bpffs_btf_layout *layout = &btf->layouts[id];
	u8 depth = layout->depth;

	*layout = btf->layouts[btf->types[id]->type];
	layout->depth = depth;
	return 0;
}

static bool take_names(struct bpffs_btf *btf, const struct btf_type *type)
{
	const struct btf_var_secinfo *info = bpffs_btf_tail(type);
	u32 i;

	for (i = 0; i < bpffs_btf_vlen(type); i++) {
		if (!bpffs_btf_take_name(btf, btf->types[info[i].type]->name_off))
			return false;
	}
	return true;
}

/*
 * Compilers leave sections at size 0 and their variables at offset 0; such a
 * section has no value yet, and its variables no place to be checked. An extern
 * that whoever defines it will give a type takes no place.
 */
static int size_datasec(struct bpffs_btf *btf, u32 id, struct bpffs_diag *diag)
{
	const struct btf_type *type = btf->types[id];
	const struct btf_var_secinfo *info = bpffs_btf_tail(type);
	struct bpffs_btf_layout *layout = &btf->layouts[id];
	const struct bpffs_btf_layout *part;
	bool opaque = false;
	u32 i, size;
	int err;

	set_scalar(btf, id, type->size, 0);
	layout->has_value = type->size;
	layout->fields = bpffs_btf_vlen(type);
	for (i = 0; type->size && i < bpffs_btf_vlen(type); i++) {
		part = &btf->layouts[info[i].type];
		opaque |= !part->has_value && info[i].size;
		size = max(info[i].size, part->size);
		if (info[i].offset > type->size ||
		    size > type->size - info[i].offset)
			return bpffs_btf_refuse(btf, id, diag,
						"variable %u, %u bytes at offset %u, ends past its %u bytes",
						i, size, info[i].offset,
						type->size);
		add_part(layout, part, part->bits, false);
	}
	err = type->size ? check_proportion(btf, id, diag) : 0;
	if (!err && type->size && (opaque || !take_names(btf, type)))
		err = make_opaque(btf, id, diag);
	return err;
}

static int size_nothing(struct bpffs_btf *btf, u32 id, struct bpffs_diag *diag)
{
	btf->layouts[id].resolved = id;
	return 0;
}

static int (*const sizers[])(struct bpffs_btf *btf, u32 id,
			     struct bpffs_diag *diag) = {
	[BTF_KIND_INT]		= size_int,
	[BTF_KIND_PTR]		= size_ptr,
	[BTF_KIND_ARRAY]	= size_array,
	[BTF_KIND_STRUCT]	= size_struct,
	[BTF_KIND_UNION]	= size_struct,
	[BTF_KIND_ENUM]		= size_enum,
	[BTF_KIND_FWD]		= size_nothing,
	[BTF_KIND_TYPEDEF]	= size_modifier,
	[BTF_KIND_VOLATILE]	= size_modifier,
	[BTF_KIND_CONST]	= size_modifier,
	[BTF_KIND_RESTRICT]	= size_modifier,
	[BTF_KIND_FUNC]		= size_nothing,
	[BTF_KIND_FUNC_PROTO]	= size_nothing,
	[BTF_KIND_VAR]		= size_modifier,
	[BTF_KIND_DATASEC]	= size_datasec,
	[BTF_KIND_FLOAT]	= size_enum,
	[BTF_KIND_DECL_TAG]	= size_nothing,
	[BTF_KIND_TYPE_TAG]	= size_modifier,
	[BTF_KIND_ENUM64]	= size_enum,
};

/**
 * bpffs_btf_size_up() - work out what values of one type look like
 * @btf: every record is checked by itself
 * @id: the type; the layouts of what its values are made of are filled in, its
 *	own is, too, afterwards
 * @diag: says what is wrong
 *
 * Return: 0, or -EINVAL.
 */
int bpffs_btf_size_up(struct bpffs_btf *btf, u32 id, struct bpffs_diag *diag)
{
	return sizers[bpffs_btf_kind(btf->types[id])](btf, id, diag);
}
