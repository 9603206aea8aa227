// SPDX-License-Identifier: GPL-2.0
/*
 * What must hold for each record of BTF by itself and for the ids in it. What
 * takes the types that it refers to into account is in btf_size.c.
 */
#include <linux/kernel.h>
#include <linux/errno.h>
#include <linux/string.h>
#include "btf_check.h"
#include "text.h"

/* The bits of info that no version of the format uses. */
#define INFO_UNUSED	0x60ff0000U

/*
 * Longest name of a type, and bytes of all names, of types, members and
 * enumerators: they may share their bytes, so that a few hundred kilobytes could
 * spell gigabytes.
 */
#define TYPE_NAME_LEN	8192U
#define NAMES_LEN	(32U << 20)

#define KIND_BIT(kind)	(1U << (kind))

/* Kinds that a declaration can have. */
#define KINDS_TYPE	(KIND_BIT(BTF_KIND_INT) | KIND_BIT(BTF_KIND_PTR) | \
			 KIND_BIT(BTF_KIND_ARRAY) | \
			 KIND_BIT(BTF_KIND_STRUCT) | \
			 KIND_BIT(BTF_KIND_UNION) | KIND_BIT(BTF_KIND_ENUM) | \
			 KIND_BIT(BTF_KIND_FWD) | KIND_BIT(BTF_KIND_TYPEDEF) | \
			 KIND_BIT(BTF_KIND_VOLATILE) | \
			 KIND_BIT(BTF_KIND_CONST) | \
			 KIND_BIT(BTF_KIND_RESTRICT) | \
			 KIND_BIT(BTF_KIND_FUNC_PROTO) | \
			 KIND_BIT(BTF_KIND_FLOAT) | \
			 KIND_BIT(BTF_KIND_TYPE_TAG) | \
			 KIND_BIT(BTF_KIND_ENUM64))
#define KINDS_VOID	KIND_BIT(BTF_KIND_UNKN)
#define KINDS_SECTION	(KIND_BIT(BTF_KIND_VAR) | KIND_BIT(BTF_KIND_FUNC))
#define KINDS_TAGGED	(KIND_BIT(BTF_KIND_STRUCT) | \
			 KIND_BIT(BTF_KIND_UNION) | \
			 KIND_BIT(BTF_KIND_TYPEDEF) | KINDS_SECTION)

/**
 * bpffs_btf_refuse() - say what is wrong with a type
 * @btf: its type and strings arrays are set
 * @id: of the type
 * @diag: gets the sentence
 * @fmt: the sentence, after "BTF type 3 (struct 'name'): "
 *
 * Return: -EINVAL.
 */
int bpffs_btf_refuse(const struct bpffs_btf *btf, u32 id,
		     struct bpffs_diag *diag, const char *fmt, ...)
{
	const struct btf_type *type = btf->types[id];
	const char *name = bpffs_btf_name(btf, type->name_off);
	char prefix[128];
	va_list args;

	scnprintf(prefix, sizeof(prefix), "BTF type %u (%s%s%.64s%s): ", id,
		  bpffs_btf_rule(bpffs_btf_kind(type))->name,
		  *name ? " '" : "", name, *name ? "'" : "");
	va_start(args, fmt);
	bpffs_vdiag(diag, -EINVAL, prefix, fmt, args);
	va_end(args);
	return -EINVAL;
}

/**
 * bpffs_btf_take_name() - see whether a name can stand in the text of a value
 * @btf: its strings are set; no longer has plain names afterwards if this is
 *	not one
 * @name_off: of the name, within the strings
 *
 * Any byte can, in an escape.
 *
 * Return: whether its text is no longer than names may be.
 */
