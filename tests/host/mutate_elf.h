/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Changes to an object by someone who knows what is where in it: headers,
 * symbols, relocations, instructions, BTF, names. Bytes changed blindly hardly
 * ever get past the first check.
 */
#ifndef _BPFFS_MUTATE_ELF_H
#define _BPFFS_MUTATE_ELF_H

#include <linux/kernel.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/elf.h>
#include "fuzz.h"
#include "mutate_words.h"

/* Behind the object: settings, their length, the mark. */
#define ELF_MARK	"conf"
#define ELF_MARK_SIZE	6

/* Bytes of settings behind an object, 0 for none. */
static inline size_t elf_settings(const u8 *data, size_t size)
{
	u16 len;

	if (size < ELF_MARK_SIZE || memcmp(data + size - 4, ELF_MARK, 4))
		return 0;
	memcpy(&len, data + size - ELF_MARK_SIZE, sizeof(len));
	return len <= size - ELF_MARK_SIZE ? len : 0;
}

/**
 * struct mutant - an object that is being changed
 * @random: where chance comes from
 * @image: the object
 * @size: bytes in it
 * @max: bytes there is room for
 * @ehdr: copy of its header
 */
struct mutant {
	struct fuzz_random random;
	u8 *image;
	size_t size;
	size_t max;
	struct elf64_hdr ehdr;
};

static inline bool mutant_open(struct mutant *m)
{
	if (m->size < sizeof(m->ehdr))
		return false;
	memcpy(&m->ehdr, m->image, sizeof(m->ehdr));
	return m->ehdr.e_shnum && m->ehdr.e_shoff < m->size &&
	       m->ehdr.e_shnum * sizeof(struct elf64_shdr) <=
	       m->size - m->ehdr.e_shoff;
}

static inline struct elf64_shdr mutant_section(const struct mutant *m, u32 i)
{
	struct elf64_shdr shdr;

	memcpy(&shdr, m->image + m->ehdr.e_shoff + i * sizeof(shdr),
	       sizeof(shdr));
	return shdr;
}

static inline void mutant_set_section(struct mutant *m, u32 i,
				      const struct elf64_shdr *shdr)
{
	memcpy(m->image + m->ehdr.e_shoff + i * sizeof(*shdr), shdr,
	       sizeof(*shdr));
}

/* Contents of a section as far as they are there; NULL for none. */
static inline u8 *mutant_bytes(const struct mutant *m, u32 i, size_t *len)
{
	struct elf64_shdr shdr = mutant_section(m, i);

	if (shdr.sh_type == SHT_NOBITS || shdr.sh_offset >= m->size)
		return NULL;
	*len = min_t(u64, shdr.sh_size, m->size - shdr.sh_offset);
	return *len ? m->image + shdr.sh_offset : NULL;
}

static inline bool mutant_is_named(const struct mutant *m, u32 i,
				   const char *name)
{
	u32 at = mutant_section(m, i).sh_name;
	size_t len;
	u8 *names;

	if (m->ehdr.e_shstrndx >= m->ehdr.e_shnum)
		return false;
	names = mutant_bytes(m, m->ehdr.e_shstrndx, &len);
	return names && at < len && strlen(name) < len - at &&
	       !memcmp(names + at, name, strlen(name) + 1);
}

/* A random section of a type, and where it is asked for with a flag; or 0. */
static inline u32 mutant_pick(struct mutant *m, u32 type, u64 flag)
{
	u32 first = fuzz_pick(&m->random, m->ehdr.e_shnum), i, at;
	struct elf64_shdr shdr;

	for (i = 0; i < m->ehdr.e_shnum; i++) {
		at = (first + i) % m->ehdr.e_shnum;
		shdr = mutant_section(m, at);
		if (shdr.sh_type == type && (shdr.sh_flags & flag) == flag)
			return at;
	}
	return 0;
}

/* Overwrites a field of a record by a number worth trying. */
static inline void mutant_field(struct mutant *m, u8 *field, u32 width)
{
	u64 value = 0;

	memcpy(&value, field, width);
	value = fuzz_number(&m->random, value, fuzz_pick(&m->random, 8) ?
			    m->ehdr.e_shnum : m->size);
	memcpy(field, &value, width);
}

struct mutant_layout {
	u8 offset;
	u8 width;
};

static inline void mutant_record(struct mutant *m, u8 *record,
				 const struct mutant_layout *fields, u32 nr)
{
	u32 i = fuzz_pick(&m->random, nr);

	mutant_field(m, record + fields[i].offset, fields[i].width);
}

/* One of the whole records in a section. */
static inline u8 *mutant_entry(struct mutant *m, u32 section, size_t entry)
{
	size_t len;
	u8 *bytes = section ? mutant_bytes(m, section, &len) : NULL;

	if (!bytes || len < entry)
		return NULL;
	return bytes + entry * fuzz_pick(&m->random, len / entry);
}

