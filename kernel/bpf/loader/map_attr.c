// SPDX-License-Identifier: GPL-2.0
/*
 * What a definition in section .maps says of its map.
 *
 * A map is a global variable of an anonymous struct type. Its members are the
 * attributes of the map; their values are in their types: a number is a pointer
 * to an array of that many, a type is a pointer to it, and values are an array
 * of pointers, to definitions or to functions.
 */
#include <linux/btf.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "build.h"

/**
 * struct map_def - one definition being read
 * @b: the build
 * @map: what it is read into
 * @outer: the map of maps that it is the template for; NULL for a map itself
 * @place: where the map's variable is; NULL with @outer
 * @member: the member that is being read
 * @last: the last one of the definition
 */
struct map_def {
	struct bpffs_build *b;
	struct bpffs_plan_map *map;
	const struct bpffs_plan_map *outer;
	struct build_map_place *place;
	const struct btf_member *member;
	const struct btf_member *last;
};

/**
 * struct map_attr - an attribute that a definition can have
 * @name: name of the member
 * @read: takes the member's type into def->map
 * @field: offset in &struct bpffs_plan_map of what @read fills in
 */
struct map_attr {
	const char *name;
	int (*read)(struct map_def *def, const struct map_attr *attr, u32 type);
	size_t field;
};

__printf(3, 4)
static int refuse(const struct map_def *def, int err, const char *fmt, ...)
{
	char where[BUILD_WHERE];
	va_list args;

	scnprintf(where, sizeof(where), "section .maps: map \"%.64s\": %s",
		  def->map->name, def->outer ? "its inner map: " : "");
	va_start(args, fmt);
	err = bpffs_vdiag(def->b->diag, err, where, fmt, args);
	va_end(args);
	return err;
}

static const struct btf_type *def_type(const struct map_def *def, u32 id,
				       u32 kind)
{
	const struct bpffs_btf *btf = &def->b->plan->btf;
	const struct btf_type *t;

	t = bpffs_btf_type(btf, bpffs_btf_resolve(btf, id));
	return t && BTF_INFO_KIND(t->info) == kind ? t : NULL;
}

/* __uint(name, N) */
static int read_number(struct map_def *def, const struct map_attr *attr,
		       u32 type, u32 *number)
{
	const struct btf_type *t = def_type(def, type, BTF_KIND_PTR);

	t = t ? def_type(def, t->type, BTF_KIND_ARRAY) : NULL;
	if (!t)
		return refuse(def, -EINVAL,
			      "%s is not a number; write __uint(%s, N)",
			      attr->name, attr->name);
	*number = ((const struct btf_array *)(t + 1))->nelems;
	return 0;
}

static u32 *attr_field(struct map_def *def, const struct map_attr *attr)
{
	return (void *)def->map + attr->field;
}

static int read_u32(struct map_def *def, const struct map_attr *attr, u32 type)
{
	return read_number(def, attr, type, attr_field(def, attr));
}

/* map_extra is a __uint() or, as __ulong(), an enum with that one value. */
static int read_extra(struct map_def *def, const struct map_attr *attr,
		      u32 type)
{
	const struct btf_type *t = def_type(def, type, BTF_KIND_ENUM64);
	const struct btf_enum64 *wide;
	u32 number = 0;
	int err;

	if (t && BTF_INFO_VLEN(t->info) == 1) {
		wide = (const struct btf_enum64 *)(t + 1);
		def->map->map_extra = (u64)wide->val_hi32 << 32 |
				      wide->val_lo32;
		return 0;
	}
	t = def_type(def, type, BTF_KIND_ENUM);
	if (t && BTF_INFO_VLEN(t->info) == 1) {
		def->map->map_extra = ((const struct btf_enum *)(t + 1))->val;
		return 0;
	}
	err = read_number(def, attr, type, &number);
	def->map->map_extra = number;
	return err;
}

/* A size may be given twice, as a number and by a type, if both agree. */
static int set_size(struct map_def *def, const struct map_attr *attr,
		    u32 *field, u32 size)
{
	if (*field && *field != size)
		return refuse(def, -EINVAL,
			      "%s makes the size %u, and it is %u already",
			      attr->name, size, *field);
	*field = size;
	return 0;
}

static int read_size(struct map_def *def, const struct map_attr *attr,
		     u32 type)
{
	u32 size;
	int err;

	err = read_number(def, attr, type, &size);
	if (err)
		return err;
	return set_size(def, attr, attr_field(def, attr), size);
}

/*
 * __type(name, T). An empty struct is how some write that there is none, of the
 * keys of a queue for one: it makes the size 0, which is for the kernel to judge.
 */
