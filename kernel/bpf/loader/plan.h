/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BPFFS_LOADER_PLAN_H
#define _BPFFS_LOADER_PLAN_H

#include <linux/bits.h>
#include <linux/types.h>
#include <linux/bpf.h>
#include <linux/list.h>
#include <linux/bpffs_diag.h>
#include "../codec/btf.h"

/* An ELF object larger than this is refused before anything is allocated. */
#define BPFFS_OBJECT_MAX	(32U << 20)

/**
 * struct bpffs_setting - one line of a directory's config file
 * @node: in &struct bpffs_config.settings
 * @name: left side as written ("threshold", "maps.events.max_entries")
 * @value: right side as written, a JSON value
 * @used: set by the plan that found the thing it names
 *
 * Allocated as one block that also holds both strings.
 */
struct bpffs_setting {
	struct list_head node;
	const char *name;
	const char *value;
	bool used;
};

/**
 * struct bpffs_config - settings that the next load is made with
 * @settings: &struct bpffs_setting, in the order they were first set
 * @bytes: memory that the settings take, bounded by BPFFS_CONFIG_MAX
 *
 * The owner serialises; the functions take no lock.
 */
struct bpffs_config {
	struct list_head settings;
	size_t bytes;
};

#define BPFFS_CONFIG_MAX	(64U << 10)

/* Where the contents of a map come from. */
enum bpffs_map_origin {
	BPFFS_MAP_DEFINED,	/* a definition in .maps */
	BPFFS_MAP_DATA,		/* .data, .data.* */
	BPFFS_MAP_BSS,		/* .bss, .bss.* */
	BPFFS_MAP_RODATA,	/* .rodata, .rodata.*: frozen before programs load */
	BPFFS_MAP_PERCPU_DATA,	/* .percpu, .percpu.*: one copy for each CPU */
	BPFFS_MAP_KCONFIG,	/* externs in .kconfig: likewise */
	BPFFS_MAP_STRUCT_OPS,	/* .struct_ops, .struct_ops.link */
};

/**
 * struct bpffs_plan_callback - a function pointer in a struct_ops map
 * @member: index of its member in the object's struct
 * @prog: index in &struct bpffs_plan.progs of what it points to
 */
struct bpffs_plan_callback {
	u32 member;
	u32 prog;
};

/**
 * struct bpffs_plan_map - a map that the object asks for
 * @name: as in the object; for data sections the section's name (".rodata"),
 *	with "_" for what no file is named
 * @own_name: @name where it is not a string of the object; owned by the plan;
 *	NULL otherwise
 * @type: BPF_MAP_TYPE_*
 * @flags: BPF_F_*
 * @max_entries: 0 also where the kernel is to be asked: an array of perf events
 *	has one for each possible CPU
 * @numa_node: meaningful if @flags has BPF_F_NUMA_NODE
 * @key_type: BTF id of the key, 0 for none
 * @value_type: BTF id of the value (the DATASEC for data sections), 0 for none
 * @record_type: BTF id of a ring buffer's records, 0 where they are hex
 * @pinned: shared by its name with the other objects of the namespace
 * @preset: config sets variables in it
 * @origin: what kind of section it comes from
 * @inner: for a map of maps, what the maps in it are like; it is named as the
 *	map itself and has no @inner of its own; owned by the plan; NULL where
 *	the object does not say
 * @data: initial contents of a data section, @value_size bytes with presets
 *	applied, the same for each CPU; NULL for .maps and for all-zero sections; owned by the plan.
 *	Of a struct_ops map its value, as @value_type in the object lays it out:
 *	the kernel's own may be laid out otherwise and larger
 * @arena_data: of an arena: the object's variables, at its beginning or end, inside
 *	the image; NULL for none
 * @arena_size: bytes of @arena_data
 * @callbacks: of a struct_ops map, by ascending member; owned by the plan
 * @nr_callbacks: their number
 * @autocreate: of a struct_ops map: false for those that are not to be made,
 *	which no plan that is complete has
 */
