// SPDX-License-Identifier: GPL-2.0
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include "internal.h"

/*
 * The kernel lets programs of type syscall look up kernel symbols and kernel
 * types through BPF helpers, but exports no function for either. So each of
 * the two helpers gets a small program that calls it, loaded once and run
 * through kern_sys_bpf(), which is exported. This calls no function behind the
 * kernel's back: the verifier has seen it, and branch tracking stays content.
 *
 * The helpers take names from the stack only, where the program copies them.
 */
#define STACK_NAME	(-BPFFS_HELPER_NAME_LEN)
#define STACK_VALUE	(STACK_NAME - 8)
#define NAME_WORDS	(BPFFS_HELPER_NAME_LEN / 8)
#define MAX_INSNS	(2 * NAME_WORDS + 24)

#define CALL_FIELD(field)	offsetof(struct bpffs_helper_call, field)

static const struct helper_def {
	const char *name;
	u32 func;
	bool has_arg;	/* (name, size, arg, flags), else (name, size, flags, &value) */
} helper_defs[BPFFS_NR_HELPERS] = {
	[BPFFS_HELPER_KALLSYMS] = {
		.name = "bpffs_kallsyms",
		.func = BPF_FUNC_kallsyms_lookup_name,
	},
	[BPFFS_HELPER_BTF_FIND] = {
		.name = "bpffs_btf_find",
		.func = BPF_FUNC_btf_find_by_name_kind,
		.has_arg = true,
	},
};

/*
 * Native files of the loaded programs, NULL where the kernel refused one;
 * constant from bpffs_helper_init() to bpffs_helper_drop(). The kernel refuses
 * to run a program while the same CPU is in it, hence the lock.
 */
static struct bpffs_native *helper_progs[BPFFS_NR_HELPERS];
static DEFINE_MUTEX(helper_lock);

static struct bpf_insn *__init emit_name(struct bpf_insn *insn)
{
	int i;

	for (i = 0; i < NAME_WORDS; i++) {
		*insn++ = BPF_LDX_MEM(BPF_DW, BPF_REG_1, BPF_REG_6,
				      CALL_FIELD(name) + i * 8);
		*insn++ = BPF_STX_MEM(BPF_DW, BPF_REG_10, BPF_REG_1,
				      STACK_NAME + i * 8);
	}
	return insn;
}

static struct bpf_insn *__init emit_args(struct bpf_insn *insn, bool has_arg)
{
	*insn++ = BPF_ST_MEM(BPF_DW, BPF_REG_10, STACK_VALUE, 0);
	*insn++ = BPF_MOV64_REG(BPF_REG_1, BPF_REG_10);
	*insn++ = BPF_ALU64_IMM(BPF_ADD, BPF_REG_1, STACK_NAME);
	*insn++ = BPF_MOV64_IMM(BPF_REG_2, BPFFS_HELPER_NAME_LEN);
	if (has_arg) {
		*insn++ = BPF_LDX_MEM(BPF_DW, BPF_REG_3, BPF_REG_6,
				      CALL_FIELD(arg));
		*insn++ = BPF_MOV64_IMM(BPF_REG_4, 0);
		return insn;
	}
	*insn++ = BPF_MOV64_IMM(BPF_REG_3, 0);
	*insn++ = BPF_MOV64_REG(BPF_REG_4, BPF_REG_10);
	*insn++ = BPF_ALU64_IMM(BPF_ADD, BPF_REG_4, STACK_VALUE);
	return insn;
}

static struct bpf_insn *__init emit_results(struct bpf_insn *insn)
{
	*insn++ = BPF_STX_MEM(BPF_DW, BPF_REG_6, BPF_REG_0, CALL_FIELD(ret));
	*insn++ = BPF_LDX_MEM(BPF_DW, BPF_REG_1, BPF_REG_10, STACK_VALUE);
	*insn++ = BPF_STX_MEM(BPF_DW, BPF_REG_6, BPF_REG_1, CALL_FIELD(value));
	*insn++ = BPF_MOV64_IMM(BPF_REG_0, 0);
	*insn++ = BPF_EXIT_INSN();
	return insn;
}

static u32 __init emit_program(struct bpf_insn *insns, const struct helper_def *def)
{
	struct bpf_insn *insn = insns;

	*insn++ = BPF_MOV64_REG(BPF_REG_6, BPF_REG_1);
	insn = emit_name(insn);
	insn = emit_args(insn, def->has_arg);
	*insn++ = BPF_RAW_INSN(BPF_JMP | BPF_CALL, 0, 0, 0, def->func);
	insn = emit_results(insn);
	return insn - insns;
}

