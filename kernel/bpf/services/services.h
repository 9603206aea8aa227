/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every call into the running kernel that is not plain VFS.
 *
 * bpf(2) objects are held as the struct file that bpf(2) itself made for them
 * ("native file" below): one reference on the file is one reference on the
 * map, program, link or BTF, it can be lent to the bpf core as a descriptor of
 * the current task at any time, and bpffs_native_put() gives it back from any
 * context, sleeping or not. Above this directory a native file is opaque, and
 * nobody there touches a descriptor.
 *
 * Functions that make an object judge with current_cred(); whoever acts for
 * the opener of a file overrides the credentials around the call.
 */
#ifndef _BPFFS_SERVICES_H
#define _BPFFS_SERVICES_H

#include <linux/types.h>
#include <linux/bpf.h>
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/bpffs_diag.h>

/* services.c: module start and end of everything in this directory. */
int bpffs_services_init(void);
void bpffs_services_exit(void);

/* native.c: native files and their descriptors. */
struct bpffs_native;

struct bpffs_native *bpffs_native_get(struct bpffs_native *native);
void bpffs_native_put(struct bpffs_native *native);
struct bpffs_native *bpffs_native_take(int fd);
int bpffs_native_lend(struct bpffs_native *native);
void bpffs_native_reclaim(int fd);
int bpffs_native_fd(struct bpffs_native *native, fmode_t mode);
struct bpf_map *bpffs_native_map(struct bpffs_native *native);
struct bpf_prog *bpffs_native_prog(struct bpffs_native *native);
bool bpffs_native_is_same(const struct bpffs_native *a, const struct bpffs_native *b);

/* private.c: where descriptors are safe from other threads. */
int bpffs_call_private(int (*fn)(void *arg), void *arg);

/* scratch.c: memory of the current task that the bpf core may write to. */
struct bpffs_scratch {
	unsigned long addr;	/* user address, 0 where there is none */
	size_t size;
};

int bpffs_scratch_map(struct bpffs_scratch *scratch, size_t size);
struct bpffs_native *bpffs_scratch_call(const char *string,
					struct bpffs_native *(*fn)(u64 addr, void *arg),
					void *arg);
void bpffs_scratch_unmap(struct bpffs_scratch *scratch);

/**
 * struct bpffs_vlog - what the verifier had to say
 * @text: NUL-terminated, kvmalloc()ed, owned by the holder; NULL if nothing
 * @len: bytes in @text without the NUL
 * @room: bytes there are for @text, where several logs become one
 * @truncated: the verifier had more to say than fits
 * @lost: what it said of a refusal could not be had
 */
struct bpffs_vlog {
	char *text;
	size_t len;
	size_t room;
	bool truncated;
	bool lost;
};

void bpffs_vlog_free(struct bpffs_vlog *log);

/* object.c: BTF, maps and programs. */
struct bpffs_native *bpffs_btf_load(const void *data, u32 size, u32 log_level,
				    struct bpffs_vlog *log);
struct bpffs_native *bpffs_map_create(union bpf_attr *attr, struct bpffs_native *btf,
				      struct bpffs_native *inner);
int bpffs_map_set_slot(struct bpffs_native *map, u32 key, struct bpffs_native *value);
void bpffs_map_drop_slot(struct bpf_map *map, u32 key);
int bpffs_map_freeze(struct bpffs_native *map);

/**
 * struct bpffs_prog_request - a program to be verified and compiled
 * @attr: prog_type, expected_attach_type, name, insns, license, func_info,
 *	line_info, core_relos and prog_flags filled in with kernel pointers that
 *	are the caller's own; descriptors and log are set by the callee
 * @btf: native file of the object's BTF or NULL
 * @attach_to: native file of the module BTF, or of the program, that
 *	attr.attach_btf_id is in; NULL for vmlinux
 * @maps: native files of the maps that the program names
 * @nr_maps: their number
 * @refs: instruction slots whose imm gets the descriptor of maps[refs[i].map]
 * @nr_refs: their number
 * @module_btfs: native files of the BTF of modules
 * @nr_module_btfs: their number
 * @btf_refs: instructions that name a type in module_btfs[btf_refs[i].btf]: a
 *	call gets its place among them into off, a load of 64 bits its descriptor
 *	into the imm of the second half
 * @nr_btf_refs: their number
 * @log_level: 0 asks for a log only if the program is refused
 * @no_dump: a log shall have no instructions: the addresses of maps are in them,
 *	and the memory that it is written to is somebody's who may not see them
 */
