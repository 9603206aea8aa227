// SPDX-License-Identifier: GPL-2.0
/*
 * What operations are tried on: mostly what stands, or could.
 */
#include <stdio.h>
#include <string.h>
#include "operator.h"

const struct hook hooks[] = {
	{ "kprobe", 1, { "vfs_fsync_range", "do_truncate", "no_such_function" } },
	{ "kretprobe", 1, { "vfs_fsync_range", "do_truncate", "no_such_function" } },
	{ "tracepoint", 2, { "syscalls/sys_enter_fsync", "syscalls/sys_enter_fdatasync",
			     "syscalls/no_such_event" } },
	{ "raw_tracepoint", 1, { "sys_enter", "sched_process_fork", "no_such_event" } },
	{ "fentry", 1, { "vfs_fsync_range", "do_truncate", "no_such_function" } },
	{ "fexit", 1, { "vfs_fsync_range", "do_truncate", "no_such_function" } },
	{ "tp_btf", 1, { "sys_enter", "sched_process_fork", "no_such_event" } },
};

const unsigned int nr_hooks = ARRAY_SIZE(hooks);

static const char * const dir_names[] = { "a", "b", "c" };

/* What may or may not stand somewhere. */
static const char * const odd_names[] = {
	"load", "log", "config", "attach", "info", "maps", "progs", "vars", "hooks",
	"a b", "x\"y", "x\ny", "colon:", ".hidden", "...", "\xff\xfe", "kprobe",
	"syscalls", "vfs_fsync_range", "counts", "on_fsync",
};

static const char * const item_names[] = { "n1", "n2", "on_fsync", "counts" };

static void append(char *path, const char *name)
{
	size_t len = strlen(path);

	if (!len || !strcmp(path, "."))
		strcpy(path, name);
	else if (len + strlen(name) + 2 < PATH_SIZE)
		sprintf(path + len, "/%s", name);
}

static void append_long(char *path, size_t len)
{
	char name[300];

	memset(name, 'l', len);
	name[len] = '\0';
	append(path, name);
}

static void append_hooks(char *path, unsigned int level)
{
	const struct hook *hook = &hooks[pick(nr_hooks)];
	char target[64];

	append(path, hook->name);
	if (level < 2)
		return;
	strcpy(target, hook->targets[pick(ARRAY_SIZE(hook->targets))]);
	if (level == 2 && hook->depth == 2)
		*strchr(target, '/') = '\0';
	append(path, target);
}

static const struct name *nth_name(const struct node *dir, unsigned int n)
{
	const struct name *name = dir->names;

	while (n--)
		name = name->next;
	return name;
}

static unsigned int count_names(const struct node *dir)
{
	const struct name *name;
	unsigned int nr = 0;

	for (name = dir->names; name; name = name->next)
		nr++;
	return nr;
}

static unsigned int count_kind(const struct node *dir, enum kind kind)
{
	const struct name *name;
	unsigned int nr = 0;

	for (name = dir->names; name; name = name->next)
		nr += name->node->kind == kind;
	return nr;
}

/* An object directory half the time, to get into the depth of the tree. */
static const struct name *pick_name(const struct node *dir)
{
	unsigned int nr = count_names(dir), nr_dirs = count_kind(dir, OBJECT_DIR);
	const struct name *name = dir->names;

	if (!nr)
		return NULL;
	if (!nr_dirs || pick(2))
		return nth_name(dir, pick(nr));
	for (nr = pick(nr_dirs); nr || name->node->kind != OBJECT_DIR; name = name->next)
		nr -= name->node->kind == OBJECT_DIR;
	return name;
}

static const struct node *wander(char *path, bool to_dir)
{
	const struct node *at = root;
	const struct name *name;

	strcpy(path, ".");
	while (is_dir(at) && pick(5)) {
		name = pick_name(at);
		if (!name || (to_dir && !is_dir(name->node)))
			break;
		append(path, name->text);
		at = name->node;
	}
	return at;
}

static void append_new(char *path, const struct node *dir)
{
	if (!pick(8))
		append(path, odd_names[pick(ARRAY_SIZE(odd_names))]);
	else if (dir->kind == OBJECT_DIR)
		append(path, dir_names[pick(ARRAY_SIZE(dir_names))]);
	else if (dir->kind == HOOK_DIR && !dir->level)
		append_hooks(path, 1 + pick(3));
	else
		append(path, item_names[pick(ARRAY_SIZE(item_names))]);
}

static void append_odd(char *path)
{
	switch (pick(5)) {
	case 0:
		append(path, ".");
		break;
	case 1:
		if (strcmp(path, "."))
			append(path, "..");
		break;
	case 2:
		append_long(path, 255);
		break;
	case 3:
		append_long(path, 256);
		break;
	default:
		append(path, odd_names[pick(ARRAY_SIZE(odd_names))]);
	}
}

/* The model knows what becomes of any of these. */
void pick_path(char *path)
{
	const struct node *at = wander(path, false);
	size_t depth = 0;
	const char *c;

	for (c = path; *c; c++)
		depth += *c == '/';
	if (!pick(24))
		append_odd(path);
	else if (is_dir(at) && depth < 5 && pick(4))
		append_new(path, at);
}

void pick_dir(char *path)
{
	wander(path, true);
}

static bool is_of(const struct node *node, enum kind kind, int which)
{
	if (node->kind != kind)
		return false;
	if (kind == CONTROL)
		return which < 0 || (int)node->control == which;
	if (kind == ITEM || kind == ITEMS_DIR)
		return which < 0 || (int)node->which == which;
	return kind != HOOK_DIR || which < 0 || is_leaf(node);
}

/* One that stands, if wandering leads to it; otherwise any path. */
void pick_of_kind(char *path, enum kind kind, int which)
{
	unsigned int tries;

	for (tries = 0; tries < 40; tries++)
		if (is_of(wander(path, false), kind, which))
			return;
	pick_path(path);
}

/* Without a look at the tree: the same at every time. */
void pick_any_path(char *path)
{
	const struct object *object = &objects[pick(nr_objects)];
	const struct item *item = &object->items[pick(object->nr_items)];
	const char *name = pick(2) ? item->name : item_names[pick(ARRAY_SIZE(item_names))];
	unsigned int depth = pick(3);

	strcpy(path, ".");
	while (depth--)
		append(path, dir_names[pick(ARRAY_SIZE(dir_names))]);
	switch (pick(6)) {
	case 0:
		append(path, odd_names[pick(ARRAY_SIZE(odd_names))]);
		break;
	case 1:
		append(path, "hooks");
		append_hooks(path, 1 + pick(3));
		if (pick(2))
			append(path, name);
		break;
	case 2:
		append(path, which_names[item->which]);
		append(path, item->name);
		break;
	case 3:
		append(path, which_names[pick(NR_WHICH)]);
		append(path, name);
		break;
	default:
		append(path, dir_names[pick(ARRAY_SIZE(dir_names))]);
	}
}
