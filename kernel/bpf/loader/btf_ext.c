// SPDX-License-Identifier: GPL-2.0
/*
 * Function, line and CO-RE records: section .BTF.ext, which speaks of sections
 * of the file, turned into what each program says of itself.
 */
#include <linux/btf.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include "build.h"

#define INSN_SIZE	sizeof(struct bpf_insn)

/*
 * Records of all programs of an object together, which have those of their
 * subprograms each. Honest ones have fewer than instructions.
 */
#define RECORDS_MAX	(2 * BUILD_MAX_TOTAL_INSNS)

/* Header of .BTF.ext; old compilers end it after line_info. */
struct btf_ext_header {
	__u16 magic;
	__u8 version;
	__u8 flags;
	__u32 hdr_len;
	struct {
		__u32 off;
		__u32 len;
	} parts[NR_RECORDS];
};

#define BTF_EXT_HEADER_MIN	offsetof(struct btf_ext_header, parts[RECORD_CORE])

/* What records of one section begin with. */
struct btf_ext_section {
	__u32 name_off;
	__u32 nr;
};

/**
 * struct record_kind - how records of a kind are checked and placed
 * @name: for messages
 * @size: bytes of a record, as far as they are known
 * @first: offset in &struct bpffs_plan_prog of the pointer to the records
 * @nr: likewise of their number
 * @in_bytes: insn_off of the result counts bytes, not instructions
 * @optional: a program without any may do without those of its subprograms
 * @unique: an instruction has one at most
 * @check: whether what a record refers to is there
 */
struct record_kind {
	const char *name;
	u32 size;
	size_t first;
	size_t nr;
	bool in_bytes;
	bool optional;
	bool unique;
	bool (*check)(const struct bpffs_btf *btf, const void *record);
};

static bool check_func_info(const struct bpffs_btf *btf, const void *record)
{
	const struct bpf_func_info *info = record;
	const struct btf_type *t = bpffs_btf_type(btf, info->type_id);

	return t && BTF_INFO_KIND(t->info) == BTF_KIND_FUNC;
}

static bool check_line_info(const struct bpffs_btf *btf, const void *record)
{
	const struct bpf_line_info *info = record;

	return info->file_name_off < btf->str_len &&
	       info->line_off < btf->str_len;
}

static bool check_core_relo(const struct bpffs_btf *btf, const void *record)
{
	const struct bpf_core_relo *relo = record;

	if (relo->access_str_off >= btf->str_len)
		return false;
	/* GCC asks for the id of void, too, which nobody looks for in the kernel. */
	return bpffs_btf_type(btf, relo->type_id) ||
	       (!relo->type_id && relo->kind == BPF_CORE_TYPE_ID_LOCAL);
}

#define RECORD(_name, _type, _first, _nr, ...) {		\
	.name = _name,						\
	.size = sizeof(_type),					\
	.first = offsetof(struct bpffs_plan_prog, _first),	\
	.nr = offsetof(struct bpffs_plan_prog, _nr),		\
	__VA_ARGS__						\
}

static const struct record_kind record_kinds[NR_RECORDS] = {
	[RECORD_FUNC] = RECORD("function", struct bpf_func_info, func_info,
			       nr_func_info, .optional = true, .unique = true,
			       .check = check_func_info),
	[RECORD_LINE] = RECORD("line", struct bpf_line_info, line_info,
			       nr_line_info, .optional = true, .unique = true,
			       .check = check_line_info),
	[RECORD_CORE] = RECORD("CO-RE", struct bpf_core_relo, core_relos,
			       nr_core_relos, .in_bytes = true,
			       .check = check_core_relo),
};

/* Every kind of record begins with it. */
static u32 record_offset(const u8 *record)
{
	u32 offset;

	memcpy(&offset, record, sizeof(offset));
	return offset;
}

/* Before: the records are there. After: they go up through the section. */
static int check_order(struct bpffs_build *b, const struct record_kind *kind,
		       u32 section, const struct build_records *records)
{
	const u64 size = bpffs_elf_section(&b->elf, section).sh_size;
	u32 i, offset, last = 0;

	for (i = 0; i < records->nr; i++) {
		offset = record_offset(records->first + (u64)i * records->size);
		if (offset % INSN_SIZE || offset >= size || offset < last ||
		    (i && kind->unique && offset == last))
			return bpffs_diag(b->diag, -EINVAL,
					  "section .BTF.ext: %s record %u of section %s is at offset %u, after %u, of %llu",
					  kind->name, i,
					  bpffs_elf_section_name(&b->elf,
								 section),
					  offset, last, size);
		last = offset;
	}
	return 0;
}

