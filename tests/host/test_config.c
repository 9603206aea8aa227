// SPDX-License-Identifier: GPL-2.0
/* Settings: their shapes, and what they make of a plan. */
#include <linux/err.h>
#include <linux/kernel.h>
#include "../../kernel/bpf/loader/plan.h"
#include "test.h"
#include "objects/objects.h"
#include "plan_find.h"

static struct bpffs_config config;
static struct bpffs_diag diag;
static struct object object;

static int set(const char *line)
{
	memset(&diag, 0, sizeof(diag));
	return bpffs_config_set(&config, line, strlen(line), &diag);
}

static void refused(const char *line, int err, const char *part)
{
	size_t bytes = config.bytes;

	is(set(line), err, line);
	has_str(diag.text, part, "and says why");
	is(config.bytes, bytes, "and keeps nothing");
}

static void test_shapes(void)
{
	is(set("# only a comment\n"), 0, "a comment");
	is(set(""), 0, "nothing");
	is(config.bytes, 0, "neither sets anything");
	is(set("threshold: 9\n"), 0, "a variable");
	is_str(bpffs_config_find(&config, "threshold")->value, "9", "its value");
	is(set("threshold: 10 # more"), 0, "again");
	is_str(bpffs_config_find(&config, "threshold")->value, "10",
	       "the new value");
	is(set("threshold: null"), 0, "taken back");
	ok(!bpffs_config_find(&config, "threshold"), "and gone");
	is(config.bytes, 0, "all of it");
	is(set("threshold: null"), 0, "taking back what is not set");
	is(set("maps..rodata.numa_node: 0"), 0, "dots in names of maps");
	is(set("maps.events.record: \"struct event\""), 0, "a string");
	is(set("progs.on_read.autoload: true"), 0, "a flag");
	is(set("progs.on_read.attach_to: \"vfs_write\""), 0, "a target");
	is(set("log_level: 7"), 0, "a level");
	bpffs_config_clear(&config);
	is(config.bytes, 0, "cleared");
}

static void test_refused_shapes(void)
{
	refused("step: {", -EINVAL, "ends inside");
	refused("step: \"open", -EINVAL, "ends inside");
	refused("maps.events", -ENODATA, "no value");
	refused("maps.events: 3", -EINVAL, "maps.NAME.ATTRIBUTE");
	refused("maps.events.colour: 3", -EINVAL, "max_entries");
	refused("maps.events.max_entries: \"x\"", -EINVAL, "");
	refused("maps.events.max_entries: 4294967296", -ERANGE, "");
	refused("progs.on_read.kind: \"xdp\"", -EINVAL, "autoload");
	refused("progs.on_read.autoload: 3", -EINVAL, "");
	refused("log_level: 8", -ERANGE, "");
	refused("a/b: 3", -EINVAL, "not a name");
	refused("\"a b\": 3", -EINVAL, "not a name");
}

/* What is kept is what was written, or nothing. */
static void test_nul(void)
{
	static const char value[] = "step: 1\0002", name[] = "\"a\0b\": 1";

	memset(&diag, 0, sizeof(diag));
	is(bpffs_config_set(&config, value, sizeof(value) - 1, &diag), -EINVAL,
	   "a NUL byte in a value");
	has_str(diag.text, "a NUL byte", "and says why");
	memset(&diag, 0, sizeof(diag));
	is(bpffs_config_set(&config, name, sizeof(name) - 1, &diag), -EINVAL,
	   "a NUL byte in a name");
	has_str(diag.text, "byte 0x00", "and says why");
	is(config.bytes, 0, "and neither is kept");
}

static void test_limit(void)
{
	char line[1100];
	int i, err = 0;

	for (i = 0; i < 1000 && !err; i++) {
		snprintf(line, sizeof(line), "v%d: \"%01000d\"", i, 0);
		err = set(line);
	}
	is(err, -E2BIG, "settings are bounded");
	ok(config.bytes <= BPFFS_CONFIG_MAX, "and so is their memory");
	bpffs_config_clear(&config);
}

static struct bpffs_plan *build(const char *line)
{
	bpffs_config_clear(&config);
	if (set(line))
		return ERR_PTR(-EINVAL);
	memset(&diag, 0, sizeof(diag));
	return bpffs_plan_build(object.image, object.size, &config, &diag);
}

static const struct bpffs_plan_var *find_var(const struct bpffs_plan *plan,
					     const char *name)
{
	__u32 i;

	for (i = 0; i < plan->nr_vars; i++) {
		if (!strcmp(plan->vars[i].name, name))
			return &plan->vars[i];
	}
	return NULL;
}

static void map_setting(const char *line, const char *map, size_t field,
			__u32 want)
{
	struct bpffs_plan *plan = build(line);
	__u32 got;

	if (!ok(!IS_ERR(plan), "%s", line))
		return;
	memcpy(&got, (char *)find_map(plan, map) + field, sizeof(got));
	is(got, want, "is what the map has");
	bpffs_plan_free(plan);
}

#define MAP_SETTING(line, map, field, want) \
	map_setting(line, map, offsetof(struct bpffs_plan_map, field), want)

