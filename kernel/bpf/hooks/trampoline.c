// SPDX-License-Identifier: GPL-2.0
/*
 * Hooks whose target was fixed when the verifier checked the program against
 * its BTF: the path can only repeat it.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include "hooks.h"
#include "../services/services.h"

/* A path without a module takes whichever the load has found. */
static bool names_target(const char *target, const struct bpf_prog *prog, const char *name)
{
	const char *colon = strchr(target, ':');

	if (!colon)
		return !strcmp(target, name);
	return !strcmp(colon + 1, name) &&
	       bpffs_prog_is_for_module(prog, target, colon - target);
}

static int wants_target(const struct bpf_prog *prog, const char *target,
			enum bpf_attach_type attach_type, const char *what,
			struct bpffs_diag *diag)
{
	char name[BPFFS_TARGET_LEN];
	int err;

	err = bpffs_hook_wants_type(prog, BPF_PROG_TYPE_TRACING, what, diag);
	if (err)
		return err;
	if (prog->expected_attach_type != attach_type)
		return bpffs_diag(diag, -EINVAL, "program %s was not loaded as %s",
				  prog->aux->name, what);
	err = bpffs_prog_target(prog, name, diag);
	if (err)
		return err;
	if (!names_target(target, prog, name))
		return bpffs_diag(diag, -EINVAL,
				  "program %s was verified for %s and cannot run at %s",
				  prog->aux->name, name, target);
	return 0;
}

static int tp_btf_accepts(const struct bpf_prog *prog, const char *target,
			  struct bpffs_diag *diag)
{
	return wants_target(prog, target, BPF_TRACE_RAW_TP, "tp_btf", diag);
}

static int fentry_accepts(const struct bpf_prog *prog, const char *target,
			  struct bpffs_diag *diag)
{
	return wants_target(prog, target, BPF_TRACE_FENTRY, "fentry", diag);
}

static int fexit_accepts(const struct bpf_prog *prog, const char *target,
			 struct bpffs_diag *diag)
{
	return wants_target(prog, target, BPF_TRACE_FEXIT, "fexit", diag);
}

static struct bpffs_native *tracing_attach(struct bpffs_native *prog, const char *target,
					   struct bpffs_diag *diag)
{
	return bpffs_link_tracing(prog, diag);
}

const struct bpffs_hook bpffs_hook_tp_btf = {
	.name		= "tp_btf",
	.depth		= 1,
	.valid		= bpffs_hook_btf_name,
	.accepts	= tp_btf_accepts,
	.attach		= tracing_attach,
};

const struct bpffs_hook bpffs_hook_fentry = {
	.name		= "fentry",
	.depth		= 1,
	.valid		= bpffs_hook_btf_name,
	.accepts	= fentry_accepts,
	.attach		= tracing_attach,
};

const struct bpffs_hook bpffs_hook_fexit = {
	.name		= "fexit",
	.depth		= 1,
	.valid		= bpffs_hook_btf_name,
	.accepts	= fexit_accepts,
	.attach		= tracing_attach,
};
