// SPDX-License-Identifier: GPL-2.0
/*
 * What an object asks of the kernel, as bpffs reads it: the plan of a load, made
 * by the module's own code on the host. Nothing is loaded.
 *
 *	bpffs-plan [--set 'NAME: VALUE']... FILE
 *
 * Prints lines "NAME: VALUE" as Documentation/bpffs-elf.rst has them, the values
 * JSON. --set is a line of config. An object that is refused ends it with status
 * 1 and the first line that the node log would have.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/btf.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include "../../kernel/bpf/loader/core_name.h"
#include "../../kernel/bpf/loader/plan.h"
#include "../../kernel/bpf/loader/type_compat.h"

static void put_text(const char *text)
{
	char buf[8192];
	struct bpffs_text out = { .buf = buf, .cap = sizeof(buf) };

	bpffs_print_string(&out, text, strlen(text));
	fwrite(buf, 1, out.len < out.cap ? out.len : out.cap, stdout);
}

static void put_field(const char *name, const char *text)
{
	printf("\"%s\": ", name);
	put_text(text);
}

static void put_type(const char *name, const struct bpffs_btf *btf, __u32 type)
{
	char buf[1024];
	struct bpffs_text out = { .buf = buf, .cap = sizeof(buf) - 1 };

	if (!type) {
		printf("\"%s\": null", name);
		return;
	}
	bpffs_print_type(&out, btf, type);
	buf[out.len < out.cap ? out.len : out.cap] = '\0';
	put_field(name, buf);
}

static void show_object(const struct bpffs_plan *plan)
{
	printf("object: {\"size\": %zu, ", plan->image_size);
	put_field("license", plan->license);
	printf(", \"version\": %u, \"btf\": %u}\n", plan->version, plan->btf_size);
}

static const char *origin_name(const struct bpffs_plan_map *map)
{
	static const char * const names[] = {
		[BPFFS_MAP_DEFINED] = "definition", [BPFFS_MAP_DATA] = "data",
		[BPFFS_MAP_BSS] = "bss", [BPFFS_MAP_RODATA] = "rodata",
		[BPFFS_MAP_PERCPU_DATA] = "percpu", [BPFFS_MAP_KCONFIG] = "kconfig",
		[BPFFS_MAP_STRUCT_OPS] = "struct_ops",
	};

	if (map->origin >= ARRAY_SIZE(names) || !names[map->origin])
		return "other";
	return names[map->origin];
}

/* The functions of a struct_ops map by their members. */
static void show_callbacks(const struct bpffs_plan *plan, const struct bpffs_plan_map *map)
{
	const struct btf_member *members;
	__u32 i;

	members = bpffs_btf_tail(bpffs_btf_type(&plan->btf, map->value_type));
	printf("\"functions\": {");
	for (i = 0; i < map->nr_callbacks; i++) {
		printf("%s", i ? ", " : "");
		put_field(bpffs_btf_name(&plan->btf, members[map->callbacks[i].member].name_off),
			  plan->progs[map->callbacks[i].prog].name);
	}
	printf("}, ");
}

static void show_map(const struct bpffs_plan *plan, const struct bpffs_plan_map *map)
{
	printf("maps.%s: {", map->name);
	put_field("type", bpffs_map_type_name(map->type));
	printf(", \"key_size\": %u, \"value_size\": %u, \"max_entries\": %u, \"flags\": %u, ",
	       map->key_size, map->value_size, map->max_entries, map->flags);
	if (map->flags & BPF_F_NUMA_NODE)
		printf("\"numa_node\": %u, ", map->numa_node);
	if (map->map_extra)
		printf("\"map_extra\": %llu, ", (unsigned long long)map->map_extra);
	put_type("key", &plan->btf, map->key_type);
	printf(", ");
	put_type("value", &plan->btf, map->record_type ?: map->value_type);
	printf(", ");
	if (map->arena_size)
		printf("\"variables\": %u, ", map->arena_size);
	if (map->pinned)
		printf("\"pinned\": true, ");
	if (map->inner) {
		put_field("inner", bpffs_map_type_name(map->inner->type));
		printf(", ");
	}
	if (map->origin == BPFFS_MAP_STRUCT_OPS)
		show_callbacks(plan, map);
	put_field("from", origin_name(map));
	puts("}");
}

