// SPDX-License-Identifier: GPL-2.0
/*
 * Operations that make, move and remove directories and other names. Each first asks the model what
 * has to come of it: the checks stand in the order in which the kernel makes
 * them, the VFS's before those of bpffs.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "operator.h"

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE	1
#define RENAME_EXCHANGE		2
#define RENAME_WHITEOUT		4
#endif

static int may_delete(const struct node *dir, const struct node *node, bool want_dir)
{
	if (!may(dir, W_OK | X_OK))
		return -EACCES;
	if (sticky(dir, node))
		return -EPERM;
	if (want_dir && !is_dir(node))
		return -ENOTDIR;
	return !want_dir && is_dir(node) ? -EISDIR : 0;
}

static int predict_mkdir(const char *path, struct place *place)
{
	int err = walk_new(path, place) ?: may_create(place->dir);

	if (err)
		return err;
	if (place->dir->kind != OBJECT_DIR)
		return -EPERM;
	return is_reserved(place->last) ? -EEXIST : 0;
}

static void do_mkdir(void)
{
	static const mode_t modes[] = { 0700, 0755, 0777, 01777, 0, 02755 };
	mode_t mode = modes[pick(ARRAY_SIZE(modes))];
	char path[PATH_SIZE];
	struct place place;
	int want;

	pick_path(path);
	if (pick(2)) {
		pick_of_kind(path, OBJECT_DIR, -1);
		sprintf(path + strlen(path), "/%c", "abc"[pick(3)]);
	}
	doing("mkdir %s %o", path, mode);
	want = predict_mkdir(path, &place);
	check(try_as_user(mkdir(path, mode)), want);
	if (!want)
		make_object_dir(place.dir, place.last, mode & 01777);
}

/* What keeps a directory from going, but for who asks. */
static int predict_empty(const struct node *dir)
{
	const struct name *name;

	switch (dir->kind) {
	case ITEMS_DIR:
		return dir->names ? -ENOTEMPTY : 0;
	case HOOK_DIR:
		return in_use(dir) ? -ENOTEMPTY : 0;
	default:
		for (name = dir->names; name; name = name->next)
			if (name->node->kind == OBJECT_DIR ||
			    (is_dir(name->node) && predict_empty(name->node)))
				return -ENOTEMPTY;
		return 0;
	}
}

static int predict_rmdir_at(const struct node *dir, const struct node *node)
{
	if (dir->kind == ITEMS_DIR || is_leaf(dir))
		return -EPERM;
	if (dir == root && node->kind != OBJECT_DIR)
		return -EPERM;
	return predict_empty(node);
}

static int predict_rmdir(const char *path, struct place *place)
{
	int err = walk_parent(path, place);

	if (err)
		return err;
	if (!place->plain)
		return strcmp(place->last, ".") ? -ENOTEMPTY : -EINVAL;
	return walk(path, place) ?: may_delete(place->dir, place->node, true) ?:
	       predict_rmdir_at(place->dir, place->node);
}

/* Hook directories that are not in use are in no list. */
static void forget(struct node *dir, const char *text)
{
	if (find_name(dir, text))
		drop_name(dir, text);
}

static void do_rmdir(void)
{
	char path[PATH_SIZE];
	struct place place;
	int want;

	if (pick(2))
		pick_dir(path);
	else
		pick_path(path);
	doing("rmdir %s", path);
	want = predict_rmdir(path, &place);
	check(try_as_user(rmdir(path)), want);
	if (!want)
		forget(place.dir, place.last);
}

static int predict_unlink(const char *path, struct place *place)
{
	int err = walk_parent(path, place);

	if (err)
		return err;
	if (!place->plain)
		return -EISDIR;
	err = walk(path, place) ?: may_delete(place->dir, place->node, false);
	if (err)
		return err;
	return place->dir == root ? -EPERM : 0;
}

static void do_unlink(void)
{
	char path[PATH_SIZE];
	struct place place;
	int want;

	pick_path(path);
	doing("unlink %s", path);
	want = predict_unlink(path, &place);
	check(try_as_user(unlink(path)), want);
	if (!want)
		drop_name(place.dir, place.last);
}

static bool is_at_or_below(const struct node *node, const struct node *top)
{
	for (; node; node = node->parent)
		if (node == top)
			return true;
	return false;
}

/* What do_renameat2() and lock_rename() say before anything is looked at. */
static int predict_rename_places(const char *from, const char *to, unsigned int flags,
				 struct place *old, struct place *new)
{
	int err;