static int read_type(struct map_def *def, const struct map_attr *attr,
		     u32 type, u32 *id)
{
	const struct bpffs_btf *btf = &def->b->plan->btf;
	const struct btf_type *t = def_type(def, type, BTF_KIND_PTR);
	u32 size;

	if (!t)
		return refuse(def, -EINVAL,
			      "%s is not a type; write __type(%s, TYPE)",
			      attr->name, attr->name);
	size = bpffs_btf_size(btf, t->type);
	if (!size && !btf->layouts[t->type].has_value)
		return refuse(def, -EINVAL, "%s is of a type without a size",
			      attr->name);
	*id = size ? t->type : 0;
	return set_size(def, attr, attr_field(def, attr), size);
}

static int read_key(struct map_def *def, const struct map_attr *attr, u32 type)
{
	return read_type(def, attr, type, &def->map->key_type);
}

static int read_value(struct map_def *def, const struct map_attr *attr,
		      u32 type)
{
	return read_type(def, attr, type, &def->map->value_type);
}

static int read_pinning(struct map_def *def, const struct map_attr *attr,
			u32 type)
{
	u32 pinning;
	int err;

	if (def->outer)
		return refuse(def, -EINVAL, "a template has no name to be pinned by");
	err = read_number(def, attr, type, &pinning);
	if (err)
		return err;
	if (pinning > 1)
		return refuse(def, -EINVAL,
			      "%s is %u; it is LIBBPF_PIN_NONE (0) or LIBBPF_PIN_BY_NAME (1)",
			      attr->name, pinning);
	def->map->pinned = pinning;
	return 0;
}

/* The type that the pointers in __array(values, T) point to. */
static const struct btf_type *values_type(struct map_def *def, u32 type)
{
	const struct bpffs_btf *btf = &def->b->plan->btf;
	const struct btf_type *t = def_type(def, type, BTF_KIND_ARRAY);
	const struct btf_array *array;

	if (!t)
		return NULL;
	array = (const struct btf_array *)(t + 1);
	if (array->nelems)
		return NULL;
	t = def_type(def, array->type, BTF_KIND_PTR);
	return t ? bpffs_btf_type(btf, bpffs_btf_resolve(btf, t->type)) : NULL;
}

static int read_definition(struct map_def *def, const struct btf_type *t);

/* The definition of the maps that a map of maps can hold. */
static int read_inner(struct map_def *def, const struct btf_type *t)
{
	struct map_def inner = { .b = def->b, .outer = def->map };

	def->map->inner = kzalloc(sizeof(*def->map->inner), GFP_KERNEL_ACCOUNT);
	if (!def->map->inner)
		return -ENOMEM;
	inner.map = def->map->inner;
	inner.map->name = def->map->name;
	inner.map->origin = BPFFS_MAP_DEFINED;
	return read_definition(&inner, t);
}

static int check_values(struct map_def *def, const struct map_attr *attr)
{
	if (def->outer)
		return refuse(def, -EOPNOTSUPP,
			      "%s: the kernel takes maps of maps, and none of maps of maps",
			      attr->name);
	if (def->member != def->last)
		return refuse(def, -EINVAL,
			      "%s is not the last attribute, where its initial contents would follow",
			      attr->name);
	if (!bpffs_map_holds_maps(def->map->type) &&
	    def->map->type != BPF_MAP_TYPE_PROG_ARRAY)
		return refuse(def, -EOPNOTSUPP,
			      "%s is for maps of maps and arrays of programs; the type, which has to come first, is %s",
			      attr->name, bpffs_map_type_name(def->map->type));
	return 0;
}

/* __array(values, T), T being a definition or, for programs, a function. */
static int read_values(struct map_def *def, const struct map_attr *attr,
		       u32 type)
{
	bool maps = bpffs_map_holds_maps(def->map->type);
	const struct btf_type *t;
	int err;

	err = check_values(def, attr);
	if (!err)
		err = set_size(def, attr, &def->map->value_size, sizeof(u32));
	if (err)
		return err;
	t = values_type(def, type);
	if (!t || BTF_INFO_KIND(t->info) !=
	    (maps ? BTF_KIND_STRUCT : BTF_KIND_FUNC_PROTO))
		return refuse(def, -EINVAL,
			      "%s is no array of pointers to %s; write __array(%s, %s)",
			      attr->name, maps ? "map definitions" : "functions",
			      attr->name, maps ? "struct { ... }" : "int (void *)");
	def->place->values = def->member->offset / BITS_PER_BYTE;
	return maps ? read_inner(def, t) : 0;
}

#define FIELD(member)	offsetof(struct bpffs_plan_map, member)