struct bpffs_plan_map {
	const char *name;
	char *own_name;
	u32 type;
	u32 key_size;
	u32 value_size;
	u32 max_entries;
	u32 flags;
	u32 numa_node;
	u64 map_extra;
	u32 key_type;
	u32 value_type;
	u32 record_type;
	bool pinned;
	bool preset;
	enum bpffs_map_origin origin;
	struct bpffs_plan_map *inner;
	void *data;
	const void *arena_data;
	u32 arena_size;
	struct bpffs_plan_callback *callbacks;
	u32 nr_callbacks;
	bool autocreate;
};

/**
 * struct bpffs_plan_slot - an entry that a map begins with
 * @map: index in &struct bpffs_plan.maps
 * @index: the entry's key
 * @target: what it holds: in a map of maps an index in maps, in an array of
 *	programs one in progs
 */
struct bpffs_plan_slot {
	u32 map;
	u32 index;
	u32 target;
};

/**
 * struct bpffs_plan_map_ref - an instruction that names a map
 * @insn: index of the first slot of its 16-byte load
 * @map: index in &struct bpffs_plan.maps
 *
 * The load has src_reg BPF_PSEUDO_MAP_FD or BPF_PSEUDO_MAP_VALUE and, for the
 * latter, the offset in its second slot already. Whoever loads the program
 * puts the map's descriptor into insns[insn].imm.
 */
struct bpffs_plan_map_ref {
	u32 insn;
	u32 map;
};

/**
 * struct bpffs_plan_jump_table - places in a program that it jumps to
 * @targets: instructions, counted from the program's first; owned by the plan
 * @nr: number of them
 * @symbol: index of the object's symbol that it is made of
 * @position: where the function that it is of begins in the program
 *
 * Whoever loads the program makes a map of it first, which is the program's alone.
 */
struct bpffs_plan_jump_table {
	u32 *targets;
	u32 nr;
	u32 symbol;
	u32 position;
};

/* What an object wants of the kernel that loads it. */
enum bpffs_extern_kind {
	BPFFS_EXTERN_KCONFIG,	/* a value of the kernel's configuration */
	BPFFS_EXTERN_SYMBOL,	/* the address of a symbol, whatever it is */
	BPFFS_EXTERN_VAR,	/* a variable that the kernel's BTF describes */
	BPFFS_EXTERN_FUNC,	/* a function likewise */
};

/* What a variable of .kconfig can hold. */
enum bpffs_kconfig_type {
	BPFFS_KCONFIG_BOOL,
	BPFFS_KCONFIG_TRISTATE,
	BPFFS_KCONFIG_CHAR,
	BPFFS_KCONFIG_INT,
	BPFFS_KCONFIG_STRING,
};

/**
 * struct bpffs_plan_extern - a symbol that is not in the object
 * @name: of the symbol
 * @kind: where it is looked for
 * @weak: it may be missing, and is 0 then
 * @type: BTF id of its type behind typedefs and qualifiers: for a function its
 *	prototype; 0 for BPFFS_EXTERN_SYMBOL
 * @value: BPFFS_EXTERN_KCONFIG: what its variable holds
 * @is_signed: BPFFS_EXTERN_KCONFIG: whether an integer is
 * @preset: BPFFS_EXTERN_KCONFIG: config has a value for it, which is in the
 *	map's data already
 * @offset: BPFFS_EXTERN_KCONFIG: of its variable in the map
 * @size: BPFFS_EXTERN_KCONFIG: bytes of its variable
 */
struct bpffs_plan_extern {
	const char *name;
	enum bpffs_extern_kind kind;
	bool weak;
	u32 type;
	enum bpffs_kconfig_type value;
	bool is_signed;
	bool preset;
	u32 offset;
	u32 size;
};

/**
 * struct bpffs_plan_extern_ref - an instruction that names a kernel symbol
 * @insn: index of the call, or of the first slot of the 16-byte load
 * @ext: index in &struct bpffs_plan.externs, never a BPFFS_EXTERN_KCONFIG:
 *	those are map_refs
 *
 * Whoever loads the program finds the symbol and fills in all of the
 * instruction but its destination register.
 */
struct bpffs_plan_extern_ref {
	u32 insn;
	u32 ext;
};

