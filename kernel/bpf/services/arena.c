// SPDX-License-Identifier: GPL-2.0
#include <linux/atomic.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/filter.h>
#include <linux/minmax.h>
#include <linux/numa.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "internal.h"

/*
 * What an arena holds can be written by programs and by who maps it. Mapping it
 * for a moment would do, and would leave whoever shares the loading task's
 * memory with pages that it has no right to. So a program of type syscall
 * allocates the pages and copies into them what it gets as its context, one part
 * after the other; the verifier sees it as any other that uses the arena.
 */
#define PART_WORDS	512
#define PART		(PART_WORDS * sizeof(u64))

/**
 * struct arena_part - context of the program that fills an arena
 * @pages: how many to allocate before, from @address on; 0 for none
 * @address: where user space will see the part
 * @words: contents
 */
struct arena_part {
	u64 pages;
	u64 address;
	u64 words[PART_WORDS];
};

#define CONTEXT(field)	offsetof(struct arena_part, field)

#define MAX_INSNS	(2 * PART_WORDS + 24)

/* Newer than the oldest headers: r = addr_space_cast(r, 0, 1). */
#define ADDR_SPACE_CAST	1
#define TO_KERNEL	1

#define ALLOC_PAGES	"bpf_arena_alloc_pages"

/*
 * Addresses for arenas that ask for none. They have 4 GiB each, which is what an
 * arena can be large at most, and lie where neither loaders nor allocators put
 * anything; where there is less, in the lower half of it. Programs take an
 * address whose lower 32 bits are zero for NULL, so an arena begins behind that.
 */
#define SLOT		BIT_ULL(32)
#define SLOT_OFFSET	SZ_64K
#define NR_SLOTS	1024
#define SLOTS_BEGIN	0x240000000000ULL

/* The first instruction names the map, for bpffs_prog_load() to fill in. */
static struct bpf_insn *emit_alloc(struct bpf_insn *insn, u32 kfunc)
{
	const struct bpf_insn load_map[] = { BPF_LD_IMM64_RAW(BPF_REG_7, BPF_PSEUDO_MAP_FD, 0) };

	*insn++ = load_map[0];
	*insn++ = load_map[1];
	*insn++ = BPF_MOV64_REG(BPF_REG_6, BPF_REG_1);
	*insn++ = BPF_LDX_MEM(BPF_DW, BPF_REG_3, BPF_REG_6, CONTEXT(pages));
	*insn++ = BPF_JMP_IMM(BPF_JEQ, BPF_REG_3, 0, 8);
	*insn++ = BPF_MOV64_REG(BPF_REG_1, BPF_REG_7);
	*insn++ = BPF_LDX_MEM(BPF_DW, BPF_REG_2, BPF_REG_6, CONTEXT(address));
	*insn++ = BPF_MOV64_IMM(BPF_REG_4, NUMA_NO_NODE);
	*insn++ = BPF_MOV64_IMM(BPF_REG_5, 0);
	*insn++ = BPF_RAW_INSN(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_KFUNC_CALL, 0, kfunc);
	*insn++ = BPF_JMP_IMM(BPF_JNE, BPF_REG_0, 0, 2);
	*insn++ = BPF_MOV64_IMM(BPF_REG_0, -ENOMEM);
	*insn++ = BPF_EXIT_INSN();
	return insn;
}

static struct bpf_insn *emit_copy(struct bpf_insn *insn, u32 words)
{
	u32 i;

	*insn++ = BPF_LDX_MEM(BPF_DW, BPF_REG_7, BPF_REG_6, CONTEXT(address));
	*insn++ = BPF_RAW_INSN(BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_7, BPF_REG_7,
			       ADDR_SPACE_CAST, TO_KERNEL);
	for (i = 0; i < words; i++) {
		*insn++ = BPF_LDX_MEM(BPF_DW, BPF_REG_1, BPF_REG_6, CONTEXT(words[i]));
		*insn++ = BPF_STX_MEM(BPF_DW, BPF_REG_7, BPF_REG_1, i * sizeof(u64));
	}
	*insn++ = BPF_MOV64_IMM(BPF_REG_0, 0);
	*insn++ = BPF_EXIT_INSN();
	return insn;
}

static struct bpffs_native *load_fill(struct bpffs_native *arena, u32 kfunc, u32 words)
{
	struct bpffs_map_slot ref = { .insn = 0, .map = 0 };
	struct bpffs_prog_request req = {
		.maps = &arena,
		.nr_maps = 1,
		.refs = &ref,
		.nr_refs = 1,
	};
	struct bpffs_native *native;
	struct bpf_insn *insns;

	insns = kmalloc_array(MAX_INSNS, sizeof(*insns), GFP_KERNEL);
	if (!insns)
		return ERR_PTR(-ENOMEM);
	native = bpffs_load_syscall_prog(&req, "bpffs_arena", insns,
					 emit_copy(emit_alloc(insns, kfunc), words) - insns);
	kfree(insns);
	return native;
}

