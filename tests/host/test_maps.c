// SPDX-License-Identifier: GPL-2.0
/* Maps in plans: legacy ones, templates, initial entries, and hostile ones. */
#include <linux/err.h>
#include <linux/kernel.h>
#include "../../kernel/bpf/loader/plan.h"
#include "test.h"
#include "objects/objects.h"
#include "plan_build.h"
#include "plan_find.h"

static struct object maps, legacy;

/* What program 0 names, by the name of the map, in the order of its loads. */
static const char *ref(const struct bpffs_plan *plan, __u32 i)
{
	const struct bpffs_plan_prog *prog = &plan->progs[0];

	return i < prog->nr_map_refs ?
	       plan->maps[prog->map_refs[i].map].name : NULL;
}

static void test_legacy(void)
{
	struct bpffs_plan *plan = plan_of(&legacy);
	const struct bpffs_plan_map *map;

	if (!ok(!IS_ERR(plan), "legacy maps are taken: %s", diag.text))
		return;
	is(plan->nr_maps, 4, "all of them, with those of .maps and .bss");
	map = find_map(plan, "by_port");
	is(map->type, BPF_MAP_TYPE_HASH, "type");
	is(map->key_size, 2, "key size");
	is(map->value_size, 16, "value size");
	is(map->max_entries, 64, "entries");
	is(map->flags, BPF_F_NO_PREALLOC, "flags");
	is(bpffs_btf_size(&plan->btf, map->key_type), 2, "type of the key");
	is(bpffs_btf_size(&plan->btf, map->value_type), 16,
	   "type of the value");
	map = find_map(plan, "events");
	is(map->type, BPF_MAP_TYPE_PERF_EVENT_ARRAY, "type of the other");
	is(map->key_type, 0, "which has no types");
	is_str(ref(plan, 0), "by_port", "the first load names a legacy map");
	is_str(ref(plan, 1), "modern", "the second one of .maps");
	is_str(ref(plan, 2), "events", "the third a legacy one");
	bpffs_plan_free(plan);
}

static __u32 *words(struct object *object, const char *section)
{
	return object_bytes(object, section);
}

static struct elf64_rel *rels(struct object *object)
{
	return object_bytes(object, ".rel.maps");
}

static struct object copy_of(const struct object *object)
{
	return object_copy(object, object->size);
}

/* @change is what to write where in a copy of the object. */
#define REFUSED(which, what, err, part, change) do {			\
	struct object o = copy_of(which);				\
									\
	change;								\
	is(build(&o), err, what);					\
	has_str(diag.text, part, "and says why");			\
	object_free(&o);						\
} while (0)

static void test_empty_key(void)
{
	struct object object = object_read("unusual");
	struct bpffs_plan *plan = plan_of(&object);
	const struct bpffs_plan_map *map;

	if (ok(!IS_ERR(plan), "a key of an empty struct is taken: %s", diag.text)) {
		map = find_map(plan, "waiting");
		is(map->key_size, 0, "it has no bytes");
		is(map->key_type, 0, "and no type");
		is(map->value_size, 4, "the value has some");
		bpffs_plan_free(plan);
	}
	object_free(&object);
}

static void test_hostile_legacy(void)
{
	REFUSED(&legacy, "a section that is cut", -EINVAL, "not inside",
		object_shdr_of(&o, "maps")->sh_size -= 1);
	REFUSED(&legacy, "a definition past the end", -EINVAL, "not inside",
		object_symbol(&o, "events")->st_value = 52);
	REFUSED(&legacy, "fewer maps than there is room for", -EINVAL,
		"no such symbol",
		object_symbol(&o, "events")->st_shndx = SHN_ABS);
	REFUSED(&legacy, "two definitions in one place", -EINVAL, "not its own",
		object_symbol(&o, "events")->st_value =
			object_symbol(&o, "by_port")->st_value);
	REFUSED(&legacy, "definitions that overlap", -EINVAL, "not its own",
		object_symbol(&o, "events")->st_value = 4);
	REFUSED(&legacy, "an attribute that there never was", -EINVAL,
		"has attributes behind", words(&o, "maps")[6] = 1);
	REFUSED(&legacy, "no contents", -EINVAL, "section maps",
		object_shdr_of(&o, "maps")->sh_type = SHT_NOBITS);
}

