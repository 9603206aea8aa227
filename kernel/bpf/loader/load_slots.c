// SPDX-License-Identifier: GPL-2.0
/* What maps of maps and arrays of programs hold to begin with. */
#include <linux/bpf.h>
#include <linux/sched/signal.h>
#include "loading.h"

static int set_slot(struct bpffs_loading *l, const struct bpffs_plan_slot *slot,
		    struct bpffs_native *value, const char *what,
		    const char *name)
{
	const struct bpffs_plan_map *pm = &l->plan->maps[slot->map];
	int err;

	if (signal_pending(current))
		return bpffs_diag(l->diag, -EINTR,
				  "map %s: interrupted before it was filled",
				  pm->name);
	err = bpffs_map_set_slot(l->natives[slot->map], slot->index, value);
	return err ? bpffs_diag(l->diag, err,
				"map %s: the kernel does not take %s %s as entry %u of %u",
				pm->name, what, name, slot->index,
				pm->max_entries) : 0;
}

/**
 * loading_map_slots() - put maps into the maps of maps of the plan
 * @l: the load; its maps are made
 *
 * One that was there before the load keeps the entries that it has.
 *
 * Return: 0; -EINTR after a signal; what the kernel says of the entry that the
 * sentence names.
 */
int loading_map_slots(struct bpffs_loading *l)
{
	const struct bpffs_plan *plan = l->plan;
	const struct bpffs_plan_slot *slot;
	u32 i;
	int err;

	for (i = 0; i < plan->nr_slots; i++) {
		slot = &plan->slots[i];
		if (!bpffs_map_holds_maps(plan->maps[slot->map].type) ||
		    l->load->map_flags[slot->map] & BPFFS_MAP_REUSED)
			continue;
		err = set_slot(l, slot, l->natives[slot->target], "map",
			       plan->maps[slot->target].name);
		if (err)
			return err;
	}
	return 0;
}

static bool is_prog_slot(const struct bpffs_plan *plan,
			 const struct bpffs_plan_slot *slot)
{
	return !bpffs_map_holds_maps(plan->maps[slot->map].type);
}

static int check_prog_slots(struct bpffs_loading *l)
{
	const struct bpffs_plan *plan = l->plan;
	const struct bpffs_plan_slot *slot;
	u32 i;

	for (i = 0; i < plan->nr_slots; i++) {
		slot = &plan->slots[i];
		if (!is_prog_slot(plan, slot) || l->progs[slot->target])
			continue;
		return bpffs_diag(l->diag, -EINVAL,
				  "map %s: entry %u is program %s, which is not to be loaded",
				  plan->maps[slot->map].name, slot->index,
				  plan->progs[slot->target].name);
	}
	return 0;
}

/**
 * loading_prog_slots() - put programs into the arrays of programs of the plan
 * @l: the load; its programs are loaded
 *
 * The last step of a load, because an array that was there before it is one
 * that others jump through: it gets the new programs once nothing else of the
 * object can be refused.
 *
 * Return: 0; -EINTR after a signal; -EINVAL for programs that are not loaded;
 * what the kernel says of the entry that the sentence names.
 */
int loading_prog_slots(struct bpffs_loading *l)
{
	const struct bpffs_plan *plan = l->plan;
	const struct bpffs_plan_slot *slot;
	int err;
	u32 i;

	err = check_prog_slots(l);
	for (i = 0; !err && i < plan->nr_slots; i++) {
		slot = &plan->slots[i];
		if (is_prog_slot(plan, slot))
			err = set_slot(l, slot, l->progs[slot->target], "program",
				       plan->progs[slot->target].name);
	}
	return err;
}
