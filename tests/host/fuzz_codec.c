// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer's entry: the length of BTF, BTF, then bytes that are used both as a
 * value and as text. Whatever is taken as BTF must print; the text must be taken
 * or refused with a sentence.
 */
#include <stdlib.h>
#include <string.h>
#include <linux/kernel.h>
#include "../../kernel/bpf/codec/codec.h"

#define VALUE_MAX	4096
#define TEXT_MAX	BIT(20)

static char text[TEXT_MAX];

static void try_value(const struct bpffs_btf *btf, u32 type, const u8 *data,
		      size_t left)
{
	struct bpffs_text out = { .buf = text, .cap = sizeof(text) };
	u32 size = bpffs_btf_size(btf, type);
	struct bpffs_diag diag = {};
	u8 *value, *back;

	if (size > VALUE_MAX)
		return;
	value = calloc(1, size + 1);
	back = malloc(size);
	memcpy(value, data, min_t(size_t, left, size));
	bpffs_print_value(&out, btf, type, size, value);
	bpffs_store_value(btf, type, size, back, value);
	bpffs_parse_value((const char *)data, left, btf, type, size, back,
			  &diag);
	if (diag.err && (!diag.line || !diag.text[0]))
		abort();
	free(back);
	free(value);
}

/* By the name that libFuzzer looks for. */
int fuzz_codec(const u8 *data, size_t size) __asm__("LLVMFuzzerTestOneInput");

int fuzz_codec(const u8 *data, size_t size)
{
	struct bpffs_diag diag = {};
	struct bpffs_btf btf;
	u32 blob_size, id;
	void *blob;
	int err;

	if (size < 4)
		return 0;
	blob_size = min_t(size_t, data[0] | data[1] << 8, size - 2);
	blob = malloc(blob_size);
	memcpy(blob, data + 2, blob_size);
	err = bpffs_btf_parse(&btf, blob, blob_size, &diag);
	if (err != diag.err)
		abort();
	if (!err) {
		data += 2 + blob_size;
		size -= 2 + blob_size;
		for (id = 1; id < btf.nr_types && id < 64; id++)
			try_value(&btf, id, data, size);
		bpffs_btf_release(&btf);
	}
	free(blob);
	return 0;
}