/**
 * bpffs_load_syscall_prog() - load a program of type syscall that is ours
 * @req: the maps that it names, and nothing else
 * @name: what the kernel calls it
 * @insns: its instructions, which are written to where they name maps
 * @nr: their number
 *
 * Return: see bpffs_prog_load().
 */
struct bpffs_native *bpffs_load_syscall_prog(struct bpffs_prog_request *req, const char *name,
					     struct bpf_insn *insns, u32 nr)
{
	req->attr.prog_type = BPF_PROG_TYPE_SYSCALL;
	req->attr.prog_flags = BPF_F_SLEEPABLE;
	req->attr.insns = (unsigned long)insns;
	req->attr.insn_cnt = nr;
	req->attr.license = (unsigned long)"GPL";
	strscpy(req->attr.prog_name, name, sizeof(req->attr.prog_name));
	return bpffs_prog_load(req, NULL);
}

static struct bpffs_native *__init load_helper(const struct helper_def *def)
{
	struct bpffs_prog_request req = {};
	struct bpf_insn *insns;
	struct bpffs_native *native;

	insns = kcalloc(MAX_INSNS, sizeof(*insns), GFP_KERNEL);
	if (!insns)
		return ERR_PTR(-ENOMEM);
	native = bpffs_load_syscall_prog(&req, def->name, insns, emit_program(insns, def));
	kfree(insns);
	return native;
}

/**
 * bpffs_helper_init() - load the helper programs
 *
 * One that the kernel refuses stays unavailable.
 */
void __init bpffs_helper_init(void)
{
	struct bpffs_native *native;
	int i;

	BUILD_BUG_ON(2 * NAME_WORDS + 13 > MAX_INSNS);
	BUILD_BUG_ON(-STACK_VALUE > MAX_BPF_STACK);
	for (i = 0; i < BPFFS_NR_HELPERS; i++) {
		native = load_helper(&helper_defs[i]);
		helper_progs[i] = IS_ERR(native) ? NULL : native;
	}
}

/**
 * bpffs_helper_drop() - unload a helper program that is not needed any more
 * @helper: which; nobody runs it now or later
 */
void bpffs_helper_drop(enum bpffs_helper helper)
{
	if (helper_progs[helper])
		bpffs_native_put(helper_progs[helper]);
	helper_progs[helper] = NULL;
}

/**
 * bpffs_run_syscall_prog() - run a program of type syscall
 * @native: the program
 * @context: what it gets as its context, and may write to; NULL for none
 * @size: bytes in @context
 *
 * Return: what the program returns, 0 or an errno; what bpf(2) says: -EINVAL if
 * the kernel cannot run it, -EBUSY if the same CPU is in the program; -EMFILE;
 * -EBADF if another thread interfered.
 */
int bpffs_run_syscall_prog(struct bpffs_native *native, void *context, u32 size)
{
	union bpf_attr attr = {};
	int fd, err;

	fd = bpffs_native_lend(native);
	if (fd < 0)
		return fd;
	attr.test.prog_fd = fd;
	attr.test.ctx_in = (unsigned long)context;
	attr.test.ctx_size_in = size;
	err = kern_sys_bpf(BPF_PROG_TEST_RUN, &attr, sizeof(attr));
	bpffs_native_reclaim(fd);
	return err ?: (int)attr.test.retval;
}

/**
 * bpffs_helper_run() - call a BPF helper
 * @helper: which
 * @call: arguments; the results are filled in
 *
 * Threads that share the caller's descriptor table could put another program
 * in the place of the helper's. It would have to be one of type syscall, and
 * reach no further than @call; so a result is a hint to be verified by whoever
 * gets it, unless it was asked for where nobody shares the table.
 *
 * Return: 0 once the helper was called, whatever it returned (see @call);
 * -EOPNOTSUPP if the kernel cannot run the program; -EMFILE; -EBADF if another
 * thread interfered.
 */
int bpffs_helper_run(enum bpffs_helper helper, struct bpffs_helper_call *call)
{
	int err;

	if (!helper_progs[helper])
		return -EOPNOTSUPP;
	call->ret = -EOPNOTSUPP;
	mutex_lock(&helper_lock);
	err = bpffs_run_syscall_prog(helper_progs[helper], call, sizeof(*call));
	mutex_unlock(&helper_lock);
	return err == -EINVAL ? -EOPNOTSUPP : err;
}
