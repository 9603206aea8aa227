// SPDX-License-Identifier: GPL-2.0
/* What the settings of a directory make of the plan for an object. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../codec/codec.h"
#include "build.h"

/**
 * struct setting - a setting being applied
 * @b: the build
 * @name: its whole name
 * @value: its value, NUL-terminated
 * @len: bytes in @value
 * @index: of the map or program that it is about
 */
struct setting {
	struct bpffs_build *b;
	const char *name;
	const char *value;
	size_t len;
	u32 index;
};

__printf(3, 4)
static int refuse(const struct setting *s, int err, const char *fmt, ...)
{
	char where[BUILD_WHERE];
	va_list args;

	scnprintf(where, sizeof(where), "setting %.128s: ", s->name);
	va_start(args, fmt);
	err = bpffs_vdiag(s->b->diag, err, where, fmt, args);
	va_end(args);
	return err;
}

/* What the codec says of a value, with the setting that it is the value of. */
static int refuse_value(const struct setting *s, int err,
			const struct bpffs_diag *why)
{
	return *why->text ? refuse(s, err, "%s", why->text) : err;
}

static struct bpffs_plan_map *setting_map(const struct setting *s)
{
	return &s->b->plan->maps[s->index];
}

static struct bpffs_plan_prog *setting_prog(const struct setting *s)
{
	return &s->b->plan->progs[s->index];
}

static int setting_u32(const struct setting *s, u32 *number)
{
	struct bpffs_diag why = {};
	u64 wide;
	int err;

	err = bpffs_parse_u64(s->value, s->len, U32_MAX, &wide, &why);
	if (err)
		return refuse_value(s, err, &why);
	*number = wide;
	return 0;
}

/* Into a string of BPFFS_SETTING_STRING bytes; a sentence is as large as two. */
static noinline_for_stack int setting_string(const struct setting *s, char *string)
{
	struct bpffs_diag why = {};
	int ret;

	ret = bpffs_parse_string(s->value, s->len, string, BPFFS_SETTING_STRING, &why);
	return ret < 0 ? refuse_value(s, ret, &why) : 0;
}

static int setting_bool(const struct setting *s, bool *flag)
{
	struct bpffs_diag why = {};
	int err;

	err = bpffs_parse_bool(s->value, s->len, flag, &why);
	return err ? refuse_value(s, err, &why) : 0;
}

static int refuse_data_map(const struct setting *s)
{
	if (setting_map(s)->origin == BPFFS_MAP_DEFINED)
		return 0;
	if (setting_map(s)->origin == BPFFS_MAP_STRUCT_OPS)
		return refuse(s, -EINVAL,
			      "%s is a struct_ops map, whose shape is that of the kernel's struct",
			      setting_map(s)->name);
	return refuse(s, -EINVAL,
		      "%s is a data section, whose shape is that of its variables",
		      setting_map(s)->name);
}

static int apply_max_entries(const struct setting *s)
{
	int err = refuse_data_map(s);

	return err ?: setting_u32(s, &setting_map(s)->max_entries);
}

/* With another size than that of its type, a key or value has no type. */
static int apply_size(const struct setting *s, u32 *size, u32 *type)
{
	int err;

	err = refuse_data_map(s);
	if (!err)
		err = setting_u32(s, size);
	if (err)
		return err;
	if (*type && bpffs_btf_size(&s->b->plan->btf, *type) != *size)
		*type = 0;
	return 0;
}

static int apply_key_size(const struct setting *s)
{
	struct bpffs_plan_map *map = setting_map(s);

	return apply_size(s, &map->key_size, &map->key_type);
}

static int apply_value_size(const struct setting *s)
{
	struct bpffs_plan_map *map = setting_map(s);

	return apply_size(s, &map->value_size, &map->value_type);
}

static int apply_numa_node(const struct setting *s)
{
	setting_map(s)->flags |= BPF_F_NUMA_NODE;
	return setting_u32(s, &setting_map(s)->numa_node);
}

static int find_template(const struct setting *s, const char *name, u32 *index)
{
	const struct bpffs_plan *plan = s->b->plan;
	const struct bpffs_plan_map *map;

	for (*index = 0; *index < plan->nr_maps; ++*index) {
		map = &plan->maps[*index];
		if (strcmp(map->name, name))
			continue;
		if (map->origin == BPFFS_MAP_DEFINED &&
		    !bpffs_map_holds_maps(map->type))
			return 0;
		return refuse(s, -EINVAL,
			      "map \"%s\" cannot be a template: it is %s", name,
			      map->origin == BPFFS_MAP_DEFINED ?
			      "a map of maps itself" : "not defined in .maps");
	}
	return refuse(s, -ENOENT, "the object has no map \"%s\"", name);
}

/*
 * The maps in a map of maps will be like the one of that name, with what other
 * settings make of it.
 */
