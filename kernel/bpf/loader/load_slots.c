// SPDX-License-Identifier: GPL-2.0
/* What maps of maps and arrays of programs hold to begin with. */
#include <linux/bpf.h>
#include "loading.h"

/* Room for what differs. */
#define DIFFERENCE_MAX	200

/* The first field in which a map is not like the template of its outer map. */
static void tell_map_difference(struct bpffs_loading *l, const struct bpffs_plan_slot *slot,
				char *buf, size_t size)
{
	const struct bpf_map *map = l->load->maps[slot->target]->map;
	const struct bpf_map *like = l->load->maps[slot->map]->map->inner_map_meta;

	if (!like)
		return;
	if (map->map_type != like->map_type)
		scnprintf(buf, size, ": its type is %s, the template's %s",
			  bpffs_map_type_name(map->map_type),
			  bpffs_map_type_name(like->map_type));
	else if (map->key_size != like->key_size)
		scnprintf(buf, size, ": its key_size is %u, the template's %u",
			  map->key_size, like->key_size);
	else if (map->value_size != like->value_size)
		scnprintf(buf, size, ": its value_size is %u, the template's %u",
			  map->value_size, like->value_size);
	else if (map->map_flags != like->map_flags)
		scnprintf(buf, size, ": its map_flags are %#x, the template's %#x",
			  map->map_flags, like->map_flags);
	else if (map->max_entries != like->max_entries)
		scnprintf(buf, size, ": its max_entries is %u, the template's %u",
			  map->max_entries, like->max_entries);
}

static bool prog_names_map(const struct bpffs_plan_prog *pp, u32 map)
{
	u32 i;

	for (i = 0; i < pp->nr_map_refs; i++)
		if (pp->map_refs[i].map == map)
			return true;
	return false;
}

/*
 * The first program that jumps through an array or, without one, the first that
 * is put into it says which programs it is for.
 */
static const struct bpffs_plan_prog *array_owner(struct bpffs_loading *l, u32 map)
{
	const struct bpffs_plan *plan = l->plan;
	u32 i;

	for (i = 0; i < plan->nr_progs; i++)
		if (l->progs[i] && prog_names_map(&plan->progs[i], map))
			return &plan->progs[i];
	for (i = 0; i < plan->nr_slots; i++)
		if (plan->slots[i].map == map)
			return &plan->progs[plan->slots[i].target];
	return NULL;
}

static void tell_prog_difference(struct bpffs_loading *l, const struct bpffs_plan_slot *slot,
				 char *buf, size_t size)
{
	const struct bpffs_plan_prog *pp = &l->plan->progs[slot->target];
	const struct bpffs_plan_prog *owner = array_owner(l, slot->map);

	/* An array that was there before belongs to programs of others. */
	if (!owner || l->load->map_flags[slot->map] & BPFFS_MAP_REUSED)
		return;
	if (owner->def->type != pp->def->type)
		scnprintf(buf, size,
			  ": it is of type %s, and the array belongs to programs of type %s like %.64s",
			  bpffs_prog_type_name(pp->def->type),
			  bpffs_prog_type_name(owner->def->type), owner->name);
	else if (owner->def->attach_type != pp->def->attach_type)
		scnprintf(buf, size,
			  ": its expected attach type is %u, and the array belongs to programs with %u like %.64s",
			  pp->def->attach_type, owner->def->attach_type, owner->name);
}

static int refuse_slot(struct bpffs_loading *l, const struct bpffs_plan_slot *slot,
		       const char *what, const char *name, int err)
{
	const struct bpffs_plan_map *pm = &l->plan->maps[slot->map];
	char difference[DIFFERENCE_MAX] = "";

	if (err == -EINVAL && bpffs_map_holds_maps(pm->type))
		tell_map_difference(l, slot, difference, sizeof(difference));
	else if (err == -EINVAL)
		tell_prog_difference(l, slot, difference, sizeof(difference));
	return bpffs_diag(l->diag, err,
			  "map %s: the kernel does not take %s %s as entry %u of %u%s",
			  pm->name, what, name, slot->index, pm->max_entries, difference);
}

static int set_slot(struct bpffs_loading *l, const struct bpffs_plan_slot *slot,
		    struct bpffs_native *value, const char *what,
		    const char *name)
{
	int err;

	err = bpffs_map_set_slot(l->natives[slot->map], slot->index, value);
	return err ? refuse_slot(l, slot, what, name, err) : 0;
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
		err = loading_check_signal(l, "map", plan->maps[slot->map].name, "filled");
		if (!err)
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

static int check_prog_slot(struct bpffs_loading *l, const struct bpffs_plan_slot *slot)
{
	const struct bpf_map *map = l->load->maps[slot->map]->map;
	const struct bpffs_plan *plan = l->plan;

	if (!l->progs[slot->target])
		return bpffs_diag(l->diag, -EINVAL,
				  "map %s: entry %u is program %s, which is not to be loaded",
				  plan->maps[slot->map].name, slot->index,
				  plan->progs[slot->target].name);
	if (slot->index >= map->max_entries)
		return refuse_slot(l, slot, "program", plan->progs[slot->target].name,
				   -E2BIG);
	return loading_check_signal(l, "map", plan->maps[slot->map].name, "filled");
}

static int check_prog_slots(struct bpffs_loading *l)
{
	const struct bpffs_plan *plan = l->plan;
	int err = 0;
	u32 i;

	for (i = 0; !err && i < plan->nr_slots; i++)
		if (is_prog_slot(plan, &plan->slots[i]))
			err = check_prog_slot(l, &plan->slots[i]);
	return err;
}

/**
 * loading_prog_slots() - put programs into the arrays of programs of the plan
 * @l: the load; its programs are loaded
 *
 * The last step of a load, because an array that was there before it is one
 * that others jump through: it gets the new programs once nothing else of the
 * object can be refused, and all of them, or none, but for what the kernel alone
 * can tell.
 *
 * Return: 0; -EINTR after a signal; -EINVAL for programs that are not loaded;
 * -E2BIG for more than an array that was there has room for; what the kernel
 * says of the entry that the sentence names.
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
