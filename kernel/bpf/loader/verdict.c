// SPDX-License-Identifier: GPL-2.0
/*
 * Finding, in the verifier's log, the line that says why a program is refused
 * and the source line that the refused instruction was compiled from.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "verdict.h"

/* A line of the log, without its newline. */
struct log_line {
	const char *text;
	size_t len;
};

/* Steps from @line to the line before it; the walk begins past the end. */
static bool previous_line(const char *log, struct log_line *line)
{
	const char *end = line->text, *start;

	if (end > log && end[-1] == '\n')
		end--;
	else if (end == log)
		return false;
	for (start = end; start > log && start[-1] != '\n';)
		start--;
	line->text = start;
	line->len = end - start;
	return true;
}

static bool begins_with(const struct log_line *line, const char *prefix)
{
	size_t len = strlen(prefix);

	return line->len >= len && !memcmp(line->text, prefix, len);
}

static bool has(const struct log_line *line, const char *word)
{
	size_t i, len = strlen(word);

	for (i = 0; i + len <= line->len; i++)
		if (!memcmp(line->text + i, word, len))
			return true;
	return false;
}

/* "17: (85) call ..." is what the verifier prints of instruction 17. */
static bool instruction_index(const struct log_line *line, u32 *index)
{
	size_t i;
	u32 value = 0;

	for (i = 0; i < line->len; i++) {
		char c = line->text[i];

		if (c < '0' || c > '9')
			break;
		if (value > 100000000)
			return false;
		value = value * 10 + c - '0';
	}
	if (!i || line->len < i + 3 || memcmp(line->text + i, ": (", 3))
		return false;
	*index = value;
	return true;
}

/* Statistics and states say nothing about the reason of a refusal. */
static bool is_reason(const struct log_line *line)
{
	static const char * const noise[] = {
		"processed ", "verification time ", "stack depth ",
		"max_states_per_insn", "; ", "from ", "mark_precise",
		"parent ", "last_idx ", "regs=", "cur state:", "old state:",
	};
	u32 index;
	int i;

	if (!line->len || instruction_index(line, &index))
		return false;
	for (i = 0; i < ARRAY_SIZE(noise); i++)
		if (begins_with(line, noise[i]))
			return false;
	return !begins_with(line, "subprog ") || !has(line, " insns_self ");
}

static void find_source(struct bpffs_verdict *verdict, u32 insn,
			const struct bpffs_plan_prog *prog,
			const struct bpffs_btf *btf)
{
	const struct bpf_line_info *found = NULL;
	const char *name, *slash;
	u32 i;

	for (i = 0; i < prog->nr_line_info; i++) {
		if (prog->line_info[i].insn_off > insn)
			break;
		found = &prog->line_info[i];
	}
	if (!found)
		return;
	name = bpffs_btf_name(btf, found->file_name_off);
	slash = strrchr(name, '/');
	verdict->file = slash ? slash + 1 : name;
	verdict->line = found->line_col >> 10;
}

/*
 * Since 7.3 a report follows the reason, which explains it at length: what was
 * found in that is none, unless there is nothing before.
 */
#define REPORT	"Verification failed: "

static void pass_report(struct bpffs_verdict *verdict, struct log_line *title,
			const struct log_line *line)
{
	/*
	 * The last one counts, and so does a reason before it. Unlike reasons what
	 * a report says is indented.
	 */
	if (title->len && verdict->sentence && *verdict->sentence != ' ')
		return;
	verdict->sentence = NULL;
	if (title->len)
		return;
	title->text = line->text + strlen(REPORT);
	title->len = line->len - strlen(REPORT);
}

/**
 * bpffs_verdict_find() - why the verifier refused a program
 * @verdict: where to put the answer
 * @log: the verifier's log, need not end in a NUL
 * @len: bytes in @log
 * @prog: the plan of the refused program, for its line info
 * @btf: the object's BTF, for names of source files
 *
 * Reads the log backwards and stops as soon as it knows enough, so that a log
 * of many megabytes costs what its end costs.
 */
void bpffs_verdict_find(struct bpffs_verdict *verdict, const char *log,
			size_t len, const struct bpffs_plan_prog *prog,
			const struct bpffs_btf *btf)
{
	struct log_line line = { .text = log + len }, title = {};

	memset(verdict, 0, sizeof(*verdict));
	while (previous_line(log, &line)) {
		if (begins_with(&line, REPORT)) {
			pass_report(verdict, &title, &line);
			continue;
		}
		if (!verdict->sentence && is_reason(&line)) {
			verdict->sentence = line.text;
			verdict->sentence_len = line.len;
		}
		verdict->has_insn = instruction_index(&line, &verdict->insn);
		if (verdict->has_insn) {
			find_source(verdict, verdict->insn, prog, btf);
			break;
		}
	}
	if (verdict->sentence || !title.len)
		return;
	verdict->sentence = title.text;
	verdict->sentence_len = title.len;
}
