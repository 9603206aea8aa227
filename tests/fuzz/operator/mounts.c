// SPDX-License-Identifier: GPL-2.0
/*
 * Mounts of all kinds, each undone by who made it, and what has to be refused
 * as long as there is one.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "operator.h"

#ifndef OPEN_TREE_CLONE
#define OPEN_TREE_CLONE		1
#define OPEN_TREE_CLOEXEC	O_CLOEXEC
#endif
#ifndef MOVE_MOUNT_F_EMPTY_PATH
#define MOVE_MOUNT_F_EMPTY_PATH	4
#endif

static void do_bind(void)
{
	char from[PATH_SIZE], to[PATH_SIZE];

	pick_any_path(from);
	pick_any_path(to);
	doing("bind %s at %s", from, to);
	if (mount(from, to, NULL, MS_BIND | (pick(2) ? MS_REC : 0), NULL))
		return;
	stat(to, &(struct stat) {});
	umount2(to, pick(2) ? MNT_DETACH : 0);
	umount2(to, MNT_DETACH);
}

static void do_move_mount(void)
{
	char from[PATH_SIZE], to[PATH_SIZE];
	int tree;

	pick_any_path(from);
	pick_any_path(to);
	doing("open_tree of %s, moved to %s", from, to);
	tree = syscall(SYS_open_tree, AT_FDCWD, from, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (tree < 0)
		return;
	if (!syscall(SYS_move_mount, tree, "", AT_FDCWD, to, MOVE_MOUNT_F_EMPTY_PATH))
		umount2(to, MNT_DETACH);
	close(tree);
}

/* An empty name as data says what stands: mount(2) passes it on as it is. */
static void do_remount(void)
{
	static const char * const options[] = {
		"", "frob", "mode=9", "mode=77777777777", "uid=-1", "gid=4294967295", "newns=1",
		"uid", "mode=", ",", ",,=,", "max_maps", "uid=x,gid=",
	};
	const char *option = options[pick(ARRAY_SIZE(options))];

	doing("remount with %s", option);
	if (!mount(NULL, ".", NULL, MS_REMOUNT, option) && strspn(option, ",=") != strlen(option))
		wrong("it was taken");
}

static void do_mount_again(void)
{
	char path[PATH_SIZE];

	pick_any_path(path);
	doing("a namespace at %s", path);
	if (mount("bpffs", path, "bpffs", 0, "newns"))
		return;
	/* What is mounted over something stays out of the way of the rest. */
	if (strlen(path) + 10 < sizeof(path)) {
		strcat(path, "/a");
		mkdir(path, 0700);
		strcat(path, "/maps");
		rmdir(path);
		path[strlen(path) - strlen("/a/maps")] = '\0';
	}
	umount2(path, MNT_DETACH);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	write(fd, text, strlen(text));
	close(fd);
}

/* As alice, in a user namespace of her own, in which she is root or nobody. */
static void do_user_namespace(void)
{
	pid_t child;

	doing("a user namespace");
	child = fork();
	if (!child) {
		if (setresgid(ALICE, ALICE, ALICE) || setresuid(ALICE, ALICE, ALICE) ||
		    unshare(CLONE_NEWUSER | CLONE_NEWNS))
			_exit(0);
		if (pick(3)) {
			write_file("/proc/self/setgroups", "deny");
			write_file("/proc/self/uid_map", "0 1000 1");
			write_file("/proc/self/gid_map", "0 1000 1");
		}
		if (mount("bpffs", "/tmp", "bpffs", 0, pick(2) ? "newns" : "") || chdir("/tmp"))
			_exit(0);
		mkdir("a", 0700);
		close(open("a/load", O_WRONLY | O_CLOEXEC));
		mount(NULL, "/tmp", NULL, MS_REMOUNT, "mode=0777");
		_exit(0);
	}
	if (child > 0)
		waitpid(child, NULL, 0);
}

static void do_unload(void)
{
	doing("removal of the module");
	if (!syscall(SYS_delete_module, "bpffs", O_NONBLOCK))
		wrong("it went while it is mounted");
}

static void (* const operations[])(void) = {
	do_bind, do_bind, do_move_mount, do_remount, do_mount_again, do_user_namespace, do_unload,
};

void mount_operation(void)
{
	operations[pick(ARRAY_SIZE(operations))]();
}
