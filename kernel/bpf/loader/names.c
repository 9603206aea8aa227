// SPDX-License-Identifier: GPL-2.0
/* Lists sorted by name, and the names that may become names of files. */
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/sort.h>
#include <linux/string.h>
#include "build.h"

static int names_compare(const void *a, const void *b)
{
	const struct build_name *left = a, *right = b;
	int order = strcmp(left->name, right->name);

	if (order)
		return order;
	return left->index < right->index ? -1 : left->index > right->index;
}

/**
 * build_names_sort() - sort a list by name, equal names by index
 * @names: the list
 * @nr: entries in it
 */
void build_names_sort(struct build_name *names, u32 nr)
{
	sort(names, nr, sizeof(*names), names_compare, NULL);
}

/**
 * build_names_find() - look up a name
 * @names: a sorted list
 * @nr: entries in it
 * @name: what to look for
 *
 * Return: the entry with the lowest index, after which others of the same name
 * follow; NULL if there is none.
 */
const struct build_name *build_names_find(const struct build_name *names,
					  u32 nr, const char *name)
{
	u32 low = 0, high = nr, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (strcmp(names[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == nr || strcmp(names[low].name, name))
		return NULL;
	return &names[low];
}

static bool name_char_is_ok(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '$';
}

/**
 * build_name_is_file() - whether a name from the object may name a file
 * @name: the name
 *
 * Return: true for what compilers make of C identifiers, and for names of data
 * sections; false for "", "." and "..", and for anything with a slash or with
 * characters that a terminal would act on.
 */
bool build_name_is_file(const char *name)
{
	size_t len;

	for (len = 0; name[len]; len++) {
		if (len == NAME_MAX || !name_char_is_ok(name[len]))
			return false;
	}
	return len && strcmp(name, ".") && strcmp(name, "..");
}

/**
 * build_name_make_file() - make of a name one that may name a file
 * @to: receives it, NAME_MAX + 1 bytes; "_" stands for what no file is named
 * @from: a name that begins with '.' and a letter, as those of data sections
 */
void build_name_make_file(char *to, const char *from)
{
	size_t i;

	for (i = 0; i < NAME_MAX && from[i]; i++)
		to[i] = name_char_is_ok(from[i]) ? from[i] : '_';
	to[i] = '\0';
}

/**
 * build_names_check() - see that names can stand in one directory
 * @names: the names, in any order; sorted on return
 * @nr: entries in the list
 * @what: what they are names of ("map")
 * @diag: receives the sentence of a refusal
 *
 * Return: 0; -EINVAL if a name is no file name or is there twice.
 */
int build_names_check(struct build_name *names, u32 nr, const char *what,
		      struct bpffs_diag *diag)
{
	u32 i;

	/* Those that are left are short, and so is sorting them. */
	for (i = 0; i < nr; i++) {
		if (!build_name_is_file(names[i].name))
			return bpffs_diag(diag, -EINVAL,
					  "%s \"%s\": the name is not an identifier of at most %u characters",
					  what, names[i].name, NAME_MAX);
	}
	build_names_sort(names, nr);
	for (i = 1; i < nr; i++) {
		if (!strcmp(names[i].name, names[i - 1].name))
			return bpffs_diag(diag, -EINVAL,
					  "%s \"%s\" is defined twice", what,
					  names[i].name);
	}
	return 0;
}

/**
 * bpffs_essential_len() - length of a name without its flavour
 * @name: of something of the kernel
 *
 * What several kernels have by one name and in different shapes an object tells
 * apart by what it appends to the name, "___v2": three underscores, no more.
 *
 * Return: bytes before that.
 */
size_t bpffs_essential_len(const char *name)
{
	size_t i, len = strlen(name);

	for (i = len; i-- > 4; )
		if (name[i] != '_' && !memcmp(name + i - 3, "___", 3) && name[i - 4] != '_')
			return i - 3;
	return len;
}
