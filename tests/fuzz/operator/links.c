// SPDX-License-Identifier: GPL-2.0
/*
 * More names for what has one, in hooks/ also to attach it; and names that
 * nobody can make.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "operator.h"

/* The path of a leaf from the kind of hook on. */
static const char *target_of(const struct place *leaf, const char *path, char *target)
{
	const char *at;
	unsigned int components = leaf->dir->hook->depth + 1;

	snprintf(target, PATH_SIZE, "%s", path);
	*strrchr(target, '/') = '\0';
	for (at = target + strlen(target); at > target; at--)
		if (at[-1] == '/' && !--components)
			break;
	return strchr(at, '/') + 1;
}

/* What fs.protected_hardlinks lets others than the owner link. */
static bool may_link(const struct node *node)
{
	return !as_alice || node->uid == ALICE || (!is_dir(node) && may(node, R_OK | W_OK));
}

static int predict_link(const char *from, const char *to, struct place *old,
			struct place *new, bool *perhaps)
{
	char target[PATH_SIZE];
	int err = walk(from, old) ?: walk_new(to, new);

	*perhaps = false;
	if (err)
		return err;
	if (!may_link(old->node))
		return -EPERM;
	err = may_create(new->dir);
	if (err)
		return err;
	if (new->dir->kind != ITEMS_DIR && !is_leaf(new->dir))
		return -EPERM;
	if (is_dir(old->node))
		return -EPERM;
	if (!is_plain(new->last))
		return -EINVAL;
	if (is_leaf(new->dir) && !may(old->node, R_OK))
		return -EACCES;
	if (old->node->kind != ITEM)
		return -EPERM;
	if (new->dir->kind == ITEMS_DIR)
		return new->dir->which == old->node->which ? 0 : -EPERM;
	if (old->node->which != PROGS)
		return -EPERM;
	return predict_attach(old->node, new->dir->hook, target_of(new, to, target), perhaps);
}

static void pick_link(char *from, char *to)
{
	enum which which = pick(NR_WHICH);
	const struct hook *hook = &hooks[pick(nr_hooks)];

	if (!pick(4)) {
		pick_path(from);
		pick_path(to);
	} else if (pick(2)) {
		pick_of_kind(from, ITEM, which);
		pick_of_kind(to, ITEMS_DIR, which);
		sprintf(to + strlen(to), "/n%u", pick(3));
	} else {
		pick_of_kind(from, ITEM, PROGS);
		pick_of_kind(to, OBJECT_DIR, -1);
		sprintf(to + strlen(to), "/hooks/%s/%s/n%u", hook->name,
			hook->targets[pick(ARRAY_SIZE(hook->targets))], pick(3));
	}
}

void do_link(void)
{
	char from[PATH_SIZE], to[PATH_SIZE];
	struct place old, new;
	bool perhaps;
	int want, got;

	pick_link(from, to);
	doing("link %s %s", from, to);
	want = predict_link(from, to, &old, &new, &perhaps);
	got = try_as_user(link(from, to));
	if (!perhaps)
		check(got, want);
	else if (got && got != -EBUSY && got != -EEXIST)
		check(got, -EBUSY);
	if (got)
		return;
	add_name(new.dir, new.last, old.node);
}

/* Nothing but directories can be made by hand. */
void do_make_other(void)
{
	char path[PATH_SIZE];
	struct place place;
	int want;

	pick_path(path);
	doing("mknod, symlink and creation of %s", path);
	want = walk_new(path, &place) ?: may_create(place.dir) ?: -EPERM;
	check(try_as_user(mknod(path, S_IFIFO | 0600, 0)), want);
	check(try_as_user(symlink("nowhere", path)), want);
	want = want == -EPERM ? -EACCES : want;
	check(try_as_user(mknod(path, S_IFREG | 0600, 0)), want);
	check(try_as_user(open(path, O_CREAT | O_EXCL | O_RDWR, 0600)), want);
}
