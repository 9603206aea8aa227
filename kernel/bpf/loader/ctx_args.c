// SPDX-License-Identifier: GPL-2.0
/*
 * Arguments that are said to be a program's context.
 *
 * A global function is verified alone, by the types of its arguments. One that
 * programs of several types call can take their contexts as a void pointer with
 * the tag "arg:ctx", which kernels know since 6.8. To those before, each program
 * gives a prototype in which the argument points to a struct of the name that
 * contexts of its type have.
 */
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include "kernel_numbers.h"
#include "plan.h"

#define TAG		"arg:ctx"

/* So many tags may there be, and so many bytes of types for them. */
#define MAX_TAGS	16384U
#define MAX_TYPES	(1024U << 10)

/* All of ctx_names. */
#define MAX_NAMES	1024U

/* What contexts are called, by type of program. */
static const struct ctx_name {
	u32 type;
	const char *name;
} ctx_names[] = {
	{ BPF_PROG_TYPE_CGROUP_DEVICE,		"bpf_cgroup_dev_ctx" },
	{ BPF_PROG_TYPE_CGROUP_SKB,		"__sk_buff" },
	{ BPF_PROG_TYPE_CGROUP_SOCK,		"bpf_sock" },
	{ BPF_PROG_TYPE_CGROUP_SOCK_ADDR,	"bpf_sock_addr" },
	{ BPF_PROG_TYPE_CGROUP_SOCKOPT,		"bpf_sockopt" },
	{ BPF_PROG_TYPE_CGROUP_SYSCTL,		"bpf_sysctl" },
	{ BPF_PROG_TYPE_FLOW_DISSECTOR,		"__sk_buff" },
	{ BPF_PROG_TYPE_KPROBE,			"bpf_user_pt_regs_t" },
	{ BPF_PROG_TYPE_LWT_IN,			"__sk_buff" },
	{ BPF_PROG_TYPE_LWT_OUT,		"__sk_buff" },
	{ BPF_PROG_TYPE_LWT_SEG6LOCAL,		"__sk_buff" },
	{ BPF_PROG_TYPE_LWT_XMIT,		"__sk_buff" },
	{ BPFFS_PROG_TYPE_NETFILTER,		"bpf_nf_ctx" },
	{ BPF_PROG_TYPE_PERF_EVENT,		"bpf_perf_event_data" },
	{ BPF_PROG_TYPE_RAW_TRACEPOINT,		"bpf_raw_tracepoint_args" },
	{ BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE, "bpf_raw_tracepoint_args" },
	{ BPF_PROG_TYPE_SCHED_ACT,		"__sk_buff" },
	{ BPF_PROG_TYPE_SCHED_CLS,		"__sk_buff" },
	{ BPF_PROG_TYPE_SK_LOOKUP,		"bpf_sk_lookup" },
	{ BPF_PROG_TYPE_SK_MSG,			"sk_msg_md" },
	{ BPF_PROG_TYPE_SK_REUSEPORT,		"sk_reuseport_md" },
	{ BPF_PROG_TYPE_SK_SKB,			"__sk_buff" },
	{ BPF_PROG_TYPE_SOCKET_FILTER,		"__sk_buff" },
	{ BPF_PROG_TYPE_SOCK_OPS,		"bpf_sock_ops" },
	{ BPF_PROG_TYPE_XDP,			"xdp_md" },
};

#define NR_NAMES	ARRAY_SIZE(ctx_names)

/* A function, and which of its arguments is tagged or what type is a tag of it. */
struct func_tag {
	u32 func;
	u32 what;
};

/**
 * struct ctx_args - prototypes in the making
 * @plan: whose programs they are for
 * @diag: where refusals go
 * @tags: tagged arguments by their index, sorted by function and argument
 * @nr_tags: their number
 * @others: ids of all tags that these functions have, sorted likewise
 * @nr_others: their number
 * @fitted: for each tag that is the first of its function, and each of
 *	@ctx_names, the function in its new form; 0 for none yet
 * @ctx: for each of @ctx_names the pointer to a context, 0 for none yet
 * @types: MAX_TYPES bytes for types behind those of the object
 * @len: bytes used of it
 * @next: id of the next type
 * @names: MAX_NAMES bytes for names behind those of the object
 * @names_len: bytes used of it
 */
