/* SPDX-License-Identifier: GPL-2.0 */
/* What the files that make a plan share; nobody else includes this. */
#ifndef _BPFFS_LOADER_BUILD_H
#define _BPFFS_LOADER_BUILD_H

#include <linux/types.h>
#include "elf.h"
#include "plan.h"

/*
 * Limits on what one object may hold, so that no loop over two of them gets
 * long. The kernel itself stops at a million instructions per program.
 */
#define BUILD_MAX_MAPS		1024U
#define BUILD_MAX_PROGS		4096U
#define BUILD_MAX_VARS		65536U
#define BUILD_MAX_EXTERNS	16384U
#define BUILD_MAX_PROG_INSNS	1000000U
#define BUILD_MAX_TOTAL_INSNS	(4U << 20)
#define BUILD_MAX_DATA		BPFFS_OBJECT_MAX
#define BUILD_MAX_BSS		((u32)INT_MAX)
#define BUILD_MAX_SLOTS		1000000U
#define BUILD_MAX_MEMBERS	512U

/* What a sentence says first: where in the object it is about. */
#define BUILD_WHERE		256

/* Longest string that a setting can have as its value, with its NUL. */
#define BPFFS_SETTING_STRING	256

/* What the loader does with a section. */
enum build_section_kind {
	SECTION_OTHER,		/* nothing: debug info, string tables, ... */
	SECTION_CODE,
	SECTION_MAPS,		/* .maps */
	SECTION_LEGACY_MAPS,	/* maps */
	SECTION_STRUCT_OPS,	/* .struct_ops, .struct_ops.link */
	SECTION_DATA,
	SECTION_BSS,
	SECTION_RODATA,
	SECTION_PERCPU,		/* .percpu */
	SECTION_JUMP_TABLES,	/* .jumptables */
	SECTION_ARENA,		/* .addr_space.1 */
	SECTION_LICENSE,
	SECTION_VERSION,
	SECTION_BTF,
	SECTION_BTF_EXT,
};

/* The kinds of record in .BTF.ext. */
enum build_record_kind {
	RECORD_FUNC,
	RECORD_LINE,
	RECORD_CORE,
	NR_RECORDS,
};

/**
 * struct build_records - what .BTF.ext says about one section of code
 * @first: first record, inside the image, of any alignment; its first four
 *	bytes are a byte offset into the section
 * @nr: number of records, in ascending order of that offset
 * @size: bytes of each; what is behind those that the loader knows is passed over
 */
struct build_records {
	const u8 *first;
	u32 nr;
	u32 size;
};

/**
 * struct build_section - what is known of one section of the file
 * @kind: what it is for
 * @map: index in the plan of its map, for data sections in use and those of
 *	arenas, or of its first one, for sections that define maps
 * @nr_maps: number of maps that it defines
 * @first: of data: index of the first section of its name, whose map it shares; 0
 *	for others
 * @base: of data: where it begins in the map
 * @bytes: of the first of its name: bytes of all of them
 * @merged: of the first of its name: there are others
 * @rel: index of the section that holds its relocations, 0 for none
 * @datasec: BTF id of the DATASEC of its name, 0 for none; of data the first of
 *	its name has it
 * @first_func: index of its first function in &struct bpffs_build.funcs
 * @nr_funcs: number of functions in it
 * @records: what .BTF.ext says of it
 */
struct build_section {
	enum build_section_kind kind;
	u32 map;
	u32 nr_maps;
	u32 first;
	u32 base;
	u32 bytes;
	bool merged;
	u32 rel;
	u32 datasec;
	u32 first_func;
	u32 nr_funcs;
	struct build_records records[NR_RECORDS];
};

/**
 * struct build_func - a function of the object
 * @name: of its symbol
 * @section: index of the section it is in
 * @insn: its first instruction, counted from the start of the section
 * @nr_insns: its length, at least 1
 * @entry: it is a program of its own
 * @on_throw: name of the function that its exceptions end in; NULL for none
 * @first_reloc: index of its first fix-up in &struct bpffs_build.relocs
 * @nr_relocs: number of its fix-ups
 */
