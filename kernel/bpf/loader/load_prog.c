// SPDX-License-Identifier: GPL-2.0
/* The programs of a plan, verified and compiled. */
#include <linux/bpf.h>
#include <linux/slab.h>
#include "loading.h"
#include "verdict.h"

/* Longest sentence that is taken over, so that what is around it fits too. */
#define SENTENCE_MAX	300

/* What is refused before or after the verifier looks at it is so without a word. */
static void tell_silence(struct bpffs_loading *l, const struct bpffs_plan_prog *pp,
			 const union bpf_attr *attr, bool verified, int err)
{
	if (err == -EINVAL && !verified)
		bpffs_diag(l->diag, err,
			   "program %s: the kernel refuses it without a reason, as it does where it knows or allows no type %s (%u) with expected attach type %u, which section %s stands for",
			   pp->name, bpffs_prog_type_name(attr->prog_type), attr->prog_type,
			   attr->expected_attach_type, pp->section);
	else if (err == -E2BIG)
		bpffs_diag(l->diag, err,
			   "program %s: the kernel refuses it, as it does with more than 1000000 instructions on all paths; a loop without a bound?",
			   pp->name);
	else
		bpffs_diag(l->diag, err, "program %s: the kernel refuses it", pp->name);
}

static void tell_verdict(struct bpffs_loading *l,
			 const struct bpffs_plan_prog *pp,
			 const union bpf_attr *attr,
			 const struct bpffs_vlog *vlog, int err)
{
	const struct bpffs_btf *btf = &l->load->object->btf;
	struct bpffs_verdict verdict = {};
	char better[SENTENCE_MAX + 1];

	if (vlog->text)
		bpffs_verdict_find(&verdict, vlog->text, vlog->len, pp, btf);
	if (bpffs_verdict_explain(&verdict, l->plan, pp, btf, better, sizeof(better))) {
		verdict.sentence = better;
		verdict.sentence_len = strlen(better);
	}
	verdict.sentence_len = min_t(size_t, verdict.sentence_len, SENTENCE_MAX);
	if (!verdict.sentence)
		tell_silence(l, pp, attr, vlog->text || vlog->lost, err);
	else if (verdict.line)
		bpffs_diag(l->diag, err, "program %s: %.*s (%s:%u)", pp->name,
			   (int)verdict.sentence_len, verdict.sentence,
			   verdict.file, verdict.line);
	else
		bpffs_diag(l->diag, err, "program %s: %.*s", pp->name,
			   (int)verdict.sentence_len, verdict.sentence);
}

static void init_request(struct bpffs_loading *l, struct bpffs_plan_prog *pp,
			 struct bpffs_prog_request *req)
{
	union bpf_attr *attr = &req->attr;

	attr->prog_type = pp->def->type;
	attr->prog_flags = pp->prog_flags;
	attr->insns = (u64)(unsigned long)pp->insns;
	attr->insn_cnt = pp->nr_insns;
	attr->license = (u64)(unsigned long)l->plan->license;
	loading_kernel_name(attr->prog_name, pp->name);
	if (l->btf) {
		attr->func_info_rec_size = sizeof(*pp->func_info);
		attr->func_info = (u64)(unsigned long)pp->func_info;
		attr->func_info_cnt = pp->nr_func_info;
		attr->line_info_rec_size = sizeof(*pp->line_info);
		attr->line_info = (u64)(unsigned long)pp->line_info;
		attr->line_info_cnt = pp->nr_line_info;
		attr->core_relo_rec_size = sizeof(*pp->core_relos);
		attr->core_relos = (u64)(unsigned long)pp->core_relos;
		attr->core_relo_cnt = pp->nr_core_relos;
	}
	req->btf = l->btf;
	req->maps = l->natives;
	req->nr_maps = l->plan->nr_maps;
	req->log_level = l->load->log_level;
	req->no_dump = l->load->no_dump;
}

static int copy_slots(const struct bpffs_plan_prog *pp,
		      struct bpffs_prog_request *req)
{
	u32 i, nr = pp->nr_map_refs + pp->nr_jump_refs;

	if (!nr)
		return 0;
	req->refs = kvmalloc_array(nr, sizeof(*req->refs), GFP_KERNEL);
	if (!req->refs)
		return -ENOMEM;
	for (i = 0; i < pp->nr_map_refs; i++) {
		req->refs[i].insn = pp->map_refs[i].insn;
		req->refs[i].map = pp->map_refs[i].map;
	}
	req->nr_refs = pp->nr_map_refs;
	return 0;
}

