// SPDX-License-Identifier: GPL-2.0
/*
 * The externs of a plan, found in the running kernel: before its maps are made,
 * because .kconfig is constant once it is one.
 */
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "loading.h"
#include "type_compat.h"

/**
 * struct loading_extern - what an extern is in the running kernel
 * @found: it is there
 * @addr: its address, of those of kind BPFFS_EXTERN_SYMBOL
 * @btf_id: its id, of those that BTF describes
 * @module: index in &struct bpffs_loading.module_btfs of the BTF that @btf_id is
 *	from, IN_VMLINUX for vmlinux
 */
struct loading_extern {
	bool found;
	u64 addr;
	u32 btf_id;
	u32 module;
};

#define IN_VMLINUX	U32_MAX

static const struct btf_type *kernel_type(const struct bpffs_types *types, u32 id)
{
	return bpffs_kernel_type((struct bpffs_native *)types->of, id);
}

static const char *kernel_name(const struct bpffs_types *types, u32 name_off)
{
	return bpffs_kernel_type_name((struct bpffs_native *)types->of, name_off);
}

/**
 * loading_kernel_types() - the types of the kernel
 * @types: filled in
 * @module_btf: native file of a module's BTF, which must outlive @types; NULL
 *	for vmlinux
 */
void loading_kernel_types(struct bpffs_types *types, struct bpffs_native *module_btf)
{
	types->type = kernel_type;
	types->name = kernel_name;
	types->of = module_btf;
}

/* What is no option of the configuration, is a fact that libbpf gives a name. */
static int set_fact(struct bpffs_loading *l, u32 i, void *data)
{
	const struct bpffs_plan_extern *ext = &l->plan->externs[i];
	const struct bpffs_kernel_fact *fact = bpffs_kernel_fact(ext->name);

	if (fact) {
		l->externs[i].found = true;
		return bpffs_kconfig_set(ext, fact->value, data, l->diag);
	}
	if (ext->weak && !strncmp(ext->name, "LINUX_", strlen("LINUX_")))
		return 0;
	return bpffs_diag(l->diag, -EINVAL,
			  "extern \"%s\": .kconfig has CONFIG_* and LINUX_*, and no such thing",
			  ext->name);
}

static int read_config(struct bpffs_loading *l)
{
	u32 i, nr = l->plan->nr_externs;
	size_t size;
	bool *found;
	char *text;
	int err;

	found = kvcalloc(nr, sizeof(*found), GFP_KERNEL);
	if (!found)
		return -ENOMEM;
	err = bpffs_kernel_config(&text, &size, l->diag);
	if (err)
		goto free;
	for (i = 0; i < nr; i++)
		found[i] = l->externs[i].found;
	err = bpffs_kconfig_read(l->plan, text, size, found, l->diag);
	for (i = 0; i < nr; i++)
		l->externs[i].found = found[i];
	vfree(text);
free:
	kvfree(found);
	return err;
}

static int set_kconfig(struct bpffs_loading *l)
{
	const struct bpffs_plan_extern *ext;
	bool need_config = false;
	int err = 0;
	void *data;
	u32 i;

	if (l->plan->kconfig_map == BPFFS_NO_MAP)
		return 0;
	data = l->plan->maps[l->plan->kconfig_map].data;
	for (i = 0; !err && i < l->plan->nr_externs; i++) {
		ext = &l->plan->externs[i];
		if (ext->kind != BPFFS_EXTERN_KCONFIG)
			break;
		l->externs[i].found = ext->preset;
		if (ext->preset)
			continue;
		if (bpffs_kconfig_is_option(ext))
			need_config = true;
		else
			err = set_fact(l, i, data);
	}
	return err || !need_config ? err : read_config(l);
}

/* To whom the kernel hides addresses, a symbol is not there. */
static int find_symbol(struct bpffs_loading *l, const struct bpffs_plan_extern *ext,
		       struct loading_extern *found)
{
	int err = bpffs_kernel_symbol(ext->name, &found->addr);

