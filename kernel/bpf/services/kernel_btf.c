// SPDX-License-Identifier: GPL-2.0
/*
 * Types of the running kernel.
 *
 * Those of vmlinux stand in the kernel's image, and the bpf core has an index
 * of them by id. By name it walks over all of them, which costs some four
 * million instructions a time; so the first look-up makes an index by name.
 * Types of modules are looked up by the core, and looked at while a native file
 * holds their BTF.
 */
#include <linux/btf.h>
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/stringhash.h>
#include "internal.h"

/**
 * struct name_index - types of vmlinux by name
 * @mask: number of slots less one, which is a power of two less one
 * @slots: ids, 0 for none; a type stands in the first slot that was free from
 *	where the hash of its name points to, so that lower ids come first
 *
 * Made once, under index_lock, by whoever looks for a type first; constant from
 * then on, and read without a lock. It goes with the module. The 52500 names of
 * Debian's 6.1 make it 65536 slots, 256 KiB.
 */
struct name_index {
	u32 mask;
	u32 slots[];
};

static struct name_index *name_index;
static DEFINE_MUTEX(index_lock);

/* The kinds that anybody looks for by name. */
static bool kind_is_indexed(u32 kind)
{
	return kind == BTF_KIND_FUNC || kind == BTF_KIND_VAR ||
	       kind == BTF_KIND_TYPEDEF || kind == BTF_KIND_STRUCT;
}

/*
 * The core parses vmlinux BTF under a lock when it first verifies a program.
 * That has been one of bpffs's own helper programs, if no other, so whoever
 * comes here finds it complete.
 */
static const struct btf *vmlinux_btf(void)
{
	const struct btf **btf = (void *)bpffs_symbol(BPFFS_SYM_BTF_VMLINUX, NULL);

	return btf && !IS_ERR_OR_NULL(*btf) ? *btf : NULL;
}

static const struct btf_header *vmlinux_header(void)
{
	const struct btf_header *hdr = (void *)bpffs_symbol(BPFFS_SYM_START_BTF, NULL);

	return hdr && hdr->magic == BTF_MAGIC ? hdr : NULL;
}

/**
 * bpffs_kernel_type() - look at a type of the running kernel
 * @module_btf: native file of the module's BTF that @id is from, which holds
 *	the type in its place; NULL for vmlinux, whose types stay for good
 * @id: any number
 *
 * Return: the type; NULL for void, for ids out of range, and where the kernel
 * does not tell about its types.
 */
const struct btf_type *bpffs_kernel_type(struct bpffs_native *module_btf, u32 id)
{
	const struct btf *btf = module_btf ? bpffs_native_object(module_btf) : vmlinux_btf();

	return btf && id ? btf_type_by_id(btf, id) : NULL;
}

/* "" for offsets past the end, which those of types that only a module has are. */
static const char *string_at(const struct btf_header *hdr, u32 off)
{
	return off < hdr->str_len ? (const char *)hdr + hdr->hdr_len + hdr->str_off + off : "";
}

static const char *vmlinux_string(u32 off)
{
	const struct btf_header *hdr = vmlinux_header();

	return hdr ? string_at(hdr, off) : "";
}

/**
 * bpffs_kernel_type_name() - look up a string of the kernel's BTF
 * @module_btf: native file of the module's BTF that it is from, which holds it in
 *	its place; NULL for vmlinux, whose strings stay for good
 * @name_off: name_off of a type, a member or the like
 *
 * Return: the string; "" where there is none, or the kernel does not tell.
 */
const char *bpffs_kernel_type_name(struct bpffs_native *module_btf, u32 name_off)
{
	const char *name = vmlinux_string(name_off);

	return *name || !module_btf ? name : bpffs_module_btf_string(module_btf, name_off);
}

static u32 first_slot(const struct name_index *index, const char *name)
{
	return hashlen_hash(hashlen_string(NULL, name)) & index->mask;
}

static void enter(struct name_index *index, const char *name, u32 id)
{
	u32 slot = first_slot(index, name);

	while (index->slots[slot])
		slot = (slot + 1) & index->mask;
	index->slots[slot] = id;
}

static u32 find_in(const struct name_index *index, const char *name, u32 kind)
{
	u32 slot = first_slot(index, name), id;
	const struct btf_type *type;

	for (; (id = index->slots[slot]); slot = (slot + 1) & index->mask) {
		type = btf_type_by_id(vmlinux_btf(), id);
		if (BTF_INFO_KIND(type->info) == kind &&
		    !strcmp(vmlinux_string(type->name_off), name))
			return id;
	}
	return 0;
}

/* The many that have no name would all fall into one slot. */
static bool is_indexed(const struct btf_type *type)
{
	return type->name_off && kind_is_indexed(BTF_INFO_KIND(type->info));
}

static u32 count_types(const struct btf *btf)
{
	const struct btf_type *type;
	u32 id, nr = 0;

	for (id = 1; (type = btf_type_by_id(btf, id)); id++)
		nr += is_indexed(type);
	return nr;
}

static void enter_types(struct name_index *index, const struct btf *btf,
			const struct btf_header *hdr)
{
	const struct btf_type *type;
	u32 id;

	for (id = 1; (type = btf_type_by_id(btf, id)); id++) {
		if (is_indexed(type))
			enter(index, string_at(hdr, type->name_off), id);
	}
}

static struct name_index *make_index(void)
{
	const struct btf_header *hdr = vmlinux_header();
	const struct btf *btf = vmlinux_btf();
	struct name_index *index;
	u32 nr, slots;

