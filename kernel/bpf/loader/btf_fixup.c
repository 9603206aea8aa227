// SPDX-License-Identifier: GPL-2.0
/*
 * Makes a copy of the object's BTF into what the kernel takes.
 *
 * Compilers leave sizes of sections and offsets of global variables to the
 * linker, and the kernel refuses BTF without them.
 */
#include <linux/btf.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include "build.h"

/**
 * build_own_type() - a type that may be changed
 * @b: the build, past build_btf()
 * @id: a type's id
 *
 * Return: the type, in the plan's copy of the blob.
 */
struct btf_type *build_own_type(struct bpffs_build *b, u32 id)
{
	const void *t = bpffs_btf_type(&b->plan->btf, id);

	return b->plan->btf_data + (t - b->plan->btf.data);
}

static struct btf_var_secinfo *datasec_vars(struct btf_type *t)
{
	return (struct btf_var_secinfo *)(t + 1);
}

static int datasec_compare(const void *a, const void *b)
{
	const struct btf_var_secinfo *left = a, *right = b;

	if (left->offset != right->offset)
		return left->offset < right->offset ? -1 : 1;
	return left->type < right->type ? -1 : left->type > right->type;
}

/* Whether @section, or one merged into it, defines the global symbol @name. */
static bool find_global(const struct bpffs_build *b, const char *name,
			u32 section, struct elf64_sym *sym)
{
	const struct build_name *found;

	found = build_names_find(b->globals, b->nr_globals, name);
	if (!found)
		return false;
	*sym = bpffs_elf_symbol(&b->elf, found->index);
	return build_section_is_in(b, sym->st_shndx, section);
}

static u32 symbol_place(const struct bpffs_build *b, const struct elf64_sym *sym)
{
	return b->sections[sym->st_shndx].base + sym->st_value;
}

/*
 * Before: compilers say where a static variable is in its own section. After:
 * where it is in all that are merged.
 */
static int fixup_static(struct bpffs_build *b, struct btf_var_secinfo *info,
			const char *name, u32 section)
{
	const char *secname = bpffs_elf_section_name(&b->elf, section);
	struct elf64_sym sym;
	int err;

	if (!b->sections[section].merged)
		return 0;
	err = build_find_apart(b, name, section, &sym);
	if (err == -E2BIG)
		return bpffs_diag(b->diag, err,
				  "section .BTF: DATASEC %s has variable \"%s\", and too many static variables have that name",
				  secname, name);
	if (err)
		return bpffs_diag(b->diag, -EINVAL,
				  "section .BTF: DATASEC %s has variable \"%s\", and of the sections %s %s has such a symbol",
				  secname, name, secname,
				  err == -ENOENT ? "none" : "more than one");
	info->offset = symbol_place(b, &sym);
	return 0;
}

/*
 * Compilers know the offsets of static variables and leave those of global
 * ones open. What is hidden is as good as static: other objects cannot reach
 * it.
 */
static int fixup_var(struct bpffs_build *b, struct btf_var_secinfo *info,
		     u32 section)
{
	const char *secname = bpffs_elf_section_name(&b->elf, section);
	struct btf_type *t = build_own_type(b, info->type);
	struct btf_var *var = (struct btf_var *)(t + 1);
	const char *name = bpffs_btf_name(&b->plan->btf, t->name_off);
	struct elf64_sym sym;

	if (BTF_INFO_KIND(t->info) != BTF_KIND_VAR)
		return bpffs_diag(b->diag, -EOPNOTSUPP,
				  "section .BTF: DATASEC %s has \"%s\", which is not a variable",
				  secname, name);
	if (var->linkage == BTF_VAR_STATIC)
		return fixup_static(b, info, name, section);
	if (!find_global(b, name, section, &sym))
		return bpffs_diag(b->diag, -EINVAL,
				  "section .BTF: DATASEC %s has variable \"%s\", section %s has no such symbol",
				  secname, name, secname);
	info->offset = symbol_place(b, &sym);
	if (bpffs_elf_is_hidden(&sym) && b->sections[section].kind != SECTION_MAPS)
		var->linkage = BTF_VAR_STATIC;
	return 0;
}

/* The first section of the name that is not empty, 0 if there is none. */
static u32 find_filled(const struct bpffs_build *b, const char *name)
{
	const struct build_name *end = b->section_names + b->elf.nr_sections;
	const struct build_name *found;

	found = build_names_find(b->section_names, b->elf.nr_sections, name);
	for (; found && found < end && !strcmp(found->name, name); found++) {
		if (bpffs_elf_section(&b->elf, found->index).sh_size)
			return found->index;
	}
	return 0;
}

static int section_bytes(struct bpffs_build *b, u32 section, u32 *bytes)
{
	u64 size = bpffs_elf_section(&b->elf, section).sh_size;

	*bytes = b->sections[section].bytes ?: size;
	return build_check_data_size(b, section, size);
}

/* Before: @t is a DATASEC. After: @section is the first one of its name. */
static int claim_section(struct bpffs_build *b, u32 id, const char *name,
			 u32 *section, u32 *size)
{
	int err;

	*section = find_filled(b, name);
	if (!*section)
		return bpffs_diag(b->diag, -EINVAL,
				  "section .BTF: DATASEC %s has no section of that name that is not empty",
				  name);
	err = section_bytes(b, *section, size);
	if (err)
		return err;
	if (b->sections[*section].datasec)
		return bpffs_diag(b->diag, -EINVAL,
				  "section .BTF: two DATASECs %s (types %u and %u)",
				  name, b->sections[*section].datasec, id);
	b->sections[*section].datasec = id;
	return 0;
}

