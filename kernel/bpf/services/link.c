// SPDX-License-Identifier: GPL-2.0
#include <linux/bpf.h>
#include <linux/kallsyms.h>
#include <linux/limits.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include "internal.h"
#include "perf_event.h"

/* Room for the words that name a target in a sentence. */
#define WHAT_LEN	160

/**
 * bpffs_link_take() - turn the descriptor of a new link into its native file
 * @fd: of the current task, or a negative errno, which is passed on
 * @prog: the program that was attached; NULL for a link without
 *
 * Only the kernel knows what a link's file looks like (there are two kinds
 * from 6.12 on), so the descriptor is resolved twice, by it and by us: if both
 * come to the same live object, ours is the link's file.
 *
 * Return: the native file, owned by the caller; -EBADF if another thread
 * interfered.
 */
struct bpffs_native *bpffs_link_take(int fd, const struct bpf_prog *prog)
{
	struct bpf_link *link;
	struct bpffs_native *native;
	bool ok;

	if (fd < 0)
		return bpffs_native_take(fd);
	link = bpf_link_get_from_fd(fd);
	native = bpffs_native_take(fd);
	ok = !IS_ERR(link) && !IS_ERR(native) && bpffs_native_object(native) == link &&
	     link->prog == prog;
	if (!IS_ERR(link))
		bpf_link_put(link);
	if (ok)
		return native;
	if (!IS_ERR(native))
		bpffs_native_put(native);
	return ERR_PTR(-EBADF);
}

static int lend_and_link(struct bpffs_native *prog, struct bpffs_native *event)
{
	union bpf_attr attr = {};
	int prog_fd, event_fd, fd;

	prog_fd = bpffs_native_lend(prog);
	if (prog_fd < 0)
		return prog_fd;
	event_fd = bpffs_native_lend(event);
	if (event_fd < 0) {
		bpffs_native_reclaim(prog_fd);
		return event_fd;
	}
	attr.link_create.prog_fd = prog_fd;
	attr.link_create.target_fd = event_fd;
	attr.link_create.attach_type = BPF_PERF_EVENT;
	fd = kern_sys_bpf(BPF_LINK_CREATE, &attr, sizeof(attr));
	bpffs_native_reclaim(event_fd);
	bpffs_native_reclaim(prog_fd);
	return fd;
}

/* Why an attachment was refused, where @what is what it was to be made to. */
static int explain(struct bpffs_diag *diag, int err,
		   const struct bpf_prog *prog, const char *what)
{
	switch (err) {
	case -EINVAL:
		return bpffs_diag(diag, err,
				  "program %s does not fit %s: its type is another, or it reads more context than there is",
				  prog->aux->name, what);
	case -EACCES:
		return bpffs_diag(diag, err,
				  "program %s reads past the end of the arguments of %s",
				  prog->aux->name, what);
	case -ENOENT:
		return bpffs_diag(diag, err, "%s does not exist", what);
	case -EBUSY:
		return bpffs_diag(diag, err,
				  "program %s is attached to %s already, or something else that is there keeps it out",
				  prog->aux->name, what);
	case -E2BIG:
		return bpffs_diag(diag, err,
				  "%s has as many programs as the kernel allows",
				  what);
	case -EPERM:
		return bpffs_diag(diag, err,
				  "attaching program %s to %s is not permitted",
				  prog->aux->name, what);
	case -EOPNOTSUPP:
		return bpffs_diag(diag, err,
				  "attaching to %s takes memory of the process that attaches, and there is none: did it end in the middle of a line?",
				  what);
	case -EMFILE:
		return bpffs_diag(diag, err,
				  "the current process has no file descriptors left to attach with");
	default:
		return bpffs_diag(diag, err,
				  "program %s cannot be attached to %s (%pe)",
				  prog->aux->name, what, ERR_PTR(err));
	}
}

