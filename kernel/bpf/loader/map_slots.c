// SPDX-License-Identifier: GPL-2.0
/*
 * The entries that maps of maps and arrays of programs begin with: addresses of
 * maps and of programs behind a definition in .maps, each with a relocation.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "build.h"

#define POINTER_SIZE	sizeof(u64)

/**
 * struct slots - the relocations of section .maps being read
 * @b: the build
 * @section: index of .maps
 * @progs: for each function of the object its index among the programs
 * @rel: the relocation that is being read
 * @index: its place in the list
 */
struct slots {
	struct bpffs_build *b;
	u32 section;
	u32 *progs;
	struct elf64_rel rel;
	u32 index;
};

__printf(3, 4)
static int refuse(const struct slots *s, int err, const char *fmt, ...)
{
	char where[BUILD_WHERE];
	va_list args;

	scnprintf(where, sizeof(where),
		  "relocation %u of section .maps at offset %llu: ", s->index,
		  s->rel.r_offset);
	va_start(args, fmt);
	err = bpffs_vdiag(s->b->diag, err, where, fmt, args);
	va_end(args);
	return err;
}

/* Before: any relocation. After: its map has values where the offset is. */
static int find_slot(const struct slots *s, struct bpffs_plan_slot *slot)
{
	const struct build_section *section = &s->b->sections[s->section];
	const struct build_map_place *place;
	u64 offset = s->rel.r_offset;

	if (offset > U32_MAX)
		return refuse(s, -EINVAL, "no map is defined there");
	if (!build_find_map(s->b, s->section, offset, &slot->map))
		slot->map--;
	if (slot->map - section->map >= section->nr_maps)
		return refuse(s, -EINVAL, "no map is defined there");
	place = &s->b->map_places[slot->map];
	offset -= place->offset;
	if (offset + POINTER_SIZE > place->size)
		return refuse(s, -EINVAL, "it is in no map's definition");
	if (place->values == NO_VALUES || offset < place->values ||
	    (offset - place->values) % POINTER_SIZE)
		return refuse(s, -EINVAL,
			      "it is in the definition of map \"%s\", and not at one of its values",
			      s->b->plan->maps[slot->map].name);
	slot->index = (offset - place->values) / POINTER_SIZE;
	return 0;
}

/* Before: any relocation in place. After: @section and @offset are what it says. */
static int find_target(const struct slots *s, u32 *section, s64 *offset)
{
	struct elf64_shdr shdr = bpffs_elf_section(&s->b->elf, s->section);
	u32 index = ELF64_R_SYM(s->rel.r_info);
	struct elf64_sym sym;
	s64 addend;

	if ((u32)s->rel.r_info != R_BPF_64_ABS64)
		return refuse(s, -EINVAL,
			      "type %u on a pointer, which takes type %u",
			      (u32)s->rel.r_info, R_BPF_64_ABS64);
	if (!index || index >= s->b->elf.nr_symbols)
		return refuse(s, -EINVAL, "it is against symbol %u of %u",
			      index, s->b->elf.nr_symbols);
	sym = bpffs_elf_symbol(&s->b->elf, index);
	if (sym.st_shndx == SHN_UNDEF || sym.st_shndx >= s->b->elf.nr_sections)
		return refuse(s, -EINVAL,
			      "symbol \"%s\" is not defined in this object",
			      bpffs_elf_symbol_name(&s->b->elf, index));
	memcpy(&addend, bpffs_elf_bytes(&s->b->elf, &shdr) + s->rel.r_offset,
	       sizeof(addend));
	*section = sym.st_shndx;
	*offset = (s64)(sym.st_value + (u64)addend);
	return 0;
}

static int target_map(const struct slots *s, u32 section, s64 offset, u32 *map)
{
	if (section == s->section &&
	    build_find_map(s->b, section, offset, map))
		return 0;
	return refuse(s, -EINVAL,
		      "what is at offset %lld of section %s is no map that .maps defines",
		      offset, bpffs_elf_section_name(&s->b->elf, section));
}