static int keep_records(struct bpffs_build *b, enum build_record_kind which, u32 size,
			const struct btf_ext_section *head, const u8 *first)
{
	const char *name = bpffs_btf_name(&b->plan->btf, head->name_off);
	struct build_records *records;
	u32 section;

	section = build_find_section(b, name);
	if (!section || b->sections[section].kind != SECTION_CODE)
		return 0;
	records = &b->sections[section].records[which];
	if (records->nr)
		return bpffs_diag(b->diag, -EINVAL,
				  "section .BTF.ext: %s records of section %s are there twice",
				  record_kinds[which].name, name);
	records->first = first;
	records->nr = head->nr;
	records->size = size;
	return check_order(b, &record_kinds[which], section, records);
}

/*
 * Before: @part is inside the file. After: each section has its records. Newer
 * compilers may append to them what this version does not know.
 */
static int read_part(struct bpffs_build *b, enum build_record_kind which,
		     const u8 *part, u32 len)
{
	const struct record_kind *kind = &record_kinds[which];
	struct btf_ext_section head;
	u32 size, at;
	u64 bytes;
	int err;

	if (!len)
		return 0;
	if (len < sizeof(size))
		return bpffs_diag(b->diag, -EINVAL,
				  "section .BTF.ext: %u bytes of %s records",
				  len, kind->name);
	memcpy(&size, part, sizeof(size));
	if (size < kind->size || size % sizeof(size))
		return bpffs_diag(b->diag, -EINVAL,
				  "section .BTF.ext: %s records of %u bytes; they have %u, or more of 4 each",
				  kind->name, size, kind->size);
	for (at = sizeof(size); at < len; at += sizeof(head) + bytes) {
		if (len - at < sizeof(head))
			break;
		memcpy(&head, part + at, sizeof(head));
		bytes = (u64)head.nr * size;
		if (!head.nr || head.name_off >= b->plan->btf.str_len ||
		    bytes > len - at - sizeof(head))
			break;
		err = build_check_signal(b);
		if (!err)
			err = keep_records(b, which, size, &head, part + at + sizeof(head));
		if (err)
			return err;
	}
	if (at != len)
		return bpffs_diag(b->diag, -EINVAL,
				  "section .BTF.ext: %s records at offset %u do not fit into %u bytes",
				  kind->name, at, len);
	return 0;
}

/* Before: @bytes hold @size. After: the header is read, absent parts empty. */
static int read_header(struct bpffs_build *b, const u8 *bytes, u32 size,
		       struct btf_ext_header *hdr)
{
	memset(hdr, 0, sizeof(*hdr));
	if (size < BTF_EXT_HEADER_MIN)
		return bpffs_diag(b->diag, -EINVAL,
				  "section .BTF.ext: %u bytes, and its header takes %zu",
				  size, BTF_EXT_HEADER_MIN);
	memcpy(hdr, bytes, BTF_EXT_HEADER_MIN);
	if (hdr->magic != BTF_MAGIC || hdr->version != BTF_VERSION)
		return bpffs_diag(b->diag, -EINVAL,
				  "section .BTF.ext: magic %#x version %u, not %#x version %u",
				  hdr->magic, hdr->version, BTF_MAGIC,
				  BTF_VERSION);
	if (hdr->hdr_len < BTF_EXT_HEADER_MIN || hdr->hdr_len > size)
		return bpffs_diag(b->diag, -EINVAL,
				  "section .BTF.ext: a header of %u bytes in a section of %u; it takes %zu",
				  hdr->hdr_len, size, BTF_EXT_HEADER_MIN);
	if (hdr->hdr_len >= sizeof(*hdr))
		memcpy(hdr, bytes, sizeof(*hdr));
	return 0;
}

/**
 * build_btf_ext() - read section .BTF.ext
 * @b: the build, past build_btf()
 *
 * Fills in records of the sections. Without BTF the section says nothing.
 *
 * Return: 0; -EINVAL if it is malformed.
 */
