/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a load leaves behind: maps, programs and variables, each with a
 * lifetime of its own, and the object file that they came from.
 */
#ifndef _BPFFS_LOADER_OBJECT_H
#define _BPFFS_LOADER_OBJECT_H

#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/time64.h>
#include <linux/uidgid.h>
#include <linux/sched.h>
#include <crypto/sha2.h>
#include "plan.h"
#include "../codec/codec.h"

struct bpffs_struct_ops;
struct bpffs_vlog;

/**
 * struct bpffs_object - the object file that maps and programs came from
 * @ref: held by every map, program and variable of the object and by the
 *	directory it was loaded into; the last one frees it, from a context that
 *	may sleep
 * @btf_data: the object's BTF as the kernel took it, NULL without
 * @btf: index over @btf_data, what values are printed and parsed by
 * @digest: SHA-256 of the file as it was written
 * @size: bytes of that file
 * @uid: who opened the load node
 * @comm: of the task that wrote the last byte
 * @time: of the load, CLOCK_REALTIME
 * @license: as the object states it
 *
 * Immutable after the load.
 */
struct bpffs_object {
	struct kref ref;
	void *btf_data;
	struct bpffs_btf btf;
	u8 digest[SHA256_DIGEST_SIZE];
	size_t size;
	kuid_t uid;
	char comm[TASK_COMM_LEN];
	struct timespec64 time;
	char license[BPFFS_LICENSE_LEN];
};

/**
 * struct bpffs_map - a map that has, or had, a name in a mount
 * @ref: held by its inode, by programs that use it and by variables in it
 * @native: the map's bpf(2) file, one reference owned
 * @map: what @native stands for
 * @object: for its BTF, one reference owned
 * @format: how its entries read as text
 * @record_type: BTF id of a ring buffer's records, 0 for hex; config may set it
 *	after the load, so readers use READ_ONCE()
 * @reading: serialises those who take records out of a ring buffer
 * @origin: .maps or the data section it holds
 * @arena_base: of an arena: offset of the variables that it was made with, bytes
 * @arena_pages: how many pages they take, 0 for none
 * @struct_ops: of a struct_ops map: what it is registered with; owned
 * @name: in the object file
 */
struct bpffs_map {
	struct kref ref;
	struct bpffs_native *native;
	struct bpf_map *map;
	struct bpffs_object *object;
	struct bpffs_format format;
	u32 record_type;
	struct mutex reading;	/* of a ring buffer's records */
	enum bpffs_map_origin origin;
	u32 arena_base;
	u32 arena_pages;
	struct bpffs_struct_ops *struct_ops;
	char name[];
};

/**
 * struct bpffs_prog - a loaded program that has, or had, a name in a mount
 * @ref: held by its inode and by whoever prints it
 * @native: the program's bpf(2) file, one reference owned
 * @prog: what @native stands for
 * @object: where it came from, one reference owned
 * @def: what its section name means
 * @maps: the maps that its instructions name, one reference each
 * @nr_maps: their number
 * @section: name of its section
 * @target: part of @section that names the target, or what config says instead
 * @name: of its function
 */
struct bpffs_prog {
	struct kref ref;
	struct bpffs_native *native;
	struct bpf_prog *prog;
	struct bpffs_object *object;
	const struct bpffs_section_def *def;
	struct bpffs_map **maps;
	u32 nr_maps;
	const char *section;
	const char *target;
	char name[];
};

/**
 * struct bpffs_var - a global variable
 * @ref: held by its inode
 * @map: the map of the section it lives in, one reference owned
 * @object: for its type, one reference owned; a map that was there before the
 *	load comes from another object
 * @offset: into that map's only value
 * @size: bytes
 * @type: BTF id, 0 for hex
 */
struct bpffs_var {
	struct kref ref;
	struct bpffs_map *map;
	struct bpffs_object *object;
	u32 offset;
	u32 size;
	u32 type;
	char name[];
};

