// SPDX-License-Identifier: GPL-2.0
/*
 * The settings of a directory: what can be set, and keeping it.
 *
 * A setting is checked for its shape when it is made, and against an object
 * when one is loaded (settings.c).
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../codec/codec.h"
#include "build.h"

/* Bits of the kernel's log level: 1 and 2 for more, 4 for statistics. */
#define LOG_LEVEL_MAX	7

/**
 * struct setting_shape - a setting that there is
 * @scope: what it is about
 * @attribute: the last part of its name
 * @check: whether a value can be meant
 */
struct setting_shape {
	enum bpffs_setting_scope scope;
	const char *attribute;
	int (*check)(const char *value, size_t len, struct bpffs_diag *diag);
};

static int check_u32(const char *value, size_t len, struct bpffs_diag *diag)
{
	u64 number;

	return bpffs_parse_u64(value, len, U32_MAX, &number, diag);
}

static int check_level(const char *value, size_t len, struct bpffs_diag *diag)
{
	u64 number;

	return bpffs_parse_u64(value, len, LOG_LEVEL_MAX, &number, diag);
}

static int check_bool(const char *value, size_t len, struct bpffs_diag *diag)
{
	bool flag;

	return bpffs_parse_bool(value, len, &flag, diag);
}

static int check_string(const char *value, size_t len, struct bpffs_diag *diag)
{
	char string[BPFFS_SETTING_STRING];
	int ret;

	ret = bpffs_parse_string(value, len, string, sizeof(string), diag);
	return ret < 0 ? ret : 0;
}

static const struct setting_shape shapes[] = {
	{ SETTING_GLOBAL, "log_level", check_level },
	{ SETTING_MAP, "max_entries", check_u32 },
	{ SETTING_MAP, "key_size", check_u32 },
	{ SETTING_MAP, "value_size", check_u32 },
	{ SETTING_MAP, "inner", check_string },
	{ SETTING_MAP, "numa_node", check_u32 },
	{ SETTING_MAP, "record", check_string },
	{ SETTING_MAP, "autocreate", check_bool },
	{ SETTING_PROG, "type", check_string },
	{ SETTING_PROG, "autoload", check_bool },
	{ SETTING_PROG, "attach_to", check_string },
};

static const struct {
	const char *prefix;
	enum bpffs_setting_scope scope;
} scopes[] = {
	{ "maps.", SETTING_MAP },
	{ "progs.", SETTING_PROG },
};

/**
 * bpffs_setting_split() - take the name of a setting apart
 * @name: "threshold", "maps.events.max_entries", "maps..rodata.numa_node"
 * @parts: receives what is in it; empty parts where it has too few dots
 *
 * Names of maps and programs may have dots, attributes have none: the last dot
 * is the one that counts.
 */
void bpffs_setting_split(const char *name, struct bpffs_setting_name *parts)
{
	const char *object, *dot;
	size_t i, len;

	parts->scope = strcmp(name, "log_level") ? SETTING_VAR : SETTING_GLOBAL;
	parts->object = name;
	parts->object_len = strlen(name);
	parts->attribute = parts->scope == SETTING_GLOBAL ? name : "";
	for (i = 0; i < ARRAY_SIZE(scopes); i++) {
		len = strlen(scopes[i].prefix);
		if (strncmp(name, scopes[i].prefix, len))
			continue;
		object = name + len;
		dot = strrchr(object, '.');
		parts->scope = scopes[i].scope;
		parts->object = object;
		parts->object_len = dot ? dot - object : 0;
		parts->attribute = dot ? dot + 1 : "";
	}
}

/**
 * bpffs_setting_is_for() - whether a setting is about this object
 * @parts: its name, taken apart
 * @object: name of a map, program or variable
 */
bool bpffs_setting_is_for(const struct bpffs_setting_name *parts,
			  const char *object)
{
	return !strncmp(object, parts->object, parts->object_len) &&
	       !object[parts->object_len];
}

static void list_attributes(enum bpffs_setting_scope scope, char *buf,
			    size_t size)
{
	size_t i, len = 0;

	buf[0] = '\0';
	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		if (shapes[i].scope == scope)
			len += scnprintf(buf + len, size - len, "%s%s",
					 len ? ", " : "", shapes[i].attribute);
	}
}

static int refuse_shape(const char *name, const struct bpffs_setting_name *parts,
			struct bpffs_diag *diag)
{
	char known[128];

	list_attributes(parts->scope, known, sizeof(known));
	return bpffs_diag(diag, -EINVAL,
			  "setting %s: %s.NAME.ATTRIBUTE has one of the attributes %s",
			  name, parts->scope == SETTING_MAP ? "maps" : "progs",
			  known);
}

/* The value of a variable is checked against its type, when that is known. */
static int check_setting(const struct bpffs_setting *setting,
			 struct bpffs_diag *diag)
{
	struct bpffs_setting_name parts;
	size_t i;

	if (!build_name_is_file(setting->name))
		return bpffs_diag(diag, -EINVAL,
				  "setting %s: not a name; settings are NAME of a variable, maps.NAME.ATTRIBUTE, progs.NAME.ATTRIBUTE and log_level",
				  setting->name);
	bpffs_setting_split(setting->name, &parts);
	if (parts.scope == SETTING_VAR)
		return 0;
	if (!parts.object_len)
		return refuse_shape(setting->name, &parts, diag);
	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		if (shapes[i].scope != parts.scope ||
		    strcmp(shapes[i].attribute, parts.attribute))
			continue;
		if (!strcmp(setting->value, "null"))
			return 0;
		return shapes[i].check(setting->value, strlen(setting->value),
				       diag);
	}
	return refuse_shape(setting->name, &parts, diag);
}

