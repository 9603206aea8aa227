// SPDX-License-Identifier: GPL-2.0
/*
 * Lines of a config file: each is kept or refused with a sentence, what is kept
 * can be written back as it reads, and an object is built with it.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include "../../kernel/bpf/codec/codec.h"
#include "objects/objects.h"
#include "check_plan.h"
#include "fuzz.h"
#include "mutate_words.h"
#include "test.h"

static void set_lines(struct bpffs_config *config, const char *text, size_t len)
{
	struct bpffs_splitter split;
	struct bpffs_diag diag;
	size_t line;
	u32 newlines;
	char *copy;
	int err;

	for (; len; text += line, len -= line) {
		memset(&split, 0, sizeof(split));
		memset(&diag, 0, sizeof(diag));
		line = bpffs_split(&split, text, len, &newlines);
		fuzz_require(line && line <= len);
		copy = fuzz_copy(text, line);
		err = bpffs_config_set(config, copy, line, &diag);
		fuzz_require(err == diag.err && !err == !diag.text[0]);
		free(copy);
	}
	fuzz_require(config->bytes <= BPFFS_CONFIG_MAX);
}

/* As the file system prints a setting. */
static void put_back(struct bpffs_config *config,
		     const struct bpffs_setting *setting)
{
	size_t len = strlen(setting->name) + strlen(setting->value) + 4;
	struct bpffs_diag diag = {};
	char *line = malloc(len);

	snprintf(line, len, "%s: %s\n", setting->name, setting->value);
	if (bpffs_config_set(config, line, len - 1, &diag))
		fprintf(stderr, "%s\n%s", diag.text, line);
	fuzz_require(!diag.err);
	free(line);
}

static void check_written_back(struct bpffs_config *config)
{
	struct bpffs_setting *setting;
	const struct bpffs_setting *found;
	struct bpffs_config other;

	bpffs_config_init(&other);
	list_for_each_entry(setting, &config->settings, node) {
		fuzz_require(bpffs_config_find(config, setting->name) ==
			     setting);
		put_back(&other, setting);
		found = bpffs_config_find(&other, setting->name);
		fuzz_require(found && !strcmp(found->value, setting->value));
	}
	fuzz_require(other.bytes == config->bytes);
	bpffs_config_clear(&other);
	fuzz_require(!other.bytes);
}

static void build_with(const struct object *object, struct bpffs_config *config)
{
	struct bpffs_diag diag = {};
	struct bpffs_plan *plan;

	plan = bpffs_plan_build(object->image, object->size, config, &diag);
	if (IS_ERR(plan)) {
		fuzz_require(PTR_ERR(plan) == diag.err && diag.text[0]);
		return;
	}
	check_plan(plan);
	bpffs_plan_free(plan);
}

int fuzz_one(const u8 *data, size_t size)
{
	static struct object whole;
	struct bpffs_config config;

	if (!whole.image)
		whole = object_read("whole");
	bpffs_config_init(&config);
	set_lines(&config, (const char *)data, size);
	check_written_back(&config);
	build_with(&whole, &config);
	bpffs_config_clear(&config);
	return 0;
}

size_t fuzz_mutate(u8 *data, size_t size, size_t max, unsigned int seed)
{
	struct fuzz_random random;

	fuzz_seed(&random, seed);
	if (!fuzz_pick(&random, 16) && max >= 64)
		return words_lines(&random, (char *)data, min_t(size_t, max, 1024));
	return mutate_text(&random, data, size, max);
}