/**
 * struct bpffs_prog_slot - an entry of an array of programs
 * @map: the array, one of the load's that was there before
 * @prog: one of the load's
 * @index: of the entry
 */
struct bpffs_prog_slot {
	const struct bpffs_map *map;
	const struct bpffs_prog *prog;
	u32 index;
};

#define BPFFS_MAP_REUSED	BIT(0)	/* was there before the load */
#define BPFFS_MAP_PINNED	BIT(1)	/* is to be shared by its name */

/**
 * struct bpffs_load - one load, and afterwards its result
 * @image: the ELF file
 * @size: bytes in @image
 * @config: the directory's settings
 * @find_prog: gives the program at a path that config names, with a reference,
 *	or an errno as ERR_PTR() and perhaps a sentence; NULL where nobody knows
 *	paths. Called with the credentials that judge
 * @find_map: asked for each map of the object, before anything is made: is
 *	there a map of this name that is to be used in place of a new one;
 *	@pinned says that it may be one that other objects share. Returns it
 *	with a reference that the load takes over; NULL if there is none and one
 *	may be made; or an errno as ERR_PTR(), with a sentence. NULL where there
 *	is nobody to ask. Called with the credentials of the load, may sleep
 * @no_dump: whose memory it is may see no addresses of the kernel, though the
 *	credentials that judge may: the verifier's log leaves out instructions
 * @log_level: verbosity the settings ask for, found by the load
 * @object: result, one reference owned
 * @maps: result, array of @nr_maps, one reference each; free of NULLs after a
 *	load that succeeded
 * @map_flags: result, BPFFS_MAP_* for each of them
 * @map_names: result, the object's names of those that were there before, which
 *	may have another one; NULL for the others
 * @progs: result
 * @vars: result
 * @slots: result, what bpffs_load_fill_arrays() is to set, borrowing from @maps
 *	and @progs
 * @vlog: what the verifier said, of a refused load or where log_level asks
 * @remarks: result, lines for the log; NULL for none
 *
 * The caller fills what is before @log_level and @vlog, calls
 * bpffs_object_load(), names the result, calls bpffs_load_fill_arrays(), takes
 * what it wants and calls bpffs_load_release(), also after a failure.
 */
struct bpffs_load {
	const void *image;
	size_t size;
	struct bpffs_config *config;
	struct bpffs_prog *(*find_prog)(struct bpffs_load *load, const char *path,
					struct bpffs_diag *diag);
	struct bpffs_map *(*find_map)(struct bpffs_load *load, const char *name,
				      bool pinned, struct bpffs_diag *diag);
	bool no_dump;
	u32 log_level;
	struct bpffs_object *object;
	struct bpffs_map **maps;
	u8 *map_flags;
	char **map_names;
	u32 nr_maps;
	struct bpffs_prog **progs;
	u32 nr_progs;
	struct bpffs_var **vars;
	u32 nr_vars;
	struct bpffs_prog_slot *slots;
	u32 nr_slots;
	struct bpffs_vlog *vlog;
	char *remarks;
};

/* load.c */
int bpffs_object_load(struct bpffs_load *load, struct bpffs_diag *diag);
void bpffs_load_release(struct bpffs_load *load);

/* load_slots.c */
int bpffs_load_fill_arrays(struct bpffs_load *load, struct bpffs_diag *diag);
void bpffs_load_empty_arrays(struct bpffs_load *load);

/* object.c */
struct bpffs_object *bpffs_object_get(struct bpffs_object *object);
void bpffs_object_put(struct bpffs_object *object);
const struct bpffs_btf *bpffs_object_btf(const struct bpffs_object *object);
struct bpffs_map *bpffs_map_get(struct bpffs_map *map);
void bpffs_map_put(struct bpffs_map *map);
struct bpffs_prog *bpffs_prog_get(struct bpffs_prog *prog);
void bpffs_prog_put(struct bpffs_prog *prog);
void bpffs_var_put(struct bpffs_var *var);

#endif /* _BPFFS_LOADER_OBJECT_H */
