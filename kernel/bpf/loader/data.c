// SPDX-License-Identifier: GPL-2.0
/* Data sections as maps, and the variables in them. */
#include <linux/btf.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include "build.h"

/**
 * build_count_data_maps() - how many maps data sections will be
 * @b: the build, past build_externs()
 *
 * Return: the number of names of data sections that are not empty, .kconfig
 * included.
 */
u32 build_count_data_maps(const struct bpffs_build *b)
{
	u32 i, nr = b->kconfig_bytes > 0;

	for (i = 1; i < b->elf.nr_sections; i++)
		nr += build_section_is_data(&b->sections[i]) && b->sections[i].first == i;
	return nr;
}

static enum bpffs_map_origin data_origin(const struct build_section *section)
{
	if (section->kind == SECTION_RODATA)
		return BPFFS_MAP_RODATA;
	if (section->kind == SECTION_PERCPU)
		return BPFFS_MAP_PERCPU_DATA;
	return section->kind == SECTION_BSS ? BPFFS_MAP_BSS : BPFFS_MAP_DATA;
}

/*
 * User space may map a section that has variables meant for others. One with
 * static variables only stays private, and may hold what the kernel lets
 * nobody map: locks, timers, pointers of its own.
 */
static bool data_is_shared(const struct bpffs_btf *btf, u32 datasec)
{
	const struct btf_type *var, *t = bpffs_btf_type(btf, datasec);
	const struct btf_var_secinfo *info;
	u32 i;

	if (!t)
		return false;
	info = (const void *)(t + 1);
	for (i = 0; i < BTF_INFO_VLEN(t->info); i++) {
		var = bpffs_btf_type(btf, info[i].type);
		if (((const struct btf_var *)(var + 1))->linkage !=
		    BTF_VAR_STATIC)
			return true;
	}
	return false;
}

/**
 * build_map_contents() - make sure that a data map has contents to write to
 * @b: the build, past build_data_maps()
 * @map: index of the map in the plan
 *
 * Return: 0, with @data of the map allocated, all zero if it was not there;
 * -ENOMEM; -E2BIG if the object's data sections take too much memory.
 */
int build_map_contents(struct bpffs_build *b, u32 map)
{
	struct bpffs_plan_map *pm = &b->plan->maps[map];

	if (pm->data)
		return 0;
	if (pm->value_size > BUILD_MAX_DATA - b->data_bytes)
		return bpffs_diag(b->diag, -E2BIG,
				  "section %s: contents of %u bytes; all data sections together may have %u",
				  pm->name, pm->value_size, BUILD_MAX_DATA);
	pm->data = kvzalloc(pm->value_size, GFP_KERNEL_ACCOUNT);
	if (!pm->data)
		return -ENOMEM;
	b->data_bytes += pm->value_size;
	return 0;
}

static int copy_contents(struct bpffs_build *b, u32 index)
{
	const struct build_section *section = &b->sections[index];
	struct elf64_shdr shdr = bpffs_elf_section(&b->elf, index);
	const u8 *bytes = bpffs_elf_bytes(&b->elf, &shdr);
	int err;

	if (!bytes || !memchr_inv(bytes, 0, shdr.sh_size))
		return 0;
	err = build_map_contents(b, section->map);
	if (err)
		return err;
	memcpy(b->plan->maps[section->map].data + section->base, bytes, shdr.sh_size);
	return 0;
}

/**
 * build_remark_data_relocs() - tell of addresses that stay what they are
 * @b: the build
 * @index: index of a section of variables
 *
 * A relocation in a data section asks for an address that nobody knows before
 * the map is there, and that no program could use. Compilers leave such tables
 * behind where they have folded all that was read from them, so, as in libbpf,
 * the bytes stay what they are in the file.
 */
void build_remark_data_relocs(struct bpffs_build *b, u32 index)
{
	struct elf64_shdr shdr;
	struct elf64_rel rel;
	u32 sym;

	if (!b->sections[index].rel)
		return;
	shdr = bpffs_elf_section(&b->elf, b->sections[index].rel);
	if (!shdr.sh_size)
		return;
	memcpy(&rel, bpffs_elf_bytes(&b->elf, &shdr), sizeof(rel));
	sym = ELF64_R_SYM(rel.r_info);
	bpffs_remark(&b->plan->remarks,
		     "section %.64s: the address of \"%.64s\" at offset %llu is not filled in, nor are others there: they read as what the file holds",
		     bpffs_elf_section_name(&b->elf, index),
		     sym < b->elf.nr_symbols ? bpffs_elf_symbol_name(&b->elf, sym) : "",
		     rel.r_offset);
}