/* Every map once, in the order of the first instruction that names it. */
static void show_map_refs(const struct bpffs_plan *plan, const struct bpffs_plan_prog *prog)
{
	const char *comma = "";
	__u32 i, j;

	printf(", \"maps\": [");
	for (i = 0; i < prog->nr_map_refs; i++) {
		for (j = 0; prog->map_refs[j].map != prog->map_refs[i].map; j++)
			;
		if (j < i)
			continue;
		printf("%s", comma);
		put_text(plan->maps[prog->map_refs[i].map].name);
		comma = ", ";
	}
	printf("]");
}

/* Every extern once, in the order of the first instruction that names it. */
static void show_extern_refs(const struct bpffs_plan *plan, const struct bpffs_plan_prog *prog)
{
	const char *comma = "";
	__u32 i, j;

	printf(", \"externs\": [");
	for (i = 0; i < prog->nr_extern_refs; i++) {
		for (j = 0; prog->extern_refs[j].ext != prog->extern_refs[i].ext; j++)
			;
		if (j < i)
			continue;
		printf("%s", comma);
		put_text(plan->externs[prog->extern_refs[i].ext].name);
		comma = ", ";
	}
	printf("]");
}

static void show_core_relos(const struct bpffs_plan *plan, const struct bpffs_plan_prog *prog)
{
	char buf[1024];
	__u32 i;

	printf(", \"core\": [");
	for (i = 0; i < prog->nr_core_relos; i++) {
		struct bpffs_text out = { .buf = buf, .cap = sizeof(buf) - 1 };

		bpffs_core_print(&out, &plan->btf, &prog->core_relos[i]);
		buf[out.len < out.cap ? out.len : out.cap] = '\0';
		printf("%s", i ? ", " : "");
		put_text(buf);
	}
	printf("]");
}

static void show_jump_tables(const struct bpffs_plan_prog *prog)
{
	__u32 i;

	if (!prog->nr_jump_tables)
		return;
	printf(", \"jump_tables\": [");
	for (i = 0; i < prog->nr_jump_tables; i++)
		printf("%s%u", i ? ", " : "", prog->jump_tables[i].nr);
	putchar(']');
}

static void show_prog(const struct bpffs_plan *plan, const struct bpffs_plan_prog *prog)
{
	printf("progs.%s: {", prog->name);
	put_field("type", bpffs_prog_type_name(prog->def->type));
	printf(", \"attach_type\": %u, ", prog->def->attach_type);
	put_field("section", prog->section);
	printf(", ");
	put_field("hook", prog->def->hook);
	printf(", ");
	put_field("target", prog->target);
	if (prog->attach_prog) {
		printf(", ");
		put_field("attach_prog", prog->attach_prog);
	}
	printf(", \"flags\": %u, \"autoload\": %s", prog->prog_flags,
	       prog->autoload ? "true" : "false");
	if (prog->autoload) {
		printf(", \"instructions\": %u, \"functions\": %u, \"lines\": %u",
		       prog->nr_insns, prog->nr_func_info, prog->nr_line_info);
		show_map_refs(plan, prog);
		show_extern_refs(plan, prog);
		show_core_relos(plan, prog);
		show_jump_tables(prog);
	}
	puts("}");
}

static void show_var(const struct bpffs_plan *plan, const struct bpffs_plan_var *var)
{
	printf("vars.%s: {", var->name);
	put_field("map", plan->maps[var->map].name);
	printf(", \"offset\": %u, \"size\": %u, ", var->offset, var->size);
	put_type("type", &plan->btf, var->type);
	puts("}");
}

static const char *kconfig_name(const struct bpffs_plan_extern *ext)
{
	static const char * const names[] = {
		[BPFFS_KCONFIG_BOOL] = "bool", [BPFFS_KCONFIG_TRISTATE] = "tristate",
		[BPFFS_KCONFIG_CHAR] = "char", [BPFFS_KCONFIG_STRING] = "string",
	};

	if (ext->value == BPFFS_KCONFIG_INT)
		return ext->is_signed ? "signed" : "unsigned";
	return names[ext->value];
}

