// SPDX-License-Identifier: GPL-2.0
/*
 * Externs: what an object wants of the kernel that loads it.
 *
 * The symbol table says that a symbol is wanted and whether it may be missing;
 * BTF says what it is, by its type and by the section it is declared for:
 * .kconfig or .ksyms, neither of which is in the file.
 */
#include <linux/btf.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include "build.h"

/**
 * struct found - an extern and where BTF declares it
 * @ext: what the plan will say
 * @decl: id of its VAR or FUNC, 0 for none
 * @datasec: id of the first DATASEC that has it, 0 for none
 */
struct found {
	struct bpffs_plan_extern ext;
	u32 decl;
	u32 datasec;
};

/**
 * struct search - externs being looked for in BTF
 * @b: the build
 * @found: one for each undefined symbol
 * @nr: number of them
 */
struct search {
	struct bpffs_build *b;
	struct found *found;
	u32 nr;
};

__printf(3, 4)
static int refuse(const struct search *s, const struct found *f, const char *fmt, ...)
{
	char where[BUILD_WHERE];
	va_list args;
	int err;

	scnprintf(where, sizeof(where), "symbol \"%.128s\" is %sundefined: ", f->ext.name,
		  f->ext.weak ? "weak and " : "");
	va_start(args, fmt);
	err = bpffs_vdiag(s->b->diag, -EINVAL, where, fmt, args);
	va_end(args);
	return err;
}

static bool symbol_is_extern(const struct bpffs_build *b, u32 symbol, struct elf64_sym *sym)
{
	*sym = bpffs_elf_symbol(&b->elf, symbol);
	return sym->st_shndx == SHN_UNDEF && ELF64_ST_BIND(sym->st_info) != STB_LOCAL &&
	       ELF64_ST_TYPE(sym->st_info) == STT_NOTYPE &&
	       *bpffs_elf_symbol_name(&b->elf, symbol);
}

static int count_externs(struct search *s)
{
	struct elf64_sym sym;
	u32 i;

	for (i = 1; i < s->b->elf.nr_symbols; i++)
		s->nr += symbol_is_extern(s->b, i, &sym);
	if (s->nr > BUILD_MAX_EXTERNS)
		return bpffs_diag(s->b->diag, -E2BIG,
				  "the object has %u undefined symbols; it may have %u",
				  s->nr, BUILD_MAX_EXTERNS);
	return 0;
}

static int alloc_externs(struct search *s)
{
	struct bpffs_build *b = s->b;

	s->found = kvcalloc(s->nr, sizeof(*s->found), GFP_KERNEL_ACCOUNT);
	b->extern_names = kvmalloc_array(s->nr, sizeof(*b->extern_names), GFP_KERNEL_ACCOUNT);
	b->plan->externs = kvcalloc(s->nr, sizeof(*b->plan->externs), GFP_KERNEL_ACCOUNT);
	if (!s->found || !b->extern_names || !b->plan->externs)
		return -ENOMEM;
	return 0;
}

/* After: found and extern_names are in the order of symbols, then of names. */
static int list_externs(struct search *s)
{
	struct build_name *names = s->b->extern_names;
	struct elf64_sym sym;
	u32 i, nr = 0;

	for (i = 1; i < s->b->elf.nr_symbols; i++) {
		if (!symbol_is_extern(s->b, i, &sym))
			continue;
		s->found[nr].ext.name = bpffs_elf_symbol_name(&s->b->elf, i);
		s->found[nr].ext.weak = ELF64_ST_BIND(sym.st_info) == STB_WEAK;
		names[nr].name = s->found[nr].ext.name;
		names[nr].index = nr;
		nr++;
	}
	build_names_sort(names, nr);
	for (i = 1; i < nr; i++) {
		if (!strcmp(names[i].name, names[i - 1].name))
			return refuse(s, &s->found[names[i].index], "and it is there twice");
	}
	return 0;
}

static struct found *find(const struct search *s, const struct btf_type *t)
{
	const struct build_name *name;

