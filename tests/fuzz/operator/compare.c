// SPDX-License-Identifier: GPL-2.0
/*
 * The tree as it is: against the model, and against itself.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>
#include "operator.h"

void compare_node(const char *path, struct node *node)
{
	mode_t type = is_dir(node) ? S_IFDIR : S_IFREG;
	struct stat st;

	if (lstat(path, &st))
		wrong("%s should be there: %s", path, strerror(errno));
	if (st.st_mode != (type | node->mode))
		wrong("%s has mode %o, not %o", path, st.st_mode, type | node->mode);
	if (st.st_uid != node->uid || st.st_gid != node->gid)
		wrong("%s belongs to %u:%u, not %u:%u", path, st.st_uid, st.st_gid, node->uid,
		      node->gid);
	if (st.st_nlink != node->nlink)
		wrong("%s has %lu links, not %lu", path, (unsigned long)st.st_nlink,
		      (unsigned long)node->nlink);
	if (node->kind == HOOK_DIR && node->level && !in_use(node))
		return;
	if (node->ino && st.st_ino != node->ino)
		wrong("%s is inode %lu, not %lu", path, (unsigned long)st.st_ino,
		      (unsigned long)node->ino);
	node->ino = st.st_ino;
}

static bool is_listed(const struct name *name)
{
	return name->node->kind != HOOK_DIR || !name->node->level || in_use(name->node);
}

static void compare_listing(const char *path, const struct node *dir)
{
	const struct name *name;
	unsigned int nr = 0;
	struct dirent *entry;
	DIR *list = opendir(path);

	if (!list)
		wrong("%s cannot be listed: %s", path, strerror(errno));
	while ((entry = readdir(list))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		name = find_name(dir, entry->d_name);
		if (!name || !is_listed(name))
			wrong("%s/%s is listed, and should not be there", path, entry->d_name);
		if (entry->d_type != (is_dir(name->node) ? DT_DIR : DT_REG))
			wrong("%s/%s is listed as type %u", path, entry->d_name, entry->d_type);
		if (name->node->ino && entry->d_ino != name->node->ino)
			wrong("%s/%s is listed as another inode", path, entry->d_name);
		nr++;
	}
	closedir(list);
	for (name = dir->names; name; name = name->next)
		nr -= is_listed(name);
	if (nr)
		wrong("%s lists %d names less than it has", path, -(int)nr);
}

/* Inodes at and below @node; those with several names are counted at one of them. */
static unsigned long compare_below(const char *path, struct node *node)
{
	char below[PATH_SIZE + NAME_SIZE];
	unsigned long nr = 1;
	struct name *name;

	compare_node(path, node);
	if (!is_dir(node))
		return nr;
	compare_listing(path, node);
	for (name = node->names; name; name = name->next) {
		if (!is_listed(name))
			continue;
		snprintf(below, sizeof(below), "%s/%s", path, name->text);
		nr += compare_below(below, name->node);
		/* The others of its names count it, too. */
		if (!is_dir(name->node) && name->node->nlink > 1)
			nr--;
	}
	return nr;
}

/* Inodes that have several names, each once. */
static unsigned long count_shared(const struct node *dir, const struct node **seen,
				  unsigned long nr, unsigned long max)
{
	const struct name *name;
	unsigned long i;

	for (name = dir->names; name; name = name->next) {
		if (is_dir(name->node)) {
			nr = count_shared(name->node, seen, nr, max);
			continue;
		}
		if (name->node->nlink < 2)
			continue;
		for (i = 0; i < nr && seen[i] != name->node; i++)
			;
		if (i == nr && nr < max)
			seen[nr++] = name->node;
	}
	return nr;
}

/* Whoever removed something last may still be at it. */
static void compare_inodes(unsigned long want)
{
	unsigned long have = 0;
	struct statfs fs;
	int tries;

	for (tries = 0; tries < 1000; tries++) {
		if (statfs(".", &fs))
			wrong("statfs: %s", strerror(errno));
		have = fs.f_files - fs.f_ffree;
		if (have == want)
			return;
		usleep(20000);
	}
	wrong("the file system counts %lu inodes, not %lu", have, want);
}

/* Returns how many inodes there are. */
unsigned long compare_tree(void)
{
	static const struct node *seen[4096];
	unsigned long nr;

	close_slots();
	nr = compare_below(".", root);
	nr += count_shared(root, seen, 0, ARRAY_SIZE(seen));
	compare_inodes(nr);
	return nr;
}

/* An inode as a survey meets it. */
struct met {
	ino_t ino;
	nlink_t nlink;
	nlink_t names;
};

static struct met *all_met;
static unsigned long nr_met, room;

static void meet(const char *path, const struct stat *st)
{
	unsigned long i;

	for (i = 0; i < nr_met && all_met[i].ino != st->st_ino; i++)
		;
	if (i == nr_met) {
		if (nr_met == room) {
			room = room ? 2 * room : 256;
			all_met = realloc(all_met, room * sizeof(*all_met));
		}
		all_met[nr_met++] = (struct met) { .ino = st->st_ino, .nlink = st->st_nlink };
	} else if (S_ISDIR(st->st_mode)) {
		wrong("%s is the inode of another directory", path);
	}
	all_met[i].names++;
}

static unsigned long survey_below(const char *path);

/* Returns whether it is a directory. */
static bool survey_entry(const char *path, const struct dirent *entry)
{
	struct stat st;

	if (lstat(path, &st))
		wrong("%s is listed, and has no status: %s", path, strerror(errno));
	if (st.st_ino != entry->d_ino)
		wrong("%s is inode %lu, and listed as %lu", path, (unsigned long)st.st_ino,
		      (unsigned long)entry->d_ino);
	if (entry->d_type != (S_ISDIR(st.st_mode) ? DT_DIR : DT_REG))
		wrong("%s is listed as type %u", path, entry->d_type);
	meet(path, &st);
	if (!S_ISDIR(st.st_mode))
		return false;
	survey_below(path);
	return true;
}

static unsigned long survey_below(const char *path)
{
	bool below_hooks = strstr(path, "/hooks");
	char below[PATH_SIZE + NAME_SIZE];
	unsigned long dirs = 0;
	struct dirent *entry;
	struct stat st;
	DIR *list = opendir(path);

	if (!list || fstat(dirfd(list), &st))
		wrong("%s cannot be listed: %s", path, strerror(errno));
	while ((entry = readdir(list))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(below, sizeof(below), "%s/%s", path, entry->d_name);
		dirs += survey_entry(below, entry);
	}
	closedir(list);
	if (st.st_nlink != (below_hooks ? 1 : dirs + 2))
		wrong("%s has %lu links and %lu directories", path, (unsigned long)st.st_nlink,
		      dirs);
	return dirs;
}

/* Names, link counts and the count of inodes have to agree. */
void survey_tree(void)
{
	unsigned long i;

	doing("survey");
	nr_met = 0;
	survey_below(".");
	for (i = 0; i < nr_met; i++)
		if (all_met[i].names != 1 && all_met[i].names != all_met[i].nlink)
			wrong("inode %lu has %lu names and %lu links",
			      (unsigned long)all_met[i].ino, (unsigned long)all_met[i].names,
			      (unsigned long)all_met[i].nlink);
	/* The root is nobody's entry. */
	compare_inodes(nr_met + 1);
}
