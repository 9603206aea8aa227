// SPDX-License-Identifier: GPL-2.0
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "hooks.h"

static const struct bpffs_hook * const hooks[] = {
	&bpffs_hook_fentry,
	&bpffs_hook_fexit,
	&bpffs_hook_kprobe,
	&bpffs_hook_kretprobe,
	&bpffs_hook_raw_tracepoint,
	&bpffs_hook_struct_ops,
	&bpffs_hook_tp_btf,
	&bpffs_hook_tracepoint,
};

/**
 * bpffs_hook_find() - the kind of hook that a directory below hooks/ stands for
 * @name: of the directory, need not end in a NUL
 * @len: bytes in @name
 *
 * Return: the hook's operations, or NULL if there is none of that name.
 */
const struct bpffs_hook *bpffs_hook_find(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hooks); i++)
		if (strlen(hooks[i]->name) == len && !memcmp(hooks[i]->name, name, len))
			return hooks[i];
	return NULL;
}

/**
 * bpffs_hook_symbol_name() - whether a component may name a kernel symbol
 * @component: need not end in a NUL
 * @len: bytes in @component
 * @level: not looked at; the signature is that of bpffs_hook.valid
 *
 * Return: true for letters, digits, '_' and '.', as compilers make symbols.
 */
bool bpffs_hook_symbol_name(const char *component, size_t len, u32 level)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!isalnum(component[i]) && component[i] != '_' && component[i] != '.')
			return false;
	return len > 0;
}

/**
 * bpffs_hook_btf_name() - whether a component may name something in the kernel's BTF
 * @component: need not end in a NUL
 * @len: bytes in @component
 * @level: see bpffs_hook_symbol_name()
 *
 * Return: true for a symbol, and for MODULE:SYMBOL.
 */
bool bpffs_hook_btf_name(const char *component, size_t len, u32 level)
{
	const char *colon = memchr(component, ':', len);
	size_t module_len = colon ? colon - component : 0;

	if (!colon)
		return bpffs_hook_symbol_name(component, len, level);
	return bpffs_hook_symbol_name(component, module_len, level) &&
	       bpffs_hook_symbol_name(colon + 1, len - module_len - 1, level);
}

/**
 * bpffs_hook_wants_type() - refuse a program of a type that a hook cannot run
 * @prog: the program
 * @type: what the hook runs
 * @what: the hook's kind, for the sentence
 * @diag: where the sentence goes
 *
 * Return: 0 or -EINVAL.
 */
int bpffs_hook_wants_type(const struct bpf_prog *prog, enum bpf_prog_type type,
			  const char *what, struct bpffs_diag *diag)
{
	if (prog->type == type)
		return 0;
	return bpffs_diag(diag, -EINVAL,
			  "program %s is of type %u, a %s runs programs of type %u",
			  prog->aux->name, prog->type, what, type);
}
