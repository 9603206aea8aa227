// SPDX-License-Identifier: GPL-2.0
/*
 * The tree as it should be, and how the VFS walks it.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "operator.h"

static const struct {
	const char *name;
	mode_t mode;
} controls[NR_CONTROLS] = {
	[LOAD] = { "load", 0200 },
	[LOG] = { "log", 0400 },
	[CONFIG] = { "config", 0600 },
	[ATTACH] = { "attach", 0600 },
	[INFO] = { "info", 0440 },
};

struct node *root;

bool is_dir(const struct node *node)
{
	return node->kind != CONTROL && node->kind != ITEM;
}

bool is_leaf(const struct node *node)
{
	return node->kind == HOOK_DIR && node->hook && node->level == 1 + node->hook->depth;
}

bool is_reserved(const char *name)
{
	unsigned int i;

	for (i = 0; i < NR_CONTROLS; i++)
		if (!strcmp(name, controls[i].name))
			return true;
	for (i = 0; i < NR_WHICH; i++)
		if (!strcmp(name, which_names[i]))
			return true;
	return !strcmp(name, "hooks");
}

/* What a name of a map, program, variable or attachment may be. */
bool is_plain(const char *name)
{
	size_t i;

	for (i = 0; name[i]; i++)
		if ((unsigned char)name[i] <= ' ' || name[i] == 0x7f ||
		    strchr("/:#\"\\{}[],", name[i]))
			return false;
	return i && strcmp(name, ".") && strcmp(name, "..");
}

/* Whether anything is attached at or below a directory of hooks/. */
bool in_use(const struct node *dir)
{
	const struct name *name;

	if (is_leaf(dir))
		return dir->names;
	for (name = dir->names; name; name = name->next)
		if (in_use(name->node))
			return true;
	return false;
}

/* inode_permission() for the user whose turn it is. */
bool may(const struct node *node, int mask)
{
	mode_t mode = node->mode;

	if (!as_alice)
		return !(mask & X_OK) || is_dir(node) || (mode & 0111);
	if (node->uid == ALICE)
		mode >>= 6;
	else if (node->gid == ALICE)
		mode >>= 3;
	return (mode & mask) == (mode_t)mask;
}

/* Whether the sticky bit of @dir keeps the user from taking @node out of it. */
bool sticky(const struct node *dir, const struct node *node)
{
	return (dir->mode & S_ISVTX) && as_alice && node->uid != ALICE && dir->uid != ALICE;
}

struct name *find_name(const struct node *dir, const char *text)
{
	struct name *name;

	for (name = dir->names; name && strcmp(name->text, text); name = name->next)
		;
	return name;
}

struct node *subdir(const struct node *dir, const char *text)
{
	struct name *name = find_name(dir, text);

	return name ? name->node : NULL;
}

struct node *object_dir_of(struct node *dir)
{
	while (dir->kind != OBJECT_DIR)
		dir = dir->parent;
	return dir;
}

void add_name(struct node *dir, const char *text, struct node *node)
{
	struct name *name = malloc(sizeof(*name) + strlen(text) + 1);

	strcpy(name->text, text);
	name->dir = dir;
	name->node = node;
	name->next = dir->names;
	dir->names = name;
	if (is_dir(node)) {
		node->parent = dir;
		if (dir->kind != HOOK_DIR)
			dir->nlink++;
	} else {
		node->nlink++;
	}
}

void drop_name(struct node *dir, const char *text)
{
	struct name **at = &dir->names, *name;

	while (strcmp((*at)->text, text))
		at = &(*at)->next;
	name = *at;
	*at = name->next;
	if (!is_dir(name->node))
		name->node->nlink--;
	else if (dir->kind != HOOK_DIR)
		dir->nlink--;
	free(name);
}

static struct node *make_node(enum kind kind, const struct node *parent, mode_t mode)
{
	struct node *node = calloc(1, sizeof(*node));

	node->kind = kind;
	node->mode = mode;
	node->uid = as_alice ? ALICE : 0;
	node->gid = as_alice ? ALICE : 0;
	if (parent && (parent->mode & S_ISGID)) {
		node->gid = parent->gid;
		if (is_dir(node))
			node->mode |= S_ISGID;
	}
	if (is_dir(node))
		node->nlink = kind == HOOK_DIR ? 1 : 2;
	return node;
}

/* Nodes that the kernel makes belong to who made the directory. */
static struct node *make_own(enum kind kind, struct node *dir, const char *text, mode_t mode)
{
	struct node *node = make_node(kind, dir, mode);

	node->uid = dir->uid;
	node->gid = dir->gid;
	add_name(dir, text, node);
	return node;
}

static void populate(struct node *dir)
{
	unsigned int i;

	for (i = 0; i < NR_CONTROLS; i++)
		make_own(CONTROL, dir, controls[i].name, controls[i].mode)->control = i;
	for (i = 0; i < NR_WHICH; i++)
		make_own(ITEMS_DIR, dir, which_names[i], dir->mode & 01777)->which = i;
	make_own(HOOK_DIR, dir, "hooks", dir->mode & 01777);
}

