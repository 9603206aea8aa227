/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BPFFS_LOADER_VERDICT_H
#define _BPFFS_LOADER_VERDICT_H

#include "plan.h"

/**
 * struct bpffs_verdict - the verifier's reason for refusing a program
 * @sentence: its last meaningful line, inside the log; NULL where it has none
 * @sentence_len: bytes of @sentence
 * @file: name of the source file, inside the BTF; NULL where unknown
 * @line: line in @file, 0 where unknown
 * @has_insn: whether the log names the instruction
 * @insn: its index in the program
 */
struct bpffs_verdict {
	const char *sentence;
	size_t sentence_len;
	const char *file;
	u32 line;
	bool has_insn;
	u32 insn;
};

void bpffs_verdict_find(struct bpffs_verdict *verdict, const char *log,
			size_t len, const struct bpffs_plan_prog *prog,
			const struct bpffs_btf *btf);

/* explain.c */
bool bpffs_verdict_explain(const struct bpffs_verdict *verdict,
			   const struct bpffs_plan *plan,
			   const struct bpffs_plan_prog *prog,
			   const struct bpffs_btf *btf, char *buf, size_t size);

/* mask.c */
void bpffs_log_mask(char *log, size_t len);

#endif /* _BPFFS_LOADER_VERDICT_H */