/**
 * build_check_data_size() - see that a section is no larger than may be
 * @b: the build, past build_layout()
 * @section: index of a section of variables
 * @bytes: its size, or with others of its name before it
 *
 * Where the file holds no contents, none take memory before the kernel makes
 * the map, and the kernel decides what it has room for.
 *
 * Return: 0; -E2BIG.
 */
int build_check_data_size(struct bpffs_build *b, u32 section, u64 bytes)
{
	struct elf64_shdr shdr = bpffs_elf_section(&b->elf, section);
	u32 limit = shdr.sh_type == SHT_NOBITS ? BUILD_MAX_BSS : BUILD_MAX_DATA;

	if (bytes <= limit)
		return 0;
	return bpffs_diag(b->diag, -E2BIG,
			  "section %s: %llu bytes; one %s contents may have %u",
			  bpffs_elf_section_name(&b->elf, section), bytes,
			  shdr.sh_type == SHT_NOBITS ? "without" : "with", limit);
}

/* The kernel gets the same name, and libbpf too puts a '_' for what it refuses. */
static int name_data_map(struct bpffs_plan_map *map, const char *name)
{
	map->name = name;
	if (build_name_is_file(name))
		return 0;
	map->own_name = kmalloc(NAME_MAX + 1, GFP_KERNEL_ACCOUNT);
	if (!map->own_name)
		return -ENOMEM;
	build_name_make_file(map->own_name, name);
	map->name = map->own_name;
	return 0;
}

static int make_data_map(struct bpffs_build *b, u32 index)
{
	struct build_section *section = &b->sections[index];
	struct bpffs_plan_map *map;
	int err;

	section->map = b->plan->nr_maps++;
	map = &b->plan->maps[section->map];
	err = name_data_map(map, bpffs_elf_section_name(&b->elf, index));
	if (err)
		return err;
	map->origin = data_origin(section);
	map->type = map->origin == BPFFS_MAP_PERCPU_DATA ? BPF_MAP_TYPE_PERCPU_ARRAY :
							   BPF_MAP_TYPE_ARRAY;
	map->key_size = sizeof(u32);
	map->value_size = section->bytes;
	map->max_entries = 1;
	map->value_type = section->datasec;
	if (map->origin == BPFFS_MAP_RODATA)
		map->flags |= BPF_F_RDONLY_PROG;
	if (map->type == BPF_MAP_TYPE_ARRAY &&
	    data_is_shared(&b->plan->btf, section->datasec))
		map->flags |= BPF_F_MMAPABLE;
	return 0;
}

/* The first section of a name comes before all others of it. */
static int add_data_section(struct bpffs_build *b, u32 index)
{
	struct build_section *section = &b->sections[index];
	int err = 0;

	if (section->first == index)
		err = make_data_map(b, index);
	else
		section->map = b->sections[section->first].map;
	if (err)
		return err;
	build_remark_data_relocs(b, index);
	return copy_contents(b, index);
}

/**
 * build_data_maps() - make a map of the data sections of each name
 * @b: the build, past build_defined_maps(); sections that are empty have none
 *
 * Return: 0; -ENOMEM; -E2BIG for too much data.
 */
int build_data_maps(struct bpffs_build *b)
{
	int err;
	u32 i;

	for (i = 1; i < b->elf.nr_sections; i++) {
		if (!build_section_is_data(&b->sections[i]))
			continue;
		err = add_data_section(b, i);
		if (err)
			return err;
	}
	return 0;
}

/* A symbol in a data section that no BTF describes. */
static bool symbol_is_var(const struct bpffs_build *b, const struct elf64_sym *sym)
{
	const struct build_section *section;

	if (ELF64_ST_TYPE(sym->st_info) != STT_OBJECT || !sym->st_size ||
	    sym->st_shndx >= b->elf.nr_sections)
		return false;
	section = &b->sections[sym->st_shndx];
	return build_section_is_data(section) && !b->sections[section->first].datasec;
}

static u32 count_vars(const struct bpffs_build *b)
{
	const struct build_section *section;
	const struct btf_type *t;
	u32 i, nr = build_count_extern_vars(b);
	struct elf64_sym sym;

	for (i = 1; i < b->elf.nr_sections; i++) {
		section = &b->sections[i];
		t = bpffs_btf_type(&b->plan->btf, section->datasec);
		if (build_section_is_data(section) && t)
			nr += BTF_INFO_VLEN(t->info);
	}
	for (i = 1; i < b->elf.nr_symbols; i++) {
		sym = bpffs_elf_symbol(&b->elf, i);
		nr += symbol_is_var(b, &sym);
	}
	return nr;
}

