/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kinds of hooks that a program can be attached to, one operations table each.
 * Nothing here knows a directory: a hook is named by the components of its
 * path below hooks/.
 */
#ifndef _BPFFS_HOOKS_H
#define _BPFFS_HOOKS_H

#include <linux/bpf.h>
#include <linux/bpffs_diag.h>

struct bpffs_native;
struct bpffs_struct_ops;

/**
 * struct bpffs_hook - one kind of hook
 * @name: of the directory below hooks/
 * @depth: number of components that name a target below it, up to 2; 0 where
 *	there is only one
 * @valid: whether @component may stand at @level (0 up to @depth - 1). Called
 *	under the directory's lock by look-ups: looks at the characters alone
 *	and does not sleep. NULL takes any name
 * @accepts: 0 if @prog can be attached to @target, else an errno and a
 *	sentence. Does not change anything
 * @attach: attaches the program behind the native file @prog to @target
 *	("syscalls/sys_enter_openat"). Called under the lock of one directory,
 *	with the credentials that judge; may sleep but resolves no path and
 *	touches no memory that a user chose. Returns the link's native file,
 *	whose bpffs_native_put() detaches
 * @attach_map: in place of @accepts and @attach, where it is struct_ops maps that
 *	are attached: registers @ops, of the map @name, in the same surroundings
 * @detach: undoes @attach_map and drops what it returned; may sleep. NULL where
 *	bpffs_native_put() is enough
 */
struct bpffs_hook {
	const char *name;
	u32 depth;
	bool (*valid)(const char *component, size_t len, u32 level);
	int (*accepts)(const struct bpf_prog *prog, const char *target,
		       struct bpffs_diag *diag);
	struct bpffs_native *(*attach)(struct bpffs_native *prog, const char *target,
				       struct bpffs_diag *diag);
	struct bpffs_native *(*attach_map)(struct bpffs_struct_ops *ops, const char *name,
					   struct bpffs_diag *diag);
	void (*detach)(struct bpffs_native *attached);
};

/* table.c */
const struct bpffs_hook *bpffs_hook_find(const char *name, size_t len);
bool bpffs_hook_btf_name(const char *component, size_t len, u32 level);
bool bpffs_hook_symbol_name(const char *component, size_t len, u32 level);
int bpffs_hook_wants_type(const struct bpf_prog *prog, enum bpf_prog_type type,
			  const char *what, struct bpffs_diag *diag);

extern const struct bpffs_hook bpffs_hook_tracepoint;
extern const struct bpffs_hook bpffs_hook_raw_tracepoint;
extern const struct bpffs_hook bpffs_hook_tp_btf;
extern const struct bpffs_hook bpffs_hook_kprobe;
extern const struct bpffs_hook bpffs_hook_kretprobe;
extern const struct bpffs_hook bpffs_hook_fentry;
extern const struct bpffs_hook bpffs_hook_fexit;
extern const struct bpffs_hook bpffs_hook_struct_ops;

#endif /* _BPFFS_HOOKS_H */