static int fixup_datasec(struct bpffs_build *b, u32 id)
{
	struct btf_type *t = build_own_type(b, id);
	const char *name = bpffs_btf_name(&b->plan->btf, t->name_off);
	u32 i, section, nr = BTF_INFO_VLEN(t->info);
	int err;

	if (build_is_extern_datasec(name)) {
		err = build_fixup_extern_datasec(b, id);
	} else {
		err = claim_section(b, id, name, &section, &t->size);
		for (i = 0; !err && i < nr; i++)
			err = fixup_var(b, datasec_vars(t) + i, section);
	}
	if (err)
		return err;
	sort(datasec_vars(t), nr, sizeof(struct btf_var_secinfo),
	     datasec_compare, NULL);
	return 0;
}

/*
 * The verifier judges a global function alone, and a static one with what its
 * callers know. Hidden subprograms are meant to be the latter.
 */
static void fixup_func(struct bpffs_build *b, u32 id, u32 text)
{
	struct btf_type *t = build_own_type(b, id);
	struct elf64_sym sym;

	if (BTF_INFO_VLEN(t->info) != BTF_FUNC_GLOBAL || !text)
		return;
	if (!find_global(b, bpffs_btf_name(&b->plan->btf, t->name_off), text,
			 &sym))
		return;
	if (ELF64_ST_TYPE(sym.st_info) == STT_FUNC && bpffs_elf_is_hidden(&sym))
		t->info = (BTF_KIND_FUNC << 24) | BTF_FUNC_STATIC;
}

static int fixup_types(struct bpffs_build *b)
{
	u32 id, kind, text = build_find_section(b, ".text");
	int err;

	for (id = 1; id < b->plan->btf.nr_types; id++) {
		kind = BTF_INFO_KIND(build_own_type(b, id)->info);
		if (kind == BTF_KIND_FUNC)
			fixup_func(b, id, text);
		if (kind != BTF_KIND_DATASEC)
			continue;
		err = build_check_signal(b) ?: fixup_datasec(b, id);
		if (err)
			return err;
	}
	return 0;
}

/*
 * Types that are malformed, or of kinds newer than this loader: an object in
 * which nothing needs them is loaded without, as libbpf does it.
 */
static int forget_btf(struct bpffs_build *b, const struct bpffs_diag *why)
{
	struct bpffs_plan *plan = b->plan;

	if (why->err == -ENOMEM || build_needs_btf(b))
		return bpffs_diag(b->diag, why->err, "%s", why->text);
	bpffs_remark(&plan->remarks, "loaded without types: %s", why->text);
	kvfree(plan->btf_data);
	plan->btf_data = NULL;
	plan->btf_size = 0;
	return 0;
}

/*
 * Before: @plan->btf is the index. After: its header is one that all kernels take.
 * What else a longer one tells of is for readers that do not know all kinds.
 */
static int shorten_header(struct bpffs_build *b)
{
	struct bpffs_plan *plan = b->plan;
	void *copy;

	if (((const struct btf_header *)plan->btf_data)->hdr_len == BPFFS_BTF_HEADER)
		return 0;
	copy = bpffs_btf_extend(plan->btf_data, "", 0, "", 0, &plan->btf_size);
	if (!copy)
		return -ENOMEM;
	bpffs_btf_release(&plan->btf);
	kvfree(plan->btf_data);
	plan->btf_data = copy;
	return bpffs_btf_parse(&plan->btf, plan->btf_data, plan->btf_size, b->diag);
}

/**
 * build_btf() - take over the object's BTF
 * @b: the build, past build_layout()
 *
 * Fills in btf_data, btf_size and btf of the plan. Without a .BTF section all
 * of them stay zero.
 *
 * Return: 0; -ENOMEM; -EINVAL for malformed BTF; what bpffs_btf_parse()
 * returns.
 */
int build_btf(struct bpffs_build *b)
{
	struct bpffs_plan *plan = b->plan;
	struct bpffs_diag why = {};
	struct elf64_shdr shdr;
	u32 index;
	int err;

	err = build_only_section(b, SECTION_BTF, &index);
	if (err || !index)
		return err;
	shdr = bpffs_elf_section(&b->elf, index);
	plan->btf_size = shdr.sh_size;
	plan->btf_data = kvmalloc(plan->btf_size, GFP_KERNEL_ACCOUNT);
	if (!plan->btf_data)
		return -ENOMEM;
	memcpy(plan->btf_data, bpffs_elf_bytes(&b->elf, &shdr),
	       plan->btf_size);
	if (bpffs_btf_parse(&plan->btf, plan->btf_data, plan->btf_size, &why))
		return forget_btf(b, &why);
	return shorten_header(b);
}

/**
 * build_btf_fixup() - make of the BTF what the kernel takes
 * @b: the build, past build_btf() and build_externs()
 *
 * Fills in datasec of the sections. The index is made again: the one there was
 * told the way around the types, this one has seen their final sizes and
 * offsets.
 *
 * Return: 0; -ENOMEM; -EINVAL for BTF that contradicts the file; what
 * bpffs_btf_parse() returns.
 */
int build_btf_fixup(struct bpffs_build *b)
{
	struct bpffs_plan *plan = b->plan;
	int err;

	if (!plan->btf_data)
		return 0;
	err = fixup_types(b);
	if (!err)
		err = build_append_stand_in(b);
	if (err)
		return err;
	bpffs_btf_release(&plan->btf);
	return bpffs_btf_parse(&plan->btf, plan->btf_data, plan->btf_size,
			       b->diag);
}