/*
 * A call of a weak function that is missing becomes a call of a helper that no
 * kernel has: this number and the index of the extern. A program that checks
 * first never gets there; of one that does, the verifier's log says so.
 */
#define BPFFS_MISSING_FUNC	2002000000

/**
 * struct bpffs_section_def - what a section name says about its programs
 * @prefix: text before the target, see bpffs_section_find()
 * @hook: directory below hooks/ that programs of this section attach to; ""
 *	for those that attach at no place of the tree
 * @type: BPF_PROG_TYPE_*
 * @attach_type: expected_attach_type
 * @flags: BPFFS_SEC_*
 *
 * The kernels that bpffs runs on all take an expected_attach_type, so it is
 * never left out.
 */
struct bpffs_section_def {
	const char *prefix;
	const char *hook;
	u32 type;
	u32 attach_type;
	u32 flags;
};

#define BPFFS_SEC_TARGET	BIT(0)		/* what follows names a target */
#define BPFFS_SEC_SLEEPABLE	BIT(1)		/* program is loaded sleepable */
#define BPFFS_SEC_ATTACH_BTF	BIT(2)		/* target is a BTF id */
#define BPFFS_SEC_FRAGS		BIT(3)		/* takes packets in fragments */

/**
 * struct bpffs_plan_prog - a program that the object asks for
 * @name: of its function
 * @section: section it is in, '?' included
 * @def: what the section's name means
 * @target: part of @section after the prefix ("syscalls/sys_enter_openat",
 *	"vfs_read+0x10"), "" where it names none; see bpffs_section_def.hook
 * @prog_flags: BPF_F_SLEEPABLE and the like
 * @autoload: false for '?' sections and where config says so: not loaded.
 *	Then everything from @insns on is empty, and @def may be a definition
 *	of type BPF_PROG_TYPE_UNSPEC, for sections that are not known.
 * @insns: the program with every subprogram it calls appended, calls and
 *	subprogram addresses resolved; owned by the plan, writable
 * @map_refs: in ascending order of insn
 * @extern_refs: in ascending order of insn
 * @jump_tables: owned by the plan
 * @jump_refs: in ascending order of insn; map is an index in @jump_tables
 * @func_info: &struct bpf_func_info, insn_off in slots of @insns
 * @line_info: &struct bpf_line_info, likewise
 * @core_relos: &struct bpf_core_relo, insn_off in bytes as the kernel wants it
 * @attach_to: target from the config file, which @target or @attach_prog then
 *	points to; owned by the plan; NULL otherwise
 * @attach_prog: path of the program that has the function @target, or whose
 *	main function is meant where @target is ""; NULL for targets elsewhere
 */
struct bpffs_plan_prog {
	const char *name;
	const char *section;
	const struct bpffs_section_def *def;
	const char *target;
	u32 prog_flags;
	bool autoload;
	struct bpf_insn *insns;
	u32 nr_insns;
	struct bpffs_plan_map_ref *map_refs;
	u32 nr_map_refs;
	struct bpffs_plan_extern_ref *extern_refs;
	u32 nr_extern_refs;
	struct bpffs_plan_jump_table *jump_tables;
	u32 nr_jump_tables;
	struct bpffs_plan_map_ref *jump_refs;
	u32 nr_jump_refs;
	struct bpf_func_info *func_info;
	u32 nr_func_info;
	struct bpf_line_info *line_info;
	u32 nr_line_info;
	struct bpf_core_relo *core_relos;
	u32 nr_core_relos;
	char *attach_to;
	const char *attach_prog;
};

/**
 * struct bpffs_plan_var - a global variable
 * @name: of the symbol
 * @map: index in &struct bpffs_plan.maps of the section it lives in
 * @offset: bytes from the start of that section
 * @size: bytes
 * @type: BTF id of its type (not of the VAR), 0 for none
 */
struct bpffs_plan_var {
	const char *name;
	u32 map;
	u32 offset;
	u32 size;
	u32 type;
};

/* The kernel reads so much of a license, with a NUL. */
#define BPFFS_LICENSE_LEN	128

