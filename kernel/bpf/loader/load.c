// SPDX-License-Identifier: GPL-2.0
/*
 * Carries out a plan: asks the running kernel for the BTF, the maps and the
 * programs that it names. Nothing here knows where the results will be named.
 */
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/capability.h>
#include <linux/ctype.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include "object.h"
#include "verdict.h"
#include "../services/services.h"

/**
 * struct bpffs_loading - what a load under way holds
 * @load: what was asked for and what there is of the result
 * @plan: owned
 * @btf: native file of the object's BTF, owned; NULL without
 * @natives: native files of load->maps, borrowed from them
 * @diag: where refusals go
 */
struct bpffs_loading {
	struct bpffs_load *load;
	struct bpffs_plan *plan;
	struct bpffs_native *btf;
	struct bpffs_native **natives;
	struct bpffs_diag *diag;
};

/* All logs of one load together; what is beyond is cut off. */
#define LOG_MAX		(64U << 20)

/*
 * Appends what the verifier said of @what to the log of the load, and frees it.
 * Without memory for both the newer one stays: it is the one of a refusal.
 */
static void keep_log(struct bpffs_loading *l, const char *what,
		     struct bpffs_vlog *log)
{
	struct bpffs_vlog *all = l->load->vlog;
	size_t len;
	char *text;

	if (!log->text)
		return;
	len = all->len + strlen(what) + strlen(":\n") + log->len;
	text = len < LOG_MAX ? kvmalloc(len + 1, GFP_KERNEL_ACCOUNT) : NULL;
	if (!text) {
		swap(*all, *log);
		all->truncated = true;
		goto free;
	}
	if (all->len)
		memcpy(text, all->text, all->len);
	all->len += sprintf(text + all->len, "%s:\n", what);
	memcpy(text + all->len, log->text, log->len + 1);
	all->len = len;
	all->truncated |= log->truncated;
	kvfree(all->text);
	all->text = text;
free:
	bpffs_vlog_free(log);
}

static int make_object(struct bpffs_loading *l)
{
	struct bpffs_load *load = l->load;
	struct bpffs_plan *plan = l->plan;
	struct bpffs_object *object;

	object = kzalloc(sizeof(*object), GFP_KERNEL_ACCOUNT);
	if (!object)
		return -ENOMEM;
	kref_init(&object->ref);
	sha256(load->image, load->size, object->digest);
	object->size = load->size;
	object->uid = current_fsuid();
	get_task_comm(object->comm, current);
	ktime_get_real_ts64(&object->time);
	strscpy(object->license, plan->license, sizeof(object->license));
	/* The values outlive the plan, and so must their types. */
	object->btf_data = plan->btf_data;
	object->btf = plan->btf;
	plan->btf_data = NULL;
	memset(&plan->btf, 0, sizeof(plan->btf));
	load->object = object;
	return 0;
}

static int load_btf(struct bpffs_loading *l)
{
	struct bpffs_vlog vlog = {};
	struct bpffs_native *btf;

	if (!l->load->object->btf_data)
		return 0;
	btf = bpffs_btf_load(l->load->object->btf_data, l->plan->btf_size,
			     l->load->log_level, &vlog);
	keep_log(l, "BTF", &vlog);
	if (IS_ERR(btf))
		return bpffs_diag(l->diag, PTR_ERR(btf),
				  "the kernel refuses the object's BTF");
	l->btf = btf;
	return 0;
}

static void init_format(struct bpffs_map *map, const struct bpffs_plan_map *pm)
{
	struct bpffs_format *format = &map->format;

	format->btf = map->object->btf_data ? &map->object->btf : NULL;
	format->key_type = pm->key_type;
	format->value_type = pm->value_type;
	/* A data section is one value, and has no key as text. */
	if (pm->origin == BPFFS_MAP_DEFINED)
		format->key_size = map->map->key_size;
	format->value_size = map->map->value_size;
	if (bpffs_map_is_percpu(map->map)) {
		format->nr_cpus = num_possible_cpus();
		format->stride = round_up(map->map->value_size, 8);
	}
}

