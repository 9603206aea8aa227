// SPDX-License-Identifier: GPL-2.0
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "hooks.h"
#include "../services/services.h"

/* FUNCTION or FUNCTION+OFFSET, the offset decimal or 0x hexadecimal. */
static bool kprobe_valid(const char *component, size_t len, u32 level)
{
	const char *plus = memchr(component, '+', len);
	size_t name_len = plus ? plus - component : len;
	size_t i;

	if (!bpffs_hook_symbol_name(component, name_len, level))
		return false;
	/* What follows the '+' is judged when it is attached to. */
	for (i = name_len + 1; i < len; i++)
		if (!isalnum(component[i]))
			return false;
	return !plus || name_len + 1 < len;
}

static bool kretprobe_valid(const char *component, size_t len, u32 level)
{
	return bpffs_hook_symbol_name(component, len, level);
}

static int kprobe_accepts(const struct bpf_prog *prog, const char *target,
			  struct bpffs_diag *diag)
{
	return bpffs_hook_wants_type(prog, BPF_PROG_TYPE_KPROBE, "kprobe", diag);
}

static struct bpffs_native *attach(struct bpffs_native *prog, const char *target, bool retprobe,
				   struct bpffs_diag *diag)
{
	struct bpffs_native *event, *link;
	char *func, *plus;
	u64 offset = 0;

	func = kstrdup(target, GFP_KERNEL);
	if (!func)
		return ERR_PTR(-ENOMEM);
	plus = strchr(func, '+');
	if (plus) {
		*plus++ = '\0';
		if (kstrtou64(plus, 0, &offset)) {
			kfree(func);
			return ERR_PTR(bpffs_diag(diag, -EINVAL,
						  "the offset in %s is not a number",
						  target));
		}
	}
	event = bpffs_perf_kprobe(func, offset, retprobe, diag);
	kfree(func);
	if (IS_ERR(event))
		return event;
	link = bpffs_link_perf_event(prog, event, diag);
	/* The link holds the event from here on. */
	bpffs_native_put(event);
	return link;
}

static struct bpffs_native *kprobe_attach(struct bpffs_native *prog, const char *target,
					  struct bpffs_diag *diag)
{
	return attach(prog, target, false, diag);
}

static struct bpffs_native *kretprobe_attach(struct bpffs_native *prog, const char *target,
					     struct bpffs_diag *diag)
{
	return attach(prog, target, true, diag);
}

const struct bpffs_hook bpffs_hook_kprobe = {
	.name		= "kprobe",
	.depth		= 1,
	.valid		= kprobe_valid,
	.accepts	= kprobe_accepts,
	.attach		= kprobe_attach,
};

const struct bpffs_hook bpffs_hook_kretprobe = {
	.name		= "kretprobe",
	.depth		= 1,
	.valid		= kretprobe_valid,
	.accepts	= kprobe_accepts,
	.attach		= kretprobe_attach,
};
