// SPDX-License-Identifier: GPL-2.0
/* BTF that is newer than the kernel, in words that an older one takes. */
#include <linux/btf.h>
#include <linux/string.h>
#include "plan.h"

/* Sections like "?.struct_ops" are of 6.9; before, names had no '?'. */
static bool soften_name(char *name)
{
	bool changed = false;

	while ((name = strchr(name, '?'))) {
		*name++ = '_';
		changed = true;
	}
	return changed;
}

/**
 * bpffs_btf_soften() - take out of BTF what an older kernel refuses
 * @data: copy of the bytes that @btf is the index over; written to
 * @btf: the index
 *
 * Ids, sizes and offsets stay what they are.
 *
 * The kinds of type that compilers make all are older than the oldest kernel
 * that bpffs runs on, so none has to be replaced by another one.
 *
 * Return: whether anything changed.
 */
bool bpffs_btf_soften(void *data, const struct bpffs_btf *btf)
{
	char *strings = data + ((const void *)btf->strings - btf->data);
	const struct btf_type *t;
	bool changed = false;
	u32 id;

	for (id = 1; id < btf->nr_types; id++) {
		t = bpffs_btf_type(btf, id);
		if (bpffs_btf_kind(t) == BTF_KIND_DATASEC)
			changed |= soften_name(strings + t->name_off);
	}
	return changed;
}
