// SPDX-License-Identifier: GPL-2.0
/* The object's BTF, as far as the running kernel takes it. */
#include <linux/bpf.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include "loading.h"
#include "verdict.h"

/* Is it the BTF that the kernel refuses, and not the caller or the moment? */
static bool is_verdict(int err)
{
	return err == -EINVAL || err == -E2BIG || err == -EOPNOTSUPP;
}

/* What was said of the BTF before, @err, holds where nothing can be softened. */
static struct bpffs_native *load_softened(struct bpffs_loading *l,
					  struct bpffs_vlog *vlog, int err)
{
	struct bpffs_object *object = l->load->object;
	struct bpffs_native *btf = ERR_PTR(err);
	void *copy;

	copy = kvmalloc(l->plan->btf_size, GFP_KERNEL_ACCOUNT);
	if (!copy)
		return ERR_PTR(-ENOMEM);
	memcpy(copy, object->btf_data, l->plan->btf_size);
	if (bpffs_btf_soften(copy, &object->btf)) {
		bpffs_vlog_free(vlog);
		btf = bpffs_btf_load(copy, l->plan->btf_size, l->load->log_level, vlog);
	}
	kvfree(copy);
	return btf;
}

static bool plan_needs_btf(const struct bpffs_plan *plan)
{
	u32 i;

	for (i = 0; i < plan->nr_maps; i++)
		if (plan->maps[i].type == BPF_MAP_TYPE_STRUCT_OPS)
			return true;
	for (i = 0; i < plan->nr_progs; i++)
		if (plan->progs[i].nr_core_relos)
			return true;
	return false;
}

/* The last thing that the kernel said of the BTF. */
static void find_reason(struct bpffs_loading *l, const struct bpffs_vlog *vlog,
			char *buf, size_t size)
{
	static const struct bpffs_plan_prog no_prog;
	struct bpffs_verdict verdict = {};

	if (vlog->text)
		bpffs_verdict_find(&verdict, vlog->text, vlog->len, &no_prog,
				   &l->load->object->btf);
	if (verdict.sentence)
		snprintf(buf, size, ": %.*s", (int)min(verdict.sentence_len, size),
			 verdict.sentence);
	else
		*buf = '\0';
}

/* Without it values still read as text: that is by the object's own BTF. */
static int go_without(struct bpffs_loading *l, const struct bpffs_vlog *vlog, int err)
{
	char reason[200];

	find_reason(l, vlog, reason, sizeof(reason));
	if (!is_verdict(err) || plan_needs_btf(l->plan))
		return bpffs_diag(l->diag, err, "the kernel refuses the object's BTF%s",
				  reason);
	bpffs_remark(&l->plan->remarks,
		     "the kernel refuses the object's BTF, so it knows no types of its maps and programs%s",
		     reason);
	return 0;
}

/**
 * loading_btf() - give the kernel the object's BTF
 * @l: the load; its object is made
 *
 * BTF that is newer than the kernel is put into words that it knows. One that
 * it refuses all the same is done without where nothing depends on it: neither
 * CO-RE, which the kernel applies, nor struct_ops.
 *
 * Return: 0, with l->btf NULL where the kernel has none; -ENOMEM; what
 * bpffs_btf_load() says.
 */
int loading_btf(struct bpffs_loading *l)
{
	struct bpffs_vlog vlog = {};
	struct bpffs_native *btf;
	int err;

	if (!l->load->object->btf_data)
		return 0;
	btf = bpffs_btf_load(l->load->object->btf_data, l->plan->btf_size,
			     l->load->log_level, &vlog);
	err = PTR_ERR_OR_ZERO(btf);
	if (err == -EINVAL || err == -EOPNOTSUPP)
		btf = load_softened(l, &vlog, err);
	err = PTR_ERR_OR_ZERO(btf);
	if (err)
		err = go_without(l, &vlog, err);
	else
		l->btf = btf;
	loading_keep_log(l, "BTF", &vlog);
	return err;
}
