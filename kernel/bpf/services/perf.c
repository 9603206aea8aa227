// SPDX-License-Identifier: GPL-2.0
#include <linux/anon_inodes.h>
#include <linux/capability.h>
#include <linux/cpumask.h>
#include <linux/file.h>
#include <linux/kallsyms.h>
#include "internal.h"
#include "perf_event.h"

/* In the attribute's config; part of the ABI as the format of the kprobe PMU. */
#define KPROBE_IS_RETPROBE	BIT(0)

/**
 * bpffs_may_trace() - may current_cred() attach programs that trace the kernel
 * @diag: filled in on refusal
 *
 * Events made in the kernel bypass what perf_event_open(2) checks, so this
 * asks for as much as the strictest setting of perf_event_paranoid does there.
 * The hook security_perf_event_open() is not exported; LSMs still see the
 * event through security_perf_event_alloc() and the program through the hooks
 * of bpf(2). Lockdown is applied below: kprobes ask for LOCKDOWN_KPROBES when
 * they register, and an event that samples no registers asks for nothing.
 *
 * bpf(2) asks nothing when a tracing program is attached, since only a holder
 * of its descriptor can; here anybody may hold a name of it.
 *
 * Return: 0 or -EPERM.
 */
int bpffs_may_trace(struct bpffs_diag *diag)
{
	if (bpf_capable() && perfmon_capable())
		return 0;
	return bpffs_diag(diag, -EPERM,
			  "attaching to events of the kernel takes CAP_BPF and CAP_PERFMON");
}

/*
 * libbpf opens these events for every task on CPU 0, which serves as a name
 * for "no task": programs run on every CPU, whatever the event is bound to.
 */
static struct perf_event *create_event(struct perf_event_attr *attr)
{
	struct perf_event *event = ERR_PTR(-ENODEV);
	int cpu;

	attr->size = sizeof(*attr);
	for_each_online_cpu(cpu) {
		event = bpffs_perf_event_create(attr, cpu);
		if (PTR_ERR_OR_ZERO(event) != -ENODEV)
			break;
	}
	return event;
}

/*
 * The file owns the event, as it does for perf_event_open(2), and the last
 * put of the file releases it.
 */
static struct bpffs_native *event_file(struct perf_event_attr *attr)
{
	const struct file_operations *perf_fops;
	struct perf_event *event;
	struct file *file;

	perf_fops = (void *)bpffs_symbol(BPFFS_SYM_PERF_FOPS, NULL);
	event = create_event(attr);
	if (IS_ERR(event))
		return ERR_CAST(event);
	file = anon_inode_getfile("[perf_event]", perf_fops, event, O_RDWR);
	if (IS_ERR(file)) {
		perf_event_release_kernel(event);
		return ERR_CAST(file);
	}
	return bpffs_native_of(file);
}

/* The number that the tracepoint's event goes by in perf's own tables. */
static int tracepoint_id(const char *system, const char *event)
{
	struct trace_event_file *file;
	int id;

	if (!IS_ENABLED(CONFIG_BPF_EVENTS))
		return -EOPNOTSUPP;
	file = trace_get_event_file(NULL, system, event);
	if (IS_ERR(file))
		return PTR_ERR(file) == -EINVAL ? -ENOENT : PTR_ERR(file);
	id = file->event_call->event.type;
	trace_put_event_file(file);
	return id;
}

/**
 * bpffs_perf_tracepoint() - an event for programs of a tracepoint
 * @system: directory of the tracepoint below tracefs' events
 * @event: its name there
 * @diag: filled in on refusal
 *
 * Return: a perf event's file, enabled, owned by the caller, for
 * bpffs_link_perf_event(); -ENOENT if there is no such tracepoint, -EPERM,
 * -EOPNOTSUPP, -ENOMEM, -EBUSY while the module that has it goes away.
 */
struct bpffs_native *bpffs_perf_tracepoint(const char *system, const char *event,
					   struct bpffs_diag *diag)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_TRACEPOINT };
	struct bpffs_native *file;
	int id, err;

	err = bpffs_may_trace(diag);
	if (err)
		return ERR_PTR(err);
	if (!bpffs_symbol(BPFFS_SYM_PERF_FOPS, diag))
		return ERR_PTR(-EOPNOTSUPP);
	id = tracepoint_id(system, event);
	if (id == -ENOENT)
		return ERR_PTR(bpffs_diag(diag, id,
					  "tracepoint %s/%s does not exist",
					  system, event));
	if (id < 0)
		return ERR_PTR(bpffs_diag(diag, id,
					  "tracepoint %s/%s cannot be used (%pe)",
					  system, event, ERR_PTR(id)));
	attr.config = id;
	file = event_file(&attr);
	if (IS_ERR(file))
		bpffs_diag(diag, PTR_ERR(file),
			   "tracepoint %s/%s cannot be opened as a perf event (%pe)",
			   system, event, file);
	return file;
}