static size_t setting_bytes(const struct bpffs_setting *setting)
{
	return sizeof(*setting) + strlen(setting->name) +
	       strlen(setting->value) + 2;
}

static struct bpffs_setting *setting_alloc(const char *name, size_t name_len,
					   const char *value, size_t value_len)
{
	struct bpffs_setting *setting;
	char *text;

	setting = kmalloc(sizeof(*setting) + name_len + value_len + 2,
			  GFP_KERNEL_ACCOUNT);
	if (!setting)
		return NULL;
	text = (char *)(setting + 1);
	memcpy(text, name, name_len);
	text[name_len] = '\0';
	setting->name = text;
	text += name_len + 1;
	memcpy(text, value, value_len);
	text[value_len] = '\0';
	setting->value = text;
	setting->used = false;
	return setting;
}

static struct bpffs_setting *find_setting(const struct bpffs_config *config,
					  const char *name)
{
	struct bpffs_setting *setting;

	list_for_each_entry(setting, &config->settings, node) {
		if (!strcmp(setting->name, name))
			return setting;
	}
	return NULL;
}

static void drop_setting(struct bpffs_config *config,
			 struct bpffs_setting *setting)
{
	config->bytes -= setting_bytes(setting);
	list_del(&setting->node);
	kfree(setting);
}

/* A value set again stays in its place in the list. */
static int keep_setting(struct bpffs_config *config,
			struct bpffs_setting *setting, struct bpffs_diag *diag)
{
	struct bpffs_setting *old = find_setting(config, setting->name);
	size_t bytes = config->bytes + setting_bytes(setting);

	if (old)
		bytes -= setting_bytes(old);
	if (bytes > BPFFS_CONFIG_MAX)
		return bpffs_diag(diag, -E2BIG,
				  "setting %s: the settings of a directory may take %u bytes",
				  setting->name, BPFFS_CONFIG_MAX);
	if (old) {
		list_add(&setting->node, &old->node);
		drop_setting(config, old);
	} else {
		list_add_tail(&setting->node, &config->settings);
	}
	config->bytes = bytes;
	return 0;
}

/**
 * bpffs_config_init() - an empty configuration
 * @config: what to set up
 */
void bpffs_config_init(struct bpffs_config *config)
{
	INIT_LIST_HEAD(&config->settings);
	config->bytes = 0;
}

/**
 * bpffs_config_clear() - drop every setting
 * @config: a configuration; empty and usable afterwards
 */
void bpffs_config_clear(struct bpffs_config *config)
{
	struct bpffs_setting *setting, *next;

	list_for_each_entry_safe(setting, next, &config->settings, node)
		drop_setting(config, setting);
}

/*
 * What a value must be is known when the object is, but a bracket or a quote
 * that is never closed would swallow the lines after it when config is read
 * and written back.
 */
static int check_closed(const char *value, size_t len, struct bpffs_diag *diag)
{
	struct bpffs_splitter split = {};
	u32 newlines;

	bpffs_split(&split, value, len, &newlines);
	if (!split.depth && !split.in_string)
		return 0;
	return bpffs_diag(diag, -EINVAL, "the value ends inside a %s",
			  split.in_string ? "string" : "list or an object");
}

/* A value is kept as a string, which would end at its first NUL byte. */
static int check_whole(const char *value, size_t len, struct bpffs_diag *diag)
{
	if (!memchr(value, '\0', len))
		return 0;
	return bpffs_diag(diag, -EINVAL, "a NUL byte cannot stand in a value");
}

/**
 * bpffs_config_set() - take one line of a config file
 * @config: a configuration
 * @line: "NAME: VALUE", a comment, or nothing
 * @len: bytes in @line; a final newline may be among them
 * @diag: receives the sentence of a refusal
 *
 * Sets NAME, or sets it anew, or with the value null takes it back. Taking
 * back what is not set is no error.
 *
 * Return: 0; -EINVAL for lines, names and values that cannot be meant;
 * -ENODATA for a name alone; -ERANGE for numbers that are too large; -E2BIG if
 * the settings would take more than BPFFS_CONFIG_MAX; -ENOMEM.
 */
int bpffs_config_set(struct bpffs_config *config, const char *line, size_t len,
		     struct bpffs_diag *diag)
{
	size_t name_len = 0, value_len = 0;
	const char *name, *value;
	struct bpffs_setting *setting, *old;
	int err;

	err = bpffs_parse_setting(line, len, &name, &name_len, &value,
				  &value_len, diag);
	if (err || !name_len)
		return err;
	if (name_len > BPFFS_CONFIG_MAX || value_len > BPFFS_CONFIG_MAX)
		return bpffs_diag(diag, -E2BIG,
				  "a setting of %zu bytes; the settings of a directory may take %u",
				  len, BPFFS_CONFIG_MAX);
	err = check_whole(value, value_len, diag);
	if (err)
		return err;
	err = check_closed(value, value_len, diag);
	if (err)
		return err;
	setting = setting_alloc(name, name_len, value, value_len);
	if (!setting)
		return -ENOMEM;
	err = check_setting(setting, diag);
	if (err) {
		bpffs_diag_shift(diag, value - line);
		goto free;
	}
	if (strcmp(setting->value, "null")) {
		err = keep_setting(config, setting, diag);
		if (err)
			goto free;
		return 0;
	}
	old = find_setting(config, setting->name);
	if (old)
		drop_setting(config, old);
free:
	kfree(setting);
	return err;
}

/**
 * bpffs_config_find() - look up a setting
 * @config: a configuration
 * @name: whole name of the setting ("maps.events.record")
 *
 * Return: the setting, which stays the configuration's; NULL if it is not set.
 */
const struct bpffs_setting *bpffs_config_find(const struct bpffs_config *config,
					      const char *name)
{
	return find_setting(config, name);
}
