/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A random operator on a bpffs, and a model of the tree that it works on.
 *
 * Alone, it knows what every operation must come to: a struct node is what an
 * inode should be, and predictions say which errno the VFS and bpffs have to
 * give. In a crowd, several of it work on one tree without a model; when all of
 * them have ended, the tree has to agree with itself.
 *
 * One seed is one sequence of operations: everything random comes from pick().
 */
#ifndef _BPFFS_OPERATOR_H
#define _BPFFS_OPERATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>
#include "../../host/include/linux/compiler_attributes.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* Longer than any path that is made up here. */
#define PATH_SIZE	2048

/* Enough for a name of 255 bytes. */
#define NAME_SIZE	300

#define ALICE		1000

/*
 * main.c: what is random, what goes wrong, and who does it
 */
void begin_chance(unsigned int from);
unsigned int pick(unsigned int below);

/* What is being done, for whoever reads that it went wrong. */
void doing(const char *format, ...) __printf(1, 2);
void wrong(const char *format, ...) __printf(1, 2) __noreturn;

extern bool as_alice;		/* who the next operation is done by */
void become(bool alice);

/* Does a system call as the user whose turn it is; 0, or minus its errno. */
#define try_as_user(call) ({			\
	long ret_;				\
	int err_;				\
	become(as_alice);			\
	ret_ = (call);				\
	err_ = ret_ < 0 ? -errno : 0;		\
	become(false);				\
	err_;					\
})

/* The errno must be this one. */
void check(int got, int want);
/* Or one of two that the kernel may choose from. */
void check_any(int got, int one, int other);

/*
 * objects.c: what is loaded
 */
enum which {
	MAPS,
	PROGS,
	VARS,
	NR_WHICH,
};

extern const char * const which_names[NR_WHICH];

#define ITEMS_MAX	64
#define OBJECTS_MAX	8

/* One name that a load of an object makes. */
struct item {
	enum which which;
	char name[64];
	mode_t mode;
	char hook[24];		/* of a program: first part of its section */
	char target[64];	/* and the rest */
};

struct object {
	const char *path;
	char *data;
	size_t size;
	struct item items[ITEMS_MAX];
	unsigned int nr_items;
};

extern struct object objects[OBJECTS_MAX];
extern unsigned int nr_objects;

void object_read(const char *path);
void object_learn(struct object *object);
int object_write(int fd, const struct object *object, size_t step);

/*
 * model.c: the tree as it should be
 */
enum kind {
	OBJECT_DIR,
	CONTROL,	/* load, log, config, attach, info */
	ITEMS_DIR,	/* maps/, progs/, vars/ */
	HOOK_DIR,	/* hooks/ and what is below */
	ITEM,
};

enum control {
	LOAD,
	LOG,
	CONFIG,
	ATTACH,
	INFO,
	NR_CONTROLS,
};

/* A kind of hook and what of it is named here. */
struct hook {
	const char *name;
	unsigned int depth;
	const char *targets[3];	/* the last one is not there */
};

/**
 * struct node - what an inode should be
 * @kind: of node
 * @which: ITEMS_DIR, ITEM: what it holds or is
 * @control: CONTROL: which one
 * @hook: HOOK_DIR: kind of hook, NULL for hooks/ itself
 * @level: HOOK_DIR: components from hooks/ to here
 * @mode: permissions
 * @uid: owner
 * @gid: group
 * @nlink: what stat(2) says
 * @ino: likewise; 0 until it was seen
 * @parent: of a directory: where it stands
 * @names: of a directory: what is in it
 * @item: ITEM: what it was made from
 * @load: ITEM: number of the load that made it; OBJECT_DIR: of its last load
 *
 * Nodes are never freed: a run has an end.
 */
struct node {
	enum kind kind;
	enum which which;
	enum control control;
	const struct hook *hook;
	unsigned int level;
	mode_t mode;
	uid_t uid;
	gid_t gid;
	nlink_t nlink;
	ino_t ino;
	struct node *parent;
	struct name *names;
	const struct item *item;
	unsigned int load;
};

struct name {
	struct name *next;
	struct node *dir;
	struct node *node;
	char text[];
};

/* Where a path leads: @node is NULL where @last does not stand in @dir. */
struct place {
	struct node *dir;
	struct node *node;
	char last[PATH_SIZE];
	bool plain;		/* the last component is neither "." nor ".." */
};

extern struct node *root;

bool is_dir(const struct node *node);
bool is_leaf(const struct node *node);
bool is_reserved(const char *name);
bool is_plain(const char *name);
bool in_use(const struct node *dir);
bool may(const struct node *node, int mask);
bool sticky(const struct node *dir, const struct node *node);
struct name *find_name(const struct node *dir, const char *text);
struct node *subdir(const struct node *dir, const char *text);
struct node *object_dir_of(struct node *dir);
void add_name(struct node *dir, const char *text, struct node *node);
void drop_name(struct node *dir, const char *text);
struct node *make_object_dir(struct node *parent, const char *text, mode_t mode);
struct node *make_item(struct node *dir, const struct item *item, unsigned int load);
struct node *use_hook_dir(struct node *hooks, const char *path);
int walk_parent(const char *path, struct place *place);
int walk(const char *path, struct place *place);
int walk_new(const char *path, struct place *place);
int may_create(const struct node *dir);
void begin_model(mode_t mode);

/*
 * paths.c: what operations are tried on
 */
void pick_path(char *path);
void pick_dir(char *path);
void pick_of_kind(char *path, enum kind kind, int which);
void pick_any_path(char *path);

extern const struct hook hooks[];
extern const unsigned int nr_hooks;

/*
 * names.c, links.c, nodes.c, loads.c: operations that the model knows
 */
void do_link(void);
void do_make_other(void);

extern void (* const name_operations[])(void);
extern const unsigned int nr_name_operations;
extern void (* const node_operations[])(void);
extern const unsigned int nr_node_operations;
extern void (* const load_operations[])(void);
extern const unsigned int nr_load_operations;

int predict_attach(const struct node *prog, const struct hook *hook, const char *target,
		   bool *perhaps);

/*
 * compare.c: the tree as it is
 */
void compare_node(const char *path, struct node *node);
unsigned long compare_tree(void);
void survey_tree(void);

/*
 * files.c, mounts.c: operations that leave the tree as it was
 */
#define NR_SLOTS	8

extern int slots[NR_SLOTS];	/* descriptors, or -1 */
extern bool in_crowd;		/* the model does not matter */

void keep_open(int fd);
void close_slots(void);
void file_operation(void);
void mount_operation(void);

/*
 * crowd.c
 */
int crowd(unsigned int seed, unsigned int seconds);

#endif /* _BPFFS_OPERATOR_H */