	name = build_names_find(s->b->extern_names, s->nr,
				bpffs_btf_name(&s->b->plan->btf, t->name_off));
	return name ? &s->found[name->index] : NULL;
}

static bool decl_is_extern(const struct btf_type *t)
{
	if (BTF_INFO_KIND(t->info) == BTF_KIND_FUNC)
		return BTF_INFO_VLEN(t->info) == BTF_FUNC_EXTERN;
	return ((const struct btf_var *)(t + 1))->linkage == BTF_VAR_GLOBAL_EXTERN;
}

/* The first declaration of a name is the one that counts. */
static void find_decls(struct search *s)
{
	const struct bpffs_btf *btf = &s->b->plan->btf;
	const struct btf_type *t;
	struct found *f;
	u32 id, kind;

	for (id = 1; id < btf->nr_types; id++) {
		t = bpffs_btf_type(btf, id);
		kind = BTF_INFO_KIND(t->info);
		f = kind == BTF_KIND_VAR || kind == BTF_KIND_FUNC ? find(s, t) : NULL;
		if (f && !f->decl)
			f->decl = id;
	}
}

static void find_datasecs(struct search *s)
{
	const struct bpffs_btf *btf = &s->b->plan->btf;
	const struct btf_var_secinfo *info;
	const struct btf_type *t;
	struct found *f;
	u32 id, i;

	for (id = 1; id < btf->nr_types; id++) {
		t = bpffs_btf_type(btf, id);
		if (BTF_INFO_KIND(t->info) != BTF_KIND_DATASEC)
			continue;
		info = (const void *)(t + 1);
		for (i = 0; i < BTF_INFO_VLEN(t->info); i++) {
			f = find(s, bpffs_btf_type(btf, info[i].type));
			if (f && !f->datasec && f->decl == info[i].type)
				f->datasec = id;
		}
	}
}

static bool is_char(const struct btf_type *t)
{
	return BTF_INFO_KIND(t->info) == BTF_KIND_INT && t->size == 1 &&
	       !(BTF_INT_ENCODING(*(const u32 *)(t + 1)) & BTF_INT_BOOL);
}

static bool kconfig_int(struct bpffs_plan_extern *ext, const struct btf_type *t)
{
	u32 encoding = BTF_INT_ENCODING(*(const u32 *)(t + 1));

	ext->value = BPFFS_KCONFIG_INT;
	ext->is_signed = encoding & BTF_INT_SIGNED;
	if (encoding & BTF_INT_BOOL)
		ext->value = BPFFS_KCONFIG_BOOL;
	else if (is_char(t))
		ext->value = BPFFS_KCONFIG_CHAR;
	if (encoding & BTF_INT_BOOL)
		return t->size == 1;
	return t->size <= 8 && !(t->size & (t->size - 1));
}

/* What the variable can hold, false if it is nothing that has a value. */
static bool kconfig_type(const struct bpffs_btf *btf, struct bpffs_plan_extern *ext)
{
	const struct btf_type *t = bpffs_btf_type(btf, ext->type);
	const struct btf_array *array;

	switch (t ? BTF_INFO_KIND(t->info) : BTF_KIND_UNKN) {
	case BTF_KIND_INT:
		return kconfig_int(ext, t);
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		ext->value = BPFFS_KCONFIG_TRISTATE;
		return !strcmp(bpffs_btf_name(btf, t->name_off), "libbpf_tristate") &&
		       t->size >= 4;
	case BTF_KIND_ARRAY:
		array = (const void *)(t + 1);
		t = bpffs_btf_type(btf, bpffs_btf_resolve(btf, array->type));
		ext->value = BPFFS_KCONFIG_STRING;
		return array->nelems && t && is_char(t);
	default:
		return false;
	}
}

static int classify_kconfig(struct search *s, struct found *f)
{
	const struct bpffs_btf *btf = &s->b->plan->btf;

	if (BTF_INFO_KIND(bpffs_btf_type(btf, f->decl)->info) == BTF_KIND_FUNC)
		return refuse(s, f, "a function in .kconfig, which has values only");
	f->ext.kind = BPFFS_EXTERN_KCONFIG;
	f->ext.size = bpffs_btf_size(btf, f->ext.type);
	if (kconfig_type(btf, &f->ext))
		return 0;
	return refuse(s, f,
		      "a value in .kconfig is a bool, an integer of up to 8 bytes, an array of char or an enum libbpf_tristate");
}