static void test_row_5_slots(void)
{
	REFUSED(&maps, "row 5: a value past the section", -EINVAL,
		"no map is there", rels(&o)->r_offset = 1 << 20);
	REFUSED(&maps, "row 5: a value at the end of the world", -EINVAL,
		"no map is there", rels(&o)->r_offset = -8);
	REFUSED(&maps, "row 5: a value across two definitions", -EINVAL,
		"not at one of its values", rels(&o)->r_offset += 4);
	REFUSED(&maps, "row 5: a value among attributes", -EINVAL,
		"not at one of its values",
		rels(&o)->r_offset = object_symbol(&o, "tables")->st_value);
	REFUSED(&maps, "row 5: a value in a map without any", -EINVAL,
		"not at one of its values",
		rels(&o)->r_offset = object_symbol(&o, "plain")->st_value);
	REFUSED(&maps, "row 5: of another type", -EINVAL, "type 1 on a pointer",
		rels(&o)->r_info = (rels(&o)->r_info & ~0xffffffffULL) | 1);
	REFUSED(&maps, "row 5: against the null symbol", -EINVAL, "symbol 0 of",
		rels(&o)->r_info = 2);
	REFUSED(&maps, "row 5: against no symbol", -EINVAL, "symbol 65536 of",
		rels(&o)->r_info = (65536ULL << 32) | 2);
	REFUSED(&maps, "row 5: into the middle of a map", -EINVAL,
		"no map that .maps defines",
		words(&o, ".maps")[rels(&o)->r_offset / 4] = 4);
	REFUSED(&maps, "row 5: before all maps", -EINVAL,
		"no map that .maps defines",
		memset(words(&o, ".maps") + rels(&o)->r_offset / 4, 0xff, 8));
	REFUSED(&maps, "row 5: a program for a map", -EINVAL,
		"of section kprobe/vfs_read is no map",
		rels(&o)->r_info = (rels(&o)[4].r_info));
	REFUSED(&maps, "row 5: a map for a program", -EINVAL,
		"of section .maps is no program",
		rels(&o)[4].r_info = (rels(&o)->r_info));
	REFUSED(&maps, "row 5: the middle of a program", -EINVAL,
		"is no program",
		words(&o, ".maps")[rels(&o)[4].r_offset / 4] = 8);
}

static struct bpffs_config config;

static void test_inner_setting(const char *line, int err, const char *part)
{
	struct bpffs_plan *plan;

	bpffs_config_clear(&config);
	is(bpffs_config_set(&config, line, strlen(line), NULL), 0, line);
	plan = plan_configured(&maps, &config);
	is(IS_ERR(plan) ? PTR_ERR(plan) : 0, err, "is refused when loading");
	has_str(diag.text, part, "and says why");
	if (!IS_ERR(plan))
		bpffs_plan_free(plan);
}

static void test_inner_settings(void)
{
	static const char * const lines[] = {
		"maps.rings.inner: \"plain\"", "maps.plain.max_entries: 99",
		"maps.rings.max_entries: 5",
	};
	const struct bpffs_plan_map *map;
	struct bpffs_plan *plan;
	size_t i;

	test_inner_setting("maps.rings.inner: \"nowhere\"", -ENOENT,
			   "no map \"nowhere\"");
	test_inner_setting("maps.rings.inner: \"rings\"", -EINVAL,
			   "a map of maps itself");
	test_inner_setting("maps.plain.inner: \"first\"", -EINVAL,
			   "no map of maps");
	bpffs_config_clear(&config);
	for (i = 0; i < ARRAY_SIZE(lines); i++)
		bpffs_config_set(&config, lines[i], strlen(lines[i]), NULL);
	plan = plan_configured(&maps, &config);
	if (ok(!IS_ERR(plan), "a template by its name")) {
		map = find_map(plan, "rings");
		is(map->max_entries, 5, "the map of maps has its own size");
		is(map->inner->type, BPF_MAP_TYPE_HASH, "its maps their type");
		is(map->inner->max_entries, 99, "and what is set for them");
		bpffs_plan_free(plan);
	}
	bpffs_config_clear(&config);
}

