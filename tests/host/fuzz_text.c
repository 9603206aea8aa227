// SPDX-License-Identifier: GPL-2.0
/*
 * Text that is taken apart before anybody knows what it means: lines that come
 * in parts, names and values, names of sections, and the verifier's log.
 */
#include <linux/kernel.h>
#include "../../kernel/bpf/codec/codec.h"
#include "../../kernel/bpf/loader/plan.h"
#include "../../kernel/bpf/loader/verdict.h"
#include "fuzz.h"
#include "mutate_words.h"
#include "test.h"

/* A line ends in the same place whether its bytes come at once or one by one. */
static void try_split(const char *text, size_t len)
{
	struct bpffs_splitter whole = {}, single = {};
	u32 newlines = 0, done = 0, inside = 0;
	size_t line, i;

	line = bpffs_split(&whole, text, len, &newlines);
	fuzz_require(line <= len && (newlines || line == len));
	for (i = 0; i < line; i++) {
		fuzz_require(!done);
		fuzz_require(bpffs_split(&single, text + i, 1, &done) == 1);
		inside += text[i] == '\n';
	}
	fuzz_require(!line || done == newlines);
	fuzz_require(!newlines || newlines == inside);
	fuzz_require(!memcmp(&whole, &single, sizeof(whole)));
}

static void try_setting(const char *text, size_t len)
{
	size_t name_len = 0, value_len = 0;
	const char *name = NULL, *value = NULL;
	struct bpffs_diag diag = {};
	int err;

	err = bpffs_parse_setting(text, len, &name, &name_len, &value,
				  &value_len, &diag);
	fuzz_require(err == diag.err);
	if (err || !name_len)
		return;
	fuzz_require(name >= text && name + name_len <= value);
	fuzz_require(value + value_len <= text + len);
}

static void require_sentence(int err, const struct bpffs_diag *diag)
{
	fuzz_require(err == diag->err);
	fuzz_require(!err || (diag->text[0] && diag->line && diag->column));
}

static void try_scalars(const char *text, size_t len)
{
	char out[64], back[64], shown[512];
	struct bpffs_text print = { .buf = shown, .cap = sizeof(shown) };
	struct bpffs_diag diag = {};
	bool flag;
	u64 number;
	int ret;

	ret = bpffs_parse_u64(text, len, U32_MAX, &number, &diag);
	require_sentence(ret, &diag);
	fuzz_require(ret || number <= U32_MAX);
	diag.err = 0;
	ret = bpffs_parse_bool(text, len, &flag, &diag);
	require_sentence(ret, &diag);
	diag.err = 0;
	ret = bpffs_parse_string(text, len, out, sizeof(out), &diag);
	require_sentence(ret, &diag);
	if (ret)
		return;
	bpffs_print_string(&print, out, strlen(out));
	fuzz_require(bpffs_text_fits(&print));
	fuzz_require(!bpffs_parse_string(shown, print.len, back, sizeof(back),
					 NULL));
	fuzz_require(!strcmp(out, back));
}

/* Masking hides every address, and there is nothing left for a second time. */
static void try_log(const char *text, size_t len)
{
	struct bpf_line_info lines[] = { { .insn_off = 0 }, { .insn_off = 4 } };
	struct bpffs_plan_prog prog = { .line_info = lines, .nr_line_info = 2 };
	struct bpffs_btf btf = { .strings = "", .str_len = 1 };
	char *log = fuzz_copy(text, len), *again;
	struct bpffs_verdict verdict;

	bpffs_verdict_find(&verdict, log, len, &prog, &btf);
	if (verdict.sentence)
		fuzz_require(verdict.sentence >= log && verdict.sentence_len &&
			     verdict.sentence + verdict.sentence_len <=
			     log + len);
	bpffs_log_mask(log, len);
	again = fuzz_copy(log, len);
	bpffs_log_mask(again, len);
	fuzz_require(!memcmp(log, again, len));
	free(again);
	free(log);
}

static void try_section(const char *text, size_t len)
{
	const char *target = NULL;
	char *name = malloc(len + 1);

	memcpy(name, text, len);
	name[len] = '\0';
	if (bpffs_section_find(name, &target))
		fuzz_require(target >= name && target <= name + len);
	free(name);
}

int fuzz_one(const u8 *data, size_t size)
{
	char *text = fuzz_copy(data, size);

	try_split(text, size);
	try_setting(text, size);
	try_scalars(text, size);
	try_log(text, size);
	try_section(text, size);
	free(text);
	return 0;
}

size_t fuzz_mutate(u8 *data, size_t size, size_t max, unsigned int seed)
{
	struct fuzz_random random;
	const char *name;
	size_t len;

	fuzz_seed(&random, seed);
	if (fuzz_pick(&random, 32) || max < 64)
		return mutate_text(&random, data, size, max);
	name = words_pick(&random, section_words, ARRAY_SIZE(section_words));
	len = strlen(name);
	memcpy(data, name, len);
	return fuzz_mutate_bytes(data, len, max);
}