struct build_func {
	const char *name;
	u32 section;
	u32 insn;
	u32 nr_insns;
	bool entry;
	const char *on_throw;
	u32 first_reloc;
	u32 nr_relocs;
};

/* What an instruction wants filled in. */
enum build_reloc_kind {
	RELOC_CALL,		/* call of the function @target */
	RELOC_FUNC,		/* address of the function @target */
	RELOC_MAP,		/* the map @target of .maps */
	RELOC_DATA,		/* @offset in the data section of map @target */
	RELOC_EXTERN,		/* the extern @target, whether called or loaded */
	RELOC_JUMP_TABLE,	/* the jump table of symbol @target */
	RELOC_NUMBER,		/* to be refused: src_reg is @target, and no relocation */
};

/**
 * struct build_reloc - an instruction to be fixed up in each program it is in
 * @insn: counted from the start of its function
 * @kind: what is wanted
 * @target: index of a function or symbol, or of a map or extern in the plan, or a
 *	register
 * @offset: bytes into a data section
 *
 * Made of the object's relocations and of the calls inside one section, for
 * which compilers emit none.
 */
struct build_reloc {
	u32 insn;
	enum build_reloc_kind kind;
	u32 target;
	u32 offset;
};

/* A definition that has no initial contents. */
#define NO_VALUES		U32_MAX

/**
 * struct build_map_place - where a map is defined, and its template
 * @offset: of its first byte
 * @size: bytes of the definition
 * @values: offset from @offset of its initial contents, pointers of 8 bytes;
 *	NO_VALUES if it has none
 * @template: index in the plan, plus 1, of the map that config makes the
 *	template for those in this one; 0 for none
 */
struct build_map_place {
	u32 offset;
	u32 size;
	u32 values;
	u32 template;
};

/* An entry of a list that is sorted by name, then by index. */
struct build_name {
	const char *name;
	u32 index;
};

/**
 * struct build_stand_in - types that BTF needs in the place of those of externs
 * @int_id: id of a 32-bit integer, the type of every variable in .ksyms
 * @var_id: id of the variable that stands for every function in .ksyms
 * @name_off: offset of the variable's name, for parameters that have none too
 * @add_int: the integer is to be appended to the types
 * @add_var: the variable is to be
 */
struct build_stand_in {
	u32 int_id;
	u32 var_id;
	u32 name_off;
	bool add_int;
	bool add_var;
};

/**
 * struct bpffs_build - a plan in the making
 * @plan: what has been found so far
 * @config: settings to apply; NULL for none
 * @diag: where refusals go
 * @elf: the object
 * @sections: one for each section of the file
 * @section_names: the sections, sorted by name
 * @globals: defined symbols that are not local, sorted by name
 * @nr_globals: number of them
 * @apart: static variables in data that is merged, sorted by name
 * @nr_apart: number of them
 * @extern_names: the plan's externs, sorted by name
 * @kconfig_bytes: size of the map of .kconfig
 * @stand_in: what takes the place of externs in BTF
 * @map_places: one for each map of the plan, all zero for data sections; those
 *	of one section are sorted by offset
 * @data_bytes: bytes of initial contents allocated so far
 * @funcs: functions, sorted by section and place in it; where two overlap they
 *	are two names of the same instructions
 * @nr_funcs: number of them
 * @relocs: fix-ups, sorted by function and place in it; those with the same
 *	instructions share them
 * @nr_relocs: number of them
 * @max_relocs: how many there is room for
 * @nr_records: records of .BTF.ext given to programs so far
 * @nr_jumps: entries of jump tables given to programs so far
 *
 * Lives on the stack of bpffs_plan_build(), which releases the arrays; each is
 * filled by the file that is named in the list of functions below.
 */
