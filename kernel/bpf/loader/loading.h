/* SPDX-License-Identifier: GPL-2.0 */
/* What the files that carry out a plan share; nobody else includes this. */
#ifndef _BPFFS_LOADER_LOADING_H
#define _BPFFS_LOADER_LOADING_H

#include "object.h"
#include "../services/services.h"

/**
 * struct bpffs_loading - what a load under way holds
 * @load: what was asked for and what there is of the result
 * @plan: owned
 * @btf: native file of the object's BTF, owned; NULL without
 * @natives: native files of load->maps, borrowed from them
 * @progs: one for each of the plan's programs, borrowed from load->progs; NULL
 *	for those that are not loaded
 * @arena_base: offset of the object's variables in its arena, bytes
 * @externs: one for each of the plan's, owned
 * @module_btfs: native files of the BTF of modules that externs are from, owned
 * @nr_module_btfs: their number
 * @struct_ops: one for each of the plan's maps, NULL without struct_ops; owned
 * @members: one for each of the plan's programs, likewise
 * @diag: where refusals go
 */
struct bpffs_loading {
	struct bpffs_load *load;
	struct bpffs_plan *plan;
	struct bpffs_native *btf;
	struct bpffs_native **natives;
	struct bpffs_prog **progs;
	u32 arena_base;
	struct loading_extern *externs;
	struct bpffs_native **module_btfs;
	u32 nr_module_btfs;
	struct loading_struct_ops *struct_ops;
	struct loading_member *members;
	struct bpffs_diag *diag;
};

/**
 * struct loading_target - what a program attaches to by BTF
 * @id: BTF id of the target, 0 for none
 * @attach_type: expected_attach_type, for struct_ops the index of a member
 * @native: native file of the module BTF, or of the program, that @id is in;
 *	NULL for vmlinux
 * @prog: the program that @native belongs to, one reference; where it is NULL,
 *	@native itself is owned
 */
struct loading_target {
	u32 id;
	u32 attach_type;
	struct bpffs_native *native;
	struct bpffs_prog *prog;
};

/* load.c */
void loading_keep_log(struct bpffs_loading *l, const char *what,
		      struct bpffs_vlog *log);
void loading_kernel_name(char *to, const char *from);
int loading_check_signal(struct bpffs_loading *l, const char *what, const char *name,
			 const char *done);

/* load_btf.c */
int loading_btf(struct bpffs_loading *l);

/* load_extern.c */
struct bpffs_types;
void loading_kernel_types(struct bpffs_types *types, struct bpffs_native *module_btf);
int loading_externs(struct bpffs_loading *l);
void loading_drop_externs(struct bpffs_loading *l);
int loading_fill_externs(struct bpffs_loading *l, struct bpffs_plan_prog *pp,
			 struct bpffs_prog_request *req);

int loading_keep_module_btf(struct bpffs_loading *l, struct bpffs_native *module_btf,
			    u32 *index);

/* load_struct_ops.c */
int loading_struct_ops(struct bpffs_loading *l);
struct bpffs_native *loading_make_struct_ops(struct bpffs_loading *l, u32 index);
int loading_find_member(struct bpffs_loading *l, const struct bpffs_plan_prog *pp,
			struct loading_target *target);
int loading_bind_struct_ops(struct bpffs_loading *l);
void loading_drop_struct_ops(struct bpffs_loading *l);

/* load_arena.c */
int loading_place_arena(struct bpffs_loading *l, struct bpffs_map *map,
			const struct bpffs_plan_map *pm);
int loading_find_in_arena(struct bpffs_loading *l, const struct bpffs_map *map,
			  const struct bpffs_plan_map *pm);
void loading_point_into_arena(const struct bpffs_loading *l, struct bpffs_plan_prog *pp);

/* load_map.c */
int loading_maps(struct bpffs_loading *l);

/* load_target.c */
int loading_find_target(struct bpffs_loading *l, const struct bpffs_plan_prog *pp,
			struct loading_target *target);
void loading_put_target(struct loading_target *target);

/* load_reuse.c */
int loading_find_maps(struct bpffs_loading *l);
int loading_check_managed(struct bpffs_loading *l, u32 index);
int loading_check_constants(struct bpffs_loading *l, u32 index);
bool loading_is_constant(const struct bpffs_plan_map *pm);
u32 loading_max_entries(const struct bpffs_plan_map *pm);

/* load_slots.c */
int loading_map_slots(struct bpffs_loading *l);
int loading_prog_slots(struct bpffs_loading *l);

/* load_jump.c */
int loading_jump_tables(struct bpffs_loading *l, const struct bpffs_plan_prog *pp,
			struct bpffs_prog_request *req);
void loading_put_jump_tables(struct bpffs_loading *l, struct bpffs_prog_request *req);

/* load_prog.c */
int loading_progs(struct bpffs_loading *l);

#endif /* _BPFFS_LOADER_LOADING_H */