static int classify(struct search *s, struct found *f)
{
	const struct bpffs_btf *btf = &s->b->plan->btf;
	const struct btf_type *decl, *datasec;
	const char *section;

	if (!f->decl)
		return refuse(s, f,
			      "in no section of this object, and no BTF declares it (compile with -g)");
	decl = bpffs_btf_type(btf, f->decl);
	if (!decl_is_extern(decl))
		return refuse(s, f, "BTF type %u of that name is no extern", f->decl);
	if (!f->datasec)
		return refuse(s, f,
			      "an extern of no section; write __ksym or __kconfig behind it if it is the kernel's, or link the object that has it");
	datasec = bpffs_btf_type(btf, f->datasec);
	section = bpffs_btf_name(btf, datasec->name_off);
	f->ext.type = bpffs_btf_resolve(btf, decl->type);
	if (!strcmp(section, ".kconfig"))
		return classify_kconfig(s, f);
	if (!strcmp(section, ".maps"))
		return refuse(s, f,
			      "a map that this object does not define; link the object that defines it (bpftool gen object)");
	if (strcmp(section, ".ksyms"))
		return refuse(s, f,
			      "an extern in section %s; those in .ksyms and .kconfig are the kernel's",
			      section);
	f->ext.kind = BPFFS_EXTERN_FUNC;
	if (BTF_INFO_KIND(decl->info) == BTF_KIND_VAR)
		f->ext.kind = f->ext.type ? BPFFS_EXTERN_VAR : BPFFS_EXTERN_SYMBOL;
	return 0;
}

static u32 kconfig_align(const struct bpffs_plan_extern *ext)
{
	return ext->value == BPFFS_KCONFIG_STRING ? 1 : ext->size;
}

/* The order that makes .kconfig small, and the same one that libbpf makes. */
static int found_compare(const void *a, const void *b)
{
	const struct bpffs_plan_extern *left = &((const struct found *)a)->ext;
	const struct bpffs_plan_extern *right = &((const struct found *)b)->ext;
	bool config = left->kind == BPFFS_EXTERN_KCONFIG;
	bool other = right->kind == BPFFS_EXTERN_KCONFIG;

	if (config != other)
		return config ? -1 : 1;
	if (config && kconfig_align(left) != kconfig_align(right))
		return kconfig_align(left) > kconfig_align(right) ? -1 : 1;
	if (config && left->size != right->size)
		return left->size < right->size ? -1 : 1;
	return strcmp(left->name, right->name);
}

/* Before: externs are sorted. After: .kconfig has its layout. */
static int lay_out_kconfig(struct search *s)
{
	struct bpffs_plan_extern *ext;
	u32 i, end = 0;

	for (i = 0; i < s->nr; i++) {
		ext = &s->b->plan->externs[i];
		if (ext->kind != BPFFS_EXTERN_KCONFIG)
			break;
		ext->offset = round_up(end, kconfig_align(ext));
		if (ext->size > BUILD_MAX_DATA - ext->offset)
			return refuse(s, &s->found[i], "all of .kconfig may have %u bytes",
				      BUILD_MAX_DATA);
		end = ext->offset + ext->size;
	}
	s->b->kconfig_bytes = end;
	return 0;
}

static int take_externs(struct search *s)
{
	struct build_name *names = s->b->extern_names;
	u32 i;

	sort(s->found, s->nr, sizeof(*s->found), found_compare, NULL);
	for (i = 0; i < s->nr; i++) {
		s->b->plan->externs[i] = s->found[i].ext;
		names[i].name = s->found[i].ext.name;
		names[i].index = i;
	}
	s->b->plan->nr_externs = s->nr;
	build_names_sort(names, s->nr);
	return lay_out_kconfig(s);
}

