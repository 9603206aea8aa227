// SPDX-License-Identifier: GPL-2.0
/*
 * Maps as section .maps defines them, in BTF.
 *
 * A map is a global variable of an anonymous struct type. Its members are the
 * attributes of the map; their values are in their types: a number is a pointer
 * to an array of that many, a type is a pointer to it.
 */
#include <linux/btf.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/page.h>
#include "build.h"

/**
 * struct map_def - one definition being read
 * @b: the build
 * @map: what it is read into
 */
struct map_def {
	struct bpffs_build *b;
	struct bpffs_plan_map *map;
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

	scnprintf(where, sizeof(where), "section .maps: map \"%.64s\": ",
		  def->map->name);
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

/* __type(name, T) */
static int read_type(struct map_def *def, const struct map_attr *attr,
		     u32 type, u32 *id)
{
	const struct btf_type *t = def_type(def, type, BTF_KIND_PTR);
	u32 size;

	if (!t)
		return refuse(def, -EINVAL,
			      "%s is not a type; write __type(%s, TYPE)",
			      attr->name, attr->name);
	size = bpffs_btf_size(&def->b->plan->btf, t->type);
	if (!size)
		return refuse(def, -EINVAL, "%s is of a type without a size",
			      attr->name);
	*id = t->type;
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

	err = read_number(def, attr, type, &pinning);
	if (err || !pinning)
		return err;
	return refuse(def, -EOPNOTSUPP,
		      "%s %u is not supported by this version; leave it out",
		      attr->name, pinning);
}

static int read_values(struct map_def *def, const struct map_attr *attr,
		       u32 type)
{
	return refuse(def, -EOPNOTSUPP,
		      "%s (inner maps and initial contents) is not supported by this version",
		      attr->name);
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

static int read_members(struct map_def *def, const struct btf_type *t)
{
	const struct btf_member *member = (const struct btf_member *)(t + 1);
	u32 i, nr = BTF_INFO_VLEN(t->info);
	const struct map_attr *attr;
	const char *name;
	int err;

	for (i = 0; i < nr; i++, member++) {
		name = bpffs_btf_name(&def->b->plan->btf, member->name_off);
		attr = attr_find(name);
		if (!attr)
			return refuse(def, -EOPNOTSUPP,
				      "attribute \"%s\" is not known", name);
		err = attr->read(def, attr, member->type);
		if (err)
			return err;
	}
	return 0;
}

static int read_definition(struct map_def *def, const struct btf_type *t)
{
	int err;

	err = read_members(def, t);
	if (err)
		return err;
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

static int read_map(struct map_def *def, const struct btf_var_secinfo *info)
{
	const struct bpffs_btf *btf = &def->b->plan->btf;
	const struct btf_type *var = bpffs_btf_type(btf, info->type);
	const struct btf_type *t = def_type(def, var->type, BTF_KIND_STRUCT);
	int err;

	def->map->name = bpffs_btf_name(btf, var->name_off);
	def->map->origin = BPFFS_MAP_DEFINED;
	if (((const struct btf_var *)(var + 1))->linkage !=
	    BTF_VAR_GLOBAL_ALLOCATED)
		return refuse(def, -EOPNOTSUPP,
			      "it is static; a map is a global variable");
	if (!t || t->size > info->size)
		return refuse(def, -EINVAL,
			      "it is not defined by a struct of attributes");
	err = read_definition(def, t);
	if (err)
		return err;
	return read_record(def, info->type);
}

static int read_maps(struct bpffs_build *b, const struct btf_type *datasec)
{
	const struct btf_var_secinfo *info = (const void *)(datasec + 1);
	u32 i, nr = BTF_INFO_VLEN(datasec->info);
	struct map_def def = { .b = b };
	int err;

	for (i = 0; i < nr; i++) {
		def.map = &b->plan->maps[b->plan->nr_maps++];
		err = read_map(&def, &info[i]);
		if (err)
			return err;
	}
	return 0;
}

/* The DATASEC that defines the maps; NULL without .maps section. */
static int find_datasec(struct bpffs_build *b, const struct btf_type **datasec)
{
	u32 section;
	int err;

	*datasec = NULL;
	err = build_only_section(b, SECTION_MAPS, &section);
	if (err || !section)
		return err;
	*datasec = bpffs_btf_type(&b->plan->btf, b->sections[section].datasec);
	if (!*datasec)
		return bpffs_diag(b->diag, -EINVAL,
				  "section .maps: no BTF describes it; compile with -g");
	return 0;
}

/**
 * build_defined_maps() - read the definitions in section .maps
 * @b: the build, past build_btf()
 *
 * Allocates the plan's maps, with room for those of data sections, and fills
 * in the first of them.
 *
 * Return: 0; -ENOMEM; -E2BIG for too many maps; -EINVAL for definitions that
 * make no sense; -EOPNOTSUPP for attributes that this version does not take.
 */
int build_defined_maps(struct bpffs_build *b)
{
	const struct btf_type *datasec;
	u32 nr = build_count_data_maps(b);
	int err;

	err = find_datasec(b, &datasec);
	if (err)
		return err;
	if (datasec)
		nr += BTF_INFO_VLEN(datasec->info);
	if (nr > BUILD_MAX_MAPS)
		return bpffs_diag(b->diag, -E2BIG,
				  "the object asks for %u maps; it may have %u",
				  nr, BUILD_MAX_MAPS);
	b->plan->maps = kvcalloc(nr, sizeof(*b->plan->maps),
				 GFP_KERNEL_ACCOUNT);
	if (!b->plan->maps)
		return -ENOMEM;
	return datasec ? read_maps(b, datasec) : 0;
}

/*
 * A ring buffer is a power of two of pages. What a definition asks for is the
 * least it needs, because its author cannot know the size of a page.
 */
static u32 round_ring_size(u32 size)
{
	u64 rounded = PAGE_SIZE;

	if (!size)
		return 0;
	while (rounded < size)
		rounded <<= 1;
	return rounded <= U32_MAX ? rounded : size;
}

/**
 * build_ring_sizes() - give ring buffers a size that the kernel takes
 * @b: the build; settings for maps have been applied
 *
 * Return: 0.
 */
int build_ring_sizes(struct bpffs_build *b)
{
	struct bpffs_plan_map *map;
	u32 i;

	for (i = 0; i < b->plan->nr_maps; i++) {
		map = &b->plan->maps[i];
		if (map->type == BPF_MAP_TYPE_RINGBUF)
			map->max_entries = round_ring_size(map->max_entries);
	}
	return 0;
}