static struct bpffs_native *explained(struct bpffs_diag *diag, struct bpffs_native *native,
				      const struct bpf_prog *prog, const char *what)
{
	if (IS_ERR(native))
		explain(diag, PTR_ERR(native), prog, what);
	return native;
}

/**
 * bpffs_link_perf_event() - attach a program to a perf event
 * @prog: native file of a tracepoint or kprobe program
 * @event: from bpffs_perf_tracepoint() or bpffs_perf_kprobe(); the link takes
 *	a reference of its own
 * @diag: filled in on refusal
 *
 * Return: native file of the link, owned by the caller; the program runs until
 * its last put. -EINVAL if the program does not fit the event, -E2BIG if the
 * event has as many programs as it takes, -EMFILE, -ENOMEM, -EBADF if another
 * thread interfered.
 */
struct bpffs_native *bpffs_link_perf_event(struct bpffs_native *prog, struct bpffs_native *event,
					   struct bpffs_diag *diag)
{
	struct perf_event *perf_event = bpffs_native_object(event);
	struct trace_event_call *call = bpffs_perf_event_call(perf_event);
	struct bpf_prog *bpf_prog = bpffs_native_prog(prog);
	struct bpffs_native *native;
	char what[WHAT_LEN];

	if (!bpf_prog || !call)
		return ERR_PTR(-EINVAL);
	snprintf(what, sizeof(what), "event %s/%s", call->class->system, trace_event_name(call));
	native = bpffs_link_take(lend_and_link(prog, event), bpf_prog);
	if (!IS_ERR(native) && bpffs_perf_event_prog(perf_event) != bpf_prog) {
		bpffs_native_put(native);
		native = ERR_PTR(-EBADF);
	}
	return explained(diag, native, bpf_prog, what);
}

/* RAW_TRACEPOINT_OPEN also attaches programs whose target is in themselves. */
static struct bpffs_native *raw_open(u64 name, void *arg)
{
	struct bpffs_native *prog = arg;
	union bpf_attr attr = {};
	int prog_fd, fd;

	prog_fd = bpffs_native_lend(prog);
	if (prog_fd < 0)
		return ERR_PTR(prog_fd);
	attr.raw_tracepoint.name = name;
	attr.raw_tracepoint.prog_fd = prog_fd;
	fd = kern_sys_bpf(BPF_RAW_TRACEPOINT_OPEN, &attr, sizeof(attr));
	bpffs_native_reclaim(prog_fd);
	return bpffs_link_take(fd, bpffs_native_prog(prog));
}

/*
 * Another thread may have written over the name before the core read it. What
 * the core took is told by what it would say of the link in /proc, the first
 * line of which ends in it.
 */
static bool link_is_to(struct bpffs_native *native, const char *name)
{
	const struct bpf_link *link = bpffs_native_object(native);
	char text[NAME_MAX + 32] = "";
	struct seq_file said = { .buf = text, .size = sizeof(text) - 1 };
	size_t len = strlen(name);
	const char *at;

	if (!link->ops->show_fdinfo)
		return true;
	link->ops->show_fdinfo(link, &said);
	at = strchr(text, '\t');
	return at && !strncmp(at + 1, name, len) && at[1 + len] == '\n';
}

/**
 * bpffs_link_raw_tracepoint() - attach a program to a tracepoint's raw arguments
 * @prog: native file of a raw_tracepoint program
 * @name: of the tracepoint, without a system
 * @diag: filled in on refusal
 *
 * Return: native file of the link, owned by the caller; the program runs until
 * its last put. -ENOENT if there is no such tracepoint, -EINVAL if the program
 * is of another type or reads more arguments than there are, -EMFILE, -ENOMEM,
 * -EOPNOTSUPP for a kernel thread, -EPERM, -EBADF or -EFAULT if another thread
 * interfered.
 */
