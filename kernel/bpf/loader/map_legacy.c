// SPDX-License-Identifier: GPL-2.0
/*
 * Maps as section maps defines them, without BTF: what objects had before .maps
 * was invented, and what libbpf took up to its version 0.8, by whose rules they
 * are read. Each symbol is a map; all definitions have the same size, and what
 * is longer than the attributes that there are has to be zero.
 */
#include <linux/btf.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include "build.h"

/* One definition, as in the file; those after it in a longer one are zero. */
struct legacy_map {
	u32 type;
	u32 key_size;
	u32 value_size;
	u32 max_entries;
	u32 flags;
};

/* A symbol of the section: where its map is, and its index. */
struct legacy_symbol {
	u32 offset;
	u32 symbol;
};

static bool symbol_is_map(const struct bpffs_build *b, u32 section, u32 index)
{
	struct elf64_sym sym = bpffs_elf_symbol(&b->elf, index);

	return sym.st_shndx == section &&
	       ELF64_ST_TYPE(sym.st_info) != STT_SECTION;
}

/**
 * build_count_legacy_maps() - how many maps a section without BTF defines
 * @b: the build, past build_layout()
 * @section: index of section maps, 0 if there is none
 *
 * Return: the number of symbols in it.
 */
u32 build_count_legacy_maps(const struct bpffs_build *b, u32 section)
{
	u32 i, nr = 0;

	for (i = 1; section && i < b->elf.nr_symbols; i++)
		nr += symbol_is_map(b, section, i);
	return nr;
}

__printf(4, 5)
static int refuse(struct bpffs_build *b, u32 symbol, int err, const char *fmt, ...)
{
	char where[BUILD_WHERE];
	va_list args;

	scnprintf(where, sizeof(where), "section maps: map \"%.64s\": ",
		  bpffs_elf_symbol_name(&b->elf, symbol));
	va_start(args, fmt);
	err = bpffs_vdiag(b->diag, err, where, fmt, args);
	va_end(args);
	return err;
}

/*
 * The types that BPF_ANNOTATE_KV_PAIR() leaves for a map are the two members
 * of a struct named after it. They count if they have the map's sizes.
 */
static void find_types(struct bpffs_build *b, struct bpffs_plan_map *map)
{
	const struct bpffs_btf *btf = &b->plan->btf;
	const struct btf_member *members;
	const struct btf_type *t;
	char name[128];

	if (snprintf(name, sizeof(name), "____btf_map_%s", map->name) >= (int)sizeof(name))
		return;
	t = bpffs_btf_type(btf, bpffs_btf_find(btf, name, BTF_KIND_STRUCT));
	if (!t || BTF_INFO_VLEN(t->info) < 2)
		return;
	members = (const struct btf_member *)(t + 1);
	if (bpffs_btf_size(btf, members[0].type) != map->key_size ||
	    bpffs_btf_size(btf, members[1].type) != map->value_size)
		return;
	map->key_type = members[0].type;
	map->value_type = members[1].type;
}

static int read_definition(struct bpffs_build *b, u32 symbol, const u8 *bytes,
			   struct build_map_place *place)
{
	struct bpffs_plan_map *map = &b->plan->maps[b->plan->nr_maps++];
	struct elf64_sym sym = bpffs_elf_symbol(&b->elf, symbol);
	struct legacy_map def = {};
	u32 known = min_t(u32, place->size, sizeof(def));

	map->name = bpffs_elf_symbol_name(&b->elf, symbol);
	map->origin = BPFFS_MAP_DEFINED;
	if (ELF64_ST_BIND(sym.st_info) == STB_LOCAL)
		return refuse(b, symbol, -EOPNOTSUPP,
			      "it is static; a map is a global variable");
	memcpy(&def, bytes + place->offset, known);
	if (memchr_inv(bytes + place->offset + known, 0, place->size - known))
		return refuse(b, symbol, -EINVAL,
			      "its definition of %u bytes has attributes behind the first %zu bytes, which are not known; define it in section .maps",
			      place->size, sizeof(def));
	map->type = def.type;
	map->key_size = def.key_size;
	map->value_size = def.value_size;
	map->max_entries = def.max_entries;
	map->flags = def.flags;
	if (!map->type)
		return refuse(b, symbol, -EINVAL, "it has no type");
	find_types(b, map);
	return 0;
}

static int symbols_compare(const void *a, const void *b)
{
	const struct legacy_symbol *left = a, *right = b;

	if (left->offset != right->offset)
		return left->offset < right->offset ? -1 : 1;
	return left->symbol < right->symbol ? -1 : left->symbol > right->symbol;
}

static struct legacy_symbol *list_symbols(const struct bpffs_build *b,
					  u32 section, u32 nr)
{
	struct legacy_symbol *symbols;
	u32 i, n = 0;

	symbols = kvmalloc_array(nr, sizeof(*symbols), GFP_KERNEL_ACCOUNT);
	if (!symbols)
		return NULL;
	for (i = 1; i < b->elf.nr_symbols && n < nr; i++) {
		if (!symbol_is_map(b, section, i))
			continue;
		symbols[n].offset = bpffs_elf_symbol(&b->elf, i).st_value;
		symbols[n++].symbol = i;
	}
	sort(symbols, nr, sizeof(*symbols), symbols_compare, NULL);
	return symbols;
}

static int read_definitions(struct bpffs_build *b, u32 section,
			    const struct legacy_symbol *symbols, u32 nr)
{
	struct elf64_shdr shdr = bpffs_elf_section(&b->elf, section);
	const u8 *bytes = bpffs_elf_bytes(&b->elf, &shdr);
	struct build_map_place *place;
	int err;
	u32 i;

	b->sections[section].map = b->plan->nr_maps;
	b->sections[section].nr_maps = nr;
	for (i = 0; i < nr; i++) {
		place = &b->map_places[b->plan->nr_maps];
		place->offset = symbols[i].offset;
		place->size = shdr.sh_size / nr;
		place->values = NO_VALUES;
		if (symbols[i].offset > shdr.sh_size - place->size ||
		    (i && symbols[i].offset - place[-1].offset < place->size))
			return refuse(b, symbols[i].symbol, -EINVAL,
				      "its %u bytes at offset %u are not its own, or not all inside the section of %llu bytes for %u maps",
				      place->size, symbols[i].offset,
				      shdr.sh_size, nr);
		err = build_check_signal(b);
		if (!err)
			err = read_definition(b, symbols[i].symbol, bytes, place);
		if (err)
			return err;
	}
	return 0;
}

/**
 * build_legacy_maps() - read the definitions in section maps
 * @b: the build, in build_defined_maps(), which made room for them
 * @section: index of the section, 0 if there is none
 *
 * Return: 0; -ENOMEM; -EINVAL for definitions that make no sense or have more
 * attributes than there were; -EOPNOTSUPP for static maps.
 */
int build_legacy_maps(struct bpffs_build *b, u32 section)
{
	u32 nr = build_count_legacy_maps(b, section);
	struct legacy_symbol *symbols;
	struct elf64_shdr shdr;
	int err;

	if (!section)
		return 0;
	shdr = bpffs_elf_section(&b->elf, section);
	if (!nr || shdr.sh_size % nr)
		return bpffs_diag(b->diag, -EINVAL,
				  "section maps: %llu bytes cannot be the definitions of %u maps, as many as it has symbols",
				  shdr.sh_size, nr);
	symbols = list_symbols(b, section, nr);
	if (!symbols)
		return -ENOMEM;
	err = read_definitions(b, section, symbols, nr);
	kvfree(symbols);
	return err;
}