static struct bpffs_map *alloc_map(struct bpffs_object *object,
				   const struct bpffs_plan_map *pm)
{
	struct bpffs_map *map;

	map = kzalloc(struct_size(map, name, strlen(pm->name) + 1),
		      GFP_KERNEL_ACCOUNT);
	if (!map)
		return NULL;
	kref_init(&map->ref);
	map->object = bpffs_object_get(object);
	map->record_type = pm->record_type;
	map->origin = pm->origin;
	strcpy(map->name, pm->name);
	return map;
}

/* The kernel takes names of 15 bytes made of letters, digits, '_' and '.'. */
static void kernel_name(char *to, const char *from)
{
	int i;

	for (i = 0; from[i] && i < BPF_OBJ_NAME_LEN - 1; i++)
		to[i] = isalnum(from[i]) || from[i] == '.' ? from[i] : '_';
}

static struct bpffs_native *create_native_map(struct bpffs_loading *l,
					      const struct bpffs_plan_map *pm)
{
	union bpf_attr attr = {
		.map_type = pm->type,
		.key_size = pm->key_size,
		.value_size = pm->value_size,
		.max_entries = pm->max_entries,
		.map_flags = pm->flags,
		.numa_node = pm->numa_node,
		.map_extra = pm->map_extra,
		.btf_key_type_id = pm->key_type,
		.btf_value_type_id = pm->value_type,
	};
	struct bpffs_native *native;

	kernel_name(attr.map_name, pm->name);
	native = bpffs_map_create(&attr, pm->value_type ? l->btf : NULL);
	if (!IS_ERR(native) || !pm->value_type)
		return native;
	/*
	 * Some maps take types that the core cannot describe, a struct as the
	 * key of an array among them. As libbpf does, such a map is made
	 * without; its text still follows the object's own BTF.
	 */
	if (PTR_ERR(native) != -EINVAL && PTR_ERR(native) != -EOPNOTSUPP)
		return native;
	attr.btf_key_type_id = 0;
	attr.btf_value_type_id = 0;
	return bpffs_map_create(&attr, NULL);
}

static int fill_map(struct bpffs_map *map, const struct bpffs_plan_map *pm)
{
	u32 zero = 0;
	int err;

	if (pm->data) {
		err = bpffs_map_update(map->map, &zero, pm->data);
		if (err)
			return err;
	}
	/* The verifier trusts what it reads from here: nobody may write it. */
	if (pm->origin == BPFFS_MAP_RODATA)
		return bpffs_map_freeze(map->native);
	return 0;
}

static int load_map(struct bpffs_loading *l, u32 index)
{
	const struct bpffs_plan_map *pm = &l->plan->maps[index];
	struct bpffs_load *load = l->load;
	struct bpffs_map *map;
	struct bpffs_native *native;
	int err;

	map = alloc_map(load->object, pm);
	if (!map)
		return -ENOMEM;
	load->maps[load->nr_maps++] = map;
	native = create_native_map(l, pm);
	if (IS_ERR(native))
		return bpffs_diag(l->diag, PTR_ERR(native),
				  "map %s: the kernel refuses type %u with key_size %u, value_size %u, max_entries %u, flags %#x",
				  pm->name, pm->type, pm->key_size, pm->value_size,
				  pm->max_entries, pm->flags);
	map->native = native;
	map->map = bpffs_native_map(native);
	l->natives[index] = native;
	init_format(map, pm);
	err = fill_map(map, pm);
	if (err)
		return bpffs_diag(l->diag, err,
				  "map %s: its initial contents cannot be set",
				  pm->name);
	return 0;
}

static int load_maps(struct bpffs_loading *l)
{
	u32 i, nr = l->plan->nr_maps;
	int err;

	if (!nr)
		return 0;
	l->load->maps = kvcalloc(nr, sizeof(*l->load->maps), GFP_KERNEL_ACCOUNT);
	l->natives = kvcalloc(nr, sizeof(*l->natives), GFP_KERNEL_ACCOUNT);
	if (!l->load->maps || !l->natives)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		err = load_map(l, i);
		if (err)
			return err;
	}
	return 0;
}

/* The name under which the kernel's BTF knows what a program attaches to. */
static int find_attach_btf(struct bpffs_loading *l,
			   const struct bpffs_plan_prog *pp,
			   struct bpffs_prog_request *req)
{
	bool tracepoint = pp->def->attach_type == BPF_TRACE_RAW_TP;
	char *name;
	u32 id;
	int err;

