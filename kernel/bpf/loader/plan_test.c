// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit: plans of an object that is made here, piece by piece. What objects of
 * a compiler are made into, tests on the host see; here the kernel's allocator
 * and KASAN watch.
 */
#include <kunit/test.h>
#include <linux/bpf.h>
#include <linux/elf.h>
#include <linux/err.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include "plan.h"

enum {
	SECTION_NONE,
	SECTION_PROG,
	SECTION_RELOCS,
	SECTION_MAPS,
	SECTION_LICENSE,
	SECTION_SYMBOLS,
	SECTION_STRINGS,
	NR_SECTIONS,
};

enum {
	SYMBOL_NONE,
	SYMBOL_PROG,
	SYMBOL_MAP,
	NR_SYMBOLS,
};

#define R_BPF_64_64	1

/* What a section of the name "maps" is an array of. */
struct legacy_map {
	u32 type;
	u32 key_size;
	u32 value_size;
	u32 max_entries;
	u32 map_flags;
};

/**
 * struct tiny_object - an object of one program, which names its one map
 * @ehdr: the header
 * @shdrs: of its sections, in the order of SECTION_*
 * @insns: r1 = map; r0 = 0; exit
 * @relocs: puts the map into the first instruction
 * @map: its definition, without BTF
 * @license: of the program
 * @symbols: in the order of SYMBOL_*
 * @strings: every name, behind the empty one
 */
struct tiny_object {
	struct elf64_hdr ehdr;
	struct elf64_shdr shdrs[NR_SECTIONS];
	struct bpf_insn insns[4];
	struct elf64_rel relocs[1];
	struct legacy_map map;
	char license[4];
	struct elf64_sym symbols[NR_SYMBOLS];
	char strings[128];
};

/* Puts a name behind those that are there; its offset. */
static u32 add_name(struct tiny_object *o, const char *name)
{
	u32 at = 1;

	while (o->strings[at])
		at += strlen(&o->strings[at]) + 1;
	strscpy(&o->strings[at], name, sizeof(o->strings) - at);
	return at;
}

static void set_section(struct tiny_object *o, u32 index, const char *name, u32 type,
			const void *content, size_t size)
{
	o->shdrs[index] = (struct elf64_shdr) {
		.sh_name = add_name(o, name),
		.sh_type = type,
		.sh_offset = content - (void *)o,
		.sh_size = size,
		.sh_addralign = 4,
	};
}

static void add_sections(struct tiny_object *o)
{
	set_section(o, SECTION_PROG, "socket", SHT_PROGBITS, o->insns, sizeof(o->insns));
	o->shdrs[SECTION_PROG].sh_flags = SHF_ALLOC | SHF_EXECINSTR;
	set_section(o, SECTION_RELOCS, ".relsocket", SHT_REL, o->relocs, sizeof(o->relocs));
	o->shdrs[SECTION_RELOCS].sh_link = SECTION_SYMBOLS;
	o->shdrs[SECTION_RELOCS].sh_info = SECTION_PROG;
	o->shdrs[SECTION_RELOCS].sh_entsize = sizeof(o->relocs[0]);
	set_section(o, SECTION_MAPS, "maps", SHT_PROGBITS, &o->map, sizeof(o->map));
	o->shdrs[SECTION_MAPS].sh_flags = SHF_ALLOC | SHF_WRITE;
	set_section(o, SECTION_LICENSE, "license", SHT_PROGBITS, o->license, sizeof(o->license));
	o->shdrs[SECTION_LICENSE].sh_flags = SHF_ALLOC | SHF_WRITE;
	set_section(o, SECTION_SYMBOLS, ".symtab", SHT_SYMTAB, o->symbols, sizeof(o->symbols));
	o->shdrs[SECTION_SYMBOLS].sh_link = SECTION_STRINGS;
	o->shdrs[SECTION_SYMBOLS].sh_info = SYMBOL_PROG;
	o->shdrs[SECTION_SYMBOLS].sh_entsize = sizeof(o->symbols[0]);
	set_section(o, SECTION_STRINGS, ".strtab", SHT_STRTAB, o->strings, sizeof(o->strings));
}