static const struct map_attr map_attrs[] = {
	{ "type", read_u32, FIELD(type) },
	{ "key", read_key, FIELD(key_size) },
	{ "value", read_value, FIELD(value_size) },
	{ "max_entries", read_u32, FIELD(max_entries) },
	{ "map_flags", read_u32, FIELD(flags) },
	{ "key_size", read_size, FIELD(key_size) },
	{ "value_size", read_size, FIELD(value_size) },
	{ "numa_node", read_u32, FIELD(numa_node) },
	{ "map_extra", read_extra, FIELD(map_extra) },
	{ "pinning", read_pinning, 0 },
	{ "values", read_values, 0 },
};

/**
 * build_map_attr_name() - the names of attributes that a definition can have
 * @index: counted from 0
 *
 * Return: the name, static; NULL behind the last one.
 */
const char *build_map_attr_name(u32 index)
{
	return index < ARRAY_SIZE(map_attrs) ? map_attrs[index].name : NULL;
}

static const struct map_attr *attr_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(map_attrs); i++) {
		if (!strcmp(name, map_attrs[i].name))
			return &map_attrs[i];
	}
	return NULL;
}

static int read_member(struct map_def *def)
{
	const char *name = bpffs_btf_name(&def->b->plan->btf,
					  def->member->name_off);
	const struct map_attr *attr = attr_find(name);

	if (!attr)
		return refuse(def, -EOPNOTSUPP,
			      "attribute \"%s\" is not known", name);
	return attr->read(def, attr, def->member->type);
}

static int read_definition(struct map_def *def, const struct btf_type *t)
{
	u32 i, nr = BTF_INFO_VLEN(t->info);
	int err;

	if (nr > BUILD_MAX_MEMBERS)
		return refuse(def, -E2BIG, "its definition has %u members; it may have %u",
			      nr, BUILD_MAX_MEMBERS);
	def->member = (const struct btf_member *)(t + 1);
	def->last = def->member + nr - 1;
	for (i = 0; i < nr; i++, def->member++) {
		err = read_member(def);
		if (err)
			return err;
	}
	if (!def->map->type)
		return refuse(def, -EINVAL,
			      "it has no type; write __uint(type, BPF_MAP_TYPE_...)");
	return 0;
}

/* The type of a ring buffer's records, where the definition tells it. */
static int read_record(struct map_def *def, u32 var)
{
	const struct bpffs_btf *btf = &def->b->plan->btf;
	const char *name;

	if (def->map->type != BPF_MAP_TYPE_RINGBUF)
		return 0;
	name = bpffs_btf_decl_tag(btf, var, "record:");
	if (!name)
		return 0;
	while (*name == ' ')
		name++;
	def->map->record_type = bpffs_btf_find_named(btf, name);
	if (!def->map->record_type)
		return refuse(def, -EINVAL,
			      "its records are said to be \"%s\", which the object's BTF does not have (a global variable of that type, or a pointer to it, puts it there)",
			      name);
	return 0;
}

/* A structure with bit fields would have its offsets in another form. */
static const struct btf_type *definition(const struct map_def *def, u32 var_type)
{
	const struct btf_type *t = def_type(def, var_type, BTF_KIND_STRUCT);

	return t && !BTF_INFO_KFLAG(t->info) ? t : NULL;
}

/**
 * build_read_map() - read the definition of one map
 * @b: the build, past build_btf()
 * @map: receives what it says
 * @place: of the map's variable; receives where its values begin
 * @var: BTF id of the variable
 *
 * Return: 0; -ENOMEM; -EINVAL for definitions that make no sense; -EOPNOTSUPP
 * for attributes that are not known; -E2BIG for more of them than there can be.
 */
int build_read_map(struct bpffs_build *b, struct bpffs_plan_map *map,
		   struct build_map_place *place, u32 var)
{
	const struct btf_type *t = bpffs_btf_type(&b->plan->btf, var);
	struct map_def def = { .b = b, .map = map, .place = place };
	u32 linkage = ((const struct btf_var *)(t + 1))->linkage;
	int err;

	map->name = bpffs_btf_name(&b->plan->btf, t->name_off);
	map->origin = BPFFS_MAP_DEFINED;
	if (linkage != BTF_VAR_GLOBAL_ALLOCATED)
		return refuse(&def, -EOPNOTSUPP,
			      "it is static; a map is a global variable");
	t = definition(&def, t->type);
	if (!t || t->size > place->size)
		return refuse(&def, -EINVAL,
			      "it is not defined by a struct of attributes");
	err = read_definition(&def, t);
	if (err)
		return err;
	return read_record(&def, var);
}
