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

/*
 * Makes a page of scratch memory be there. Another thread may put something else
 * in its place, a file or memory that another process is to fill in, and have
 * whoever touches it wait for as long as it likes. While mmap_lock is held it
 * cannot, and without leave to drop that lock a fault waits for nobody.
 */
static int touch(unsigned long addr)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	int err = -EFAULT;

	if (mmap_read_lock_killable(mm))
		return -EINTR;
	vma = find_vma(mm, addr);
	if (vma && vma->vm_start <= addr && vma_is_anonymous(vma))
		err = fixup_user_fault(mm, addr, FAULT_FLAG_WRITE, NULL);
	mmap_read_unlock(mm);
	return err;
}

/* So often a page that was there may be gone when it is used. */
#define CALL_TRIES	3

static struct bpffs_native *try_call(const struct bpffs_scratch *scratch, const char *string,
				     size_t size,
				     struct bpffs_native *(*fn)(u64 addr, void *arg), void *arg)
{
	struct bpffs_native *native = ERR_PTR(-EFAULT);
	int err;

	err = touch(scratch->addr);
	if (err)
		return ERR_PTR(err);
	pagefault_disable();
	if (!copy_to_user((void __user *)scratch->addr, string, size))
		native = fn(scratch->addr, arg);
	pagefault_enable();
	return native;
}

/**
 * bpffs_scratch_call() - call what reads a string at a user address
 * @string: at most a page with its NUL
 * @fn: is given the address, and touches no other memory of a user
 * @arg: its argument
 *
 * May be called with locks held that others wait for: no fault on the memory is
 * waited for. A thread that shares the address space can still hold mmap_lock,
 * as a futex in a file of a slow server does, for which this waits killably.
 *
 * Return: what @fn returns; or as ERR_PTR() -ENAMETOOLONG, -EFAULT if another
 * thread took the memory away, or what bpffs_scratch_map() returns.
 */
struct bpffs_native *bpffs_scratch_call(const char *string,
					struct bpffs_native *(*fn)(u64 addr, void *arg),
					void *arg)
{
	size_t size = strnlen(string, PAGE_SIZE) + 1;
	struct bpffs_scratch scratch;
	struct bpffs_native *native;
	int tries = CALL_TRIES;
	int err;

	if (size > PAGE_SIZE)
		return ERR_PTR(-ENAMETOOLONG);
	err = bpffs_scratch_map(&scratch, size);
	if (err)
		return ERR_PTR(err);
	do {
		native = try_call(&scratch, string, size, fn, arg);
	} while (native == ERR_PTR(-EFAULT) && --tries);
	bpffs_scratch_unmap(&scratch);
	return native;
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