	if (flags & RENAME_EXCHANGE && flags & (RENAME_NOREPLACE | RENAME_WHITEOUT))
		return -EINVAL;
	err = walk_parent(from, old) ?: walk_parent(to, new);
	if (err)
		return err;
	if (!old->plain)
		return -EBUSY;
	if (!new->plain)
		return flags & RENAME_NOREPLACE ? -EEXIST : -EBUSY;
	err = walk(from, old);
	if (err)
		return err;
	err = walk(to, new);
	if (err && err != -ENOENT)
		return err;
	if (flags & RENAME_NOREPLACE && new->node)
		return -EEXIST;
	if (flags & RENAME_EXCHANGE && !new->node)
		return -ENOENT;
	if (is_at_or_below(new->dir, old->node))
		return -EINVAL;
	if (new->node && is_at_or_below(old->dir, new->node))
		return flags & RENAME_EXCHANGE ? -EINVAL : -ENOTEMPTY;
	return 0;
}

static int predict_rename_vfs(unsigned int flags, const struct place *old,
			      const struct place *new)
{
	bool dir = is_dir(old->node);
	int err = may_delete(old->dir, old->node, dir);

	if (err)
		return err;
	if (!new->node)
		err = may_create(new->dir);
	else
		err = may_delete(new->dir, new->node,
				 flags & RENAME_EXCHANGE ? is_dir(new->node) : dir);
	if (err)
		return err;
	if (old->dir->kind == HOOK_DIR && !is_leaf(old->dir))
		return -EPERM;
	if (old->dir == new->dir)
		return 0;
	if (dir && !may(old->node, W_OK))
		return -EACCES;
	if (flags & RENAME_EXCHANGE && is_dir(new->node) && !may(new->node, W_OK))
		return -EACCES;
	return 0;
}

static int predict_rename_dir(const struct place *old, const struct place *new)
{
	if (old->node->kind != OBJECT_DIR || new->dir->kind != OBJECT_DIR)
		return -EPERM;
	if (is_reserved(new->last))
		return -EEXIST;
	if (!new->node)
		return 0;
	return new->node->kind == OBJECT_DIR ? predict_rmdir_at(new->dir, new->node) : -EPERM;
}

static int predict_rename_item(const struct place *old, const struct place *new)
{
	if (!is_plain(new->last))
		return -EINVAL;
	if (is_leaf(old->dir))
		return old->dir == new->dir ? 0 : -EPERM;
	return new->dir->kind == ITEMS_DIR && new->dir->which == old->dir->which ? 0 : -EPERM;
}

static int predict_rename(const char *from, const char *to, unsigned int flags,
			  struct place *old, struct place *new)
{
	int err = predict_rename_places(from, to, flags, old, new);

	if (err || old->node == new->node)
		return err;
	err = predict_rename_vfs(flags, old, new);
	if (err)
		return err;
	if (flags & ~RENAME_NOREPLACE)
		return -EINVAL;
	return old->dir->kind == OBJECT_DIR ? predict_rename_dir(old, new) :
					      predict_rename_item(old, new);
}

static void move(const struct place *old, const struct place *new)
{
	if (old->node == new->node)
		return;
	forget(new->dir, new->last);
	add_name(new->dir, new->last, old->node);
	drop_name(old->dir, old->last);
}

/* From one directory of items into another more often than chance would have it. */
static void pick_two(char *from, char *to)
{
	enum which which = pick(NR_WHICH);
	char *slash;

	if (pick(2)) {
		pick_path(from);
		pick_path(to);
		return;
	}
	if (pick(2)) {
		pick_of_kind(from, ITEM, which);
		pick_of_kind(to, ITEM, which);
	} else {
		pick_of_kind(from, OBJECT_DIR, -1);
		pick_of_kind(to, OBJECT_DIR, -1);
	}
	slash = strrchr(to, '/');
	if (pick(2))
		sprintf(slash ? slash + 1 : to, "n%u", pick(3));
}

static void do_rename(void)
{
	static const unsigned int flag_sets[] = {
		0, 0, 0, 0, RENAME_NOREPLACE, RENAME_NOREPLACE, RENAME_EXCHANGE,
		RENAME_WHITEOUT, RENAME_EXCHANGE | RENAME_NOREPLACE,
	};
	unsigned int flags = flag_sets[pick(ARRAY_SIZE(flag_sets))];
	char from[PATH_SIZE], to[PATH_SIZE];
	struct place old, new;
	int want;

	pick_two(from, to);
	doing("rename %s %s %u", from, to, flags);
	want = predict_rename(from, to, flags, &old, &new);
	check(try_as_user(renameat2(AT_FDCWD, from, AT_FDCWD, to, flags)), want);
	if (!want)
		move(&old, &new);
}

void (* const name_operations[])(void) = {
	do_mkdir, do_mkdir, do_rmdir, do_unlink, do_rename, do_rename, do_link, do_link,
	do_make_other,
};

const unsigned int nr_name_operations = ARRAY_SIZE(name_operations);