bool bpffs_btf_take_name(struct bpffs_btf *btf, u32 name_off)
{
	const char *name = bpffs_btf_name(btf, name_off);
	u32 i, len = 0;

	for (i = 0; name[i] && len <= BPFFS_BTF_NAME_LEN; i++) {
		if (bpffs_is_plain(name[i])) {
			len++;
			continue;
		}
		btf->plain_names = false;
		len += BPFFS_ESCAPE_LEN;
	}
	return len <= BPFFS_BTF_NAME_LEN;
}

static int count_bytes(struct bpffs_btf *btf, u32 id, u32 len, struct bpffs_diag *diag)
{
	btf->names_len += len;
	if (btf->names_len <= NAMES_LEN)
		return 0;
	return bpffs_diag(diag, -E2BIG,
			  "BTF type %u: with its names all names have more than %u bytes",
			  id, NAMES_LEN);
}

static int check_text_name(struct bpffs_btf *btf, u32 id, u32 name_off,
			   struct bpffs_diag *diag)
{
	if (name_off >= btf->str_len)
		return bpffs_btf_refuse(btf, id, diag,
					"name offset %u is past the %u bytes of strings",
					name_off, btf->str_len);
	if (!bpffs_btf_take_name(btf, name_off))
		return bpffs_btf_refuse(btf, id, diag,
					"the name '%.32s...' is, as text, longer than %u bytes",
					btf->strings + name_off, BPFFS_BTF_NAME_LEN);
	return count_bytes(btf, id, strlen(btf->strings + name_off), diag);
}

/* @kinds: mask of the kinds that may stand at @ref. */
static int check_ref(struct bpffs_btf *btf, u32 id, u32 ref, u32 kinds,
		     struct bpffs_diag *diag)
{
	u32 kind;

	if (ref >= btf->nr_types)
		return bpffs_btf_refuse(btf, id, diag,
					"refers to type %u, the last one is %u",
					ref, btf->nr_types - 1);
	kind = ref ? bpffs_btf_kind(btf->types[ref]) : BTF_KIND_UNKN;
	if (!(kinds & KIND_BIT(kind)))
		return bpffs_btf_refuse(btf, id, diag,
					"refers to type %u, which is %s and cannot stand there",
					ref, ref ? bpffs_btf_rule(kind)->name :
					"void");
	return 0;
}

static int check_int(struct bpffs_btf *btf, u32 id,
		     const struct btf_type *type, struct bpffs_diag *diag)
{
	u32 data = *(const u32 *)bpffs_btf_tail(type);
	u32 bits = BTF_INT_BITS(data);
	u32 encoding = BTF_INT_ENCODING(data);

	if (!type->size || type->size > 16)
		return bpffs_btf_refuse(btf, id, diag,
					"an integer of %u bytes, 1 to 16 are known",
					type->size);
	if (!bits || BTF_INT_OFFSET(data) + bits > type->size * 8)
		return bpffs_btf_refuse(btf, id, diag,
					"%u bits at bit %u are not within its %u bytes",
					bits, BTF_INT_OFFSET(data), type->size);
	/* GCC 12 calls a char both signed and a char. */
	if ((encoding & (encoding - 1) && encoding != (BTF_INT_SIGNED | BTF_INT_CHAR)) ||
	    encoding > BTF_INT_BOOL)
		return bpffs_btf_refuse(btf, id, diag,
					"encoding 0x%x is not known", encoding);
	return 0;
}

static int check_ptr(struct bpffs_btf *btf, u32 id,
		     const struct btf_type *type, struct bpffs_diag *diag)
{
	return check_ref(btf, id, type->type, KINDS_TYPE | KINDS_VOID, diag);
}

static int check_array(struct bpffs_btf *btf, u32 id,
		       const struct btf_type *type, struct bpffs_diag *diag)
{
	const struct btf_array *array = bpffs_btf_tail(type);
	int err;

	if (type->size)
		return bpffs_btf_refuse(btf, id, diag,
					"an array's size field is %u instead of 0",
					type->size);
	err = check_ref(btf, id, array->index_type, KINDS_TYPE, diag);
	if (err)
		return err;
	return check_ref(btf, id, array->type, KINDS_TYPE | KINDS_VOID, diag);
}