static void add_symbol(struct tiny_object *o, u32 index, const char *name, u8 type,
		       u16 section)
{
	o->symbols[index] = (struct elf64_sym) {
		.st_name = add_name(o, name),
		.st_info = STB_GLOBAL << 4 | type,
		.st_shndx = section,
		.st_size = o->shdrs[section].sh_size,
	};
}

static void make_object(struct tiny_object *o)
{
	memset(o, 0, sizeof(*o));
	memcpy(o->ehdr.e_ident, ELFMAG, SELFMAG);
	o->ehdr.e_ident[EI_CLASS] = ELFCLASS64;
	o->ehdr.e_ident[EI_DATA] = IS_ENABLED(CONFIG_CPU_BIG_ENDIAN) ? ELFDATA2MSB : ELFDATA2LSB;
	o->ehdr.e_ident[EI_VERSION] = EV_CURRENT;
	o->ehdr.e_type = ET_REL;
	o->ehdr.e_machine = EM_BPF;
	o->ehdr.e_version = EV_CURRENT;
	o->ehdr.e_shoff = offsetof(struct tiny_object, shdrs);
	o->ehdr.e_ehsize = sizeof(o->ehdr);
	o->ehdr.e_shentsize = sizeof(o->shdrs[0]);
	o->ehdr.e_shnum = NR_SECTIONS;
	o->ehdr.e_shstrndx = SECTION_STRINGS;
	add_sections(o);
	o->insns[0] = (struct bpf_insn) {
		.code = BPF_LD | BPF_DW | BPF_IMM,
		.dst_reg = BPF_REG_1,
	};
	o->insns[2] = (struct bpf_insn) { .code = BPF_ALU64 | BPF_MOV | BPF_K };
	o->insns[3] = (struct bpf_insn) { .code = BPF_JMP | BPF_EXIT };
	o->relocs[0].r_info = (u64)SYMBOL_MAP << 32 | R_BPF_64_64;
	o->map = (struct legacy_map) {
		.type = BPF_MAP_TYPE_ARRAY,
		.key_size = 4,
		.value_size = 8,
		.max_entries = 16,
	};
	memcpy(o->license, "GPL", sizeof(o->license));
	add_symbol(o, SYMBOL_PROG, "answer", STT_FUNC, SECTION_PROG);
	add_symbol(o, SYMBOL_MAP, "counts", STT_OBJECT, SECTION_MAPS);
}

/**
 * struct plan_fixture - what every test begins with
 * @object: a well-formed one
 * @diag: where sentences go
 * @config: settings; empty
 */
struct plan_fixture {
	struct tiny_object object;
	struct bpffs_diag diag;
	struct bpffs_config config;
};

static int plan_init(struct kunit *test)
{
	struct plan_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	if (!f)
		return -ENOMEM;
	make_object(&f->object);
	bpffs_config_init(&f->config);
	test->priv = f;
	return 0;
}

static void plan_exit(struct kunit *test)
{
	struct plan_fixture *f = test->priv;

	if (f)
		bpffs_config_clear(&f->config);
}

static void plan_names_what_is_there(struct kunit *test)
{
	struct plan_fixture *f = test->priv;
	struct bpffs_plan *plan;

	plan = bpffs_plan_build(&f->object, sizeof(f->object), NULL, &f->diag);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(plan), "%s", f->diag.text);
	KUNIT_EXPECT_STREQ(test, plan->license, "GPL");
	KUNIT_EXPECT_EQ(test, plan->nr_maps, 1);
	KUNIT_EXPECT_STREQ(test, plan->maps[0].name, "counts");
	KUNIT_EXPECT_EQ(test, plan->maps[0].type, BPF_MAP_TYPE_ARRAY);
	KUNIT_EXPECT_EQ(test, plan->maps[0].max_entries, 16);
	KUNIT_EXPECT_EQ(test, plan->nr_progs, 1);
	KUNIT_EXPECT_STREQ(test, plan->progs[0].name, "answer");
	KUNIT_EXPECT_EQ(test, plan->progs[0].nr_insns, 4);
	KUNIT_EXPECT_EQ(test, plan->progs[0].nr_map_refs, 1);
	bpffs_plan_free(plan);
}

