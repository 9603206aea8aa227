/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two loaders, one object: what each makes of it, told in the same words so
 * that it can be compared line by line.
 */
#ifndef _VERDICT_H
#define _VERDICT_H

#include <stdbool.h>
#include <stdio.h>

#include <linux/types.h>

/**
 * struct request - what is to be loaded
 * @object: path of the object
 * @only: the one program to load, NULL for those that load by default
 *
 * A side runs in a process of its own: it may exit, crash or be killed. It
 * prints a description to @out and returns 0, or why it could not load and
 * returns 1.
 */
struct request {
	const char *object;
	const char *only;
};

typedef int (*side_fn)(const struct request *request, FILE *out);

enum ending {
	LOADED,
	REFUSED,
	TOO_SLOW,
	DIED,
};

/**
 * struct outcome - what a side came to
 * @ending: how it ended
 * @text: what it printed; allocated
 * @ms: time it took
 */
struct outcome {
	enum ending ending;
	char *text;
	long ms;
};

/* outcome.c */
extern unsigned int side_limit;		/* seconds that a side may take */
void die(const char *what);
struct outcome run_side(side_fn side, const struct request *request);
void recall_from(const char *path);
bool recall(const char *name, struct outcome *outcome);
void record(const char *name, const struct outcome *outcome);

/* describe.c */
int describe_map(FILE *out, const char *name, int fd);
int describe_prog(FILE *out, const char *name, int fd);

/* answer.c */
void answer_later(const char *name, int fd, __u32 type);
void answer_all(FILE *out);

/* side_libbpf.c */
int side_libbpf(const struct request *request, FILE *out);
int side_programs(const struct request *request, FILE *out);

/* side_bpffs.c: loads into BPFFS_MOUNT, where the caller mounts a namespace */
#define BPFFS_MOUNT	"/run/verdict"
int side_bpffs(const struct request *request, FILE *out);

#endif /* _VERDICT_H */