/* Whatever a word says: a plan, or an error with a sentence. */
static void test_extreme_words(const struct object *from)
{
	static const __u32 extremes[] = { 0, 1, 0x7fffffff, 0x80000000, ~0U };
	struct object object = object_copy(from, from->size);
	unsigned long mute = 0;
	__u32 old;
	size_t i, j;

	for (i = 0; i + 4 <= object.size; i += 4) {
		memcpy(&old, object.image + i, 4);
		for (j = 0; j < ARRAY_SIZE(extremes); j++) {
			memcpy(object.image + i, &extremes[j], 4);
			if (build(&object) && !*diag.text)
				mute++;
		}
		memcpy(object.image + i, &old, 4);
	}
	is(mute, 0, "no extreme in any word is refused without a sentence");
	object_free(&object);
}

static void test_failing_allocations(const struct object *object)
{
	unsigned long nth;
	int err = 0;

	for (nth = 1; nth < 10000; nth++) {
		test_fail_alloc(nth);
		err = build(object);
		if (!test_alloc_failed() || err != -ENOMEM || !*diag.text)
			break;
	}
	test_fail_alloc(0);
	is(err, 0, "after each allocation has failed once");
	ok(nth > 10, "all %lu of them", nth - 1);
}

static void advice(const struct bpffs_plan_map *map, const char *want, const char *what)
{
	const char *got = bpffs_map_advice(map, map->max_entries);

	if (want)
		has_str(got ?: "", want, what);
	else
		ok(!got, "%s: %s", what, got ?: "nothing is wrong");
}

#define ADVICE(want, what, ...) \
	advice(&(struct bpffs_plan_map){ __VA_ARGS__ }, want, what)

#define MAP(_type, _key, _value, _entries) \
	.type = BPF_MAP_TYPE_##_type, .key_size = _key, .value_size = _value, \
	.max_entries = _entries

static void test_advice(void)
{
	ADVICE(NULL, "a hash", MAP(HASH, 8, 8, 1));
	ADVICE("needs max_entries", "a hash of no entries", MAP(HASH, 8, 8, 0));
	ADVICE("needs a key", "a hash without keys", MAP(HASH, 0, 8, 1));
	ADVICE("needs a value", "a hash without values", MAP(LRU_HASH, 8, 0, 1));
	ADVICE("must not have map_extra", "a hash with extra", MAP(HASH, 8, 8, 1), .map_extra = 1);
	ADVICE("online", "a hash on a node", MAP(HASH, 8, 8, 1), .flags = BPF_F_NUMA_NODE);
	ADVICE("keys have to have 4 bytes", "an array by long", MAP(ARRAY, 8, 8, 1));
	ADVICE("values have to have 4 bytes", "programs by long", MAP(PROG_ARRAY, 4, 8, 1));
	ADVICE("a __u32 prefix length", "a trie of numbers", MAP(LPM_TRIE, 4, 4, 1));
	ADVICE("BPF_F_NO_PREALLOC", "a trie without its flag", MAP(LPM_TRIE, 8, 4, 1));
	ADVICE(NULL, "a trie", MAP(LPM_TRIE, 8, 4, 1), .flags = BPF_F_NO_PREALLOC);
	ADVICE("must not have max_entries", "storage with entries", MAP(SK_STORAGE, 4, 4, 1));
	ADVICE("BPF_F_NO_PREALLOC", "storage without its flag", MAP(TASK_STORAGE, 4, 4, 0));
	ADVICE("must not have a key", "a queue with keys", MAP(QUEUE, 4, 4, 1));
	ADVICE(NULL, "a bloom filter with extra", MAP(BLOOM_FILTER, 0, 4, 1), .map_extra = 3);
	ADVICE("must not have a value", "a ring with values", MAP(RINGBUF, 0, 4, 4096));
	ADVICE("power of two of pages", "a ring of nothing", MAP(RINGBUF, 0, 0, 0));
	ADVICE("power of two of pages", "a ring of 3 pages", MAP(RINGBUF, 0, 0, 3 * 4096));
	ADVICE(NULL, "a ring", MAP(USER_RINGBUF, 0, 0, 4096));
	ADVICE(NULL, "a type of tomorrow", .type = 1000);
	ADVICE(NULL, "no type", .type = 0);
}

int main(void)
{
	test_advice();
	maps = object_read("maps");
	legacy = object_read("legacy");
	bpffs_config_init(&config);
	test_legacy();
	test_empty_key();
	test_hostile_legacy();
	test_row_5_slots();
	test_inner_settings();
	test_extreme_words(&maps);
	test_extreme_words(&legacy);
	test_failing_allocations(&maps);
	test_failing_allocations(&legacy);
	object_free(&maps);
	object_free(&legacy);
	return done_testing();
}