static struct bpffs_plan *build_with(struct kunit *test, const char *setting)
{
	struct plan_fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, bpffs_config_set(&f->config, setting, strlen(setting),
						  &f->diag));
	return bpffs_plan_build(&f->object, sizeof(f->object), &f->config, &f->diag);
}

static void plan_takes_settings(struct kunit *test)
{
	struct bpffs_plan *plan = build_with(test, "maps.counts.max_entries: 5");
	struct plan_fixture *f = test->priv;

	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(plan), "%s", f->diag.text);
	KUNIT_EXPECT_EQ(test, plan->maps[0].max_entries, 5);
	bpffs_plan_free(plan);
}

static void plan_refuses_settings_of_nothing(struct kunit *test)
{
	struct bpffs_plan *plan = build_with(test, "maps.others.max_entries: 5");
	struct plan_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(plan), -ENOENT);
	KUNIT_EXPECT_PTR_NE(test, strstr(f->diag.text, "others"), NULL);
}

/*
 * Whether the first bytes of the object are one: in memory of their own size, so
 * that KASAN sees a byte too far.
 */
static bool part_is_taken(struct kunit *test, const struct plan_fixture *f, size_t size)
{
	struct bpffs_diag diag = {};
	struct bpffs_plan *plan;
	bool taken;
	void *part;

	part = kunit_kmalloc(test, size, GFP_KERNEL);
	KUNIT_ASSERT_PTR_NE(test, part, NULL);
	memcpy(part, &f->object, size);
	plan = bpffs_plan_build(part, size, NULL, &diag);
	taken = !IS_ERR(plan);
	if (taken)
		bpffs_plan_free(plan);
	else
		KUNIT_EXPECT_STRNEQ(test, diag.text, "");
	kunit_kfree(test, part);
	return taken;
}

static void plan_refuses_every_beginning(struct kunit *test)
{
	struct plan_fixture *f = test->priv;
	/* Behind the last name there is nothing that anybody asks for. */
	size_t whole = offsetof(struct tiny_object, strings), size;

	for (size = 1; size <= whole; size++)
		KUNIT_EXPECT_FALSE_MSG(test, part_is_taken(test, f, size),
				       "%zu bytes are an object", size);
}

/* One bit after the other: whatever it then says, it is read or refused. */
static void plan_stands_every_bit(struct kunit *test)
{
	struct plan_fixture *f = test->priv;
	u8 *bytes = (u8 *)&f->object;
	unsigned int built = 0;
	size_t bit;

	for (bit = 0; bit < sizeof(f->object) * 8; bit++) {
		bytes[bit / 8] ^= BIT(bit % 8);
		built += part_is_taken(test, f, sizeof(f->object));
		bytes[bit / 8] ^= BIT(bit % 8);
	}
	/* Paddings, flags that nobody reads, numbers that the kernel judges. */
	KUNIT_EXPECT_GT(test, built, 0);
	KUNIT_EXPECT_LT(test, built, sizeof(f->object) * 8);
}

static void plan_refuses_what_is_too_large(struct kunit *test)
{
	struct plan_fixture *f = test->priv;
	struct bpffs_plan *plan;

	plan = bpffs_plan_build(&f->object, (size_t)BPFFS_OBJECT_MAX + 1, NULL, &f->diag);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(plan), -EFBIG);
}

static struct kunit_case plan_cases[] = {
	KUNIT_CASE(plan_names_what_is_there),
	KUNIT_CASE(plan_takes_settings),
	KUNIT_CASE(plan_refuses_settings_of_nothing),
	KUNIT_CASE(plan_refuses_every_beginning),
	KUNIT_CASE(plan_stands_every_bit),
	KUNIT_CASE(plan_refuses_what_is_too_large),
	{}
};

static struct kunit_suite plan_suite = {
	.name = "bpffs-plan",
	.init = plan_init,
	.exit = plan_exit,
	.test_cases = plan_cases,
};

kunit_test_suite(plan_suite);