/**
 * struct bpffs_plan - what an object asks for, before the kernel is asked
 * @image: the ELF file; borrowed, must outlive the plan: names and data
 *	sections point into it
 * @license: from the license section as far as its first NUL, "" where there is
 *	none
 * @version: from the version section, 0 where there is none
 * @btf_data: the object's BTF with DATASEC sizes and offsets filled in, as the
 *	kernel wants it; owned by the plan; NULL for an object without BTF
 * @btf_size: bytes in @btf_data
 * @btf_before: what @btf_data was before bpffs_fit_ctx_args(); names in the plan
 *	may point into it; owned by the plan; NULL if it is the same
 * @btf: index over @btf_data; all zero without BTF
 * @maps: .maps in the order of their offsets, then legacy maps in theirs, then
 *	data sections in use, then .kconfig, then struct_ops
 * @slots: initial entries in the order of their relocations; the last one for
 *	a key is what counts
 * @progs: in section and offset order
 * @vars: global variables, static ones too, in map and offset order
 * @remarks: what the object's author may want to know
 *
 * @externs: those of .kconfig by falling alignment, size and name, then the
 *	others by name
 * @kconfig_map: index of the map that holds the former, BPFFS_NO_MAP without;
 *	its data is there, all zero but for what config sets
 *
 * Built by one function and read-only after it, except for the instructions
 * that map_refs and extern_refs name, and the data of @kconfig_map.
 */
struct bpffs_plan {
	const void *image;
	size_t image_size;
	char license[BPFFS_LICENSE_LEN];
	u32 version;
	void *btf_data;
	void *btf_before;
	u32 btf_size;
	struct bpffs_btf btf;
	struct bpffs_plan_map *maps;
	u32 nr_maps;
	struct bpffs_plan_slot *slots;
	u32 nr_slots;
	struct bpffs_plan_prog *progs;
	u32 nr_progs;
	struct bpffs_plan_var *vars;
	u32 nr_vars;
	struct bpffs_remarks remarks;
	struct bpffs_plan_extern *externs;
	u32 nr_externs;
	u32 kconfig_map;
};

#define BPFFS_NO_MAP		U32_MAX

/* elf.c */
int bpffs_elf_extent(const void *image, size_t have, size_t *need,
		     struct bpffs_diag *diag);

/* plan.c */
struct bpffs_plan *bpffs_plan_build(const void *image, size_t size,
				    struct bpffs_config *config,
				    struct bpffs_diag *diag);
void bpffs_plan_free(struct bpffs_plan *plan);

/* ctx_args.c */
bool bpffs_has_ctx_args(const struct bpffs_plan *plan);
int bpffs_fit_ctx_args(struct bpffs_plan *plan, struct bpffs_diag *diag);

/* btf_kernel.c */
bool bpffs_btf_soften(void *data, const struct bpffs_btf *btf);

/* section_defs.c */
extern const struct bpffs_section_def bpffs_section_defs[];
extern const u32 bpffs_nr_section_defs;

/* map_type.c */
const char *bpffs_map_type_name(u32 type);
bool bpffs_map_holds_maps(u32 type);
bool bpffs_map_takes_btf(u32 type);

/* map_advice.c */
const char *bpffs_map_advice(const struct bpffs_plan_map *map, u32 max_entries);

/* names.c */
size_t bpffs_essential_len(const char *name);

/* section.c */
const struct bpffs_section_def *bpffs_section_find(const char *section,
						   const char **target);

/* type_names.c */
const char *bpffs_prog_type_name(u32 type);

/* kconfig.c */
bool bpffs_kconfig_is_option(const struct bpffs_plan_extern *ext);
int bpffs_kconfig_set(const struct bpffs_plan_extern *ext, u64 number, void *data,
		      struct bpffs_diag *diag);
int bpffs_kconfig_read(struct bpffs_plan *plan, const char *text, size_t size, bool *found,
		       struct bpffs_diag *diag);

/* config.c */
void bpffs_config_init(struct bpffs_config *config);
void bpffs_config_clear(struct bpffs_config *config);
int bpffs_config_set(struct bpffs_config *config, const char *line, size_t len,
		     struct bpffs_diag *diag);
const struct bpffs_setting *bpffs_config_find(const struct bpffs_config *config,
					      const char *name);

#endif /* _BPFFS_LOADER_PLAN_H */