struct bpffs_native *bpffs_link_raw_tracepoint(struct bpffs_native *prog, const char *name,
					       struct bpffs_diag *diag)
{
	struct bpf_prog *bpf_prog = bpffs_native_prog(prog);
	struct bpffs_native *native;
	char what[WHAT_LEN];
	int err;

	if (!bpf_prog)
		return ERR_PTR(-EINVAL);
	err = bpffs_may_trace(diag);
	if (err)
		return ERR_PTR(err);
	snprintf(what, sizeof(what), "raw tracepoint %s", name);
	native = bpffs_scratch_call(name, raw_open, prog);
	if (!IS_ERR(native) && !link_is_to(native, name)) {
		bpffs_native_put(native);
		native = ERR_PTR(-EBADF);
	}
	return explained(diag, native, bpf_prog, what);
}

/**
 * bpffs_prog_target() - the function or tracepoint that a program was loaded for
 * @prog: a program
 * @name: receives its name, BPFFS_TARGET_LEN bytes
 * @diag: filled in on refusal
 *
 * The name stands in the BTF of the target. Where that is another program, @prog
 * keeps it until it is attached for the first time; from then on the attachment
 * does, and once that is gone the name may be, too. The kernel attaches such a
 * program only once.
 *
 * Return: 0; -EINVAL for a program that was loaded for none, or whose target may
 * be gone.
 */
int bpffs_prog_target(const struct bpf_prog *prog, char *name, struct bpffs_diag *diag)
{
	struct bpf_prog_aux *aux = prog->aux;
	bool attached;

	BUILD_BUG_ON(BPFFS_TARGET_LEN < KSYM_NAME_LEN);
	if (!aux->attach_func_name)
		return bpffs_diag(diag, -EINVAL,
				  "program %s was not loaded for a target to attach to",
				  aux->name);
	mutex_lock(&aux->dst_mutex);
	attached = !aux->attach_btf && !aux->dst_prog;
	if (!attached)
		strscpy(name, aux->attach_func_name, BPFFS_TARGET_LEN);
	mutex_unlock(&aux->dst_mutex);
	if (attached)
		return bpffs_diag(diag, -EINVAL,
				  "program %s was attached to another program before, which can be done once; load it again",
				  aux->name);
	return 0;
}

/**
 * bpffs_link_tracing() - attach a program to the target it was loaded for
 * @prog: native file of a tp_btf, fentry, fexit, fmod_ret or lsm program
 * @diag: filled in on refusal
 *
 * Return: native file of the link, owned by the caller; the program runs until
 * its last put. -EBUSY if it is attached already, -E2BIG if the target has as
 * many programs as it takes, -EINVAL if the program names no target, -EOPNOTSUPP
 * for a target that cannot be attached to, -EPERM, -EMFILE, -ENOMEM, -EBADF if
 * another thread interfered.
 */
struct bpffs_native *bpffs_link_tracing(struct bpffs_native *prog, struct bpffs_diag *diag)
{
	struct bpf_prog *bpf_prog = bpffs_native_prog(prog);
	char target[BPFFS_TARGET_LEN];
	struct bpffs_native *native;
	int err;

	if (!bpf_prog)
		return ERR_PTR(-EINVAL);
	err = bpffs_may_trace(diag);
	if (!err)
		err = bpffs_prog_target(bpf_prog, target, diag);
	if (err)
		return ERR_PTR(err);
	native = raw_open(0, prog);
	if (PTR_ERR_OR_ZERO(native) == -EINVAL)
		bpffs_diag(diag, -EINVAL,
			   "program %s cannot be attached to %s, which is not built to be traced",
			   bpf_prog->aux->name, target);
	if (PTR_ERR_OR_ZERO(native) == -EOPNOTSUPP)
		bpffs_diag(diag, -EOPNOTSUPP,
			   "program %s cannot be attached to %s: this kernel does not trace what has so many arguments, or nothing of the kind",
			   bpf_prog->aux->name, target);
	return explained(diag, native, bpf_prog, target);
}
