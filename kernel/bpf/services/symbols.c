// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>
#include <linux/string.h>
#include "internal.h"

/*
 * The one table of what bpffs uses and the kernel does not export. Only data
 * is looked up, never a function: nothing here is ever called.
 *
 * @addr is set once while the module starts, and stays 0 where the kernel does
 * not tell. For a per-CPU variable it is what a __percpu pointer holds.
 */
static struct bpffs_symbol_row {
	const char *name;
	const char *refusal;
	unsigned long addr;
} symbols[BPFFS_NR_SYMBOLS] = {
	/*
	 * LINK_CREATE takes perf events as descriptors of files that have
	 * these operations; an event made in the kernel has no file yet.
	 */
	[BPFFS_SYM_PERF_FOPS] = {
		.name = "perf_fops",
		.refusal = "programs cannot be attached to tracepoints and kprobes",
	},
	/* The number of the kprobe PMU is assigned when the kernel boots. */
	[BPFFS_SYM_PERF_KPROBE] = {
		.name = "perf_kprobe",
		.refusal = "programs cannot be attached to kprobes",
	},
	/*
	 * While this counter is up, no tracing program runs on the CPU: bpf(2)
	 * raises it around every change of a map, or a program that traces
	 * the map's own code would take the lock that is held already.
	 */
	[BPFFS_SYM_BPF_PROG_ACTIVE] = {
		.name = "bpf_prog_active",
		.refusal = "entries of maps cannot be written",
	},
	/*
	 * btf_type_by_id() is exported, what to call it with for vmlinux is
	 * not. Without it types are found, but not looked at.
	 */
	[BPFFS_SYM_BTF_VMLINUX] = {
		.name = "btf_vmlinux",
		.refusal = "types of the kernel cannot be compared",
	},
	/* The same types as bytes in the kernel's image, for their names. */
	[BPFFS_SYM_START_BTF] = {
		.name = "__start_BTF",
		.refusal = "types of the kernel cannot be compared",
	},
	/*
	 * All BTF that there is, and the spinlock that guards it: by name the
	 * core finds a type in the first module that has it only.
	 */
	[BPFFS_SYM_BTF_IDR] = {
		.name = "btf_idr",
		.refusal = "types of one module cannot be looked for",
	},
	[BPFFS_SYM_BTF_IDR_LOCK] = {
		.name = "btf_idr_lock",
		.refusal = "types of one module cannot be looked for",
	},
	/* What /proc/config.gz shows, where it is built in. */
	[BPFFS_SYM_CONFIG_DATA] = {
		.name = "kernel_config_data",
		.refusal = "the kernel's configuration cannot be read",
	},
	[BPFFS_SYM_CONFIG_DATA_END] = {
		.name = "kernel_config_data_end",
		.refusal = "the kernel's configuration cannot be read",
	},
};

static unsigned long __init lookup(const char *name)
{
	struct bpffs_helper_call call = {};

	strscpy(call.name, name, sizeof(call.name));
	if (bpffs_helper_run(BPFFS_HELPER_KALLSYMS, &call) || call.ret)
		return 0;
	return call.value;
}

/**
 * bpffs_symbols_init() - look up every row of the table
 */
void __init bpffs_symbols_init(void)
{
	int i;

	for (i = 0; i < BPFFS_NR_SYMBOLS; i++)
		symbols[i].addr = lookup(symbols[i].name);
}

/*
 * Where per-CPU variables are counted from 0 (x86 up to 6.14), that is the
 * address of the first: the lookup cannot tell it from a symbol it did not find.
 */
static bool is_at_zero(const char *name)
{
	unsigned long per_cpu = symbols[BPFFS_SYM_BPF_PROG_ACTIVE].addr;

	return per_cpu && per_cpu < TASK_SIZE_MAX && !strcmp(name, "__per_cpu_start");
}

/**
 * bpffs_kernel_symbol() - the address of a kernel symbol, for a program
 * @name: of the symbol
 * @addr: set to its address
 *
 * Judges with current_cred(), by the rules of /proc/kallsyms. Of several symbols
 * of that name it finds one; bpffs_kernel_symbols() tells them all.
 *
 * Return: 0; -ENOENT if the kernel has no such symbol; -EPERM if it does not
 * show addresses to the current task; -ENAMETOOLONG; -EOPNOTSUPP if it cannot
 * be asked; -EMFILE; -EBADF if another thread interfered.
 */
int bpffs_kernel_symbol(const char *name, u64 *addr)
{
	struct bpffs_helper_call call = {};
	int err;

	*addr = 0;
	if (strscpy(call.name, name, sizeof(call.name)) < 0)
		return -ENAMETOOLONG;
	err = bpffs_helper_run(BPFFS_HELPER_KALLSYMS, &call);
	if (err)
		return err;
	if (call.ret == -ENOENT && is_at_zero(name))
		return 0;
	if (call.ret)
		return call.ret == -EINVAL ? -EOPNOTSUPP : call.ret;
	*addr = call.value;
	return 0;
}

/**
 * bpffs_symbol() - the address of something that the kernel does not export
 * @symbol: which
 * @diag: filled in where it is missing; may be NULL
 *
 * Return: its address, or 0 with the sentence that refuses (-EOPNOTSUPP).
 */
unsigned long bpffs_symbol(enum bpffs_symbol symbol, struct bpffs_diag *diag)
{
	const struct bpffs_symbol_row *row = &symbols[symbol];

	if (!row->addr)
		bpffs_diag(diag, -EOPNOTSUPP,
			   "%s, because the kernel did not tell where %s is when bpffs started (it does with CONFIG_KALLSYMS_ALL, CONFIG_BPF_JIT and kernel.kptr_restrict below 2)",
			   row->refusal, row->name);
	return row->addr;
}