/* Before LLVM 20 what is _Atomic has no type. */
static int check_struct(struct bpffs_btf *btf, u32 id,
			const struct btf_type *type, struct bpffs_diag *diag)
{
	const struct btf_member *member = bpffs_btf_tail(type);
	u32 i;
	int err;

	for (i = 0; i < bpffs_btf_vlen(type); i++) {
		err = check_text_name(btf, id, member[i].name_off, diag);
		if (err)
			return err;
		err = check_ref(btf, id, member[i].type, KINDS_TYPE | KINDS_VOID, diag);
		if (err)
			return err;
	}
	return 0;
}

static int check_enum_size(struct bpffs_btf *btf, u32 id,
			   const struct btf_type *type, struct bpffs_diag *diag)
{
	if (!type->size || type->size > 8 || type->size & (type->size - 1))
		return bpffs_btf_refuse(btf, id, diag,
					"an enum of %u bytes, 1, 2, 4 and 8 are known",
					type->size);
	return 0;
}

static int check_enum(struct bpffs_btf *btf, u32 id,
		      const struct btf_type *type, struct bpffs_diag *diag)
{
	const struct btf_enum *value = bpffs_btf_tail(type);
	u32 i;
	int err;

	err = check_enum_size(btf, id, type, diag);
	for (i = 0; !err && i < bpffs_btf_vlen(type); i++)
		err = check_text_name(btf, id, value[i].name_off, diag);
	return err;
}

static int check_enum64(struct bpffs_btf *btf, u32 id,
			const struct btf_type *type, struct bpffs_diag *diag)
{
	const struct btf_enum64 *value = bpffs_btf_tail(type);
	u32 i;
	int err;

	err = check_enum_size(btf, id, type, diag);
	for (i = 0; !err && i < bpffs_btf_vlen(type); i++)
		err = check_text_name(btf, id, value[i].name_off, diag);
	return err;
}

static int check_func(struct bpffs_btf *btf, u32 id,
		      const struct btf_type *type, struct bpffs_diag *diag)
{
	if (bpffs_btf_vlen(type) > BTF_FUNC_EXTERN)
		return bpffs_btf_refuse(btf, id, diag,
					"linkage %u is not known",
					bpffs_btf_vlen(type));
	return check_ref(btf, id, type->type, KIND_BIT(BTF_KIND_FUNC_PROTO),
			 diag);
}

/* A last parameter that is void stands for "...". */
static int check_func_proto(struct bpffs_btf *btf, u32 id,
			    const struct btf_type *type,
			    struct bpffs_diag *diag)
{
	const struct btf_param *param = bpffs_btf_tail(type);
	u32 i, nr = bpffs_btf_vlen(type);
	int err;

	err = check_ref(btf, id, type->type, KINDS_TYPE | KINDS_VOID, diag);
	for (i = 0; !err && i < nr; i++) {
		if (param[i].name_off >= btf->str_len)
			return bpffs_btf_refuse(btf, id, diag,
						"name of parameter %u is past the strings",
						i);
		err = check_ref(btf, id, param[i].type, i + 1 < nr ?
				KINDS_TYPE : KINDS_TYPE | KINDS_VOID, diag);
	}
	return err;
}

static int check_var(struct bpffs_btf *btf, u32 id,
		     const struct btf_type *type, struct bpffs_diag *diag)
{
	const struct btf_var *var = bpffs_btf_tail(type);

	if (var->linkage > BTF_VAR_GLOBAL_EXTERN)
		return bpffs_btf_refuse(btf, id, diag,
					"linkage %u is not known",
					var->linkage);
	return check_ref(btf, id, type->type, KINDS_TYPE | KINDS_VOID, diag);
}