struct bpffs_prog_request {
	union bpf_attr attr;
	struct bpffs_native *btf;
	struct bpffs_native *attach_to;
	struct bpffs_native **maps;
	u32 nr_maps;
	struct bpffs_map_slot {
		u32 insn;
		u32 map;
	} *refs;
	u32 nr_refs;
	struct bpffs_native **module_btfs;
	u32 nr_module_btfs;
	struct bpffs_btf_slot {
		u32 insn;
		u32 btf;
	} *btf_refs;
	u32 nr_btf_refs;
	u32 log_level;
	bool no_dump;
};

struct bpffs_native *bpffs_prog_load(struct bpffs_prog_request *req,
				     struct bpffs_vlog *log);

/* kernel_btf.c: types of the running kernel. */
int bpffs_kernel_btf_find(const char *name, u32 kind, u32 *id,
			  struct bpffs_native **module_btf);
int bpffs_kernel_btf_find_in(const char *module, const char *name, u32 kind, u32 *id,
			     struct bpffs_native **module_btf);
const struct btf_type *bpffs_kernel_type(struct bpffs_native *module_btf, u32 id);
const char *bpffs_kernel_type_name(struct bpffs_native *module_btf, u32 name_off);

bool bpffs_kernel_knows_ctx_args(void);

/* module_btf.c: types of modules. */
int bpffs_module_btf_open(const char *module, struct bpffs_native **module_btf);
bool bpffs_prog_is_for_module(const struct bpf_prog *prog, const char *module, size_t len);

/* kernel_config.c: what the running kernel was built with. */
struct bpffs_kernel_fact {
	const char *name;	/* LINUX_KERNEL_VERSION, LINUX_HAS_... */
	u64 value;
};

const struct bpffs_kernel_fact *bpffs_kernel_fact(const char *name);
int bpffs_kernel_config(char **text, size_t *size, struct bpffs_diag *diag);

/* symbols.c: the one table of what the kernel does not export. */
enum bpffs_symbol {
	BPFFS_SYM_PERF_FOPS,
	BPFFS_SYM_PERF_KPROBE,
	BPFFS_SYM_BPF_PROG_ACTIVE,
	BPFFS_SYM_BTF_VMLINUX,
	BPFFS_SYM_START_BTF,
	BPFFS_SYM_BTF_IDR,
	BPFFS_SYM_BTF_IDR_LOCK,
	BPFFS_SYM_CONFIG_DATA,
	BPFFS_SYM_CONFIG_DATA_END,
	BPFFS_NR_SYMBOLS,
};

unsigned long bpffs_symbol(enum bpffs_symbol symbol, struct bpffs_diag *diag);
int bpffs_kernel_symbol(const char *name, u64 *addr);

/* symbols_all.c */
typedef bool bpffs_symbol_fn(void *data, const char *name, u64 addr);
int bpffs_kernel_symbols(bpffs_symbol_fn *tell, void *data);

/* perf.c: events that programs attach to, and who may trace. */
int bpffs_may_trace(struct bpffs_diag *diag);
struct bpffs_native *bpffs_perf_tracepoint(const char *system, const char *event,
					   struct bpffs_diag *diag);
struct bpffs_native *bpffs_perf_kprobe(const char *func, u64 offset, bool retprobe,
				       struct bpffs_diag *diag);

/* Bytes of the longest name that a program's target has, its NUL included. */
#define BPFFS_TARGET_LEN	512

/* link.c: attachments; the link lives until its file is put. */
struct bpffs_native *bpffs_link_perf_event(struct bpffs_native *prog, struct bpffs_native *event,
					   struct bpffs_diag *diag);
struct bpffs_native *bpffs_link_raw_tracepoint(struct bpffs_native *prog, const char *name,
					       struct bpffs_diag *diag);