static int find_externs(struct search *s)
{
	int err;
	u32 i;

	err = alloc_externs(s);
	if (!err)
		err = list_externs(s);
	if (err)
		return err;
	find_decls(s);
	find_datasecs(s);
	for (i = 0; i < s->nr; i++) {
		err = classify(s, &s->found[i]);
		if (err)
			return err;
	}
	return take_externs(s);
}

/**
 * build_externs() - list the symbols that are not in the object
 * @b: the build, past build_btf()
 *
 * Return: 0; -ENOMEM; -E2BIG for too many; -EINVAL for symbols that are nothing
 * of the kernel's.
 */
int build_externs(struct bpffs_build *b)
{
	struct search s = { .b = b };
	int err;

	err = count_externs(&s);
	if (err || !s.nr)
		return err;
	err = find_externs(&s);
	kvfree(s.found);
	if (!err)
		build_plan_stand_in(b);
	return err;
}

/**
 * build_find_extern() - look up an extern by name
 * @b: the build, past build_externs()
 * @name: its name
 *
 * Return: the extern, in the plan; NULL if there is none of that name.
 */
struct bpffs_plan_extern *build_find_extern(const struct bpffs_build *b, const char *name)
{
	const struct build_name *found;

	found = build_names_find(b->extern_names, b->plan->nr_externs, name);
	return found ? &b->plan->externs[found->index] : NULL;
}

/**
 * build_extern_map() - make the map of .kconfig
 * @b: the build, past build_data_maps()
 *
 * Return: 0; -ENOMEM; -E2BIG if the object's data sections take too much memory.
 */
int build_extern_map(struct bpffs_build *b)
{
	struct bpffs_plan *plan = b->plan;
	struct bpffs_plan_map *map;

	plan->kconfig_map = BPFFS_NO_MAP;
	if (!b->kconfig_bytes)
		return 0;
	plan->kconfig_map = plan->nr_maps;
	map = &plan->maps[plan->nr_maps++];
	map->name = ".kconfig";
	map->type = BPF_MAP_TYPE_ARRAY;
	map->key_size = sizeof(u32);
	map->value_size = b->kconfig_bytes;
	map->max_entries = 1;
	map->flags = BPF_F_RDONLY_PROG | BPF_F_MMAPABLE;
	map->value_type = bpffs_btf_find(&plan->btf, map->name, BTF_KIND_DATASEC);
	map->origin = BPFFS_MAP_KCONFIG;
	return build_map_contents(b, plan->kconfig_map);
}

/**
 * build_count_extern_vars() - how many variables build_extern_vars() adds
 * @b: the build, past build_externs()
 */
u32 build_count_extern_vars(const struct bpffs_build *b)
{
	u32 nr = 0;

	while (nr < b->plan->nr_externs && b->plan->externs[nr].kind == BPFFS_EXTERN_KCONFIG)
		nr++;
	return nr;
}

/**
 * build_extern_vars() - list the variables of .kconfig
 * @b: the build; the plan has room for them
 */
void build_extern_vars(struct bpffs_build *b)
{
	u32 i, nr = build_count_extern_vars(b);
	const struct bpffs_plan_extern *ext;
	struct bpffs_plan_var *var;

	for (i = 0; i < nr; i++) {
		ext = &b->plan->externs[i];
		var = &b->plan->vars[b->plan->nr_vars++];
		var->name = ext->name;
		var->map = b->plan->kconfig_map;
		var->offset = ext->offset;
		var->size = ext->size;
		var->type = ext->type;
	}
}

/**
 * build_extern_is_preset() - config has set a variable
 * @b: the build
 * @map: index of the map that the variable is in, any map
 * @offset: of the variable
 *
 * The kernel is not asked for what config says.
 */
void build_extern_is_preset(struct bpffs_build *b, u32 map, u32 offset)
{
	u32 i, nr = build_count_extern_vars(b);

	for (i = 0; map == b->plan->kconfig_map && i < nr; i++)
		b->plan->externs[i].preset |= b->plan->externs[i].offset == offset;
}
