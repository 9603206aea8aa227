// SPDX-License-Identifier: GPL-2.0
/* What the names of sections say: a table, not code. */
#include <linux/kernel.h>
#include <linux/string.h>
#include "build.h"
#include "plan.h"

#define SECTION(_prefix, _hook, _type, _attach_type, _flags) {	\
	.prefix = _prefix,					\
	.hook = _hook,						\
	.type = BPF_PROG_TYPE_##_type,				\
	.attach_type = _attach_type,				\
	.flags = BPFFS_SEC_TARGET | (_flags),			\
}

static const struct bpffs_section_def section_defs[] = {
	SECTION("tracepoint", "tracepoint", TRACEPOINT, 0, 0),
	SECTION("tp", "tracepoint", TRACEPOINT, 0, 0),
	SECTION("raw_tracepoint", "raw_tracepoint", RAW_TRACEPOINT, 0, 0),
	SECTION("raw_tp", "raw_tracepoint", RAW_TRACEPOINT, 0, 0),
	SECTION("tp_btf", "tp_btf", TRACING, BPF_TRACE_RAW_TP,
		BPFFS_SEC_ATTACH_BTF),
	SECTION("kprobe", "kprobe", KPROBE, 0, 0),
	SECTION("kretprobe", "kretprobe", KPROBE, 0, 0),
	SECTION("fentry", "fentry", TRACING, BPF_TRACE_FENTRY,
		BPFFS_SEC_ATTACH_BTF),
	SECTION("fentry.s", "fentry", TRACING, BPF_TRACE_FENTRY,
		BPFFS_SEC_ATTACH_BTF | BPFFS_SEC_SLEEPABLE),
	SECTION("fexit", "fexit", TRACING, BPF_TRACE_FEXIT,
		BPFFS_SEC_ATTACH_BTF),
	SECTION("fexit.s", "fexit", TRACING, BPF_TRACE_FEXIT,
		BPFFS_SEC_ATTACH_BTF | BPFFS_SEC_SLEEPABLE),
};

/* Of programs that are not to be loaded, whatever their section means. */
static const struct bpffs_section_def section_unknown = {
	.prefix = "",
	.hook = "",
	.type = BPF_PROG_TYPE_UNSPEC,
	.flags = BPFFS_SEC_TARGET,
};

static bool section_matches(const struct bpffs_section_def *def,
			    const char *section, const char **target)
{
	size_t len = strlen(def->prefix);

	if (strncmp(section, def->prefix, len))
		return false;
	if (!section[len]) {
		*target = section + len;
		return true;
	}
	if (section[len] != '/' || !(def->flags & BPFFS_SEC_TARGET))
		return false;
	*target = section + len + 1;
	return true;
}

/**
 * bpffs_section_find() - look up what a section's name says about programs
 * @section: the name; a leading '?' is skipped
 * @target: receives the part after the prefix and its '/', inside @section;
 *	"" where there is none
 *
 * Return: an entry of a static table; NULL for names that are not in it.
 */
const struct bpffs_section_def *bpffs_section_find(const char *section,
						   const char **target)
{
	size_t i;

	if (*section == '?')
		section++;
	for (i = 0; i < ARRAY_SIZE(section_defs); i++) {
		if (section_matches(&section_defs[i], section, target))
			return &section_defs[i];
	}
	return NULL;
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

/**
 * bpffs_section_list() - the names that bpffs_section_find() knows
 * @buf: receives them, separated by commas
 * @size: bytes in @buf
 */
void bpffs_section_list(char *buf, size_t size)
{
	size_t i, len = 0;

	buf[0] = '\0';
	for (i = 0; i < ARRAY_SIZE(section_defs); i++)
		len += scnprintf(buf + len, size - len, "%s%s", i ? ", " : "",
				 section_defs[i].prefix);
}
