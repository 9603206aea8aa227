/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Perf events that a program runs on. A kernel without CONFIG_BPF_EVENTS (an
 * architecture without perf, too) can make none.
 */
#ifndef _BPFFS_SERVICES_PERF_EVENT_H
#define _BPFFS_SERVICES_PERF_EVENT_H

#include <linux/bpf.h>
#include <linux/err.h>
#include <linux/perf_event.h>
#include <linux/trace_events.h>

#ifdef CONFIG_BPF_EVENTS
static inline struct perf_event *bpffs_perf_event_create(struct perf_event_attr *attr, int cpu)
{
	return perf_event_create_kernel_counter(attr, cpu, NULL, NULL, NULL);
}

static inline const struct bpf_prog *bpffs_perf_event_prog(const struct perf_event *event)
{
	return READ_ONCE(event->prog);
}

static inline struct trace_event_call *bpffs_perf_event_call(const struct perf_event *event)
{
	return event->tp_event;
}
#else
static inline struct perf_event *bpffs_perf_event_create(struct perf_event_attr *attr, int cpu)
{
	return ERR_PTR(-EOPNOTSUPP);
}

static inline const struct bpf_prog *bpffs_perf_event_prog(const struct perf_event *event)
{
	return NULL;
}

static inline struct trace_event_call *bpffs_perf_event_call(const struct perf_event *event)
{
	return NULL;
}
#endif /* CONFIG_BPF_EVENTS */

#endif /* _BPFFS_SERVICES_PERF_EVENT_H */