static int apply_inner(const struct setting *s)
{
	struct bpffs_plan_map *map = setting_map(s);
	char name[BPFFS_SETTING_STRING];
	u32 index;
	int err;

	if (!bpffs_map_holds_maps(map->type))
		return refuse(s, -EINVAL, "map \"%s\" is no map of maps",
			      map->name);
	err = setting_string(s, name) ?: find_template(s, name, &index);
	if (!err)
		s->b->map_places[s->index].template = index + 1;
	return err;
}

static int apply_record(const struct setting *s)
{
	char type[BPFFS_SETTING_STRING];
	int err;

	if (setting_map(s)->type != BPF_MAP_TYPE_RINGBUF)
		return refuse(s, -EINVAL,
			      "map \"%s\" is no ring buffer and has no records",
			      setting_map(s)->name);
	err = setting_string(s, type);
	if (err)
		return err;
	setting_map(s)->record_type = bpffs_btf_find_named(&s->b->plan->btf,
							   type);
	if (!setting_map(s)->record_type)
		return refuse(s, -ENOENT,
			      "the object's BTF has no type \"%s\"",
			      type);
	return 0;
}

static int apply_autocreate(const struct setting *s)
{
	struct bpffs_plan_map *map = setting_map(s);

	if (map->origin != BPFFS_MAP_STRUCT_OPS)
		return refuse(s, -EINVAL,
			      "map \"%s\" is no struct_ops map; programs cannot do without others",
			      map->name);
	return setting_bool(s, &map->autocreate);
}

static int apply_autoload(const struct setting *s)
{
	return setting_bool(s, &setting_prog(s)->autoload);
}

/* The target stays what the section or attach_to says. */
static int apply_type(const struct setting *s)
{
	const struct bpffs_section_def *def;
	char type[BPFFS_SETTING_STRING];
	const char *rest, *like;
	int err;

	err = setting_string(s, type);
	if (err)
		return err;
	def = bpffs_section_find(type, &rest);
	if (def && !strcmp(def->prefix, type)) {
		build_prog_is(setting_prog(s), def);
		return 0;
	}
	like = def ? def->prefix : bpffs_section_like(type);
	return refuse(s, -EINVAL,
		      "\"%s\" is no section name without its target%s%s%s", type,
		      *like ? "; \"" : "", like, *like ? "\" is" : "");
}

static int apply_attach_to(const struct setting *s)
{
	struct bpffs_plan_prog *prog = setting_prog(s);

	prog->attach_to = kmalloc(BPFFS_SETTING_STRING, GFP_KERNEL_ACCOUNT);
	if (!prog->attach_to)
		return -ENOMEM;
	return setting_string(s, prog->attach_to);
}

static const struct {
	enum bpffs_setting_scope scope;
	const char *attribute;
	int (*apply)(const struct setting *s);
} attributes[] = {
	{ SETTING_MAP, "max_entries", apply_max_entries },
	{ SETTING_MAP, "key_size", apply_key_size },
	{ SETTING_MAP, "value_size", apply_value_size },
	{ SETTING_MAP, "inner", apply_inner },
	{ SETTING_MAP, "numa_node", apply_numa_node },
	{ SETTING_MAP, "record", apply_record },
	{ SETTING_MAP, "autocreate", apply_autocreate },
	{ SETTING_PROG, "type", apply_type },
	{ SETTING_PROG, "autoload", apply_autoload },
	{ SETTING_PROG, "attach_to", apply_attach_to },
};

static int apply_attribute(const struct setting *s,
			   const struct bpffs_setting_name *parts)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(attributes); i++) {
		if (attributes[i].scope == parts->scope &&
		    !strcmp(attributes[i].attribute, parts->attribute))
			return attributes[i].apply(s);
	}
	return refuse(s, -EINVAL, "there is no such attribute");
}

/*
 * Finds the setting's map or program by name; the names there are go into
 * the refusal, because a misspelt one is what usually went wrong.
 */
static int find_object(struct setting *s,
		       const struct bpffs_setting_name *parts, u32 nr,
		       const char *(*name)(const struct bpffs_plan *, u32))
{
	char names[256] = "";
	size_t len = 0;
	u32 i;

	for (s->index = 0; s->index < nr; s->index++) {
		if (bpffs_setting_is_for(parts, name(s->b->plan, s->index)))
			return 0;
	}
	for (i = 0; i < nr && len < sizeof(names) - 1; i++)
		len += scnprintf(names + len, sizeof(names) - len, "%s%s",
				 len ? ", " : "", name(s->b->plan, i));
	return refuse(s, -ENOENT, "the object has no %s \"%.*s\"; it has %s",
		      parts->scope == SETTING_MAP ? "map" : "program",
		      (int)parts->object_len, parts->object,
		      nr ? names : "none");
}

static const char *map_name(const struct bpffs_plan *plan, u32 index)
{
	return plan->maps[index].name;
}

static const char *prog_name(const struct bpffs_plan *plan, u32 index)
{
	return plan->progs[index].name;
}

