// SPDX-License-Identifier: GPL-2.0
/* Looking up what a section's name says. */
#include <linux/kernel.h>
#include <linux/string.h>
#include "build.h"

/* Of programs that are not to be loaded, whatever their section means. */
static const struct bpffs_section_def section_unknown = {
	.prefix = "",
	.hook = "",
	.type = BPF_PROG_TYPE_UNSPEC,
};

static size_t common_prefix(const char *a, const char *b)
{
	size_t len = 0;

	while (a[len] && a[len] == b[len])
		len++;
	return len;
}

/**
 * bpffs_section_find() - look up what a section's name says about programs
 * @section: the name; a leading '?' is skipped
 * @target: receives the part after the prefix and its '/', inside @section;
 *	its end where there is none, and where it names no target
 *
 * A name is a row's prefix, or begins with it and a '/'. What follows is the
 * target where the row has BPFFS_SEC_TARGET, and otherwise a label that says
 * nothing; of several rows that match, the longest is meant.
 *
 * Return: a row of bpffs_section_defs; NULL for names that are not in it.
 */
const struct bpffs_section_def *bpffs_section_find(const char *section,
						   const char **target)
{
	const struct bpffs_section_def *def, *found = NULL;
	size_t i, len, longest = 0;

	if (*section == '?')
		section++;
	for (i = 0; i < bpffs_nr_section_defs; i++) {
		def = &bpffs_section_defs[i];
		len = common_prefix(def->prefix, section);
		if (def->prefix[len] || len < longest)
			continue;
		if (section[len] && section[len] != '/')
			continue;
		found = def;
		longest = len;
	}
	if (!found)
		return NULL;
	*target = section + strlen(section);
	if (section[longest] && found->flags & BPFFS_SEC_TARGET)
		*target = section + longest + 1;
	return found;
}

/**
 * bpffs_section_like() - the name that a misspelt one may have meant
 * @section: a name that bpffs_section_find() does not find
 *
 * Return: the prefix that begins most like it; "" if none is like it.
 */
const char *bpffs_section_like(const char *section)
{
	const char *like = "";
	size_t i, len, longest = 2;

	if (*section == '?')
		section++;
	for (i = 0; i < bpffs_nr_section_defs; i++) {
		len = common_prefix(bpffs_section_defs[i].prefix, section);
		if (len <= longest)
			continue;
		like = bpffs_section_defs[i].prefix;
		longest = len;
	}
	return like;
}

/**
 * bpffs_section_unknown() - what is said of programs in any other section
 *
 * Return: a definition of type BPF_PROG_TYPE_UNSPEC, static.
 */
const struct bpffs_section_def *bpffs_section_unknown(void)
{
	return &section_unknown;
}
