// SPDX-License-Identifier: GPL-2.0
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "hooks.h"
#include "../services/services.h"

/* Systems are named like drivers, xhci-hcd for example. */
static bool tracepoint_valid(const char *component, size_t len, u32 level)
{
	const char *dash;

	while (!level && (dash = memchr(component, '-', len)) && dash > component) {
		if (!bpffs_hook_symbol_name(component, dash - component, level))
			return false;
		len -= dash + 1 - component;
		component = dash + 1;
	}
	return bpffs_hook_symbol_name(component, len, level);
}

static int tracepoint_accepts(const struct bpf_prog *prog, const char *target,
			      struct bpffs_diag *diag)
{
	return bpffs_hook_wants_type(prog, BPF_PROG_TYPE_TRACEPOINT, "tracepoint",
				     diag);
}

static struct bpffs_native *tracepoint_attach(struct bpffs_native *prog, const char *target,
					      struct bpffs_diag *diag)
{
	struct bpffs_native *event, *link;
	char *system, *name;

	system = kstrdup(target, GFP_KERNEL);
	if (!system)
		return ERR_PTR(-ENOMEM);
	name = strchr(system, '/');
	if (!name) {
		kfree(system);
		return ERR_PTR(bpffs_diag(diag, -EINVAL,
					  "%s names no SYSTEM/EVENT", target));
	}
	*name++ = '\0';
	event = bpffs_perf_tracepoint(system, name, diag);
	kfree(system);
	if (IS_ERR(event))
		return event;
	link = bpffs_link_perf_event(prog, event, diag);
	/* The link holds the event from here on. */
	bpffs_native_put(event);
	return link;
}

const struct bpffs_hook bpffs_hook_tracepoint = {
	.name		= "tracepoint",
	.depth		= 2,
	.valid		= tracepoint_valid,
	.accepts	= tracepoint_accepts,
	.attach		= tracepoint_attach,
};
