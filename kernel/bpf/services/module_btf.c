// SPDX-License-Identifier: GPL-2.0
/*
 * The BTF of one module.
 *
 * struct btf is declared in no header, but the kernel describes it like any other
 * type of its own: where its members are is read from there, and where it says
 * nothing, nothing is looked at.
 */
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include "internal.h"

/**
 * struct module_btf_layout - offsets in struct btf
 * @strings: const char *, its own strings
 * @hdr: struct btf_header, which has their length
 * @refcnt: refcount_t
 * @start_id: u32, id of its first own type
 * @start_str_off: u32, offset of its first own string
 * @name: char [], name of the module
 * @kernel_btf: bool, it is of the kernel or a module
 */
struct module_btf_layout {
	u32 strings;
	u32 hdr;
	u32 refcnt;
	u32 start_id;
	u32 start_str_off;
	u32 name;
	u32 kernel_btf;
};

#define MEMBER(_name) { #_name, offsetof(struct module_btf_layout, _name) }

static const struct {
	const char *name;
	size_t at;
} layout_members[] = {
	MEMBER(strings), MEMBER(hdr), MEMBER(refcnt), MEMBER(start_id),
	MEMBER(start_str_off), MEMBER(name), MEMBER(kernel_btf),
};

/* Filled in under the lock by whoever needs it first, constant from then on. */
static struct module_btf_layout btf_layout;
static bool layout_known;
static DEFINE_MUTEX(layout_lock);

static bool find_member(const struct btf_type *t, const char *name, u32 *offset)
{
	const struct btf_member *member = (const void *)(t + 1);
	u32 i;

	for (i = 0; i < BTF_INFO_VLEN(t->info); i++) {
		if (strcmp(bpffs_kernel_type_name(NULL, member[i].name_off), name))
			continue;
		*offset = BTF_MEMBER_BIT_OFFSET(member[i].offset) / 8;
		return true;
	}
	return false;
}

static bool read_layout(void)
{
	struct bpffs_native *module_btf;
	const struct btf_type *t;
	u32 id;
	int i;

	if (bpffs_kernel_btf_find("btf", BTF_KIND_STRUCT, &id, &module_btf))
		return false;
	if (module_btf) {
		bpffs_native_put(module_btf);
		return false;
	}
	t = bpffs_kernel_type(NULL, id);
	for (i = 0; t && i < ARRAY_SIZE(layout_members); i++) {
		if (!find_member(t, layout_members[i].name,
				 (void *)&btf_layout + layout_members[i].at))
			return false;
	}
	return t;
}

static const struct module_btf_layout *get_layout(void)
{
	bool known;

	mutex_lock(&layout_lock);
	if (!layout_known)
		layout_known = read_layout();
	known = layout_known;
	mutex_unlock(&layout_lock);
	return known ? &btf_layout : NULL;
}

static u32 u32_at(const void *btf, u32 offset)
{
	return *(const u32 *)(btf + offset);
}

/**
 * bpffs_module_btf_string() - look up a string that a module's BTF adds to vmlinux's
 * @module_btf: native file of the BTF
 * @off: its offset
 *
 * Return: the string, which stays as long as @module_btf; "" where there is none.
 */
const char *bpffs_module_btf_string(struct bpffs_native *module_btf, u32 off)
{
	const struct module_btf_layout *layout = get_layout();
	const void *btf = bpffs_native_object(module_btf);
	const struct btf_header *hdr;

	if (!layout || off < u32_at(btf, layout->start_str_off))
		return "";
	off -= u32_at(btf, layout->start_str_off);
	hdr = btf + layout->hdr;
	return off < hdr->str_len ? *(const char **)(btf + layout->strings) + off : "";
}

/**
 * bpffs_module_btf_find() - find a type that a module's BTF adds to vmlinux's
 * @module_btf: native file of the BTF
 * @name: of the type
 * @kind: BTF_KIND_*
 *
 * Return: its id, 0 if there is none.
 */
u32 bpffs_module_btf_find(struct bpffs_native *module_btf, const char *name, u32 kind)
{
	const struct module_btf_layout *layout = get_layout();
	const struct btf_type *t;
	u32 id;

	if (!layout || !*name)
		return 0;
	id = u32_at(bpffs_native_object(module_btf), layout->start_id);
	for (; (t = bpffs_kernel_type(module_btf, id)); id++) {
		if (BTF_INFO_KIND(t->info) == kind &&
		    !strcmp(bpffs_kernel_type_name(module_btf, t->name_off), name))
			return id;
	}
	return 0;
}

/* Whether BTF is that of a module of this name, of @len bytes. */
static bool is_module(const void *btf, const struct module_btf_layout *layout,
		      const char *module, size_t len)
{
	const char *name = btf + layout->name;

	return *(const bool *)(btf + layout->kernel_btf) &&
	       !strncmp(name, module, len) && !name[len];
}

/* One reference on the BTF of a module, NULL if there is none. */
static void *get_btf(const struct module_btf_layout *layout, const char *module)
{
	struct idr *idr = (void *)bpffs_symbol(BPFFS_SYM_BTF_IDR, NULL);
	spinlock_t *lock = (void *)bpffs_symbol(BPFFS_SYM_BTF_IDR_LOCK, NULL);
	size_t len = strlen(module);
	unsigned long flags;
	void *btf;
	int id;

	spin_lock_irqsave(lock, flags);
	idr_for_each_entry(idr, btf, id) {
		if (is_module(btf, layout, module, len) &&
		    refcount_inc_not_zero(btf + layout->refcnt))
			break;
	}
	spin_unlock_irqrestore(lock, flags);
	return btf;
}

/**
 * bpffs_module_btf_open() - the BTF of a module
 * @module: its name
 * @module_btf: set to a native file of its BTF, owned by the caller
 *
 * Return: 0; -ENOENT if there is no such module; -EOPNOTSUPP where the kernel does
 * not tell; -ENOMEM.
 */
int bpffs_module_btf_open(const char *module, struct bpffs_native **module_btf)
{
	const struct module_btf_layout *layout = get_layout();
	struct file *file;

	if (!layout || !bpffs_symbol(BPFFS_SYM_BTF_IDR, NULL) ||
	    !bpffs_symbol(BPFFS_SYM_BTF_IDR_LOCK, NULL))
		return -EOPNOTSUPP;
	/* First, because only the file can give a reference back. */
	file = bpffs_native_of_btf();
	if (IS_ERR(file))
		return PTR_ERR(file);
	file->private_data = get_btf(layout, module);
	if (!file->private_data) {
		fput(file);
		return -ENOENT;
	}
	*module_btf = bpffs_native_of(file);
	return 0;
}

/**
 * bpffs_prog_is_for_module() - whether a program was loaded for a target in a module
 * @prog: a program
 * @module: name of the module, or "vmlinux"; need not end in a NUL
 * @len: bytes in @module
 *
 * May sleep.
 *
 * Return: whether it was; false where the kernel does not tell, and for a target
 * that is another program.
 */
bool bpffs_prog_is_for_module(const struct bpf_prog *prog, const char *module, size_t len)
{
	const struct module_btf_layout *layout = get_layout();
	const void *btf = prog->aux->attach_btf;

	return layout && btf && is_module(btf, layout, module, len);
}