int build_btf_ext(struct bpffs_build *b)
{
	struct btf_ext_header hdr;
	const u8 *bytes;
	struct elf64_shdr shdr;
	u32 index, i, room;
	int err;

	err = build_only_section(b, SECTION_BTF_EXT, &index);
	if (err || !index || !b->plan->btf_data)
		return err;
	shdr = bpffs_elf_section(&b->elf, index);
	bytes = bpffs_elf_bytes(&b->elf, &shdr);
	err = read_header(b, bytes, shdr.sh_size, &hdr);
	if (err)
		return err;
	room = shdr.sh_size - hdr.hdr_len;
	for (i = 0; i < NR_RECORDS; i++) {
		if (hdr.parts[i].off > room ||
		    hdr.parts[i].len > room - hdr.parts[i].off)
			return bpffs_diag(b->diag, -EINVAL,
					  "section .BTF.ext: %s records (%u bytes at %u) are not inside its %u bytes",
					  record_kinds[i].name,
					  hdr.parts[i].len, hdr.parts[i].off,
					  room);
		err = read_part(b, i, bytes + hdr.hdr_len + hdr.parts[i].off,
				hdr.parts[i].len);
		if (err)
			return err;
	}
	return 0;
}

/* CO-RE records, as far as the header of .BTF.ext can be believed. */
static bool has_core_records(struct bpffs_build *b)
{
	struct btf_ext_header hdr;
	struct elf64_shdr shdr;
	u32 index;

	if (build_only_section(b, SECTION_BTF_EXT, &index))
		return true;
	if (!index)
		return false;
	shdr = bpffs_elf_section(&b->elf, index);
	return read_header(b, bpffs_elf_bytes(&b->elf, &shdr), shdr.sh_size, &hdr) ||
	       hdr.parts[RECORD_CORE].len;
}

/**
 * build_needs_btf() - whether the object means something else without its BTF
 * @b: the build, past build_layout()
 *
 * Return: true for objects with map definitions, struct_ops, externs or CO-RE
 * records.
 */
bool build_needs_btf(struct bpffs_build *b)
{
	struct bpffs_diag *diag = b->diag;
	struct elf64_sym sym;
	bool core;
	u32 i;

	for (i = 1; i < b->elf.nr_sections; i++) {
		const char *name = bpffs_elf_section_name(&b->elf, i);

		if (b->sections[i].kind == SECTION_MAPS ||
		    !strncmp(name + (*name == '?'), ".struct_ops", strlen(".struct_ops")))
			return true;
	}
	for (i = 1; i < b->elf.nr_symbols; i++) {
		sym = bpffs_elf_symbol(&b->elf, i);
		if (sym.st_shndx == SHN_UNDEF)
			return true;
	}
	/* What is wrong with them is said when they are read. */
	b->diag = NULL;
	core = has_core_records(b);
	b->diag = diag;
	return core;
}

