// SPDX-License-Identifier: GPL-2.0
/*
 * Jump tables: each is a map that belongs to its program alone, and that the
 * kernel lets go with it.
 */
#include <linux/bpf.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include "kernel_numbers.h"
#include "loading.h"

/* An entry as bpf(2) has it; what the program is compiled to, the kernel fills in. */
struct table_entry {
	u32 orig_off;
	u32 xlated_off;
	u32 jitted_off;
	u32 unused;
};

static int fill_table(struct bpffs_native *native, const struct bpffs_plan_jump_table *table)
{
	struct table_entry entry = {};
	int err = 0;
	u32 i;

	for (i = 0; !err && i < table->nr; i++) {
		entry.orig_off = table->targets[i];
		err = bpffs_map_update(bpffs_native_map(native), &i, &entry);
		cond_resched();
	}
	return err ?: bpffs_map_freeze(native);
}

static struct bpffs_native *make_table(struct bpffs_loading *l,
				       const struct bpffs_plan_prog *pp,
				       const struct bpffs_plan_jump_table *table)
{
	static const char advice[] =
		", which kernels before 6.19 have not; compile without (-mcpu=v3)";
	union bpf_attr attr = {
		.map_type = BPFFS_MAP_TYPE_INSN_ARRAY,
		.key_size = sizeof(u32),
		.value_size = sizeof(struct table_entry),
		.max_entries = table->nr,
	};
	struct bpffs_native *native;
	int err;

	loading_kernel_name(attr.map_name, ".jumptables");
	native = bpffs_map_create(&attr, NULL, NULL);
	if (IS_ERR(native)) {
		bpffs_diag(l->diag, PTR_ERR(native),
			   "program %s: the kernel refuses its jump table of %u entries, a map of type %s (%u)%s",
			   pp->name, table->nr, bpffs_map_type_name(attr.map_type),
			   attr.map_type, PTR_ERR(native) == -EINVAL ? advice : "");
		return native;
	}
	err = fill_table(native, table);
	if (!err)
		return native;
	bpffs_native_put(native);
	return ERR_PTR(bpffs_diag(l->diag, err,
				  "program %s: its jump table of %u entries cannot be filled",
				  pp->name, table->nr));
}

/**
 * loading_jump_tables() - make the jump tables of a program
 * @l: the load; its maps are made
 * @pp: the program
 * @req: its request, with room in @refs for those that name a table; gets the
 *	tables behind the object's maps
 *
 * Return: 0; -ENOMEM; what the kernel says of the maps.
 * loading_put_jump_tables() is due in any case.
 */
int loading_jump_tables(struct bpffs_loading *l, const struct bpffs_plan_prog *pp,
			struct bpffs_prog_request *req)
{
	struct bpffs_native **maps, *native;
	u32 i, nr = l->plan->nr_maps;

	if (!pp->nr_jump_tables)
		return 0;
	maps = kvmalloc_array(nr + pp->nr_jump_tables, sizeof(*maps), GFP_KERNEL);
	if (!maps)
		return -ENOMEM;
	memcpy(maps, l->natives, nr * sizeof(*maps));
	req->maps = maps;
	for (i = 0; i < pp->nr_jump_tables; i++) {
		native = make_table(l, pp, &pp->jump_tables[i]);
		if (IS_ERR(native))
			return PTR_ERR(native);
		maps[req->nr_maps++] = native;
	}
	for (i = 0; i < pp->nr_jump_refs; i++) {
		req->refs[req->nr_refs].insn = pp->jump_refs[i].insn;
		req->refs[req->nr_refs++].map = nr + pp->jump_refs[i].map;
	}
	return 0;
}

/**
 * loading_put_jump_tables() - let go of what loading_jump_tables() made
 * @l: the load
 * @req: the request; names the object's maps only afterwards
 */
void loading_put_jump_tables(struct bpffs_loading *l, struct bpffs_prog_request *req)
{
	if (req->maps == l->natives)
		return;
	while (req->nr_maps > l->plan->nr_maps)
		bpffs_native_put(req->maps[--req->nr_maps]);
	kvfree(req->maps);
	req->maps = l->natives;
}
