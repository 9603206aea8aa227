/* SPDX-License-Identifier: GPL-2.0 */
/* A task that nobody kills, unless a test says when: see test.h. */
#ifndef _SHIM_LINUX_SCHED_SIGNAL_H
#define _SHIM_LINUX_SCHED_SIGNAL_H

#include <linux/types.h>

#define current			NULL
#define cond_resched()		((void)0)
#define fatal_signal_pending(task)	((void)(task), shim_is_killed())

bool shim_is_killed(void);

#endif