static int apply_map_setting(struct setting *s,
			     const struct bpffs_setting_name *parts)
{
	int err = find_object(s, parts, s->b->plan->nr_maps, map_name);

	return err ?: apply_attribute(s, parts);
}

static int apply_prog_setting(struct setting *s,
			      const struct bpffs_setting_name *parts)
{
	int err = find_object(s, parts, s->b->plan->nr_progs, prog_name);

	return err ?: apply_attribute(s, parts);
}

/* Static variables of several functions may share a name. */
static int find_var(struct setting *s, const struct bpffs_setting_name *parts,
		    const struct bpffs_plan_var **var)
{
	const struct bpffs_plan *plan = s->b->plan;
	u32 i;

	*var = NULL;
	for (i = 0; i < plan->nr_vars; i++) {
		if (!bpffs_setting_is_for(parts, plan->vars[i].name))
			continue;
		if (*var)
			return refuse(s, -EINVAL,
				      "the object has several variables of this name, in %s and %s",
				      plan->maps[(*var)->map].name,
				      plan->maps[plan->vars[i].map].name);
		*var = &plan->vars[i];
	}
	if (!*var)
		return refuse(s, -ENOENT,
			      "the object has no global variable of this name");
	return 0;
}

static int apply_preset(struct setting *s,
			const struct bpffs_setting_name *parts)
{
	const struct bpffs_plan *plan = s->b->plan;
	const struct bpffs_plan_var *var;
	struct bpffs_diag why = {};
	int err;

	err = find_var(s, parts, &var);
	if (err)
		return err;
	err = build_map_contents(s->b, var->map);
	if (err)
		return err;
	plan->maps[var->map].preset = true;
	err = bpffs_parse_value(s->value, s->len, &plan->btf, var->type,
				var->size, plan->maps[var->map].data +
				var->offset, &why);
	if (err)
		return refuse_value(s, err, &why);
	build_extern_is_preset(s->b, var->map, var->offset);
	return 0;
}

static int apply_settings(struct bpffs_build *b,
			  enum bpffs_setting_scope scope,
			  int (*apply)(struct setting *s,
				       const struct bpffs_setting_name *parts))
{
	struct bpffs_setting_name parts;
	struct bpffs_setting *setting;
	struct setting s = { .b = b };
	int err;

	if (!b->config)
		return 0;
	list_for_each_entry(setting, &b->config->settings, node) {
		bpffs_setting_split(setting->name, &parts);
		if (parts.scope != scope)
			continue;
		s.name = setting->name;
		s.value = setting->value;
		s.len = strlen(setting->value);
		err = build_check_signal(b) ?: apply(&s, &parts);
		if (err)
			return err;
		setting->used = true;
	}
	return 0;
}

/**
 * build_apply_map_settings() - apply what is set for maps
 * @b: the build; all maps are in the plan
 *
 * Return: 0; -ENOENT for settings of maps and types that are not there;
 * -EINVAL for settings that this map cannot have; -ENOMEM.
 */
int build_apply_map_settings(struct bpffs_build *b)
{
	return apply_settings(b, SETTING_MAP, apply_map_setting);
}

/* "PATH:FUNCTION" is a function of another program. */
static void set_target(struct bpffs_plan_prog *prog)
{
	char *slash = strrchr(prog->attach_to, '/'), *colon;

	if (!(prog->def->flags & BPFFS_SEC_ATTACH_BTF) || !slash) {
		prog->target = prog->attach_to;
		return;
	}
	prog->attach_prog = prog->attach_to;
	colon = strchr(slash, ':');
	if (!colon)
		return;
	*colon = '\0';
	prog->target = colon + 1;
}

/* Type and target may be set in any order, so this waits for both. */
static int set_targets(struct bpffs_build *b)
{
	struct bpffs_plan_prog *prog;
	u32 i;

	for (i = 0; i < b->plan->nr_progs; i++) {
		prog = &b->plan->progs[i];
		if (!prog->attach_to)
			continue;
		if (!*prog->def->hook)
			return bpffs_diag(b->diag, -EINVAL,
					  "setting progs.%s.attach_to: programs of section %s have no target",
					  prog->name, prog->section);
		set_target(prog);
	}
	return 0;
}

/**
 * build_apply_prog_settings() - apply what is set for programs
 * @b: the build; all programs are in the plan, not expanded yet
 *
 * Return: 0; -ENOENT for settings of programs that are not there; -EINVAL for
 * settings that this program cannot have; -ENOMEM.
 */
int build_apply_prog_settings(struct bpffs_build *b)
{
	int err = apply_settings(b, SETTING_PROG, apply_prog_setting);

	return err ?: set_targets(b);
}

/**
 * build_apply_presets() - write what is set for variables into their sections
 * @b: the build; all variables are in the plan
 *
 * Return: 0; -ENOENT for variables that are not there; -ENOMEM; what
 * bpffs_parse_value() says of values that do not fit.
 */
int build_apply_presets(struct bpffs_build *b)
{
	return apply_settings(b, SETTING_VAR, apply_preset);
}