static int check_datasec(struct bpffs_btf *btf, u32 id,
			 const struct btf_type *type, struct bpffs_diag *diag)
{
	const struct btf_var_secinfo *info = bpffs_btf_tail(type);
	u32 i;
	int err;

	for (i = 0; i < bpffs_btf_vlen(type); i++) {
		err = check_ref(btf, id, info[i].type, KINDS_SECTION, diag);
		if (err)
			return err;
	}
	return 0;
}

static int check_float(struct bpffs_btf *btf, u32 id,
		       const struct btf_type *type, struct bpffs_diag *diag)
{
	switch (type->size) {
	case 2:
	case 4:
	case 8:
	case 12:
	case 16:
		return 0;
	default:
		return bpffs_btf_refuse(btf, id, diag,
					"a float of %u bytes, 2, 4, 8, 12 and 16 are known",
					type->size);
	}
}

/*
 * How many components a tag on @ref may choose from. A function's are the
 * parameters of its prototype, and that its type is one is not known yet.
 */
static u32 nr_components(const struct bpffs_btf *btf, u32 ref)
{
	const struct btf_type *type = btf->types[ref];
	const struct btf_type *proto;

	switch (bpffs_btf_kind(type)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return bpffs_btf_vlen(type);
	case BTF_KIND_FUNC:
		proto = bpffs_btf_type(btf, type->type);
		if (proto && bpffs_btf_kind(proto) == BTF_KIND_FUNC_PROTO)
			return bpffs_btf_vlen(proto);
		return 0;
	default:
		return 0;
	}
}

static int check_decl_tag(struct bpffs_btf *btf, u32 id,
			  const struct btf_type *type, struct bpffs_diag *diag)
{
	const struct btf_decl_tag *tag = bpffs_btf_tail(type);
	u32 nr;
	int err;

	err = check_ref(btf, id, type->type, KINDS_TAGGED, diag);
	if (err)
		return err;
	if (tag->component_idx == -1)
		return 0;
	nr = nr_components(btf, type->type);
	if (tag->component_idx < 0 || tag->component_idx >= nr)
		return bpffs_btf_refuse(btf, id, diag,
					"tags component %d of type %u, which has %u",
					tag->component_idx, type->type, nr);
	return 0;
}

static const struct bpffs_btf_rule rules[] = {
	[BTF_KIND_INT]		= { "int", 4, 0, true, check_int },
	[BTF_KIND_PTR]		= { "pointer", 0, 0, false, check_ptr },
	[BTF_KIND_ARRAY]	= { "array", sizeof(struct btf_array), 0, false,
				    check_array },
	[BTF_KIND_STRUCT]	= { "struct", 0, sizeof(struct btf_member),
				    false, check_struct },
	[BTF_KIND_UNION]	= { "union", 0, sizeof(struct btf_member),
				    false, check_struct },
	[BTF_KIND_ENUM]		= { "enum", 0, sizeof(struct btf_enum), false,
				    check_enum },
	[BTF_KIND_FWD]		= { "forward declaration", 0, 0, true, NULL },
	[BTF_KIND_TYPEDEF]	= { "typedef", 0, 0, true, check_ptr },
	[BTF_KIND_VOLATILE]	= { "volatile", 0, 0, false, check_ptr },
	[BTF_KIND_CONST]	= { "const", 0, 0, false, check_ptr },
	[BTF_KIND_RESTRICT]	= { "restrict", 0, 0, false, check_ptr },
	/* GCC 12 leaves those without a name that it takes helpers for. */
	[BTF_KIND_FUNC]		= { "function", 0, 0, false, check_func },
	[BTF_KIND_FUNC_PROTO]	= { "function prototype", 0,
				    sizeof(struct btf_param), false,
				    check_func_proto },
	[BTF_KIND_VAR]		= { "variable", sizeof(struct btf_var), 0, true,
				    check_var },
	[BTF_KIND_DATASEC]	= { "section", 0,
				    sizeof(struct btf_var_secinfo), true,
				    check_datasec },
	[BTF_KIND_FLOAT]	= { "float", 0, 0, true, check_float },
	[BTF_KIND_DECL_TAG]	= { "declaration tag",
				    sizeof(struct btf_decl_tag), 0, true,
				    check_decl_tag },
	[BTF_KIND_TYPE_TAG]	= { "type tag", 0, 0, true, check_ptr },
	[BTF_KIND_ENUM64]	= { "enum64", 0, sizeof(struct btf_enum64),
				    false, check_enum64 },
};