/* A function has no type that C could write without its name. */
static void put_extern_type(const struct bpffs_plan *plan, const struct bpffs_plan_extern *ext)
{
	struct bpffs_types types;
	char buf[96];

	if (ext->kind != BPFFS_EXTERN_FUNC) {
		put_type("type", &plan->btf, ext->type);
		return;
	}
	bpffs_types_of(&types, &plan->btf);
	bpffs_types_describe(&types, ext->type, buf, sizeof(buf));
	put_field("type", buf);
}

static void show_extern(const struct bpffs_plan *plan, const struct bpffs_plan_extern *ext)
{
	static const char * const kinds[] = {
		[BPFFS_EXTERN_KCONFIG] = "kconfig", [BPFFS_EXTERN_SYMBOL] = "symbol",
		[BPFFS_EXTERN_VAR] = "variable", [BPFFS_EXTERN_FUNC] = "function",
	};

	printf("externs.%s: {", ext->name);
	put_field("kind", kinds[ext->kind]);
	printf(", \"weak\": %s, ", ext->weak ? "true" : "false");
	put_extern_type(plan, ext);
	if (ext->kind == BPFFS_EXTERN_KCONFIG) {
		printf(", ");
		put_field("value", kconfig_name(ext));
		printf(", \"offset\": %u, \"size\": %u, \"preset\": %s", ext->offset,
		       ext->size, ext->preset ? "true" : "false");
	}
	puts("}");
}

static void show(const struct bpffs_plan *plan)
{
	__u32 i;

	show_object(plan);
	for (i = 0; i < plan->nr_maps; i++)
		show_map(plan, &plan->maps[i]);
	for (i = 0; i < plan->nr_externs; i++)
		show_extern(plan, &plan->externs[i]);
	for (i = 0; i < plan->nr_progs; i++)
		show_prog(plan, &plan->progs[i]);
	for (i = 0; i < plan->nr_vars; i++)
		show_var(plan, &plan->vars[i]);
	if (!plan->remarks.len)
		return;
	printf("remarks: ");
	put_text(plan->remarks.text);
	putchar('\n');
}

static int refused(const struct bpffs_diag *diag)
{
	fprintf(stderr, "error: %s: %s\n", strerrorname_np(-diag->err), diag->text);
	return 1;
}

/* The whole file, or NULL with errno set. */
static void *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	void *image = NULL;
	long length = -1;

	if (!file)
		return NULL;
	if (!fseek(file, 0, SEEK_END))
		length = ftell(file);
	rewind(file);
	if (length >= 0)
		image = malloc(length + 1);
	if (image && fread(image, 1, length, file) != length) {
		free(image);
		image = NULL;
		errno = EIO;
	}
	*size = length;
	fclose(file);
	return image;
}

static int show_file(const char *path, struct bpffs_config *config)
{
	struct bpffs_diag diag = {};
	struct bpffs_plan *plan;
	size_t size;
	void *image;
	int status = 0;

	image = read_file(path, &size);
	if (!image) {
		perror(path);
		return 2;
	}
	plan = bpffs_plan_build(image, size, config, &diag);
	if (IS_ERR(plan)) {
		status = refused(&diag);
	} else {
		show(plan);
		bpffs_plan_free(plan);
	}
	free(image);
	return status;
}

int main(int argc, char **argv)
{
	struct bpffs_config config;
	struct bpffs_diag diag = {};
	int i, status = 0;

	bpffs_config_init(&config);
	for (i = 1; i + 2 < argc && !strcmp(argv[i], "--set") && !status; i += 2)
		if (bpffs_config_set(&config, argv[i + 1], strlen(argv[i + 1]), &diag))
			status = refused(&diag);
	if (!status && i + 1 == argc && *argv[i] != '-') {
		status = show_file(argv[i], &config);
	} else if (!status) {
		fprintf(stderr, "usage: bpffs-plan [--set 'NAME: VALUE']... FILE\n");
		status = 2;
	}
	bpffs_config_clear(&config);
	return status;
}