	found->found = !err;
	if (!err || err == -ENOENT || (err == -EPERM && ext->weak))
		return 0;
	if (err == -EPERM)
		return bpffs_diag(l->diag, err,
				  "extern \"%s\": the kernel hides addresses from who opened load (kernel.kptr_restrict, CAP_SYSLOG)",
				  ext->name);
	return bpffs_diag(l->diag, err, "extern \"%s\": the kernel cannot be asked for its address",
			  ext->name);
}

/**
 * loading_keep_module_btf() - keep the BTF of a module for the load
 * @l: the load, which keeps it once for each module
 * @module_btf: native file of the BTF, taken over
 * @index: set to its place in l->module_btfs
 *
 * Return: 0; -ENOMEM.
 */
int loading_keep_module_btf(struct bpffs_loading *l, struct bpffs_native *module_btf,
			    u32 *index)
{
	struct bpffs_native **more;
	u32 i;

	for (i = 0; i < l->nr_module_btfs; i++) {
		if (!bpffs_native_is_same(l->module_btfs[i], module_btf))
			continue;
		bpffs_native_put(module_btf);
		*index = i;
		return 0;
	}
	more = krealloc(l->module_btfs, (i + 1) * sizeof(*more), GFP_KERNEL);
	if (!more) {
		bpffs_native_put(module_btf);
		return -ENOMEM;
	}
	more[i] = module_btf;
	l->module_btfs = more;
	l->nr_module_btfs++;
	*index = i;
	return 0;
}

static int refuse_type(struct bpffs_loading *l, const struct bpffs_plan_extern *ext,
		       const struct bpffs_types *kernel, u32 kernel_id)
{
	char wanted[96], there[96];
	struct bpffs_types local;

	bpffs_types_of(&local, &l->load->object->btf);
	bpffs_types_describe(&local, ext->type, wanted, sizeof(wanted));
	bpffs_types_describe(kernel, kernel_id, there, sizeof(there));
	return bpffs_diag(l->diag, -EINVAL,
			  "extern \"%s\": the object's type, %s, does not fit the kernel's, %s (types %u and %u)",
			  ext->name, wanted, there, ext->type, kernel_id);
}

/* Those of another flavour that do not fit are missing. */
static int find_type(const struct bpffs_plan_extern *ext, struct loading_extern *found,
		     struct bpffs_native **module_btf)
{
	u32 kind = ext->kind == BPFFS_EXTERN_FUNC ? BTF_KIND_FUNC : BTF_KIND_VAR;
	size_t len = strlen(ext->name);
	char *name;
	int err;

	if (kind == BTF_KIND_FUNC)
		len = bpffs_essential_len(ext->name);
	name = kmemdup_nul(ext->name, len, GFP_KERNEL);
	if (!name)
		return -ENOMEM;
	err = bpffs_kernel_btf_find(name, kind, &found->btf_id, module_btf);
	kfree(name);
	return err;
}

static int find_typed(struct bpffs_loading *l, const struct bpffs_plan_extern *ext,
		      struct loading_extern *found)
{
	struct bpffs_types kernel, local;
	struct bpffs_native *module_btf;
	const struct btf_type *t;
	int err;

	err = find_type(ext, found, &module_btf);
	if (err == -ENOENT)
		return 0;
	if (err)
		return bpffs_diag(l->diag, err,
				  "extern \"%s\": the kernel's BTF cannot be searched for it",
				  ext->name);
	found->module = IN_VMLINUX;
	if (module_btf) {
		err = loading_keep_module_btf(l, module_btf, &found->module);
		if (err)
			return err;
		module_btf = l->module_btfs[found->module];
	}
	t = bpffs_kernel_type(module_btf, found->btf_id);
	if (!t)
		return bpffs_symbol(BPFFS_SYM_BTF_VMLINUX, l->diag) ? -EINVAL : -EOPNOTSUPP;
	loading_kernel_types(&kernel, module_btf);
	bpffs_types_of(&local, &l->load->object->btf);
	found->found = bpffs_types_fit(&local, ext->type, &kernel, t->type);
	if (found->found || (ext->weak && ext->kind == BPFFS_EXTERN_FUNC))
		return 0;
	return refuse_type(l, ext, &kernel, t->type);
}