	if (!btf || !hdr)
		return NULL;
	nr = count_types(btf);
	slots = roundup_pow_of_two(nr + nr / 6 + 1);
	index = kvzalloc(struct_size(index, slots, slots), GFP_KERNEL);
	if (!index)
		return NULL;
	index->mask = slots - 1;
	enter_types(index, btf, hdr);
	return index;
}

/* NULL where the kernel does not tell, or there is no memory: ask the core. */
static const struct name_index *get_index(void)
{
	/* Pairs with the release below: what is in the index is seen too. */
	struct name_index *index = smp_load_acquire(&name_index);

	if (index)
		return index;
	mutex_lock(&index_lock);
	index = name_index;
	if (!index) {
		index = make_index();
		/* Pairs with the acquire above. */
		smp_store_release(&name_index, index);
	}
	mutex_unlock(&index_lock);
	return index;
}

/**
 * bpffs_kernel_btf_drop() - give the index back; nobody uses it any more
 */
void bpffs_kernel_btf_drop(void)
{
	kvfree(name_index);
	name_index = NULL;
}

/* Ids of modules begin behind those of vmlinux. */
static bool is_in_vmlinux(u32 id)
{
	const struct btf *btf = vmlinux_btf();

	return !btf || btf_type_by_id(btf, id);
}

/*
 * The helper returns the id in its lower half and, for a type of a module, a
 * descriptor of the module's BTF in its upper half, which may be descriptor 0.
 */
static int take_module_btf(int fd, u32 id, struct bpffs_native **module_btf)
{
	struct bpffs_native *native;

	if (!fd && is_in_vmlinux(id))
		return 0;
	native = bpffs_native_take(fd);
	if (IS_ERR(native))
		return PTR_ERR(native);
	if (!bpffs_native_is_btf(native)) {
		bpffs_native_put(native);
		return -EBADF;
	}
	*module_btf = native;
	return 0;
}

/* Has the core search vmlinux and all modules. */
static int ask_core(const char *name, u32 kind, u32 *id, struct bpffs_native **module_btf)
{
	struct bpffs_helper_call call = { .arg = kind };
	int err;

	if (strscpy(call.name, name, sizeof(call.name)) < 0)
		return -ENAMETOOLONG;
	err = bpffs_helper_run(BPFFS_HELPER_BTF_FIND, &call);
	if (err)
		return err;
	if (call.ret < 0)
		return call.ret == -EINVAL ? -EOPNOTSUPP : call.ret;
	if (!lower_32_bits(call.ret))
		return -ENOENT;
	err = take_module_btf(upper_32_bits(call.ret), lower_32_bits(call.ret), module_btf);
	if (err)
		return err;
	*id = lower_32_bits(call.ret);
	return 0;
}

/**
 * bpffs_kernel_btf_find() - find a type of the running kernel
 * @name: of the type, below 256 bytes
 * @kind: BTF_KIND_*
 * @id: set to its id
 * @module_btf: set to NULL if the type is in vmlinux, otherwise to the native
 *	file of the module's BTF that @id belongs to, owned by the caller
 *
 * vmlinux is searched first, then every module.
 *
 * Return: 0, -ENOENT if the kernel has no such type, -ENAMETOOLONG,
 * -EOPNOTSUPP if the kernel has no BTF or cannot be asked, -EBADF if another
 * thread interfered with the descriptor of the module's BTF.
 */
int bpffs_kernel_btf_find(const char *name, u32 kind, u32 *id,
			  struct bpffs_native **module_btf)
{
	const struct name_index *index;

	*id = 0;
	*module_btf = NULL;
	if (!*name)
		return -ENOENT;
	index = kind_is_indexed(kind) ? get_index() : NULL;
	if (index)
		*id = find_in(index, name, kind);
	return *id ? 0 : ask_core(name, kind, id, module_btf);
}

/**
 * bpffs_kernel_btf_find_in() - find a type of one module of the running kernel
 * @module: name of the module, or "vmlinux"
 * @name: of the type, below 256 bytes
 * @kind: BTF_KIND_*
 * @id: set to its id
 * @module_btf: as for bpffs_kernel_btf_find()
 *
 * Return: 0; -ENOENT if there is no such module or type, and what
 * bpffs_kernel_btf_find() says; -ENOMEM.
 */
int bpffs_kernel_btf_find_in(const char *module, const char *name, u32 kind, u32 *id,
			     struct bpffs_native **module_btf)
{
	int err;

	if (!strcmp(module, "vmlinux")) {
		err = bpffs_kernel_btf_find(name, kind, id, module_btf);
		if (err || !*module_btf)
			return err;
	} else {
		err = bpffs_module_btf_open(module, module_btf);
		if (err)
			return err;
		*id = bpffs_module_btf_find(*module_btf, name, kind);
		if (*id)
			return 0;
	}
	bpffs_native_put(*module_btf);
	*module_btf = NULL;
	return -ENOENT;
}

/**
 * bpffs_kernel_knows_ctx_args() - does the verifier look at tags of arguments
 *
 * Return: true for kernels since 6.8; their types tell, by those of the tags. Also
 * true where these cannot be searched.
 */
bool bpffs_kernel_knows_ctx_args(void)
{
	static bool unknown;
	struct bpffs_native *module_btf;
	u32 id;

	/* The answer stays the same, and takes a walk over all types. */
	if (!READ_ONCE(unknown) &&
	    bpffs_kernel_btf_find_in("vmlinux", "btf_arg_tag", BTF_KIND_ENUM, &id,
				     &module_btf) == -ENOENT)
		WRITE_ONCE(unknown, true);
	return !READ_ONCE(unknown);
}