int bpffs_prog_target(const struct bpf_prog *prog, char *name, struct bpffs_diag *diag);
struct bpffs_native *bpffs_link_tracing(struct bpffs_native *prog, struct bpffs_diag *diag);

/* digest.c: what a file is known by. */
void bpffs_digest(const void *data, size_t size, u8 *digest);

/* struct_ops.c: functions that the kernel calls in place of its own. */
struct bpffs_struct_ops;

/**
 * struct bpffs_struct_ops_request - a struct_ops map and what will be in it
 * @attr: map_flags, map_name, value_size and btf_vmlinux_value_type_id filled in
 * @btf: native file of the object's BTF
 * @value_btf: native file of the module's BTF that the type of the value is in;
 *	NULL for vmlinux
 * @value: value_size bytes, in which functions are zero
 * @nr_callbacks: how many functions it has
 */
struct bpffs_struct_ops_request {
	union bpf_attr attr;
	struct bpffs_native *btf;
	struct bpffs_native *value_btf;
	const void *value;
	u32 nr_callbacks;
};

struct bpffs_native *bpffs_struct_ops_create(const struct bpffs_struct_ops_request *req);
struct bpffs_struct_ops *bpffs_struct_ops_alloc(const struct bpffs_struct_ops_request *req,
						struct bpffs_native *map);
void bpffs_struct_ops_add(struct bpffs_struct_ops *ops, u32 offset, struct bpffs_native *prog);
int bpffs_struct_ops_prepare(struct bpffs_struct_ops *ops);
void bpffs_struct_ops_free(struct bpffs_struct_ops *ops);
struct bpffs_native *bpffs_struct_ops_register(struct bpffs_struct_ops *ops, const char *name,
					       struct bpffs_diag *diag);
void bpffs_struct_ops_unregister(struct bpffs_native *registered);

/* map.c: entries, with what bpf(2) surrounds its own accesses with. */
bool bpffs_map_has_entries(const struct bpf_map *map);
bool bpffs_map_is_percpu(const struct bpf_map *map);
bool bpffs_map_is_managed(const struct bpf_map *map);
size_t bpffs_map_value_bytes(const struct bpf_map *map);
u64 bpffs_map_memory(const struct bpf_map *map);
int bpffs_map_lookup(struct bpf_map *map, const void *key, void *value);
int bpffs_map_update(struct bpf_map *map, void *key, void *value);
int bpffs_map_delete(struct bpf_map *map, void *key);
int bpffs_map_clear(struct bpf_map *map);
void *bpffs_map_direct(struct bpf_map *map);
int bpffs_map_write_begin(struct bpf_map *map);
void bpffs_map_write_end(struct bpf_map *map);

/* arena.c */
int bpffs_arena_fill(struct bpffs_native *arena, u64 start, const void *data, u32 size);
u64 bpffs_arena_address(u32 pages);
int bpffs_arena_reaches_end(void);

/* map_cursor.c: walking the keys of a map that others change. */
struct bpffs_map_cursor;
struct bpffs_map_cursor *bpffs_map_cursor_open(struct bpf_map *map);
void bpffs_map_cursor_close(struct bpffs_map_cursor *cursor);
int bpffs_map_cursor_rewind(struct bpffs_map_cursor *cursor);
const void *bpffs_map_cursor_key(struct bpffs_map_cursor *cursor, u64 index);

/* ringbuf.c: a ring buffer's consumer side. */

/**
 * struct bpffs_record - a record in a ring buffer
 * @sample: its bytes, in the buffer
 * @size: their number
 * @position: the consumer's, before it
 */
struct bpffs_record {
	const void *sample;
	u32 size;
	unsigned long position;
};

bool bpffs_ringbuf_supported(void);
int bpffs_ringbuf_peek(struct bpf_map *map, struct bpffs_record *record);
bool bpffs_ringbuf_consume(struct bpf_map *map, const struct bpffs_record *record);
__poll_t bpffs_ringbuf_poll(struct bpf_map *map, struct file *file,
			    struct poll_table_struct *table);

#endif /* _BPFFS_SERVICES_H */