/* Every map once, however many instructions name it. */
static int keep_maps(struct bpffs_loading *l, struct bpffs_prog *prog,
		     const struct bpffs_plan_prog *pp)
{
	u32 i, j;

	if (!pp->nr_map_refs)
		return 0;
	prog->maps = kcalloc(min(pp->nr_map_refs, l->plan->nr_maps),
			     sizeof(*prog->maps), GFP_KERNEL_ACCOUNT);
	if (!prog->maps)
		return -ENOMEM;
	for (i = 0; i < pp->nr_map_refs; i++) {
		struct bpffs_map *map = l->load->maps[pp->map_refs[i].map];

		for (j = 0; j < prog->nr_maps; j++)
			if (prog->maps[j] == map)
				break;
		if (j == prog->nr_maps)
			prog->maps[prog->nr_maps++] = bpffs_map_get(map);
	}
	return 0;
}

static struct bpffs_prog *alloc_prog(struct bpffs_loading *l,
				     const struct bpffs_plan_prog *pp)
{
	struct bpffs_prog *prog;

	prog = kzalloc(struct_size(prog, name, strlen(pp->name) + 1),
		       GFP_KERNEL_ACCOUNT);
	if (!prog)
		return NULL;
	kref_init(&prog->ref);
	prog->object = bpffs_object_get(l->load->object);
	prog->def = pp->def;
	strcpy(prog->name, pp->name);
	prog->section = kstrdup(pp->section, GFP_KERNEL_ACCOUNT);
	prog->target = kstrdup(pp->target, GFP_KERNEL_ACCOUNT);
	if (!prog->section || !prog->target || keep_maps(l, prog, pp)) {
		bpffs_prog_put(prog);
		return NULL;
	}
	return prog;
}

static int load_prog(struct bpffs_loading *l, struct bpffs_plan_prog *pp)
{
	struct bpffs_prog_request req = {};
	struct loading_target target = {};
	struct bpffs_vlog vlog = {};
	struct bpffs_prog *prog;
	struct bpffs_native *native;
	int err;

	prog = alloc_prog(l, pp);
	if (!prog)
		return -ENOMEM;
	l->load->progs[l->load->nr_progs++] = prog;
	init_request(l, pp, &req);
	err = loading_find_target(l, pp, &target);
	if (err)
		return err;
	req.attr.expected_attach_type = target.attach_type;
	req.attr.attach_btf_id = target.id;
	req.attach_to = target.native;
	loading_point_into_arena(l, pp);
	err = copy_slots(pp, &req);
	if (!err)
		err = loading_jump_tables(l, pp, &req);
	if (!err)
		err = loading_fill_externs(l, pp, &req);
	if (err)
		goto put_target;
	native = bpffs_prog_load(&req, &vlog);
	if (vlog.text)
		bpffs_log_mask(vlog.text, vlog.len);
	if (IS_ERR(native)) {
		err = PTR_ERR(native);
		tell_verdict(l, pp, &req.attr, &vlog, err);
	}
	loading_keep_log(l, pp->name, &vlog);
	if (err)
		goto put_target;
	prog->native = native;
	prog->prog = bpffs_native_prog(native);
	l->progs[pp - l->plan->progs] = prog;
put_target:
	loading_put_jump_tables(l, &req);
	kvfree(req.btf_refs);
	kvfree(req.refs);
	loading_put_target(&target);
	return err;
}

/**
 * loading_progs() - have the programs of the plan verified and compiled
 * @l: the load; its maps are made
 *
 * Return: 0; -ENOMEM; -EINTR after a signal; what the kernel says of the
 * program that the sentence names.
 */
int loading_progs(struct bpffs_loading *l)
{
	u32 i, nr = l->plan->nr_progs;
	int err;

	if (!nr)
		return 0;
	l->load->progs = kvcalloc(nr, sizeof(*l->load->progs), GFP_KERNEL_ACCOUNT);
	l->progs = kvcalloc(nr, sizeof(*l->progs), GFP_KERNEL);
	if (!l->load->progs || !l->progs)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		if (!l->plan->progs[i].autoload)
			continue;
		err = loading_check_signal(l, "program", l->plan->progs[i].name,
					   "loaded");
		if (!err)
			err = load_prog(l, &l->plan->progs[i]);
		if (err)
			return err;
	}
	return 0;
}
