// SPDX-License-Identifier: GPL-2.0
/*
 * Operations on nodes: their attributes, and opening them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>
#include "operator.h"

static void do_stat(void)
{
	char path[PATH_SIZE];
	struct place place;
	struct statfs fs;
	struct stat st;
	int want;

	pick_path(path);
	doing("stat %s", path);
	want = walk(path, &place);
	check(try_as_user(lstat(path, &st)), want);
	check(try_as_user(statfs(path, &fs)), want);
	if (!want)
		compare_node(path, place.node);
}

static void do_access(void)
{
	int mode = pick(8), want;
	char path[PATH_SIZE];
	struct place place;

	pick_path(path);
	doing("faccessat %s %d", path, mode);
	want = walk(path, &place);
	if (!want && !may(place.node, mode))
		want = -EACCES;
	/* No file of it can be run, whatever its mode says. */
	if (!want && mode & X_OK && !is_dir(place.node))
		want = -EACCES;
	check(try_as_user(faccessat(AT_FDCWD, path, mode, AT_EACCESS)), want);
}

/* Whether what has no place in hooks/ would forget its attributes at once. */
static bool is_fleeting(const struct node *node)
{
	return node->kind == HOOK_DIR && node->level && !in_use(node);
}

static void do_chmod(void)
{
	static const mode_t dir_modes[] = { 0700, 0755, 0777, 01777, 02775, 0, 0500 };
	static const mode_t file_modes[] = { 0600, 0644, 0666, 0444, 0, 0200 };
	char path[PATH_SIZE];
	struct place place;
	mode_t mode;
	int want;

	pick_path(path);
	want = walk(path, &place);
	mode = file_modes[pick(ARRAY_SIZE(file_modes))];
	if (!want && is_dir(place.node))
		mode = dir_modes[pick(ARRAY_SIZE(dir_modes))];
	doing("chmod %s %o", path, mode);
	if (!want && as_alice && place.node->uid != ALICE)
		want = -EPERM;
	check(try_as_user(chmod(path, mode)), want);
	if (want || is_fleeting(place.node))
		return;
	if (as_alice && place.node->gid != ALICE)
		mode &= ~S_ISGID;
	place.node->mode = mode;
}

static void do_chown(void)
{
	uid_t uid = pick(2) ? ALICE : 0;
	char path[PATH_SIZE];
	struct place place;
	int want;

	pick_path(path);
	doing("chown %s %u", path, uid);
	want = walk(path, &place);
	if (!want && as_alice && (place.node->uid != ALICE || uid != ALICE))
		want = -EPERM;
	check(try_as_user(chown(path, uid, uid)), want);
	if (want || is_fleeting(place.node))
		return;
	place.node->uid = uid;
	place.node->gid = uid;
}

static void do_utimens(void)
{
	const struct timespec times[2] = { { .tv_sec = 1000 }, { .tv_sec = 2000 } };
	char path[PATH_SIZE];
	struct place place;
	struct stat st;
	int want;

	pick_path(path);
	doing("utimensat %s", path);
	want = walk(path, &place);
	if (!want && as_alice && place.node->uid != ALICE)
		want = -EPERM;
	check(try_as_user(utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW)), want);
	if (want || is_fleeting(place.node))
		return;
	if (lstat(path, &st) || st.st_mtime != 2000 || st.st_atime != 1000)
		wrong("the times were not kept");
}

/* Every file but maps: EINVAL; a map is cleared, where its type can be. */
static void do_truncate(void)
{
	off_t size = pick(3);
	char path[PATH_SIZE];
	struct place place;
	int want, got;

	pick_path(path);
	doing("truncate %s %ld", path, (long)size);
	want = walk(path, &place);
	if (!want && is_dir(place.node))
		want = -EISDIR;
	if (!want && !may(place.node, W_OK))
		want = -EACCES;
	got = try_as_user(truncate(path, size));
	if (want || (place.node->kind == CONTROL && place.node->control == LOAD))
		check(got, want);
	else if (size || place.node->kind == CONTROL || place.node->which != MAPS)
		check(got, -EINVAL);
	else if (got != -EOPNOTSUPP)
		check_any(got, 0, -EPERM);
}

