// SPDX-License-Identifier: GPL-2.0
/*
 * Objects to load. What names one makes is learnt from a first load, which also
 * shows that it can be loaded at all.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "operator.h"

const char * const which_names[NR_WHICH] = {
	[MAPS] = "maps",
	[PROGS] = "progs",
	[VARS] = "vars",
};

struct object objects[OBJECTS_MAX];
unsigned int nr_objects;

void object_read(const char *path)
{
	struct object *object = &objects[nr_objects];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	doing("reading %s", path);
	if (nr_objects == OBJECTS_MAX || fd < 0 || fstat(fd, &st))
		wrong("cannot be read");
	object->path = path;
	object->size = st.st_size;
	object->data = malloc(object->size);
	if (read(fd, object->data, object->size) != (ssize_t)object->size)
		wrong("is cut short");
	close(fd);
	nr_objects++;
}

/* Writes all of it, @step bytes at a time; 0, or minus the errno of the write that failed. */
int object_write(int fd, const struct object *object, size_t step)
{
	size_t at = 0, len;
	ssize_t done;

	while (at < object->size) {
		len = object->size - at < step ? object->size - at : step;
		done = write(fd, object->data + at, len);
		if (done <= 0)
			return done ? -errno : -EIO;
		at += done;
	}
	return 0;
}

/* section: "?tracepoint/syscalls/sys_enter_fsync" */
static void learn_section(struct item *item, int dir)
{
	char text[4096], *section, *slash;
	ssize_t len;
	int fd;

	fd = openat(dir, item->name, O_RDONLY | O_CLOEXEC);
	len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (len < 0)
		wrong("program %s cannot be read", item->name);
	close(fd);
	text[len] = '\0';
	section = strstr(text, "section: \"");
	if (!section)
		wrong("program %s names no section", item->name);
	section += strlen("section: \"");
	section += *section == '?';
	section[strcspn(section, "\"")] = '\0';
	slash = strchr(section, '/');
	snprintf(item->target, sizeof(item->target), "%s", slash ? slash + 1 : "");
	if (slash)
		*slash = '\0';
	snprintf(item->hook, sizeof(item->hook), "%s", section);
}

static void learn_items(struct object *object, enum which which, int top)
{
	int dir = openat(top, which_names[which], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent *entry;
	struct item *item;
	struct stat st;
	DIR *list;

	list = fdopendir(dir);
	while ((entry = readdir(list))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (object->nr_items == ITEMS_MAX ||
		    strlen(entry->d_name) >= sizeof(item->name))
			wrong("too much is in it");
		item = &object->items[object->nr_items++];
		item->which = which;
		strcpy(item->name, entry->d_name);
		if (fstatat(dir, item->name, &st, AT_SYMLINK_NOFOLLOW))
			wrong("%s has no status", item->name);
		item->mode = st.st_mode & 07777;
		if (which == PROGS)
			learn_section(item, dir);
	}
	closedir(list);
}

/* In a directory that it makes and leaves behind, to be removed by the caller. */
void object_learn(struct object *object)
{
	enum which which;
	int top, fd, err;

	doing("loading %s for the first time", object->path);
	if (mkdir("learn", 0700))
		wrong("no directory for it");
	fd = open("learn/load", O_WRONLY | O_CLOEXEC);
	err = fd < 0 ? -errno : object_write(fd, object, object->size);
	if (err)
		wrong("not loaded: %s", strerror(-err));
	close(fd);
	top = open("learn", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (which = 0; which < NR_WHICH; which++)
		learn_items(object, which, top);
	close(top);
}
