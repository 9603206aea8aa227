// SPDX-License-Identifier: GPL-2.0
/* What maps of maps and arrays of programs hold to begin with. */
#include <linux/bpf.h>
#include <linux/slab.h>
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

	if (!owner)
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

/* An array takes programs of one type, and one of others has one already. */
static int check_like_last(struct bpffs_loading *l, const struct bpffs_plan_slot *slot)
{
	const struct bpffs_plan *plan = l->plan;
	const struct bpffs_plan_slot *last = slot - 1;
	const struct bpffs_prog *prog = l->progs[slot->target];
	const struct bpffs_prog *before;

	if (slot == plan->slots || last->map != slot->map)
		return 0;
	before = l->progs[last->target];
	if (prog->def->type == before->def->type)
		return 0;
	return bpffs_diag(l->diag, -EINVAL,
			  "map %s: entry %u is program %.64s of type %s, and entry %u %.64s of type %s; one array takes one type",
			  plan->maps[slot->map].name, slot->index, prog->name,
			  bpffs_prog_type_name(prog->def->type), last->index, before->name,
			  bpffs_prog_type_name(before->def->type));
}

static int check_prog_slot(struct bpffs_loading *l, const struct bpffs_plan_slot *slot)
{
	const struct bpf_map *map = l->load->maps[slot->map]->map;
	const struct bpffs_plan *plan = l->plan;
	int err;

	if (!l->progs[slot->target])
		return bpffs_diag(l->diag, -EINVAL,
				  "map %s: entry %u is program %s, which is not to be loaded",
				  plan->maps[slot->map].name, slot->index,
				  plan->progs[slot->target].name);
	if (slot->index >= map->max_entries)
		return refuse_slot(l, slot, "program", plan->progs[slot->target].name,
				   -E2BIG);
	err = loading_check_signal(l, "map", plan->maps[slot->map].name, "filled");
	if (err || !(l->load->map_flags[slot->map] & BPFFS_MAP_REUSED))
		return err;
	return check_like_last(l, slot);
}

/* Leaves to bpffs_load_fill_arrays() what others jump through. */
static int keep_slot(struct bpffs_load *load, const struct bpffs_plan *plan,
		     const struct bpffs_plan_slot *slot, const struct bpffs_prog *prog)
{
	if (!load->slots)
		load->slots = kvcalloc(plan->nr_slots, sizeof(*load->slots), GFP_KERNEL);
	if (!load->slots)
		return -ENOMEM;
	load->slots[load->nr_slots++] = (struct bpffs_prog_slot){
		.map = load->maps[slot->map],
		.prog = prog,
		.index = slot->index,
	};
	return 0;
}

/**
 * loading_prog_slots() - put programs into the arrays of programs of the plan
 * @l: the load; its programs are loaded
 *
 * An array that was there before the load is one that others jump through, and
 * bpffs_load_fill_arrays() sets its entries.
 *
 * Return: 0; -ENOMEM; -EINTR after a signal; -EINVAL for programs that are not
 * loaded, or not of one type; what the kernel says of the entry that the
 * sentence names.
 */
int loading_prog_slots(struct bpffs_loading *l)
{
	const struct bpffs_plan *plan = l->plan;
	const struct bpffs_plan_slot *slot;
	const struct bpffs_prog *prog;
	int err = 0;
	u32 i;

	for (i = 0; !err && i < plan->nr_slots; i++) {
		slot = &plan->slots[i];
		if (!is_prog_slot(plan, slot))
			continue;
		err = check_prog_slot(l, slot);
		if (err)
			break;
		prog = l->progs[slot->target];
		if (l->load->map_flags[slot->map] & BPFFS_MAP_REUSED)
			err = keep_slot(l->load, plan, slot, prog);
		else
			err = set_slot(l, slot, prog->native, "program", prog->name);
	}
	return err;
}

/**
 * struct fill - arguments of bpffs_load_fill_arrays(), and how far it came
 * @load: see there
 * @diag: see there
 * @done: entries that are set
 */
struct fill {
	struct bpffs_load *load;
	struct bpffs_diag *diag;
	u32 done;
};

static int fill_arrays(void *arg)
{
	struct fill *fill = arg;
	const struct bpffs_prog_slot *slot;
	int err;

	for (; fill->done < fill->load->nr_slots; fill->done++) {
		slot = &fill->load->slots[fill->done];
		err = bpffs_map_set_slot(slot->map->native, slot->index, slot->prog->native);
		if (err)
			return bpffs_diag(fill->diag, err,
					  "map %s: the kernel does not take program %s as entry %u; the map was there before",
					  slot->map->name, slot->prog->name, slot->index);
	}
	return 0;
}

static void drop_slots(const struct bpffs_load *load, u32 nr)
{
	while (nr--)
		bpffs_map_drop_slot(load->slots[nr].map->map, load->slots[nr].index);
}

/**
 * bpffs_load_fill_arrays() - put programs into arrays that others jump through
 * @load: a load that succeeded, and whose programs have their names
 * @diag: one sentence about a refusal
 *
 * Where the kernel refuses one after it took others, those are taken out again:
 * what stood there before cannot be put back, but no program stays that has no
 * name.
 *
 * May sleep; the caller holds no lock that a program's attachment takes.
 *
 * Return: 0; -ENOMEM; -EINTR; what the kernel says of the entry that the
 * sentence names.
 */
int bpffs_load_fill_arrays(struct bpffs_load *load, struct bpffs_diag *diag)
{
	struct fill fill = { .load = load, .diag = diag };
	int err;

	if (!load->nr_slots)
		return 0;
	err = bpffs_call_private(fill_arrays, &fill);
	if (err)
		drop_slots(load, fill.done);
	return err;
}

/**
 * bpffs_load_empty_arrays() - take back what bpffs_load_fill_arrays() did
 * @load: is refused after that, and its programs lose their names
 *
 * What stood in the arrays before cannot be put back. May sleep.
 */
void bpffs_load_empty_arrays(struct bpffs_load *load)
{
	drop_slots(load, load->nr_slots);
}
