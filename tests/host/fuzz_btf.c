// SPDX-License-Identifier: GPL-2.0
/*
 * A blob of BTF: it is refused with a sentence, or everything that is asked of
 * it later has an answer.
 */
#include <linux/kernel.h>
#include "check_plan.h"
#include "fuzz.h"
#include "mutate_words.h"
#include "test.h"

static void ask_type(const struct bpffs_btf *btf, u32 id)
{
	const struct btf_type *type = bpffs_btf_type(btf, id);
	const struct bpffs_btf_layout *layout = &btf->layouts[id];
	char buf[128];
	struct bpffs_text name = { .buf = buf, .cap = sizeof(buf) };
	const char *own;
	u32 found;

	fuzz_require(type);
	fuzz_require(bpffs_btf_resolve(btf, id) < btf->nr_types);
	fuzz_require(bpffs_btf_size(btf, id) == layout->size);
	bpffs_print_type(&name, btf, id);
	fuzz_require(name.len);
	bpffs_btf_decl_tag(btf, id, "record: ");
	own = bpffs_btf_name(btf, type->name_off);
	found = bpffs_btf_find(btf, own, bpffs_btf_kind(type));
	fuzz_require(!*own || (found && found <= id));
	bpffs_btf_find_named(btf, buf);
}

static void ask_values(const struct bpffs_btf *btf, u32 id, u32 hash)
{
	u32 i, size = bpffs_btf_size(btf, id);
	u8 *value;

	if (size > CHECK_VALUE_MAX || !btf->layouts[id].has_value)
		return;
	check_value(btf, id, size, NULL);
	value = malloc(size);
	for (i = 0; i < size; i++)
		value[i] = hash >> (i % 24);
	check_value(btf, id, size, value);
	free(value);
}

int fuzz_one(const u8 *data, size_t size)
{
	u32 id, hash = fuzz_hash(data, size);
	void *blob = fuzz_copy(data, size);
	struct bpffs_diag diag = {};
	struct bpffs_btf btf;
	int err;

	err = bpffs_btf_parse(&btf, blob, size, &diag);
	fuzz_require(err == diag.err && !err == !diag.text[0]);
	if (!err) {
		for (id = 1; id < btf.nr_types && id < 256; id++) {
			ask_type(&btf, id);
			ask_values(&btf, id, hash);
		}
		bpffs_btf_release(&btf);
	}
	test_fail_alloc(1 + hash % 6);
	if (!bpffs_btf_parse(&btf, blob, size, NULL))
		bpffs_btf_release(&btf);
	test_fail_alloc(0);
	free(blob);
	return 0;
}

size_t fuzz_mutate(u8 *data, size_t size, size_t max, unsigned int seed)
{
	struct fuzz_random random;
	u32 i;

	fuzz_seed(&random, seed);
	if (!fuzz_pick(&random, 8))
		return fuzz_mutate_bytes(data, size, max);
	for (i = 0; i <= fuzz_pick(&random, 3); i++)
		mutate_btf_blob(&random, data, size);
	return size;
}