/* The first record at or after byte @offset of the section. */
static u32 lower_bound(const struct build_records *records, u64 offset)
{
	u32 low = 0, high = records->nr, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (record_offset(records->first + (u64)mid * records->size) < offset)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Which records of its section are those of @func. */
static u32 func_records(const struct bpffs_build *b,
			const struct build_func *func,
			enum build_record_kind which, const u8 **first)
{
	const struct build_records *records;
	u64 start = func->insn * INSN_SIZE;
	u32 low, high;

	records = &b->sections[func->section].records[which];
	if (!records->nr)
		return 0;
	low = lower_bound(records, start);
	high = lower_bound(records, start + func->nr_insns * INSN_SIZE);
	*first = records->first + (u64)low * records->size;
	return high - low;
}

/* How many records a program has; 0 too where its main function has none. */
static int count_records(struct bpffs_build *b, enum build_record_kind which,
			 const u32 *order, u32 nr, u32 *count)
{
	const struct record_kind *kind = &record_kinds[which];
	u32 i, here;
	const u8 *first;

	*count = 0;
	for (i = 0; i < nr; i++) {
		here = func_records(b, &b->funcs[order[i]], which, &first);
		if (kind->optional && !here && !i)
			return 0;
		if (kind->optional && !here)
			return bpffs_diag(b->diag, -EINVAL,
					  "section .BTF.ext: no %s record of \"%s\", which program %s calls; compile all of it with -g",
					  kind->name,
					  b->funcs[order[i]].name,
					  b->funcs[order[0]].name);
		if (here > RECORDS_MAX - b->nr_records)
			return bpffs_diag(b->diag, -E2BIG,
					  "section .BTF.ext: the programs have more than %u records in all, with those of their subprograms",
					  RECORDS_MAX);
		b->nr_records += here;
		*count += here;
	}
	return 0;
}

/* Before: there is room at @out. After: @func's records are there, rebased. */
static int copy_records(struct bpffs_build *b, enum build_record_kind which,
			const struct build_func *func, u32 position, u8 *out)
{
	const u32 size = b->sections[func->section].records[which].size;
	const struct record_kind *kind = &record_kinds[which];
	u32 i, insn, nr;
	const u8 *first;

	nr = func_records(b, func, which, &first);
	for (i = 0; i < nr; i++, out += kind->size, first += size) {
		memcpy(out, first, kind->size);
		insn = record_offset(out) / INSN_SIZE - func->insn + position;
		if (kind->in_bytes)
			insn *= INSN_SIZE;
		if (!kind->check(&b->plan->btf, out))
			return bpffs_diag(b->diag, -EINVAL,
					  "section .BTF.ext: %s record at offset %u of section %s refers to what is not in .BTF",
					  kind->name, record_offset(out),
					  bpffs_elf_section_name(&b->elf,
								 func->section));
		memcpy(out, &insn, sizeof(insn));
	}
	return 0;
}

static int write_records(struct bpffs_build *b, struct bpffs_plan_prog *prog,
			 enum build_record_kind which, const u32 *order,
			 const u32 *position, u32 nr)
{
	const struct record_kind *kind = &record_kinds[which];
	u8 **slot = (void *)prog + kind->first;
	u32 i, count, *nr_slot = (void *)prog + kind->nr;
	const u8 *first;
	u8 *out;
	int err;

	err = count_records(b, which, order, nr, &count);
	if (err || !count)
		return err;
	*slot = kvmalloc_array(count, kind->size, GFP_KERNEL_ACCOUNT);
	if (!*slot)
		return -ENOMEM;
	*nr_slot = count;
	out = *slot;
	for (i = 0; i < nr; i++) {
		err = copy_records(b, which, &b->funcs[order[i]],
				   position[order[i]], out);
		if (err)
			return err;
		out += kind->size * func_records(b, &b->funcs[order[i]], which,
						 &first);
	}
	return 0;
}

static int by_type(const void *a, const void *b)
{
	const struct bpf_core_relo *x = a, *y = b;

	if (x->type_id != y->type_id)
		return x->type_id < y->type_id ? -1 : 1;
	if (x->insn_off != y->insn_off)
		return x->insn_off < y->insn_off ? -1 : 1;
	return 0;
}

/*
 * The kernel searches all its types for those of the name that a record has, and
 * remembers the results for 31 names at most, of which one drops another. So
 * records of one type come in a row; they may be in any order.
 */
static void group_core_relos(struct bpffs_plan_prog *prog)
{
	if (prog->nr_core_relos)
		sort(prog->core_relos, prog->nr_core_relos, sizeof(*prog->core_relos),
		     by_type, NULL);
}

/*
 * The kernel looks at CO-RE records only if there are others, too, which compilers
 * need not write. A line for each function is the least that it takes.
 */
static int add_lines(struct bpffs_plan_prog *prog, const u32 *order, const u32 *position,
		     u32 nr)
{
	u32 i;

	prog->line_info = kvcalloc(nr, sizeof(*prog->line_info), GFP_KERNEL_ACCOUNT);
	if (!prog->line_info)
		return -ENOMEM;
	prog->nr_line_info = nr;
	for (i = 0; i < nr; i++)
		prog->line_info[i].insn_off = position[order[i]];
	return 0;
}

/**
 * build_prog_records() - give a program the records of its functions
 * @b: the build, past build_btf_ext()
 * @prog: the program; its instructions are in place
 * @order: indices of its functions, in the order they stand in it
 * @position: for each function of the object its first instruction in @prog
 * @nr: entries in @order
 *
 * Return: 0; -ENOMEM; -EINVAL for records that refer to nothing, and for
 * programs of which only parts have records; -E2BIG for too many.
 */
int build_prog_records(struct bpffs_build *b, struct bpffs_plan_prog *prog,
		       const u32 *order, const u32 *position, u32 nr)
{
	u32 which;
	int err;

	for (which = 0; which < NR_RECORDS; which++) {
		err = write_records(b, prog, which, order, position, nr);
		if (err)
			return err;
	}
	group_core_relos(prog);
	if (prog->nr_core_relos && !prog->nr_func_info && !prog->nr_line_info)
		return add_lines(prog, order, position, nr);
	return 0;
}