static int find_extern(struct bpffs_loading *l, u32 i)
{
	const struct bpffs_plan_extern *ext = &l->plan->externs[i];
	struct loading_extern *found = &l->externs[i];

	switch (ext->kind) {
	case BPFFS_EXTERN_SYMBOL:
		return find_symbol(l, ext, found);
	case BPFFS_EXTERN_VAR:
	case BPFFS_EXTERN_FUNC:
		return find_typed(l, ext, found);
	default:
		return 0;
	}
}

/* Before: externs are in the order that build_externs() gave them. */
static const struct bpffs_plan_extern *symbol_extern(const struct bpffs_plan *plan,
						     const char *name)
{
	u32 low = 0, high = plan->nr_externs, mid;
	const struct bpffs_plan_extern *ext;

	while (low < high) {
		mid = low + (high - low) / 2;
		ext = &plan->externs[mid];
		if (ext->kind == BPFFS_EXTERN_KCONFIG || strcmp(ext->name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == plan->nr_externs)
		return NULL;
	ext = &plan->externs[low];
	return ext->kind == BPFFS_EXTERN_SYMBOL && !strcmp(ext->name, name) ? ext : NULL;
}

/**
 * struct symbol_walk - a search for the symbols that have an extern's name
 * @l: the load, whose symbols were looked up by the whole of their names
 * @ambiguous: the first extern whose address may be another as well
 */
struct symbol_walk {
	struct bpffs_loading *l;
	const struct bpffs_plan_extern *ambiguous;
};

static bool compare_symbol(void *data, const char *name, u64 addr)
{
	struct symbol_walk *walk = data;
	const struct bpffs_plan_extern *ext = symbol_extern(walk->l->plan, name);
	struct loading_extern *found;

	/* Addresses may have been hidden since one was found. */
	if (!ext || !addr)
		return true;
	found = &walk->l->externs[ext - walk->l->plan->externs];
	if (!found->found) {
		found->found = true;
		found->addr = addr;
	} else if (addr != found->addr) {
		walk->ambiguous = ext;
	}
	return !walk->ambiguous;
}

/*
 * A name that several static functions have is nobody's, and the lookup does not
 * know static variables as clang's LTO names them. One walk looks at all names of
 * an object. Where the symbols cannot be walked, nothing says that a name is not
 * the only one.
 */
static int walk_symbols(struct bpffs_loading *l, struct symbol_walk *walk)
{
	u32 i;

	for (i = 0; i < l->plan->nr_externs; i++) {
		if (l->plan->externs[i].kind == BPFFS_EXTERN_SYMBOL)
			return bpffs_kernel_symbols(compare_symbol, walk) == -ENOMEM ? -ENOMEM : 0;
	}
	return 0;
}

static int refuse_ambiguous(struct bpffs_loading *l, const struct bpffs_plan_extern *ext)
{
	return bpffs_diag(l->diag, -EINVAL,
			  "extern \"%s\": the kernel and its modules have several symbols of that name, and nothing says which is meant; take one that only one has",
			  ext->name);
}

static int refuse_missing(struct bpffs_loading *l, const struct bpffs_plan_extern *ext)
{
	static const char * const where[] = {
		[BPFFS_EXTERN_KCONFIG] = "is not in the kernel's configuration",
		[BPFFS_EXTERN_SYMBOL] = "is no symbol of the kernel or its modules",
		[BPFFS_EXTERN_VAR] =
			"is no variable that the BTF of the kernel or its modules has (of vmlinux, per-CPU ones only)",
		[BPFFS_EXTERN_FUNC] =
			"is no function that the BTF of the kernel or its modules has",
	};

	return bpffs_diag(l->diag, -ENOENT,
			  "extern \"%s\" %s; declare it __weak if it may be missing",
			  ext->name, where[ext->kind]);
}

/**
 * loading_externs() - find the externs of the plan
 * @l: the load; its maps are not made yet
 *
 * Return: 0; -ENOMEM; -ENOENT for what is missing and not weak; -EINVAL and
 * -ERANGE for what is of another type than the object says; -EINVAL for a name
 * that several symbols have; -EPERM where addresses are hidden; -EINTR after a
 * signal; what reading the kernel's configuration says.
 */
int loading_externs(struct bpffs_loading *l)
{
	u32 i, nr = l->plan->nr_externs;
	struct symbol_walk walk = { .l = l };
	int err;

	if (!nr)
		return 0;
	l->externs = kvcalloc(nr, sizeof(*l->externs), GFP_KERNEL);
	if (!l->externs)
		return -ENOMEM;
	err = set_kconfig(l);
	for (i = 0; !err && i < nr; i++) {
		err = loading_check_signal(l, "extern", l->plan->externs[i].name,
					   "looked for");
		if (!err)
			err = find_extern(l, i);
	}
	err = err ?: walk_symbols(l, &walk);
	if (!err && walk.ambiguous)
		err = refuse_ambiguous(l, walk.ambiguous);
	for (i = 0; !err && i < nr; i++) {
		if (!l->externs[i].found && !l->plan->externs[i].weak)
			err = refuse_missing(l, &l->plan->externs[i]);
	}
	return err;
}

/**
 * loading_drop_externs() - give back what loading_externs() took
 * @l: the load, whatever it came to
 */
void loading_drop_externs(struct bpffs_loading *l)
{
	while (l->nr_module_btfs)
		bpffs_native_put(l->module_btfs[--l->nr_module_btfs]);
	kfree(l->module_btfs);
	kvfree(l->externs);
}

static void fill_load(struct bpf_insn *insn, const struct loading_extern *found)
{
	insn[0].src_reg = found->found && found->btf_id ? BPF_PSEUDO_BTF_ID : 0;
	insn[0].imm = insn[0].src_reg ? found->btf_id : lower_32_bits(found->addr);
	insn[1].imm = insn[0].src_reg ? 0 : upper_32_bits(found->addr);
}

static void fill_call(struct bpf_insn *insn, const struct loading_extern *found, u32 ext)
{
	insn->src_reg = found->found ? BPF_PSEUDO_KFUNC_CALL : 0;
	insn->imm = found->found ? found->btf_id : BPFFS_MISSING_FUNC + ext;
	insn->off = 0;
}

/**
 * loading_fill_externs() - put the externs into a program's instructions
 * @l: the load, past loading_externs()
 * @pp: the program, whose instructions are written to
 * @req: gets the modules' BTF and the places that name it; the caller frees
 *	btf_refs
 *
 * Return: 0; -ENOMEM.
 */
int loading_fill_externs(struct bpffs_loading *l, struct bpffs_plan_prog *pp,
			 struct bpffs_prog_request *req)
{
	const struct loading_extern *found;
	const struct bpffs_plan_extern_ref *ref;
	u32 i;

	if (!pp->nr_extern_refs)
		return 0;
	req->btf_refs = kvmalloc_array(pp->nr_extern_refs, sizeof(*req->btf_refs), GFP_KERNEL);
	if (!req->btf_refs)
		return -ENOMEM;
	req->module_btfs = l->module_btfs;
	req->nr_module_btfs = l->nr_module_btfs;
	for (i = 0; i < pp->nr_extern_refs; i++) {
		ref = &pp->extern_refs[i];
		found = &l->externs[ref->ext];
		if (pp->insns[ref->insn].code == (BPF_JMP | BPF_CALL))
			fill_call(&pp->insns[ref->insn], found, ref->ext);
		else
			fill_load(&pp->insns[ref->insn], found);
		if (!found->found || !found->btf_id || found->module == IN_VMLINUX)
			continue;
		req->btf_refs[req->nr_btf_refs].insn = ref->insn;
		req->btf_refs[req->nr_btf_refs++].btf = found->module;
	}
	return 0;
}