struct ctx_args {
	struct bpffs_plan *plan;
	struct bpffs_diag *diag;
	struct func_tag *tags;
	u32 nr_tags;
	struct func_tag *others;
	u32 nr_others;
	u32 (*fitted)[NR_NAMES];
	u32 ctx[NR_NAMES];
	void *types;
	u32 len;
	u32 next;
	char *names;
	u32 names_len;
};

static const struct btf_type *proto_of(const struct bpffs_btf *btf, u32 func)
{
	const struct btf_type *t = bpffs_btf_type(btf, func);

	if (!t || bpffs_btf_kind(t) != BTF_KIND_FUNC ||
	    BTF_INFO_VLEN(t->info) != BTF_FUNC_GLOBAL)
		return NULL;
	return bpffs_btf_type(btf, t->type);
}

/* Whether type @id is a tag of an argument of a global function. */
static bool is_ctx_tag(const struct bpffs_btf *btf, u32 id, struct func_tag *tag)
{
	const struct btf_type *proto, *t = bpffs_btf_type(btf, id);
	const struct btf_decl_tag *where = bpffs_btf_tail(t);

	if (bpffs_btf_kind(t) != BTF_KIND_DECL_TAG || where->component_idx < 0 ||
	    strcmp(bpffs_btf_name(btf, t->name_off), TAG))
		return false;
	tag->func = t->type;
	tag->what = where->component_idx;
	proto = proto_of(btf, t->type);
	return proto && tag->what < BTF_INFO_VLEN(proto->info);
}

/**
 * bpffs_has_ctx_args() - whether functions say that an argument is a context
 * @plan: any plan
 *
 * Return: true if bpffs_fit_ctx_args() may have something to do.
 */
bool bpffs_has_ctx_args(const struct bpffs_plan *plan)
{
	struct func_tag tag;
	u32 id;

	for (id = 1; id < plan->btf.nr_types; id++)
		if (is_ctx_tag(&plan->btf, id, &tag))
			return true;
	return false;
}

static int tags_compare(const void *a, const void *b)
{
	const struct func_tag *left = a, *right = b;

	if (left->func != right->func)
		return left->func < right->func ? -1 : 1;
	return left->what < right->what ? -1 : left->what > right->what;
}

/* The first of @tags that is of a function; @nr where it has none. */
static u32 first_of(const struct func_tag *tags, u32 nr, u32 func)
{
	u32 low = 0, high = nr, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (tags[mid].func < func)
			low = mid + 1;
		else
			high = mid;
	}
	return low < nr && tags[low].func == func ? low : nr;
}

static u32 count_tags(const struct bpffs_btf *btf)
{
	struct func_tag tag;
	u32 id, nr = 0;

	for (id = 1; id < btf->nr_types; id++)
		nr += is_ctx_tag(btf, id, &tag);
	return nr;
}

static int list_tags(struct ctx_args *args)
{
	const struct bpffs_btf *btf = &args->plan->btf;
	u32 id, nr = count_tags(btf);
	struct func_tag tag;

	if (nr > MAX_TAGS)
		return bpffs_diag(args->diag, -E2BIG,
				  "section .BTF: %u arguments are tagged \"%s\"; there may be %u",
				  nr, TAG, MAX_TAGS);
	args->tags = kvmalloc_array(nr, sizeof(*args->tags), GFP_KERNEL_ACCOUNT);
	args->fitted = kvcalloc(nr, sizeof(*args->fitted), GFP_KERNEL_ACCOUNT);
	if (!args->tags || !args->fitted)
		return -ENOMEM;
	for (id = 1; id < btf->nr_types; id++) {
		if (is_ctx_tag(btf, id, &tag))
			args->tags[args->nr_tags++] = tag;
	}
	sort(args->tags, args->nr_tags, sizeof(tag), tags_compare, NULL);
	return 0;
}

static bool is_other(const struct ctx_args *args, u32 id)
{
	const struct btf_type *t = bpffs_btf_type(&args->plan->btf, id);

	return bpffs_btf_kind(t) == BTF_KIND_DECL_TAG &&
	       first_of(args->tags, args->nr_tags, t->type) < args->nr_tags;
}

static int list_others(struct ctx_args *args)
{
	const struct bpffs_btf *btf = &args->plan->btf;
	struct func_tag *other;
	u32 id, nr = 0;

	for (id = 1; id < btf->nr_types; id++)
		nr += is_other(args, id);
	args->others = kvmalloc_array(nr, sizeof(*args->others), GFP_KERNEL_ACCOUNT);
	if (!args->others)
		return -ENOMEM;
	for (id = 1; id < btf->nr_types; id++) {
		if (!is_other(args, id))
			continue;
		other = &args->others[args->nr_others++];
		other->func = bpffs_btf_type(btf, id)->type;
		other->what = id;
	}
	sort(args->others, nr, sizeof(*other), tags_compare, NULL);
	return 0;
}