/* Pages begin as zeros, so a part that is nothing else is not copied. */
static int run_fill(struct bpffs_native *fill, struct arena_part *part, u64 start,
		    const void *data, u32 size)
{
	u32 at, len;
	int err;

	part->pages = DIV_ROUND_UP(size, PAGE_SIZE);
	for (at = 0; at < size; at += PART) {
		len = min_t(u32, PART, size - at);
		if (at && !memchr_inv(data + at, 0, len))
			continue;
		if (fatal_signal_pending(current))
			return -EINTR;
		memcpy(part->words, data + at, len);
		memset((void *)part->words + len, 0, PART - len);
		part->address = start + at;
		err = bpffs_run_syscall_prog(fill, part, sizeof(*part));
		if (err)
			return err;
		part->pages = 0;
	}
	return 0;
}

/**
 * bpffs_arena_fill() - allocate pages of an arena and write to them
 * @arena: native file of a map of type arena that nobody has used yet
 * @start: where user space maps the first of them, a multiple of a page
 * @data: contents
 * @size: bytes of contents, at least 1 and no more than the arena has; the last
 *	page is allocated whole
 *
 * Takes the rights that programs which use the arena take.
 *
 * Return: 0; -ENOMEM; -EINTR; -EOPNOTSUPP where the kernel has no arenas; what
 * bpffs_prog_load() says.
 */
int bpffs_arena_fill(struct bpffs_native *arena, u64 start, const void *data, u32 size)
{
	struct bpffs_native *module_btf, *fill;
	struct arena_part *part;
	u32 kfunc;
	int err;

	BUILD_BUG_ON(sizeof(struct arena_part) > U16_MAX);
	err = bpffs_kernel_btf_find_in("vmlinux", ALLOC_PAGES, BTF_KIND_FUNC, &kfunc,
				       &module_btf);
	if (err)
		return err == -ENOENT ? -EOPNOTSUPP : err;
	part = kmalloc(sizeof(*part), GFP_KERNEL);
	if (!part)
		return -ENOMEM;
	fill = load_fill(arena, kfunc, DIV_ROUND_UP(min_t(u32, PART, size), sizeof(u64)));
	if (IS_ERR(fill)) {
		err = PTR_ERR(fill);
	} else {
		err = run_fill(fill, part, start, data, size);
		bpffs_native_put(fill);
	}
	kfree(part);
	return err;
}

/**
 * bpffs_arena_address() - an address for an arena that asks for none
 * @pages: how many it can have
 *
 * Arenas have to be mapped at one address by all. Where none is given, the first
 * process to map one decides, and no program that uses it is loaded before; no
 * process need ever do so.
 *
 * Return: an address, another one each time until it is the first one's turn
 * again, so that one process can map several arenas.
 */
u64 bpffs_arena_address(u32 pages)
{
	static atomic_t next = ATOMIC_INIT(0);
	const u64 end = TASK_SIZE_MAX;
	u32 turn = atomic_inc_return(&next);
	u64 begin = SLOTS_BEGIN;
	u32 slots = NR_SLOTS;

	if (end < begin + slots * SLOT) {
		begin = SLOT;
		slots = clamp_t(u64, end / SLOT / 2, 1, NR_SLOTS);
	}
	begin += turn % slots * SLOT;
	if ((u64)pages * PAGE_SIZE <= SLOT - SLOT_OFFSET)
		begin += SLOT_OFFSET;
	return begin;
}

/*
 * Older verifiers, 6.12's among them, refuse offsets of half a GiB and more before
 * they ask the map whether it has such a place. This one has not.
 */
static struct bpffs_native *load_far_offset(struct bpffs_native *array, struct bpffs_vlog *log)
{
	struct bpf_insn insns[] = {
		BPF_LD_IMM64_RAW(BPF_REG_1, BPF_PSEUDO_MAP_VALUE, 0),
		BPF_EXIT_INSN(),
	};
	struct bpffs_map_slot ref = { .insn = 0, .map = 0 };
	struct bpffs_prog_request req = {
		.attr = {
			.prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
			.insns = (unsigned long)insns,
			.insn_cnt = ARRAY_SIZE(insns),
			.license = (unsigned long)"GPL",
			.prog_name = "bpffs_far",
		},
		.maps = &array,
		.nr_maps = 1,
		.refs = &ref,
		.nr_refs = 1,
		.log_level = 1,
	};

	insns[1].imm = SZ_1G;
	return bpffs_prog_load(&req, log);
}

/**
 * bpffs_arena_reaches_end() - whether a program can name any place of an arena
 *
 * Takes the rights that loading a program takes. Other threads of the task can
 * write to the text that answers, so the answer is for this task's load and is
 * not kept for others.
 *
 * Return: 1; 0 if it can the first half GiB only, or if the kernel had no room to
 * say why it refuses more; what it says if it cannot be asked.
 */
int bpffs_arena_reaches_end(void)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = sizeof(u32),
		.value_size = sizeof(u32),
		.max_entries = 1,
		.map_name = "bpffs_far",
	};
	struct bpffs_native *array, *prog;
	struct bpffs_vlog log = {};
	int ret;

	array = bpffs_map_create(&attr, NULL, NULL);
	if (IS_ERR(array))
		return PTR_ERR(array);
	prog = load_far_offset(array, &log);
	bpffs_native_put(array);
	ret = PTR_ERR_OR_ZERO(prog);
	if (!ret) {
		bpffs_native_put(prog);
		ret = -EBADF;
	} else if (ret == -EINVAL && !log.len) {
		ret = 0;
	} else if (log.len) {
		ret = !strstr(log.text, "direct value offset of");
	}
	bpffs_vlog_free(&log);
	return ret;
}