static void test_maps(void)
{
	MAP_SETTING("maps.by_key.max_entries: 7", "by_key", max_entries, 7);
	MAP_SETTING("maps.events.max_entries: 9000", "events", max_entries,
		    16384);
	MAP_SETTING("maps.events.max_entries: 16384", "events", max_entries,
		    16384);
	MAP_SETTING("maps.events.max_entries: 0", "events", max_entries, 0);
	MAP_SETTING("maps.by_key.key_size: 8", "by_key", key_size, 8);
	MAP_SETTING("maps.by_key.value_size: 16", "by_key", value_size, 16);
	MAP_SETTING("maps.by_key.value_size: 16", "by_key", value_type, 0);
	MAP_SETTING("maps.by_key.numa_node: 1", "by_key", flags,
		    BPF_F_NUMA_NODE);
	MAP_SETTING("maps..rodata.numa_node: 1", ".rodata", numa_node, 1);
	MAP_SETTING("log_level: 2", "by_key", type, BPF_MAP_TYPE_HASH);
}

static void test_progs(void)
{
	struct bpffs_plan *plan = build("progs.on_read.autoload: true");

	if (ok(!IS_ERR(plan), "autoload of a program that does not"))
		ok(find_prog(plan, "on_read")->nr_insns > 0, "it is there");
	bpffs_plan_free(plan);
	plan = build("progs.on_open.autoload: false");
	if (ok(!IS_ERR(plan), "no autoload of one that does"))
		is(find_prog(plan, "on_open")->nr_insns, 0, "it is empty");
	bpffs_plan_free(plan);
	plan = build("progs.on_read.attach_to: \"vfs_write\"");
	if (ok(!IS_ERR(plan), "another target"))
		is_str(find_prog(plan, "on_read")->target, "vfs_write",
		       "is taken");
	bpffs_plan_free(plan);
}

static void preset(const char *line, const char *name, const void *want,
		   size_t size)
{
	struct bpffs_plan *plan = build(line);
	const struct bpffs_plan_map *map;
	const struct bpffs_plan_var *var;

	if (!ok(!IS_ERR(plan), "%s", line)) {
		note("%s", diag.text);
		return;
	}
	var = find_var(plan, name);
	map = &plan->maps[var->map];
	ok(map->data && !memcmp(map->data + var->offset, want, size),
	   "is in %s", map->name);
	ok(bpffs_config_find(&config, name)->used, "and used");
	bpffs_plan_free(plan);
}

static void test_presets(void)
{
	const __u64 zeroes[4] = { 1, 2, 3 };

	preset("threshold: 9", "threshold", &(__u32){ 9 }, 4);
	preset("name: \"sh\"", "name", "sh\0\0\0\0\0", 8);
	preset("total: 18446744073709551615", "total", &(__u64){ -1 }, 8);
	preset("hits: 3", "hits", &(__u64){ 3 }, 8);
	preset("zeroes: [1, 2, 3]", "zeroes", zeroes, sizeof(zeroes));
	preset("lone: 4", "lone", &(__u64){ 4 }, 8);
}

static void unused(const char *line, int err, const char *part)
{
	is(PTR_ERR_OR_ZERO(build(line)), err, line);
	has_str(diag.text, part, "and says why");
}

static void test_unused(void)
{
	unused("nobody: 3", -ENOENT, "no global variable");
	unused("maps.nobody.max_entries: 3", -ENOENT, "it has");
	unused("progs.nobody.autoload: true", -ENOENT, "it has");
	unused("maps.events.record: \"struct nobody\"", -ENOENT, "no type");
	unused("maps.by_key.record: \"struct key\"", -EINVAL,
	       "no ring buffer");
	unused("maps..data.max_entries: 2", -EINVAL, "data section");
	unused("threshold: 4294967296", -ERANGE, "setting threshold");
	unused("threshold: {}", -EINVAL, "setting threshold");
}

static void test_failing_allocations(void)
{
	struct bpffs_plan *plan;
	unsigned long nth;
	int err = 0;

	bpffs_config_clear(&config);
	for (nth = 1; nth < 100; nth++) {
		test_fail_alloc(nth);
		err = set("threshold: 3");
		if (!test_alloc_failed())
			break;
		if (err != -ENOMEM)
			break;
	}
	is(err, 0, "a setting, each allocation having failed");
	set("progs.on_read.attach_to: \"vfs_write\"");
	set("hits: 3");
	for (nth = 1; nth < 10000; nth++) {
		memset(&diag, 0, sizeof(diag));
		test_fail_alloc(nth);
		plan = bpffs_plan_build(object.image, object.size, &config,
					&diag);
		if (!IS_ERR(plan)) {
			bpffs_plan_free(plan);
			if (!test_alloc_failed())
				break;
		} else if (PTR_ERR(plan) != -ENOMEM || !*diag.text) {
			break;
		}
	}
	test_fail_alloc(0);
	ok(!IS_ERR(plan), "a plan with settings, each of %lu having failed",
	   nth - 1);
}

int main(void)
{
	bpffs_config_init(&config);
	object = object_read("whole");
	test_shapes();
	test_refused_shapes();
	test_nul();
	test_limit();
	test_maps();
	test_progs();
	test_presets();
	test_unused();
	test_failing_allocations();
	bpffs_config_clear(&config);
	object_free(&object);
	return done_testing();
}
