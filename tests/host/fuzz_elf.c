// SPDX-License-Identifier: GPL-2.0
/*
 * An object, and after it perhaps lines of a config file with their length and
 * a mark (mutate_elf.h): a plan that keeps its promises is made of it, or it is
 * refused with a sentence; also where memory runs out on the way.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include "../../kernel/bpf/loader/plan.h"
#include "check_plan.h"
#include "fuzz.h"
#include "mutate_elf.h"
#include "test.h"

/* One in so many inputs is tried with an allocation that fails. */
#define FAIL_EVERY	8
#define FAIL_WITHIN	120

static void set_config(struct bpffs_config *config, const u8 *text, size_t len)
{
	struct bpffs_diag diag;
	const u8 *end;
	size_t line;
	int err;

	for (; len; text += line, len -= line) {
		end = memchr(text, '\n', len);
		line = end ? end + 1 - text : len;
		memset(&diag, 0, sizeof(diag));
		err = bpffs_config_set(config, (const char *)text, line, &diag);
		fuzz_require(err == diag.err || err == -ENOMEM);
	}
}

static int build(const void *image, size_t size, struct bpffs_config *config)
{
	struct bpffs_diag diag = {};
	struct bpffs_plan *plan;

	plan = bpffs_plan_build(image, size, config, &diag);
	if (IS_ERR(plan)) {
		fuzz_require(PTR_ERR(plan) == diag.err);
		fuzz_require(diag.text[0]);
		return diag.err;
	}
	fuzz_require(!diag.err);
	check_plan(plan);
	if (bpffs_has_ctx_args(plan) && !bpffs_fit_ctx_args(plan, &diag))
		check_plan(plan);
	bpffs_plan_free(plan);
	return 0;
}

/* What is said of the beginning of an object stays true of more of it. */
static int check_extent(const u8 *image, size_t size)
{
	const size_t parts[] = { 0, 3, 4, 63, 64, size / 2, size };
	struct bpffs_diag diag;
	size_t i, need, known = 0;
	int err = -EAGAIN;
	void *copy;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		if (parts[i] > size || (i && parts[i] < parts[i - 1]))
			continue;
		memset(&diag, 0, sizeof(diag));
		copy = fuzz_copy(image, parts[i]);
		err = bpffs_elf_extent(copy, parts[i], &need, &diag);
		free(copy);
		if (err == -EAGAIN) {
			fuzz_require(!known && need > parts[i]);
			continue;
		}
		fuzz_require(err == diag.err);
		if (err)
			return err;
		fuzz_require(need && need <= BPFFS_OBJECT_MAX);
		fuzz_require(!known || need == known);
		known = need;
	}
	return known && known <= size ? 0 : -EAGAIN;
}

static void try_object(const u8 *object, size_t size,
		       struct bpffs_config *config, u32 fail)
{
	int extent, err;
	u8 *image;

	extent = check_extent(object, size);
	/* Nothing in the file need be aligned. */
	image = malloc(size + 1);
	memcpy(image + 1, object, size);
	err = build(image + 1, size, config);
	fuzz_require(err || !extent);
	if (fail) {
		test_fail_alloc(fail);
		err = build(image + 1, size, config);
		test_fail_alloc(0);
	}
	free(image);
}

int fuzz_one(const u8 *data, size_t size)
{
	u32 hash = fuzz_hash(data, size);
	struct bpffs_config config;
	size_t settings;

	bpffs_config_init(&config);
	settings = elf_settings(data, size);
	if (settings) {
		size -= settings + ELF_MARK_SIZE;
		set_config(&config, data + size, settings);
	}
	try_object(data, size, &config, hash % FAIL_EVERY ? 0 :
		   1 + hash / FAIL_EVERY % FAIL_WITHIN);
	bpffs_config_clear(&config);
	return 0;
}

size_t fuzz_mutate(u8 *data, size_t size, size_t max, unsigned int seed)
{
	return elf_mutate(data, size, max, seed);
}
