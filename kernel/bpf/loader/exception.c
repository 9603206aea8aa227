// SPDX-License-Identifier: GPL-2.0
/*
 * Exception callbacks: functions that a program names by a tag of its own
 * declaration, and that no instruction calls. The verifier looks for them
 * among what was loaded with the program.
 */
#include <linux/btf.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "build.h"

#define TAG	"exception_callback:"

static int read_tag(struct bpffs_build *b, const struct btf_type *tag, const char *callback)
{
	const struct bpffs_btf *btf = &b->plan->btf;
	const struct btf_type *t = bpffs_btf_type(btf, tag->type);
	const char *name = t ? bpffs_btf_name(btf, t->name_off) : "";
	struct build_func *func;
	bool hidden;

	if (!t || bpffs_btf_kind(t) != BTF_KIND_FUNC ||
	    BTF_INFO_VLEN(t->info) != BTF_FUNC_GLOBAL)
		return bpffs_diag(b->diag, -EINVAL,
				  "section .BTF: \"%s\" is tagged \"%s%s\", which is for programs",
				  name, TAG, callback);
	func = build_find_global_func(b, name, &hidden);
	/* Of two tags the verifier will say that there are two. */
	if (func && !func->on_throw)
		func->on_throw = callback;
	return 0;
}

/**
 * build_exception_tags() - find which functions programs name for exceptions
 * @b: the build, past build_funcs()
 *
 * Fills in on_throw of the functions.
 *
 * Return: 0, or -EINVAL for a tag at something else than a function.
 */
int build_exception_tags(struct bpffs_build *b)
{
	const struct bpffs_btf *btf = &b->plan->btf;
	const struct btf_decl_tag *tag;
	const struct btf_type *t;
	const char *text;
	u32 id;
	int err;

	for (id = 1; id < btf->nr_types; id++) {
		t = bpffs_btf_type(btf, id);
		if (bpffs_btf_kind(t) != BTF_KIND_DECL_TAG)
			continue;
		tag = bpffs_btf_tail(t);
		text = bpffs_btf_name(btf, t->name_off);
		if (tag->component_idx != -1 || strncmp(text, TAG, strlen(TAG)))
			continue;
		err = read_tag(b, t, text + strlen(TAG));
		if (err)
			return err;
	}
	return 0;
}

static bool has_func(const struct bpffs_build *b, const char *name)
{
	u32 i;

	for (i = 0; i < b->nr_funcs; i++)
		if (!b->funcs[i].entry && !strcmp(b->funcs[i].name, name))
			return true;
	return false;
}

/**
 * build_exception_callback() - what a program's exceptions end in
 * @b: the build, past build_exception_tags()
 * @program: index of the program's function, whose on_throw is not NULL
 * @callback: where to put the index of the callback
 *
 * Return: 0; -ENOENT if there is no such function; -EINVAL for one that the
 * verifier would not take as a callback.
 */
int build_exception_callback(struct bpffs_build *b, u32 program, u32 *callback)
{
	const char *name = b->funcs[program].on_throw;
	const struct build_func *func;
	bool hidden;

	func = build_find_global_func(b, name, &hidden);
	if (func && !func->entry && !hidden) {
		/* Functions are placed by the first of their names. */
		*callback = build_find_func(b, func->section, func->insn) - b->funcs;
		return 0;
	}
	if (func || has_func(b, name))
		return bpffs_diag(b->diag, -EINVAL,
				  "program %s: \"%s\" cannot be its exception callback: that is a function in .text, neither static nor hidden",
				  b->funcs[program].name, name);
	return bpffs_diag(b->diag, -ENOENT,
			  "program %s: the object has no function \"%s\", its exception callback",
			  b->funcs[program].name, name);
}