	if (!(pp->def->flags & BPFFS_SEC_ATTACH_BTF))
		return 0;
	if (!*pp->target)
		return bpffs_diag(l->diag, -EINVAL,
				  "program %s: section %s names no target; write SEC(\"%s/TARGET\") or set progs.%s.attach_to",
				  pp->name, pp->section, pp->def->prefix, pp->name);
	name = kasprintf(GFP_KERNEL, "%s%s", tracepoint ? "btf_trace_" : "",
			 pp->target);
	if (!name)
		return -ENOMEM;
	err = bpffs_kernel_btf_find(name, tracepoint ? BTF_KIND_TYPEDEF : BTF_KIND_FUNC,
				    &id, &req->attach_btf);
	kfree(name);
	if (err)
		return bpffs_diag(l->diag, err,
				  "program %s: the kernel's BTF has no %s %s", pp->name,
				  tracepoint ? "tracepoint" : "function", pp->target);
	req->attr.attach_btf_id = id;
	return 0;
}

static void tell_verdict(struct bpffs_loading *l,
			 const struct bpffs_plan_prog *pp,
			 const struct bpffs_vlog *vlog, int err)
{
	struct bpffs_verdict verdict = {};

	if (vlog->text)
		bpffs_verdict_find(&verdict, vlog->text, vlog->len, pp,
				   &l->load->object->btf);
	if (!verdict.sentence)
		bpffs_diag(l->diag, err, "program %s: the kernel refuses it", pp->name);
	else if (verdict.line)
		bpffs_diag(l->diag, err, "program %s: %.*s (%s:%u)", pp->name,
			   (int)min_t(size_t, verdict.sentence_len, 300),
			   verdict.sentence, verdict.file, verdict.line);
	else
		bpffs_diag(l->diag, err, "program %s: %.*s", pp->name,
			   (int)min_t(size_t, verdict.sentence_len, 300),
			   verdict.sentence);
}

static void init_request(struct bpffs_loading *l, struct bpffs_plan_prog *pp,
			 struct bpffs_prog_request *req)
{
	union bpf_attr *attr = &req->attr;

	attr->prog_type = pp->def->type;
	attr->expected_attach_type = pp->def->attach_type;
	attr->prog_flags = pp->prog_flags;
	attr->insns = (u64)(unsigned long)pp->insns;
	attr->insn_cnt = pp->nr_insns;
	attr->license = (u64)(unsigned long)l->plan->license;
	kernel_name(attr->prog_name, pp->name);
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
}

static int copy_slots(const struct bpffs_plan_prog *pp,
		      struct bpffs_prog_request *req)
{
	u32 i;

	if (!pp->nr_map_refs)
		return 0;
	req->refs = kvmalloc_array(pp->nr_map_refs, sizeof(*req->refs), GFP_KERNEL);
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
	struct bpffs_vlog vlog = {};
	struct bpffs_prog *prog;
	struct bpffs_native *native;
	int err;

	prog = alloc_prog(l, pp);
	if (!prog)
		return -ENOMEM;
	l->load->progs[l->load->nr_progs++] = prog;
	init_request(l, pp, &req);
	err = find_attach_btf(l, pp, &req);
	if (err)
		return err;
	err = copy_slots(pp, &req);
	if (err)
		goto put_attach_btf;
	native = bpffs_prog_load(&req, &vlog);
	kvfree(req.refs);
	if (vlog.text)
		bpffs_log_mask(vlog.text, vlog.len);
	if (IS_ERR(native)) {
		err = PTR_ERR(native);
		tell_verdict(l, pp, &vlog, err);
	}
	keep_log(l, pp->name, &vlog);
	if (err)
		goto put_attach_btf;
	prog->native = native;
	prog->prog = bpffs_native_prog(native);
put_attach_btf:
	if (req.attach_btf)
		bpffs_native_put(req.attach_btf);
	return err;
}