static int target_prog(const struct slots *s, u32 section, s64 offset, u32 *prog)
{
	const s64 size = sizeof(struct bpf_insn);
	const struct build_func *func = NULL;

	if (s->b->sections[section].kind == SECTION_CODE && offset >= 0 &&
	    offset % size == 0 && offset / size <= U32_MAX)
		func = build_find_func(s->b, section, offset / size);
	if (!func || !func->entry)
		return refuse(s, -EINVAL,
			      "what is at offset %lld of section %s is no program",
			      offset, bpffs_elf_section_name(&s->b->elf, section));
	*prog = s->progs[func - s->b->funcs];
	return 0;
}

/* The index of a hash of maps is its key, as long as that is a number. */
static int check_key(const struct slots *s, const struct bpffs_plan_map *map)
{
	if (map->key_size == sizeof(u32))
		return 0;
	return refuse(s, -EINVAL,
		      "map \"%s\" has keys of %u bytes; only keys of %zu can be counted up",
		      map->name, map->key_size, sizeof(u32));
}

static int read_slot(struct slots *s)
{
	struct bpffs_plan *plan = s->b->plan;
	struct bpffs_plan_slot *slot = &plan->slots[plan->nr_slots];
	const struct bpffs_plan_map *map;
	s64 offset = 0;
	u32 section;
	int err;

	err = find_slot(s, slot);
	if (!err)
		err = find_target(s, &section, &offset);
	if (err)
		return err;
	map = &plan->maps[slot->map];
	err = check_key(s, map);
	if (err)
		return err;
	if (bpffs_map_holds_maps(map->type))
		err = target_map(s, section, offset, &slot->target);
	else
		err = target_prog(s, section, offset, &slot->target);
	if (!err)
		plan->nr_slots++;
	return err;
}

/* Programs are listed in the order of their functions. */
static void number_progs(struct slots *s)
{
	u32 i, nr = 0;

	for (i = 0; i < s->b->nr_funcs; i++) {
		s->progs[i] = nr;
		nr += s->b->funcs[i].entry;
	}
}

static int read_slots(struct slots *s, const struct elf64_shdr *shdr)
{
	const u8 *bytes = bpffs_elf_bytes(&s->b->elf, shdr);
	u32 nr = shdr->sh_size / sizeof(s->rel);
	int err;

	for (s->index = 0; s->index < nr; s->index++) {
		memcpy(&s->rel, bytes + (u64)s->index * sizeof(s->rel),
		       sizeof(s->rel));
		if ((u32)s->rel.r_info == R_BPF_NONE)
			continue;
		err = read_slot(s);
		if (err)
			return err;
	}
	return 0;
}

/**
 * build_map_slots() - read what maps of maps and arrays of programs begin with
 * @b: the build; maps and programs are listed
 *
 * Return: 0; -ENOMEM; -E2BIG for too many; -EINVAL for relocations that cannot
 * be meant.
 */
int build_map_slots(struct bpffs_build *b)
{
	struct slots s = { .b = b };
	struct elf64_shdr shdr;
	int err;
	u32 nr;

	err = build_only_section(b, SECTION_MAPS, &s.section);
	if (err || !s.section || !b->sections[s.section].rel)
		return err;
	shdr = bpffs_elf_section(&b->elf, b->sections[s.section].rel);
	nr = shdr.sh_size / sizeof(s.rel);
	if (nr > BUILD_MAX_SLOTS)
		return bpffs_diag(b->diag, -E2BIG,
				  "section .maps: %u initial entries; there may be %u",
				  nr, BUILD_MAX_SLOTS);
	b->plan->slots = kvmalloc_array(nr, sizeof(*b->plan->slots),
					GFP_KERNEL_ACCOUNT);
	s.progs = kvmalloc_array(b->nr_funcs, sizeof(*s.progs),
				 GFP_KERNEL_ACCOUNT);
	if (!b->plan->slots || !s.progs) {
		err = -ENOMEM;
	} else {
		number_progs(&s);
		err = read_slots(&s, &shdr);
	}
	kvfree(s.progs);
	return err;
}