struct bpffs_build {
	struct bpffs_plan *plan;
	struct bpffs_config *config;
	struct bpffs_diag *diag;
	struct bpffs_elf elf;
	struct build_section *sections;
	struct build_name *section_names;
	struct build_name *globals;
	u32 nr_globals;
	struct build_name *apart;
	u32 nr_apart;
	struct build_name *extern_names;
	u32 kconfig_bytes;
	struct build_stand_in stand_in;
	struct build_map_place *map_places;
	u32 data_bytes;
	struct build_func *funcs;
	u32 nr_funcs;
	struct build_reloc *relocs;
	u32 nr_relocs;
	u32 max_relocs;
	u32 nr_records;
	u32 nr_jumps;
};

/* plan.c */
int build_check_signal(struct bpffs_build *b);

/* names.c */
void build_names_sort(struct build_name *names, u32 nr);
const struct build_name *build_names_find(const struct build_name *names,
					  u32 nr, const char *name);
bool build_name_is_file(const char *name);
void build_name_make_file(char *to, const char *from);
int build_names_check(struct build_name *names, u32 nr, const char *what,
		      struct bpffs_diag *diag);

/* section.c */
const struct bpffs_section_def *bpffs_section_unknown(void);
const char *bpffs_section_like(const char *section);

/* layout.c */
const char *build_section_name(u32 index);
int build_layout(struct bpffs_build *b);
u32 build_find_section(const struct bpffs_build *b, const char *name);
int build_only_section(struct bpffs_build *b, enum build_section_kind kind,
		       u32 *index);
int build_license(struct bpffs_build *b);
int build_version(struct bpffs_build *b);

/* merge.c */
bool build_section_is_data(const struct build_section *section);
int build_merge_data(struct bpffs_build *b);
bool build_section_is_in(const struct bpffs_build *b, u32 index, u32 whole);
int build_find_apart(const struct bpffs_build *b, const char *name, u32 whole,
		     struct elf64_sym *sym);

/* btf_fixup.c */
struct btf_type *build_own_type(struct bpffs_build *b, u32 id);
int build_btf(struct bpffs_build *b);
int build_btf_fixup(struct bpffs_build *b);

/* extern.c */
int build_externs(struct bpffs_build *b);
struct bpffs_plan_extern *build_find_extern(const struct bpffs_build *b, const char *name);
int build_extern_map(struct bpffs_build *b);
u32 build_count_extern_vars(const struct bpffs_build *b);
void build_extern_vars(struct bpffs_build *b);
void build_extern_is_preset(struct bpffs_build *b, u32 map, u32 offset);

/* extern_btf.c */
bool build_is_extern_datasec(const char *name);
int build_fixup_extern_datasec(struct bpffs_build *b, u32 id);
void build_plan_stand_in(struct bpffs_build *b);
int build_append_stand_in(struct bpffs_build *b);

/* map_attr.c */
int build_read_map(struct bpffs_build *b, struct bpffs_plan_map *map,
		   struct build_map_place *place, u32 var);

/* map_legacy.c */
u32 build_count_legacy_maps(const struct bpffs_build *b, u32 section);
int build_legacy_maps(struct bpffs_build *b, u32 section);

/* map_def.c */
const char *build_map_attr_name(u32 index);
int build_defined_maps(struct bpffs_build *b);
bool build_find_map(const struct bpffs_build *b, u32 section, s64 offset,
		    u32 *map);
int build_finish_maps(struct bpffs_build *b);

/**
 * struct build_pointers - the relocations of a section of data being read
 * @b: the build
 * @section: index of the section
 * @progs: for each function of the object its index among the programs
 * @rel: the relocation that is being read
 * @index: its place in the list
 */
struct build_pointers {
	struct bpffs_build *b;
	u32 section;
	u32 *progs;
	struct elf64_rel rel;
	u32 index;
};

/* A pointer in the data of an object. */
#define BUILD_POINTER_SIZE	sizeof(u64)