static inline void mutate_header(struct mutant *m)
{
	static const struct mutant_layout fields[] = {
		{ offsetof(struct elf64_hdr, e_shoff), 8 },
		{ offsetof(struct elf64_hdr, e_shnum), 2 },
		{ offsetof(struct elf64_hdr, e_shstrndx), 2 },
		{ offsetof(struct elf64_hdr, e_shentsize), 2 },
		{ offsetof(struct elf64_hdr, e_type), 2 },
		{ offsetof(struct elf64_hdr, e_machine), 2 },
		{ offsetof(struct elf64_hdr, e_ident), 8 },
	};

	mutant_record(m, m->image, fields, ARRAY_SIZE(fields));
}

static inline void mutate_section(struct mutant *m)
{
	static const struct mutant_layout fields[] = {
		{ offsetof(struct elf64_shdr, sh_name), 4 },
		{ offsetof(struct elf64_shdr, sh_type), 4 },
		{ offsetof(struct elf64_shdr, sh_flags), 8 },
		{ offsetof(struct elf64_shdr, sh_offset), 8 },
		{ offsetof(struct elf64_shdr, sh_size), 8 },
		{ offsetof(struct elf64_shdr, sh_link), 4 },
		{ offsetof(struct elf64_shdr, sh_info), 4 },
		{ offsetof(struct elf64_shdr, sh_entsize), 8 },
	};
	u32 i = fuzz_pick(&m->random, m->ehdr.e_shnum);

	mutant_record(m, m->image + m->ehdr.e_shoff +
		      i * sizeof(struct elf64_shdr), fields,
		      ARRAY_SIZE(fields));
}

static inline void mutate_symbol(struct mutant *m)
{
	static const struct mutant_layout fields[] = {
		{ offsetof(struct elf64_sym, st_name), 4 },
		{ offsetof(struct elf64_sym, st_info), 1 },
		{ offsetof(struct elf64_sym, st_other), 1 },
		{ offsetof(struct elf64_sym, st_shndx), 2 },
		{ offsetof(struct elf64_sym, st_value), 8 },
		{ offsetof(struct elf64_sym, st_size), 8 },
	};
	u8 *sym = mutant_entry(m, mutant_pick(m, SHT_SYMTAB, 0),
			       sizeof(struct elf64_sym));

	if (sym)
		mutant_record(m, sym, fields, ARRAY_SIZE(fields));
}

static inline void mutate_reloc(struct mutant *m)
{
	static const struct mutant_layout fields[] = {
		{ offsetof(struct elf64_rel, r_offset), 8 },
		{ offsetof(struct elf64_rel, r_info), 4 },
		{ offsetof(struct elf64_rel, r_info) + 4, 4 },
	};
	u8 *rel = mutant_entry(m, mutant_pick(m, SHT_REL, 0),
			       sizeof(struct elf64_rel));

	if (rel)
		mutant_record(m, rel, fields, ARRAY_SIZE(fields));
}

static inline void mutate_insn(struct mutant *m)
{
	static const u8 codes[] = {
		BPF_LD | BPF_IMM | BPF_DW, BPF_JMP | BPF_CALL,
		BPF_JMP | BPF_EXIT, BPF_ALU64 | BPF_MOV | BPF_K, 0,
	};
	u8 *insn = mutant_entry(m, mutant_pick(m, SHT_PROGBITS, SHF_EXECINSTR),
				sizeof(struct bpf_insn));

	if (!insn)
		return;
	switch (fuzz_pick(&m->random, 4)) {
	case 0:
		insn[0] = codes[fuzz_pick(&m->random, ARRAY_SIZE(codes))];
		break;
	case 1:
		insn[1] = fuzz_pick(&m->random, 256);
		break;
	case 2:
		mutant_field(m, insn + 2, 2);
		break;
	default:
		mutant_field(m, insn + 4, 4);
	}
}

static inline void mutate_btf(struct mutant *m)
{
	u32 i, nr = m->ehdr.e_shnum, first = fuzz_pick(&m->random, nr);
	size_t len;
	u8 *bytes;

	for (i = 0; i < nr; i++) {
		u32 at = (first + i) % nr;

		if (!mutant_is_named(m, at, ".BTF") &&
		    !mutant_is_named(m, at, ".BTF.ext"))
			continue;
		bytes = mutant_bytes(m, at, &len);
		if (!bytes)
			continue;
		if (mutant_is_named(m, at, ".BTF"))
			mutate_btf_blob(&m->random, bytes, len);
		else
			mutate_word(&m->random, bytes, len);
		return;
	}
}

/* Blind changes, but inside of one section. */
static inline void mutate_inside(struct mutant *m)
{
	size_t len;
	u8 *bytes = mutant_bytes(m, fuzz_pick(&m->random, m->ehdr.e_shnum), &len);

	if (bytes)
		fuzz_mutate_bytes(bytes, len, len);
}

