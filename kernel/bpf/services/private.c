// SPDX-License-Identifier: GPL-2.0
#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/fdtable.h>
#include <linux/kthread.h>
#include <linux/memcontrol.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include "internal.h"

/*
 * The bpf core takes and gives objects as descriptors of the current task. A
 * thread that shares the task's table could duplicate one in the moment that it
 * is there, and so hold a map beyond the rights of its file, or keep a program
 * attached whose name is removed. So could who may trace the task, if that
 * takes less than what the task does here by the rights of another, who opened
 * the file. And a task that ends has no table any more. In these cases a kernel
 * thread does the work, whose table no user process can reach.
 */

/**
 * struct private_call - a function that another thread calls
 * @fn: the function
 * @arg: its argument, on the stack of whoever waits
 * @mm: of whoever waits, for scratch memory; NULL for kernel threads
 * @cred: its credentials, which judge
 * @memcg: memory cgroup to charge
 * @ret: what @fn returned
 * @done: completed when nothing of this is used any more
 */
struct private_call {
	int (*fn)(void *arg);
	void *arg;
	struct mm_struct *mm;
	const struct cred *cred;
	struct mem_cgroup *memcg;
	int ret;
	struct completion done;
};

static int private_thread(void *data)
{
	struct private_call *call = data;
	struct mem_cgroup *old_memcg;
	const struct cred *old;

	/* Passed on from whoever waits, so that the verifier can be stopped. */
	allow_signal(SIGKILL);
	if (call->mm)
		kthread_use_mm(call->mm);
	old = override_creds(call->cred);
	old_memcg = set_active_memcg(call->memcg);
	call->ret = call->fn(call->arg);
	set_active_memcg(old_memcg);
	revert_creds(old);
	if (call->mm)
		kthread_unuse_mm(call->mm);
	kthread_complete_and_exit(&call->done, 0);
}

/* The thread takes no signal until it said that it allows one. */
#define SIGNAL_AGAIN	(HZ / 10)

static void wait_for(struct private_call *call, struct task_struct *thread)
{
	if (!wait_for_completion_killable(&call->done))
		return;
	do {
		send_sig(SIGKILL, thread, 1);
	} while (!wait_for_completion_timeout(&call->done, SIGNAL_AGAIN));
}

static int call_in_thread(int (*fn)(void *arg), void *arg)
{
	struct private_call call = {
		.fn = fn,
		.arg = arg,
		.mm = current->mm,
		.cred = current_cred(),
	};
	struct task_struct *thread;

	init_completion(&call.done);
	/* Under the caller's name, which is what it acts as. */
	thread = kthread_create(private_thread, &call, "%s", current->comm);
	/* Where there may be no more threads, too. */
	if (IS_ERR(thread))
		return PTR_ERR(thread) == -EINTR ? -EINTR : -ENOMEM;
	get_task_struct(thread);
	call.memcg = get_mem_cgroup_from_mm(call.mm);
	wake_up_process(thread);
	wait_for(&call, thread);
	mem_cgroup_put(call.memcg);
	put_task_struct(thread);
	return call.ret;
}

static bool is_private(void)
{
	return current->files && atomic_read(&current->files->count) == 1 &&
	       current_cred() == current_real_cred();
}

/**
 * bpffs_call_private() - call a function that lends and takes descriptors
 * @fn: makes or attaches objects by the functions of this directory
 * @arg: its argument
 *
 * Calls it where no other process of a user can reach the descriptors: here, or
 * in a kernel thread that has the caller's memory, credentials and memory
 * cgroup. A caller that ends has no memory any more, and scratch memory is
 * refused then. @fn may take no lock that the caller holds. May sleep.
 *
 * Return: what @fn returns, or -ENOMEM or -EINTR if no thread can be had.
 */
int bpffs_call_private(int (*fn)(void *arg), void *arg)
{
	return is_private() ? fn(arg) : call_in_thread(fn, arg);
}
