/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of this directory know of each other, sectioned by file. */
#ifndef _BPFFS_SERVICES_INTERNAL_H
#define _BPFFS_SERVICES_INTERNAL_H

#include <linux/types.h>
#include "compat.h"
#include "services.h"

/*
 * native.c. A native file is a struct file under a name that says what it is
 * for and keeps the layers above from looking into it.
 */
static inline struct file *bpffs_native_file(const struct bpffs_native *native)
{
	return (struct file *)native;
}

static inline struct bpffs_native *bpffs_native_of(struct file *file)
{
	return (struct bpffs_native *)file;
}

static inline void *bpffs_native_object(const struct bpffs_native *native)
{
	return bpffs_native_file(native)->private_data;
}

int bpffs_native_init(void);
bool bpffs_native_is_btf(const struct bpffs_native *native);
int bpffs_native_lend_nonzero(struct bpffs_native *native);
struct file *bpffs_native_of_btf(void);

/* scratch.c */
int bpffs_scratch_log(const struct bpffs_scratch *scratch,
		      struct bpffs_vlog *log);

/* helper.c: BPF helpers that have no exported function, called by programs. */
#define BPFFS_HELPER_NAME_LEN	256

enum bpffs_helper {
	BPFFS_HELPER_KALLSYMS,	/* value = address of the symbol name */
	BPFFS_HELPER_BTF_FIND,	/* ret = id of name, of kind arg */
	BPFFS_NR_HELPERS,
};

/**
 * struct bpffs_helper_call - what goes into a helper program and comes out
 * @name: NUL-padded up to its end
 * @arg: second argument of the helper, where it has one
 * @ret: what the helper returned
 * @value: what the helper stored through a pointer, where it does
 *
 * The programs' context, so the layout is theirs too.
 */
struct bpffs_helper_call {
	char name[BPFFS_HELPER_NAME_LEN];
	u64 arg;
	s64 ret;
	u64 value;
};

void bpffs_helper_init(void);
void bpffs_helper_drop(enum bpffs_helper helper);
int bpffs_helper_run(enum bpffs_helper helper, struct bpffs_helper_call *call);
struct bpffs_native *bpffs_load_syscall_prog(struct bpffs_prog_request *req, const char *name,
					     struct bpf_insn *insns, u32 nr);
int bpffs_run_syscall_prog(struct bpffs_native *native, void *context, u32 size);

/* kernel_config.c */
struct file *bpffs_open_initial(const char *path);

/* kernel_btf.c */
void bpffs_kernel_btf_drop(void);

/* module_btf.c */
u32 bpffs_module_btf_find(struct bpffs_native *module_btf, const char *name, u32 kind);
const char *bpffs_module_btf_string(struct bpffs_native *module_btf, u32 off);

/* link.c */
struct bpffs_native *bpffs_link_take(int fd, const struct bpf_prog *prog);

/* symbols.c */
void bpffs_symbols_init(void);

/* map.c */
#define BPFFS_MAP_ENTRIES	BIT(0)	/* entries can be looked up by key */
#define BPFFS_MAP_ARRAY		BIT(1)	/* every key below max_entries is there */
#define BPFFS_MAP_PERCPU	BIT(2)	/* a value for every possible CPU */
#define BPFFS_MAP_TRIE		BIT(3)	/* a lookup finds the longest prefix */

u32 bpffs_map_traits(const struct bpf_map *map);
bool bpffs_map_has_key(struct bpf_map *map, void *key);
void bpffs_map_init(void);

/* ringbuf.c */
void bpffs_ringbuf_init(void);

#endif /* _BPFFS_SERVICES_INTERNAL_H */