static int find_name(u32 type, u32 *index)
{
	for (*index = 0; *index < NR_NAMES; ++*index)
		if (ctx_names[*index].type == type)
			return 0;
	return -ENOENT;
}

/* Other types that programs of a type are known to take their contexts for. */
static bool stands_for_ctx(u32 prog_type, const struct btf_type *t, const char *name)
{
	u32 kind = bpffs_btf_kind(t);

	switch (prog_type) {
	case BPF_PROG_TYPE_KPROBE:
		return kind == BTF_KIND_STRUCT && !strcmp(name, "pt_regs");
	case BPF_PROG_TYPE_PERF_EVENT:
		return kind == BTF_KIND_STRUCT &&
		       (!strcmp(name, "pt_regs") || !strcmp(name, "user_pt_regs") ||
			!strcmp(name, "user_regs_struct"));
	case BPF_PROG_TYPE_RAW_TRACEPOINT:
	case BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE:
		return kind == BTF_KIND_INT && t->size == sizeof(u64);
	}
	return false;
}

/*
 * Whether an argument of type @id has to be given another. What nobody would
 * take for a context is left for the verifier to refuse.
 */
static bool is_unfit(const struct bpffs_btf *btf, u32 id, const struct ctx_name *ctx)
{
	const struct btf_type *t = bpffs_btf_type(btf, bpffs_btf_resolve(btf, id));

	if (!t || bpffs_btf_kind(t) != BTF_KIND_PTR)
		return false;
	t = bpffs_btf_type(btf, bpffs_btf_resolve(btf, t->type));
	if (!t)
		return true;
	return stands_for_ctx(ctx->type, t, bpffs_btf_name(btf, t->name_off));
}

/* Whether the argument that tags[index] is of has to be given another type. */
static bool is_tag_unfit(const struct ctx_args *args, u32 index, u32 name)
{
	const struct func_tag *tag = &args->tags[index];
	const struct bpffs_btf *btf = &args->plan->btf;
	const struct btf_param *params = bpffs_btf_tail(proto_of(btf, tag->func));

	return is_unfit(btf, params[tag->what].type, &ctx_names[name]);
}

static bool any_unfit(const struct ctx_args *args, u32 first, u32 name)
{
	u32 i;

	for (i = first; i < args->nr_tags && args->tags[i].func == args->tags[first].func; i++)
		if (is_tag_unfit(args, i, name))
			return true;
	return false;
}

/* Room for a type of @size bytes, zeroed, whose id is args->next before. */
static struct btf_type *add_type(struct ctx_args *args, u32 size)
{
	struct btf_type *t = args->types + args->len;

	if (size > MAX_TYPES - args->len) {
		bpffs_diag(args->diag, -E2BIG,
			   "section .BTF: more than %u bytes of functions that take contexts",
			   MAX_TYPES);
		return NULL;
	}
	memset(t, 0, size);
	args->len += size;
	args->next++;
	return t;
}

/* A pointer to an empty struct of the name: that is all that kernels look at. */
static int add_ctx(struct ctx_args *args, u32 name)
{
	u32 len = strlen(ctx_names[name].name) + 1;
	struct btf_type *t;

	if (args->ctx[name])
		return 0;
	t = add_type(args, 2 * sizeof(*t));
	if (!t)
		return -E2BIG;
	t[0].name_off = args->plan->btf.str_len + args->names_len;
	t[0].info = BTF_KIND_STRUCT << 24;
	t[1].info = BTF_KIND_PTR << 24;
	t[1].type = args->next - 1;
	args->ctx[name] = args->next++;
	memcpy(args->names + args->names_len, ctx_names[name].name, len);
	args->names_len += len;
	return 0;
}

/* What the function @from is tagged with, for @to. */
static int add_tags(struct ctx_args *args, u32 from, u32 to)
{
	const u32 size = sizeof(struct btf_type) + sizeof(struct btf_decl_tag);
	u32 i = first_of(args->others, args->nr_others, from);
	struct btf_type *t;

	for (; i < args->nr_others && args->others[i].func == from; i++) {
		t = add_type(args, size);
		if (!t)
			return -E2BIG;
		memcpy(t, bpffs_btf_type(&args->plan->btf, args->others[i].what), size);
		t->type = to;
	}
	return 0;
}