static int add_datasec_var(struct bpffs_build *b, u32 map,
			   const struct btf_var_secinfo *info)
{
	const struct bpffs_btf *btf = &b->plan->btf;
	const struct btf_type *t = bpffs_btf_type(btf, info->type);
	struct bpffs_plan_var *var = &b->plan->vars[b->plan->nr_vars++];
	u32 end;

	var->name = bpffs_btf_name(btf, t->name_off);
	var->map = map;
	var->offset = info->offset;
	var->size = info->size;
	var->type = t->type;
	if (check_add_overflow(info->offset, info->size, &end) ||
	    end > b->plan->maps[map].value_size)
		return bpffs_diag(b->diag, -EINVAL,
				  "section .BTF: variable \"%s\" (%u bytes at %u) is not inside section %s of %u bytes",
				  var->name, info->size, info->offset,
				  b->plan->maps[map].name,
				  b->plan->maps[map].value_size);
	return 0;
}

static int add_datasec_vars(struct bpffs_build *b,
			    const struct build_section *section)
{
	const struct btf_var_secinfo *info;
	const struct btf_type *t;
	u32 i, nr;
	int err;

	t = bpffs_btf_type(&b->plan->btf, section->datasec);
	if (!t || !build_section_is_data(section))
		return 0;
	info = (const void *)(t + 1);
	nr = BTF_INFO_VLEN(t->info);
	for (i = 0; i < nr; i++) {
		err = add_datasec_var(b, section->map, &info[i]);
		if (err)
			return err;
	}
	return 0;
}

static void add_symbol_vars(struct bpffs_build *b)
{
	const struct build_section *section;
	struct bpffs_plan_var *var;
	struct elf64_sym sym;
	u32 i;

	for (i = 1; i < b->elf.nr_symbols; i++) {
		sym = bpffs_elf_symbol(&b->elf, i);
		if (!symbol_is_var(b, &sym))
			continue;
		section = &b->sections[sym.st_shndx];
		var = &b->plan->vars[b->plan->nr_vars++];
		var->name = bpffs_elf_symbol_name(&b->elf, i);
		var->map = section->map;
		var->offset = section->base + sym.st_value;
		var->size = sym.st_size;
	}
}

static int vars_compare(const void *a, const void *b)
{
	const struct bpffs_plan_var *left = a, *right = b;

	if (left->map != right->map)
		return left->map < right->map ? -1 : 1;
	if (left->offset != right->offset)
		return left->offset < right->offset ? -1 : 1;
	return strcmp(left->name, right->name);
}

/*
 * A variable without a file does no harm: programs find it by its place, and who
 * wants to see it finds it in the map.
 */
static void drop_nameless(struct bpffs_build *b)
{
	struct bpffs_plan *plan = b->plan;
	const struct bpffs_plan_var *first = NULL;
	struct bpffs_plan_var dropped;
	u32 i, nr = 0;

	for (i = 0; i < plan->nr_vars; i++) {
		if (build_name_is_file(plan->vars[i].name)) {
			plan->vars[nr++] = plan->vars[i];
		} else if (!first) {
			dropped = plan->vars[i];
			first = &dropped;
		}
	}
	if (first)
		bpffs_remark(&plan->remarks,
			     "section %.64s: variable \"%.64s\" gets no file, whose name that cannot be; there are %u of the kind",
			     plan->maps[first->map].name, first->name,
			     plan->nr_vars - nr);
	plan->nr_vars = nr;
}

/**
 * build_vars() - list the variables in data sections
 * @b: the build, past build_data_maps()
 *
 * Takes them from the section's DATASEC or, where BTF has none, from symbols.
 * Those whose names cannot be names of files are left out.
 *
 * Return: 0; -ENOMEM; -E2BIG for too many; -EINVAL for variables outside of
 * their sections.
 */
int build_vars(struct bpffs_build *b)
{
	u32 i, nr = count_vars(b);
	int err;

	if (nr > BUILD_MAX_VARS)
		return bpffs_diag(b->diag, -E2BIG,
				  "the object has %u variables; it may have %u",
				  nr, BUILD_MAX_VARS);
	b->plan->vars = kvcalloc(nr, sizeof(*b->plan->vars),
				 GFP_KERNEL_ACCOUNT);
	if (!b->plan->vars)
		return -ENOMEM;
	for (i = 1; i < b->elf.nr_sections; i++) {
		err = add_datasec_vars(b, &b->sections[i]);
		if (err)
			return err;
	}
	add_symbol_vars(b);
	build_extern_vars(b);
	/* Those that are left are short, and so is sorting them. */
	drop_nameless(b);
	sort(b->plan->vars, b->plan->nr_vars, sizeof(*b->plan->vars),
	     vars_compare, NULL);
	return 0;
}
