// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "internal.h"

/*
 * Some commands of bpf(2) take only user addresses, also from kernel callers:
 * the verifier's log, the name of a raw tracepoint, the name of a probed
 * function. A private mapping in the address space of whoever acts gives them
 * one. Other threads of that process can reach it, so what is read back from
 * it is text and nothing else, and what the kernel made of a name that it read
 * there is compared with the name.
 */

/**
 * bpffs_scratch_map() - map zeroed memory into the current task
 * @scratch: filled in; all zero on failure
 * @size: bytes, rounded up to whole pages; only touched pages cost memory
 *
 * Return: 0, -EOPNOTSUPP for a task without an address space (a kernel
 * thread), -EINVAL for no size, -ENOMEM, -EAGAIN, or -EINTR after a fatal
 * signal.
 */
int bpffs_scratch_map(struct bpffs_scratch *scratch, size_t size)
{
	unsigned long addr;

	*scratch = (struct bpffs_scratch){};
	if (!current->mm)
		return -EOPNOTSUPP;
	size = PAGE_ALIGN(size);
	if (!size)
		return -EINVAL;
	addr = vm_mmap(NULL, 0, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, 0);
	if (IS_ERR_VALUE(addr))
		return (int)addr;
	scratch->addr = addr;
	scratch->size = size;
	return 0;
}

/**
 * bpffs_scratch_string() - put a string where user addresses are expected
 * @scratch: filled in; all zero on failure
 * @string: at most a page with its NUL
 *
 * Return: 0, -ENAMETOOLONG, -EFAULT if another thread unmapped it at once, or
 * what bpffs_scratch_map() returns.
 */
int bpffs_scratch_string(struct bpffs_scratch *scratch, const char *string)
{
	size_t size = strnlen(string, PAGE_SIZE) + 1;
	int err;

	*scratch = (struct bpffs_scratch){};
	if (size > PAGE_SIZE)
		return -ENAMETOOLONG;
	err = bpffs_scratch_map(scratch, size);
	if (err)
		return err;
	if (!copy_to_user((void __user *)scratch->addr, string, size))
		return 0;
	bpffs_scratch_unmap(scratch);
	return -EFAULT;
}

/**
 * bpffs_scratch_unmap() - take scratch memory away from the current task
 * @scratch: mapped by this task, or all zero; all zero afterwards
 *
 * Where the kernel merged the mapping with a neighbour, to split them takes
 * memory, which a second try may find. What stays after that is the task's own
 * and goes with it.
 */
void bpffs_scratch_unmap(struct bpffs_scratch *scratch)
{
	if (scratch->addr && vm_munmap(scratch->addr, scratch->size) == -ENOMEM)
		vm_munmap(scratch->addr, scratch->size);
	*scratch = (struct bpffs_scratch){};
}

/**
 * bpffs_scratch_log() - copy out the text that a command left in scratch memory
 * @scratch: memory that the command wrote a NUL-terminated text to
 * @log: filled in, owned by the caller; left empty where there is no text
 *
 * Only pages that hold text are read, so an unused mapping stays untouched.
 *
 * Return: 0, -ENOMEM, or -EFAULT if another thread took the memory away.
 */
int bpffs_scratch_log(const struct bpffs_scratch *scratch,
		      struct bpffs_vlog *log)
{
	const char __user *from = (const char __user *)scratch->addr;
	size_t size;
	char *text;

	*log = (struct bpffs_vlog){};
	size = min_t(size_t, strnlen_user(from, scratch->size), scratch->size);
	if (!size)
		return -EFAULT;
	if (size == 1)
		return 0;
	text = kvmalloc(size, GFP_KERNEL_ACCOUNT);
	if (!text)
		return -ENOMEM;
	if (copy_from_user(text, from, size)) {
		kvfree(text);
		return -EFAULT;
	}
	text[size - 1] = '\0';
	log->text = text;
	log->len = strlen(text);
	return 0;
}

/**
 * bpffs_vlog_free() - free the text of a log
 * @log: filled in by a load, or all zero; all zero afterwards
 */
void bpffs_vlog_free(struct bpffs_vlog *log)
{
	kvfree(log->text);
	*log = (struct bpffs_vlog){};
}