/* One section's header in the place of, or beside, another's. */
static inline void mutate_swap(struct mutant *m)
{
	u32 i = fuzz_pick(&m->random, m->ehdr.e_shnum);
	u32 j = fuzz_pick(&m->random, m->ehdr.e_shnum);
	struct elf64_shdr first = mutant_section(m, i);
	struct elf64_shdr second = mutant_section(m, j);

	mutant_set_section(m, j, &first);
	if (fuzz_pick(&m->random, 4))
		mutant_set_section(m, i, &second);
}

/* Moves a section to the end of the file, with room for @more bytes in it. */
static inline u8 *mutant_extend(struct mutant *m, u32 section, size_t more)
{
	struct elf64_shdr shdr = mutant_section(m, section);
	size_t len, at = ALIGN(m->size, 8);
	u8 *bytes = mutant_bytes(m, section, &len);

	if (!bytes || at + len + more > m->max)
		return NULL;
	memset(m->image + m->size, 0, at - m->size);
	memmove(m->image + at, bytes, len);
	memset(m->image + at + len, 0, more);
	m->size = at + len + more;
	shdr.sh_offset = at;
	shdr.sh_size = len + more;
	mutant_set_section(m, section, &shdr);
	return m->image + at + len;
}

static inline void mutate_name(struct mutant *m)
{
	const char *name = words_pick(&m->random, section_words,
				      ARRAY_SIZE(section_words));
	u32 section = fuzz_pick(&m->random, m->ehdr.e_shnum);
	u32 names = m->ehdr.e_shstrndx;
	struct elf64_shdr shdr;
	u8 *end;

	if (names >= m->ehdr.e_shnum)
		return;
	end = mutant_extend(m, names, strlen(name) + 1);
	if (!end)
		return;
	memcpy(end, name, strlen(name));
	shdr = mutant_section(m, section);
	shdr.sh_name = end - m->image - mutant_section(m, names).sh_offset;
	mutant_set_section(m, section, &shdr);
}

/* More entries at the end of a table, like others that are in it. */
static inline void mutate_longer(struct mutant *m)
{
	u32 section = fuzz_pick(&m->random, m->ehdr.e_shnum);
	size_t entry = mutant_section(m, section).sh_entsize;
	u32 nr = 1 + fuzz_pick(&m->random, 4);
	u8 *end, *from;

	if (!entry || entry > 64)
		entry = sizeof(struct bpf_insn);
	end = mutant_extend(m, section, nr * entry);
	while (end && nr--) {
		from = mutant_entry(m, section, entry);
		if (from)
			memmove(end + nr * entry, from, entry);
	}
}

static inline void mutate_shorter(struct mutant *m)
{
	m->size -= fuzz_pick(&m->random, fuzz_pick(&m->random, 4) ? 64 :
			     m->size);
}

static void (* const elf_mutations[])(struct mutant *m) = {
	mutate_header, mutate_section, mutate_section, mutate_symbol,
	mutate_symbol, mutate_reloc, mutate_reloc, mutate_insn, mutate_insn,
	mutate_btf, mutate_btf, mutate_btf, mutate_inside, mutate_swap,
	mutate_name, mutate_name, mutate_longer, mutate_shorter,
};

/* Other settings behind the object. */
static inline size_t elf_new_settings(struct fuzz_random *random, u8 *data,
				      size_t size, size_t max)
{
	size_t len;
	u16 short_len;

	if (size + 1024 + ELF_MARK_SIZE > max)
		return size;
	len = words_lines(random, (char *)data + size, 1024);
	short_len = len;
	memcpy(data + size + len, &short_len, sizeof(short_len));
	memcpy(data + size + len + sizeof(short_len), ELF_MARK, 4);
	return size + len + ELF_MARK_SIZE;
}

/* The whole change; see fuzz_mutate(). */
static inline size_t elf_mutate(u8 *data, size_t size, size_t max,
				unsigned int seed)
{
	u8 tail[1024 + ELF_MARK_SIZE];
	struct mutant m = { .image = data, .size = size, .max = max };
	size_t keep = elf_settings(data, size), i;

	fuzz_seed(&m.random, seed);
	keep = keep && keep <= 1024 ? keep + ELF_MARK_SIZE : 0;
	memcpy(tail, data + size - keep, keep);
	m.size -= keep;
	m.max -= min(m.max, sizeof(tail));
	if (!fuzz_pick(&m.random, 12))
		return elf_new_settings(&m.random, data, m.size, max);
	for (i = 0; i <= fuzz_pick(&m.random, 3); i++) {
		if (!mutant_open(&m))
			return fuzz_mutate_bytes(data, m.size, max);
		elf_mutations[fuzz_pick(&m.random,
					ARRAY_SIZE(elf_mutations))](&m);
	}
	if (m.size + keep <= max) {
		memcpy(data + m.size, tail, keep);
		m.size += keep;
	}
	return m.size;
}

#endif /* _BPFFS_MUTATE_ELF_H */