static int load_progs(struct bpffs_loading *l)
{
	u32 i, nr = l->plan->nr_progs;
	int err;

	if (!nr)
		return 0;
	l->load->progs = kvcalloc(nr, sizeof(*l->load->progs), GFP_KERNEL_ACCOUNT);
	if (!l->load->progs)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		if (!l->plan->progs[i].autoload)
			continue;
		if (signal_pending(current))
			return bpffs_diag(l->diag, -EINTR,
					  "program %s: interrupted before it was loaded",
					  l->plan->progs[i].name);
		err = load_prog(l, &l->plan->progs[i]);
		if (err)
			return err;
	}
	return 0;
}

static int make_var(struct bpffs_load *load, const struct bpffs_plan_var *pv)
{
	struct bpffs_var *var;

	var = kzalloc(struct_size(var, name, strlen(pv->name) + 1),
		      GFP_KERNEL_ACCOUNT);
	if (!var)
		return -ENOMEM;
	kref_init(&var->ref);
	var->map = bpffs_map_get(load->maps[pv->map]);
	var->offset = pv->offset;
	var->size = pv->size;
	var->type = pv->type;
	strcpy(var->name, pv->name);
	load->vars[load->nr_vars++] = var;
	return 0;
}

static int make_vars(struct bpffs_loading *l)
{
	u32 i, nr = l->plan->nr_vars;
	int err;

	if (!nr)
		return 0;
	l->load->vars = kvcalloc(nr, sizeof(*l->load->vars), GFP_KERNEL_ACCOUNT);
	if (!l->load->vars)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		err = make_var(l->load, &l->plan->vars[i]);
		if (err)
			return err;
	}
	return 0;
}

static int read_log_level(struct bpffs_load *load, struct bpffs_diag *diag)
{
	const struct bpffs_setting *setting;
	u64 level = 0;
	int err;

	setting = bpffs_config_find(load->config, "log_level");
	if (!setting)
		return 0;
	err = bpffs_parse_u64(setting->value, strlen(setting->value), 7, &level, diag);
	load->log_level = level;
	return err;
}

/**
 * bpffs_object_load() - have the running kernel take an object
 * @load: what to load and where to put the result, see there
 * @diag: one sentence about a refusal
 *
 * Judges with current_cred(). Sleeps, for as long as the verifier needs; a
 * fatal signal ends it.
 *
 * Return: 0, or a negative errno. -EPERM without CAP_BPF, -ENOEXEC for what is
 * no BPF object, -EOPNOTSUPP for what is understood and not supported, -EINTR
 * after a signal, -EMFILE where the task has too few descriptors left, else
 * what the kernel said of the map or program that the sentence names.
 */
int bpffs_object_load(struct bpffs_load *load, struct bpffs_diag *diag)
{
	struct bpffs_loading l = { .load = load, .diag = diag };
	int err;

	if (!bpf_capable())
		return bpffs_diag(diag, -EPERM, "loading a program needs CAP_BPF");
	err = read_log_level(load, diag);
	if (err)
		return err;
	l.plan = bpffs_plan_build(load->image, load->size, load->config, diag);
	if (IS_ERR(l.plan))
		return PTR_ERR(l.plan);
	err = make_object(&l);
	if (err)
		goto out;
	err = load_btf(&l);
	if (err)
		goto out;
	err = load_maps(&l);
	if (err)
		goto out;
	err = load_progs(&l);
	if (err)
		goto out;
	err = make_vars(&l);
out:
	if (err == -ENOMEM)
		bpffs_diag(diag, err, "out of memory");
	kvfree(l.natives);
	if (l.btf)
		bpffs_native_put(l.btf);
	bpffs_plan_free(l.plan);
	return err;
}

/**
 * bpffs_load_release() - give back what is left in a load's result
 * @load: a load after bpffs_object_load(), whatever that returned
 *
 * References that the caller keeps it takes of its own first.
 */
void bpffs_load_release(struct bpffs_load *load)
{
	u32 i;

	for (i = 0; i < load->nr_vars; i++)
		bpffs_var_put(load->vars[i]);
	for (i = 0; i < load->nr_progs; i++)
		bpffs_prog_put(load->progs[i]);
	for (i = 0; i < load->nr_maps; i++)
		bpffs_map_put(load->maps[i]);
	kvfree(load->vars);
	kvfree(load->progs);
	kvfree(load->maps);
	bpffs_object_put(load->object);
}
