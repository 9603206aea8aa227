// SPDX-License-Identifier: GPL-2.0
/*
 * Carries out a plan: asks the running kernel for the BTF, the maps and the
 * programs that it names. Nothing here knows where the results will be named.
 */
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/ctype.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include "loading.h"

/* All logs of one load together; one of them alone may have as much. */
#define LOG_MAX		(64U << 20)

static const char left_out[] = "(the logs before this one are left out)\n";

static bool make_room(struct bpffs_vlog *all, size_t need)
{
	size_t room = max(need, min_t(size_t, 2 * all->room, LOG_MAX));
	char *text;

	if (need <= all->room)
		return true;
	text = kvmalloc(room, GFP_KERNEL_ACCOUNT);
	if (!text)
		return false;
	if (all->len)
		memcpy(text, all->text, all->len);
	kvfree(all->text);
	all->text = text;
	all->room = room;
	return true;
}

/**
 * loading_keep_log() - append what the verifier said to the log of the load
 * @l: the load
 * @what: name of what it was said of
 * @log: freed
 *
 * Where there is no room for both the newer one stays: it is the one of a
 * refusal.
 */
void loading_keep_log(struct bpffs_loading *l, const char *what,
		      struct bpffs_vlog *log)
{
	size_t more = sizeof(left_out) + strlen(what) + strlen(":\n") + log->len;
	struct bpffs_vlog *all = l->load->vlog;
	const char *remark = "";

	if (!log->text)
		return;
	if (all->len && all->len + more > LOG_MAX) {
		bpffs_vlog_free(all);
		remark = left_out;
	}
	if (!make_room(all, all->len + more)) {
		swap(*all, *log);
		goto free;
	}
	all->len += sprintf(all->text + all->len, "%s%s:\n", remark, what);
	memcpy(all->text + all->len, log->text, log->len + 1);
	all->len += log->len;
free:
	bpffs_vlog_free(log);
}

/**
 * loading_kernel_name() - a name as the kernel takes it for its own lists
 * @to: receives it, BPF_OBJ_NAME_LEN bytes of zeroes before
 * @from: the name in the object
 *
 * The kernel takes 15 bytes made of letters, digits, '_' and '.'.
 */
void loading_kernel_name(char *to, const char *from)
{
	int i;

	for (i = 0; from[i] && i < BPF_OBJ_NAME_LEN - 1; i++)
		to[i] = isalnum(from[i]) || from[i] == '.' ? from[i] : '_';
}

/**
 * loading_check_signal() - whether the load is to stop here
 * @l: the load
 * @what: is next: "map" or the like
 * @name: of it
 * @done: what is next done to it, a participle
 *
 * Return: 0, or -EINTR with a sentence if a signal is pending.
 */
int loading_check_signal(struct bpffs_loading *l, const char *what, const char *name,
			 const char *done)
{
	if (!signal_pending(current))
		return 0;
	return bpffs_diag(l->diag, -EINTR, "%s %s: interrupted before it was %s", what,
			  name, done);
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
	bpffs_digest(load->image, load->size, object->digest);
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

static int make_var(struct bpffs_load *load, const struct bpffs_plan_var *pv)
{
	struct bpffs_var *var;

	var = kzalloc(struct_size(var, name, strlen(pv->name) + 1),
		      GFP_KERNEL_ACCOUNT);
	if (!var)
		return -ENOMEM;
	kref_init(&var->ref);
	var->map = bpffs_map_get(load->maps[pv->map]);
	var->object = bpffs_object_get(load->object);
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
		/* What is there once for each CPU, the map shows. */
		if (l->plan->maps[l->plan->vars[i].map].origin == BPFFS_MAP_PERCPU_DATA)
			continue;
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
	if (bpffs_has_ctx_args(l.plan) && !bpffs_kernel_knows_ctx_args()) {
		err = bpffs_fit_ctx_args(l.plan, diag);
		if (err)
			goto out;
	}
	err = loading_find_maps(&l);
	if (err)
		goto out;
	err = make_object(&l);
	if (err)
		goto out;
	err = loading_btf(&l);
	if (err)
		goto out;
	err = loading_externs(&l);
	if (err)
		goto out;
	err = loading_struct_ops(&l);
	if (err)
		goto out;
	err = loading_maps(&l);
	if (err)
		goto out;
	err = loading_progs(&l);
	if (err)
		goto out;
	err = make_vars(&l);
	if (err)
		goto out;
	err = loading_bind_struct_ops(&l);
	if (err)
		goto out;
	err = loading_prog_slots(&l);
out:
	if (err == -ENOMEM)
		bpffs_diag(diag, err, "out of memory");
	if (l.plan->remarks.len)
		load->remarks = kstrdup(l.plan->remarks.text, GFP_KERNEL_ACCOUNT);
	loading_drop_struct_ops(&l);
	loading_drop_externs(&l);
	kvfree(l.progs);
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
	for (i = 0; i < load->nr_maps; i++) {
		bpffs_map_put(load->maps[i]);
		kfree(load->map_names[i]);
	}
	kvfree(load->slots);
	kvfree(load->vars);
	kvfree(load->progs);
	kvfree(load->map_names);
	kvfree(load->map_flags);
	kvfree(load->maps);
	kfree(load->remarks);
	bpffs_object_put(load->object);
}