/* What bpffs itself has against opening a node. */
static int predict_own_open(const struct node *node, int access)
{
	bool reads = access == O_RDONLY || access == O_RDWR;
	bool writes = access == O_WRONLY || access == O_RDWR;

	if (node->kind == CONTROL && node->control == LOAD)
		return reads || as_alice ? -EPERM : 0;
	if (node->kind == CONTROL && node->control == LOG)
		return writes ? -EPERM : 0;
	if (node->kind == CONTROL && node->control == ATTACH)
		return writes && as_alice ? -EPERM : 0;
	if (node->kind == ITEM && node->which == PROGS)
		return writes ? -EPERM : 0;
	/* Made without the right to write: it is constant. */
	if (node->kind == ITEM && !(node->item->mode & 0200))
		return writes ? -EPERM : 0;
	return 0;
}

static int open_mask(int flags)
{
	static const int masks[] = {
		[O_RDONLY] = R_OK, [O_WRONLY] = W_OK, [O_RDWR] = R_OK | W_OK,
		[O_ACCMODE] = R_OK | W_OK,
	};

	return masks[flags & O_ACCMODE] | (flags & O_TRUNC ? W_OK : 0);
}

static int predict_open(const char *path, int flags, struct place *place)
{
	int err, access = flags & O_ACCMODE;
	struct node *node;

	err = walk(path, place);
	if (err == -ENOENT && flags & O_CREAT)
		return walk_parent(path, place) ?: place->node ? -EACCES : -ENOENT;
	if (err)
		return err;
	node = place->node;
	if (flags & O_CREAT && is_dir(node))
		return -EISDIR;
	if (flags & O_DIRECTORY && !is_dir(node))
		return -ENOTDIR;
	if (flags & O_PATH)
		return 0;
	if (is_dir(node) && open_mask(flags) & W_OK)
		return -EISDIR;
	if (!may(node, open_mask(flags)))
		return -EACCES;
	if (flags & O_NOATIME && as_alice && node->uid != ALICE)
		return -EPERM;
	err = is_dir(node) ? 0 : predict_own_open(node, access);
	if (!err && flags & O_DIRECT)
		return -EINVAL;
	return err;
}

/*
 * An open directory below hooks/ is not forgotten, as the model has it; and what
 * were written to config would decide loads.
 */
static bool may_keep(const struct node *node)
{
	if (node->kind == CONTROL)
		return node->control != CONFIG;
	return node->kind != HOOK_DIR || !node->level;
}

static void do_open(void)
{
	static const int accesses[] = { O_RDONLY, O_RDONLY, O_WRONLY, O_RDWR, O_RDWR, O_ACCMODE };
	static const int more[] = {
		0, 0, 0, O_CREAT, O_TRUNC, O_DIRECTORY, O_APPEND, O_PATH, O_DIRECT, O_NOATIME,
		O_NOFOLLOW, O_SYNC, O_ASYNC, O_NOCTTY, O_TRUNC | O_CREAT, O_CREAT | O_NOFOLLOW,
	};
	int flags = accesses[pick(ARRAY_SIZE(accesses))] | O_NONBLOCK | O_CLOEXEC;
	char path[PATH_SIZE];
	struct place place;
	int want, got, fd;

	flags |= more[pick(ARRAY_SIZE(more))];
	if (flags & O_PATH)
		flags &= ~(O_ACCMODE | O_NONBLOCK);
	pick_path(path);
	doing("open %s %#o", path, flags);
	want = predict_open(path, flags, &place);
	got = try_as_user(fd = open(path, flags, 0600));
	/* A trailing ".." or "." is no name to be made. */
	if (flags & O_CREAT && flags & O_DIRECTORY)
		check_any(got, want, -EINVAL);
	else
		check(got, want);
	if (!got && pick(2) && may_keep(place.node))
		keep_open(fd);
	else if (!got)
		close(fd);
}

static void do_become(void)
{
	as_alice = !pick(3);
}

void (* const node_operations[])(void) = {
	do_stat, do_stat, do_access, do_chmod, do_chmod, do_chown, do_utimens, do_truncate, do_open,
	do_open, do_become, do_become,
};

const unsigned int nr_node_operations = ARRAY_SIZE(node_operations);
