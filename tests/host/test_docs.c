// SPDX-License-Identifier: GPL-2.0
/* The tables of the documentation, beside what they are about. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/kernel.h>
#include "../../kernel/bpf/loader/build.h"
#include "test.h"

#ifndef DOCUMENTATION
#define DOCUMENTATION "Documentation"
#endif

#define MAX_ROWS	256

struct row {
	char section[32];
	char type[32];
	unsigned int attach_type;
	char flags[64];
	char hook[32];
};

static struct row rows[MAX_ROWS];
static int nr_rows;

/* The table whose heading begins with @heading, up to the rule that ends it. */
static void read_rows(FILE *file, const char *heading)
{
	char line[512];

	while (fgets(line, sizeof(line), file) && strncmp(line, heading, strlen(heading)))
		;
	if (!fgets(line, sizeof(line), file))
		return;
	while (fgets(line, sizeof(line), file) && *line != '=' && nr_rows < MAX_ROWS) {
		struct row *row = &rows[nr_rows++];

		/* Flags are words with one space between, columns have two. */
		if (sscanf(line, "%31s %31s %u %63[^\n]", row->section, row->type,
			   &row->attach_type, row->flags) != 4)
			note("no row: %s", line);
		snprintf(row->hook, sizeof(row->hook), "%.*s",
			 (int)strcspn(strrchr(line, ' ') + 1, "\n"),
			 strrchr(line, ' ') + 1);
		*strstr(row->flags, "  ") = '\0';
	}
}

static void flags_of(const struct bpffs_section_def *def, char *text)
{
	static const char * const names[] = { "target", "sleepable", "btf", "frags" };
	static const int order[] = { 0, 2, 1, 3 };
	size_t i;

	*text = '\0';
	for (i = 0; i < ARRAY_SIZE(order); i++) {
		if (!(def->flags & (1U << order[i])))
			continue;
		strcat(text, *text ? " " : "");
		strcat(text, names[order[i]]);
	}
	if (!*text)
		strcpy(text, "-");
}

static void compare(const struct row *row)
{
	const struct bpffs_section_def *def;
	const char *target;
	char flags[64];

	def = bpffs_section_find(row->section, &target);
	if (!ok(def && !strcmp(def->prefix, row->section), "%s is a section name",
		row->section))
		return;
	flags_of(def, flags);
	is_str(row->type, bpffs_prog_type_name(def->type), "its type");
	is(row->attach_type, def->attach_type, "its attach type");
	is_str(row->flags, flags, "its flags");
	is_str(row->hook, *def->hook ? def->hook : "-", "its hook");
}

static void test_section_names(FILE *file)
{
	int i, j, twice = 0;

	read_rows(file, "section                 type ");
	is(nr_rows, bpffs_nr_section_defs, "a row for each section name");
	for (i = 0; i < nr_rows; i++) {
		compare(&rows[i]);
		for (j = 0; j < i; j++)
			twice += !strcmp(rows[i].section, rows[j].section);
	}
	is(twice, 0, "no row is there twice");
}

/* A line of the text begins with ``@name``. */
static bool begins_a_line(FILE *file, const char *name)
{
	char line[512], quoted[64];

	snprintf(quoted, sizeof(quoted), "``%s``", name);
	rewind(file);
	while (fgets(line, sizeof(line), file)) {
		if (!strncmp(line, quoted, strlen(quoted)))
			return true;
	}
	return false;
}

static void test_rows_for(FILE *file, const char *(*name)(__u32 index), const char *what)
{
	__u32 i;

	for (i = 0; name(i); i++)
		ok(begins_a_line(file, name(i)), "%s %s has a row", what, name(i));
	ok(i > 4, "%u of them", i);
}

static const char *plan_line(__u32 index)
{
	static const char * const names[] = {
		"object", "maps.NAME", "externs.NAME", "progs.NAME", "vars.NAME", "remarks", NULL,
	};

	return names[index];
}

int main(void)
{
	FILE *file = fopen(DOCUMENTATION "/bpffs-elf.rst", "r");

	if (!ok(!!file, "the documentation of the format is there"))
		return done_testing();
	test_section_names(file);
	test_rows_for(file, build_section_name, "section");
	test_rows_for(file, build_map_attr_name, "attribute");
	test_rows_for(file, plan_line, "line");
	fclose(file);
	return done_testing();
}