/* The function of tags[first] and its prototype, with other arguments. */
static int add_func(struct ctx_args *args, u32 first, u32 name, u32 *id)
{
	const struct bpffs_btf *btf = &args->plan->btf;
	const struct btf_type *func = bpffs_btf_type(btf, args->tags[first].func);
	const struct btf_type *proto = bpffs_btf_type(btf, func->type);
	u32 i, size = sizeof(*proto) + BTF_INFO_VLEN(proto->info) * sizeof(struct btf_param);
	struct btf_param *params;
	struct btf_type *t;

	t = add_type(args, size);
	if (!t)
		return -E2BIG;
	memcpy(t, proto, size);
	params = (struct btf_param *)(t + 1);
	for (i = first; i < args->nr_tags && args->tags[i].func == args->tags[first].func; i++)
		if (is_tag_unfit(args, i, name))
			params[args->tags[i].what].type = args->ctx[name];
	*id = args->next;
	t = add_type(args, sizeof(*t));
	if (!t)
		return -E2BIG;
	*t = *func;
	t->type = *id - 1;
	return add_tags(args, args->tags[first].func, *id);
}

/* What the function of tags[first] is to programs whose contexts have a name. */
static int fit_func(struct ctx_args *args, u32 first, u32 name)
{
	u32 *fitted = &args->fitted[first][name];
	int err;

	if (*fitted)
		return 0;
	*fitted = args->tags[first].func;
	if (!any_unfit(args, first, name))
		return 0;
	err = add_ctx(args, name);
	return err ?: add_func(args, first, name, fitted);
}

static int fit_prog(struct ctx_args *args, struct bpffs_plan_prog *prog)
{
	u32 i, first, name;
	int err;

	if (!prog->nr_func_info || find_name(prog->def->type, &name))
		return 0;
	for (i = 0; i < prog->nr_func_info; i++) {
		first = first_of(args->tags, args->nr_tags, prog->func_info[i].type_id);
		if (first == args->nr_tags)
			continue;
		err = fit_func(args, first, name);
		if (err)
			return err;
		prog->func_info[i].type_id = args->fitted[first][name];
	}
	return 0;
}

/* Names that the plan knows are in the old types, which it keeps therefore. */
static int extend_types(struct ctx_args *args)
{
	struct bpffs_plan *plan = args->plan;
	struct bpffs_btf btf;
	u32 size;
	void *blob;
	int err;

	if (!args->len)
		return 0;
	blob = bpffs_btf_extend(plan->btf_data, args->types, args->len, args->names,
				args->names_len, &size);
	if (!blob)
		return -ENOMEM;
	err = bpffs_btf_parse(&btf, blob, size, args->diag);
	if (err) {
		kvfree(blob);
		return err;
	}
	bpffs_btf_release(&plan->btf);
	plan->btf = btf;
	plan->btf_before = plan->btf_data;
	plan->btf_data = blob;
	plan->btf_size = size;
	return 0;
}

/**
 * bpffs_fit_ctx_args() - give tagged arguments types that any kernel knows
 * @plan: complete, and not given to anybody yet; its func_info and BTF change
 * @diag: receives the sentence of a refusal
 *
 * Return: 0; -ENOMEM; -E2BIG for too many tags.
 */
int bpffs_fit_ctx_args(struct bpffs_plan *plan, struct bpffs_diag *diag)
{
	struct ctx_args args = { .plan = plan, .diag = diag, .next = plan->btf.nr_types };
	int err = -ENOMEM;
	u32 i;

	args.types = kvmalloc(MAX_TYPES, GFP_KERNEL_ACCOUNT);
	args.names = kvmalloc(MAX_NAMES, GFP_KERNEL_ACCOUNT);
	if (!args.types || !args.names)
		goto out;
	err = list_tags(&args);
	if (!err)
		err = list_others(&args);
	for (i = 0; !err && i < plan->nr_progs; i++)
		err = fit_prog(&args, &plan->progs[i]);
	if (!err)
		err = extend_types(&args);
out:
	kvfree(args.names);
	kvfree(args.types);
	kvfree(args.others);
	kvfree(args.fitted);
	kvfree(args.tags);
	return err;
}