static int explain_kprobe(struct bpffs_diag *diag, int err, const char *func,
			  u64 offset)
{
	switch (err) {
	case -ENOENT:
		return bpffs_diag(diag, err,
				  "the kernel has no function %s that can be probed",
				  func);
	case -EADDRNOTAVAIL:
		return bpffs_diag(diag, err,
				  "the kernel has several functions %s; a name that only one has is needed",
				  func);
	case -EILSEQ:
		return bpffs_diag(diag, err,
				  "no instruction begins at %s+%#llx",
				  func, offset);
	case -EINVAL:
		return bpffs_diag(diag, err,
				  "%s+%#llx cannot be probed: it is blacklisted, not traceable, or past the function's end",
				  func, offset);
	case -EPERM:
		return bpffs_diag(diag, err,
				  "kprobes are forbidden here: the kernel is locked down");
	case -EOPNOTSUPP:
		return bpffs_diag(diag, err,
				  "%s+%#llx: attaching a kprobe takes memory of the process that attaches, and there is none: did it end in the middle of a line?",
				  func, offset);
	default:
		return bpffs_diag(diag, err, "%s+%#llx cannot be probed (%pe)",
				  func, offset, ERR_PTR(err));
	}
}

/* Another thread may have written over the name before the kernel read it. */
static bool event_is_of(struct bpffs_native *file, const char *func)
{
	struct trace_event_call *call = bpffs_perf_event_call(bpffs_native_object(file));

	return call && !strcmp(trace_event_name(call), func);
}

static struct bpffs_native *open_kprobe(u64 func, void *arg)
{
	struct perf_event_attr *attr = arg;

	attr->kprobe_func = func;
	return event_file(attr);
}

static struct bpffs_native *kprobe_file(const char *func, u64 offset, bool retprobe)
{
	const struct pmu *pmu = (void *)bpffs_symbol(BPFFS_SYM_PERF_KPROBE, NULL);
	struct perf_event_attr attr = {
		.type = pmu->type,
		.config = retprobe ? KPROBE_IS_RETPROBE : 0,
		.probe_offset = offset,
	};
	struct bpffs_native *file;

	file = bpffs_scratch_call(func, open_kprobe, &attr);
	if (IS_ERR(file) || event_is_of(file, func))
		return file;
	bpffs_native_put(file);
	return ERR_PTR(-EBADF);
}

/**
 * bpffs_perf_kprobe() - an event for programs of a kprobe or kretprobe
 * @func: a function of the kernel or of a module
 * @offset: bytes from its beginning
 * @retprobe: whether the program runs when the function returns
 * @diag: filled in on refusal
 *
 * Return: a perf event's file, enabled, owned by the caller, for
 * bpffs_link_perf_event(); -ENOENT if there is no such function,
 * -EADDRNOTAVAIL if there are several, -EINVAL or -EILSEQ if it cannot be
 * probed there, -ENAMETOOLONG, -EPERM, -EOPNOTSUPP, -ENOMEM, -EBADF or -EFAULT
 * if another thread interfered.
 */
struct bpffs_native *bpffs_perf_kprobe(const char *func, u64 offset, bool retprobe,
				       struct bpffs_diag *diag)
{
	struct bpffs_native *file;
	int err;

	err = bpffs_may_trace(diag);
	if (err)
		return ERR_PTR(err);
	if (!bpffs_symbol(BPFFS_SYM_PERF_FOPS, diag) ||
	    !bpffs_symbol(BPFFS_SYM_PERF_KPROBE, diag))
		return ERR_PTR(-EOPNOTSUPP);
	if (strnlen(func, KSYM_NAME_LEN) == KSYM_NAME_LEN)
		return ERR_PTR(bpffs_diag(diag, -ENAMETOOLONG,
					  "a function's name has less than %d bytes",
					  KSYM_NAME_LEN));
	/* The kernel would keep the lower half. */
	file = offset > U32_MAX ? ERR_PTR(-EINVAL) :
				  kprobe_file(func, offset, retprobe);
	if (IS_ERR(file))
		explain_kprobe(diag, PTR_ERR(file), func, offset);
	return file;
}