/**
 * bpffs_btf_rule() - how a kind is laid out
 * @kind: any number
 *
 * Return: its rule, NULL for kinds that are not known.
 */
const struct bpffs_btf_rule *bpffs_btf_rule(u32 kind)
{
	return kind < ARRAY_SIZE(rules) && rules[kind].name ? &rules[kind] :
							      NULL;
}

static int check_type(struct bpffs_btf *btf, u32 id,
		      const struct btf_type *type, struct bpffs_diag *diag)
{
	const struct bpffs_btf_rule *rule;

	rule = bpffs_btf_rule(bpffs_btf_kind(type));
	if (type->info & INFO_UNUSED)
		return bpffs_btf_refuse(btf, id, diag,
					"info 0x%08x has bits that no version of BTF uses",
					type->info);
	if (type->name_off >= btf->str_len)
		return bpffs_btf_refuse(btf, id, diag,
					"name offset %u is past the %u bytes of strings",
					type->name_off, btf->str_len);
	if (rule->named && !*bpffs_btf_name(btf, type->name_off))
		return bpffs_btf_refuse(btf, id, diag, "has no name");
	if (!rule->each && bpffs_btf_vlen(type) &&
	    bpffs_btf_kind(type) != BTF_KIND_FUNC)
		return bpffs_btf_refuse(btf, id, diag,
					"has %u elements, its kind has none",
					bpffs_btf_vlen(type));
	return rule->check ? rule->check(btf, id, type, diag) : 0;
}

static int count_name(struct bpffs_btf *btf, u32 id, struct bpffs_diag *diag)
{
	const char *name = bpffs_btf_name(btf, btf->types[id]->name_off);
	u32 len = strnlen(name, TYPE_NAME_LEN + 1);

	if (len > TYPE_NAME_LEN)
		return bpffs_diag(diag, -E2BIG,
				  "BTF type %u: the name '%.32s...' is longer than %u bytes",
				  id, name, TYPE_NAME_LEN);
	return count_bytes(btf, id, len, diag);
}

/* Those of a section's variables are looked for each time that it lists them. */
static int count_names(struct bpffs_btf *btf, u32 id, struct bpffs_diag *diag)
{
	const struct btf_type *type = btf->types[id];
	const struct btf_var_secinfo *info = bpffs_btf_tail(type);
	u32 i, nr = bpffs_btf_kind(type) == BTF_KIND_DATASEC ? bpffs_btf_vlen(type) : 0;
	int err;

	err = count_name(btf, id, diag);
	for (i = 0; !err && i < nr; i++)
		err = count_name(btf, info[i].type, diag);
	return err;
}

/**
 * bpffs_btf_check_types() - check every record by itself
 * @btf: its types and strings are set, and every record has its full length
 * @diag: says what is wrong
 *
 * Afterwards names are within the strings, ids are in range and of a kind that
 * may stand where they stand. Chains may still be loops.
 *
 * Return: 0, -EINVAL, or -E2BIG for more text in names than there may be.
 */
int bpffs_btf_check_types(struct bpffs_btf *btf, struct bpffs_diag *diag)
{
	u32 id;
	int err;

	for (id = 1; id < btf->nr_types; id++) {
		err = check_type(btf, id, btf->types[id], diag) ?:
		      count_names(btf, id, diag);
		if (err)
			return err;
	}
	return 0;
}