struct node *make_object_dir(struct node *parent, const char *text, mode_t mode)
{
	struct node *dir = make_node(OBJECT_DIR, parent, mode);

	add_name(parent, text, dir);
	populate(dir);
	return dir;
}

struct node *make_item(struct node *dir, const struct item *item, unsigned int load)
{
	struct node *node = make_node(ITEM, dir, item->mode);

	node->which = item->which;
	node->item = item;
	node->load = load;
	add_name(dir, item->name, node);
	return node;
}

static const struct hook *find_hook(const char *text)
{
	unsigned int i;

	for (i = 0; i < nr_hooks; i++)
		if (!strcmp(text, hooks[i].name))
			return &hooks[i];
	return NULL;
}

/* What the kernel's isalnum() takes, Latin-1 included, and what symbols have besides. */
static bool is_symbolic(unsigned char c)
{
	return (c >= 0xc0 && c != 0xd7 && c != 0xf7) || c == '_' || c == '.' ||
	       (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z' && c < 0x80);
}

static bool is_hook_name(const struct node *parent, const char *text)
{
	size_t i;

	if (!parent->hook)
		return find_hook(text);
	for (i = 0; text[i]; i++)
		if (!is_symbolic(text[i]))
			return false;
	return true;
}

/*
 * Below hooks/ a directory is made by looking it up, and forgotten unless
 * something is attached there: next time it is another one, like its parent.
 */
static struct node *hook_child(struct node *parent, const char *text)
{
	struct node *node;

	if (!is_hook_name(parent, text))
		return NULL;
	node = subdir(parent, text);
	if (!node) {
		node = make_node(HOOK_DIR, parent, 0);
		node->hook = parent->hook ?: find_hook(text);
		node->level = parent->level + 1;
		add_name(parent, text, node);
	}
	if (!in_use(node)) {
		node->mode = parent->mode & (S_ISGID | 01777);
		node->uid = parent->uid;
		node->gid = parent->gid;
		node->ino = 0;
	}
	return node;
}

/* The leaf of a path below hooks/. */
struct node *use_hook_dir(struct node *hooks_dir, const char *path)
{
	struct node *at = hooks_dir;
	char text[PATH_SIZE];
	size_t len;

	for (; *path; path += len + (path[len] == '/')) {
		len = strcspn(path, "/");
		memcpy(text, path, len);
		text[len] = '\0';
		at = hook_child(at, text);
	}
	return at;
}

static int child_of(struct node *dir, const char *text, struct node **child)
{
	*child = NULL;
	if (strlen(text) > NAME_MAX)
		return -ENAMETOOLONG;
	if (dir->kind == HOOK_DIR && !is_leaf(dir))
		*child = hook_child(dir, text);
	else
		*child = subdir(dir, text);
	return 0;
}

static int step(struct place *place, const char *text)
{
	place->plain = strcmp(text, ".") && strcmp(text, "..");
	if (!strcmp(text, ".")) {
		place->node = place->dir;
		return 0;
	}
	if (!strcmp(text, "..")) {
		place->node = place->dir->parent ?: place->dir;
		return 0;
	}
	return child_of(place->dir, text, &place->node);
}

/*
 * To the directory that the last component stands in, as operations that make
 * and remove names do; @place->node is not looked up.
 */
int walk_parent(const char *path, struct place *place)
{
	size_t len;
	int err;

	place->dir = root;
	place->node = root;
	for (;;) {
		if (!is_dir(place->node))
			return -ENOTDIR;
		place->dir = place->node;
		if (!may(place->dir, X_OK))
			return -EACCES;
		len = strcspn(path, "/");
		memcpy(place->last, path, len);
		place->last[len] = '\0';
		if (!path[len])
			break;
		err = step(place, place->last);
		if (err)
			return err;
		if (!place->node)
			return -ENOENT;
		path += len + 1;
	}
	place->plain = strcmp(place->last, ".") && strcmp(place->last, "..");
	return 0;
}

/* All the way: ENOENT where the last component does not stand. */
int walk(const char *path, struct place *place)
{
	int err = walk_parent(path, place);

	if (!err)
		err = step(place, place->last);
	return err ?: place->node ? 0 : -ENOENT;
}

/* To a name that is to be made: EEXIST where it stands. */
int walk_new(const char *path, struct place *place)
{
	int err = walk_parent(path, place);

	if (err)
		return err;
	if (!place->plain)
		return -EEXIST;
	err = walk(path, place);
	if (!err)
		return -EEXIST;
	return err == -ENOENT ? 0 : err;
}

int may_create(const struct node *dir)
{
	return may(dir, W_OK | X_OK) ? 0 : -EACCES;
}

void begin_model(mode_t mode)
{
	root = make_node(OBJECT_DIR, NULL, mode);
	populate(root);
}