/* pointers.c */
__printf(3, 4)
int build_refuse_pointer(const struct build_pointers *p, int err, const char *fmt, ...);
int build_pointer_map(const struct build_pointers *p, u32 *index, u32 *offset);
int build_pointer_target(const struct build_pointers *p, u32 *section, s64 *offset);
int build_pointer_prog(const struct build_pointers *p, u32 section, s64 offset, u32 *prog);
u32 build_count_pointers(const struct bpffs_build *b, u32 section);
int build_read_pointers(struct bpffs_build *b, u32 section,
			int (*each)(struct build_pointers *p));

/* map_slots.c */
int build_map_slots(struct bpffs_build *b);

/* struct_ops.c */
u32 build_count_struct_ops(const struct bpffs_build *b);
int build_struct_ops_maps(struct bpffs_build *b);
int build_struct_ops_callbacks(struct bpffs_build *b);

/* data.c */
int build_check_data_size(struct bpffs_build *b, u32 section, u64 bytes);
void build_remark_data_relocs(struct bpffs_build *b, u32 index);
u32 build_count_data_maps(const struct bpffs_build *b);
int build_data_maps(struct bpffs_build *b);
int build_vars(struct bpffs_build *b);
int build_map_contents(struct bpffs_build *b, u32 map);

/* arena.c */
int build_arena(struct bpffs_build *b);

/* settings.c */
int build_apply_map_settings(struct bpffs_build *b);
int build_apply_prog_settings(struct bpffs_build *b);
int build_apply_presets(struct bpffs_build *b);

/* insn.c */
int build_funcs(struct bpffs_build *b);
bool build_func_is_alias(const struct bpffs_build *b, u32 index);
struct build_func *build_find_func(const struct bpffs_build *b, u32 section, u32 insn);
struct build_func *build_find_global_func(const struct bpffs_build *b, const char *name,
					  bool *hidden);

/* exception.c */
int build_exception_tags(struct bpffs_build *b);
int build_exception_callback(struct bpffs_build *b, u32 program, u32 *callback);

/* reloc.c */
int build_relocs(struct bpffs_build *b);

/* btf_ext.c */
bool build_needs_btf(struct bpffs_build *b);
int build_btf_ext(struct bpffs_build *b);
int build_prog_records(struct bpffs_build *b, struct bpffs_plan_prog *prog,
		       const u32 *order, const u32 *position, u32 nr);

/* prog.c */
void build_prog_is(struct bpffs_plan_prog *prog, const struct bpffs_section_def *def);
int build_progs(struct bpffs_build *b);

/* jump_table.c */
int build_jump_tables(struct bpffs_build *b, struct bpffs_plan_prog *prog,
		      const u32 *order, const u32 *position, u32 nr, u32 nr_refs);

/* subprog.c */
int build_expand_progs(struct bpffs_build *b);

/**
 * enum bpffs_setting_scope - what a setting is about
 */
enum bpffs_setting_scope {
	SETTING_GLOBAL,		/* log_level */
	SETTING_VAR,		/* NAME */
	SETTING_MAP,		/* maps.NAME.ATTRIBUTE */
	SETTING_PROG,		/* progs.NAME.ATTRIBUTE */
};

/**
 * struct bpffs_setting_name - the parts of a setting's name
 * @scope: what it is about
 * @object: name of the map, program or variable, inside the setting's name
 * @object_len: bytes in @object
 * @attribute: the last part, NUL-terminated; "" for variables
 */
struct bpffs_setting_name {
	enum bpffs_setting_scope scope;
	const char *object;
	size_t object_len;
	const char *attribute;
};

/* config.c */
void bpffs_setting_split(const char *name, struct bpffs_setting_name *parts);
bool bpffs_setting_is_for(const struct bpffs_setting_name *parts,
			  const char *object);

#endif /* _BPFFS_LOADER_BUILD_H */
