// SPDX-License-Identifier: GPL-2.0
/*
 * Maps of type struct_ops, and registering what is in them with the kernel.
 *
 * Without BPF_F_LINK a value is registered by writing it, and unregistered by
 * deleting it; the map cannot be written again then. With it (6.4), a value is
 * written once and a link registers it, as often as one is made.
 */
#include <linux/bpf.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include "internal.h"

/* Numbers of bpf(2) that older headers do not have. */
#define FLAG_LINK		BIT(13)
#define ATTACH_STRUCT_OPS	44

/* A function of the value: where its descriptor goes, and the program. */
struct callback {
	u32 offset;
	struct bpffs_native *prog;
};

/**
 * struct bpffs_struct_ops - a struct_ops map and what is in it
 * @lock: serialises registrations
 * @attr: what the map was made with
 * @btf: native file of the object's BTF, one reference owned
 * @value_btf: native file of a module's BTF, likewise, or NULL
 * @map: native file of the map; borrowed from who owns this
 * @spent: the map has been registered, guarded by @lock
 * @value: in which functions are zero; owned
 * @nr: number of callbacks
 * @callbacks: each with one reference owned
 *
 * The programs outlive this while they are registered: the kernel's map holds
 * them. No program can name a struct_ops map, so there are no circles.
 */
struct bpffs_struct_ops {
	struct mutex lock;	/* registrations */
	union bpf_attr attr;
	struct bpffs_native *btf;
	struct bpffs_native *value_btf;
	struct bpffs_native *map;
	bool spent;
	void *value;
	u32 nr;
	struct callback callbacks[];
};

static void *copy_of(const void *value, u32 size)
{
	void *copy = kvmalloc(size, GFP_KERNEL_ACCOUNT);

	return copy ? memcpy(copy, value, size) : NULL;
}

static struct bpffs_native *create(const union bpf_attr *like, struct bpffs_native *btf,
				   struct bpffs_native *value_btf)
{
	union bpf_attr attr = *like;
	struct bpffs_native *native;
	int fd;

	attr.map_type = BPF_MAP_TYPE_STRUCT_OPS;
	attr.key_size = sizeof(u32);
	attr.max_entries = 1;
	if (!value_btf)
		return bpffs_map_create(&attr, btf, NULL);
	fd = bpffs_native_lend_nonzero(value_btf);
	if (fd < 0)
		return ERR_PTR(fd);
	if (bpffs_attr_set_value_btf(&attr, fd))
		native = bpffs_map_create(&attr, btf, NULL);
	else
		native = ERR_PTR(-EOPNOTSUPP);
	bpffs_native_reclaim(fd);
	return native;
}

/**
 * bpffs_struct_ops_create() - make a struct_ops map
 * @req: what it is to be like
 *
 * Return: native file of the map, owned by the caller, or what bpffs_map_create()
 * returns; -EOPNOTSUPP for types of modules where the kernel takes none.
 */
struct bpffs_native *bpffs_struct_ops_create(const struct bpffs_struct_ops_request *req)
{
	return create(&req->attr, req->btf, req->value_btf);
}

/**
 * bpffs_struct_ops_alloc() - keep what a struct_ops map is registered with
 * @req: what it was made of
 * @map: native file of the map, which outlives the result
 *
 * Return: the struct_ops, without its functions yet; NULL without memory.
 */
struct bpffs_struct_ops *bpffs_struct_ops_alloc(const struct bpffs_struct_ops_request *req,
						struct bpffs_native *map)
{
	struct bpffs_struct_ops *ops;

	ops = kvzalloc(struct_size(ops, callbacks, req->nr_callbacks), GFP_KERNEL_ACCOUNT);
	if (!ops)
		return NULL;
	ops->value = copy_of(req->value, req->attr.value_size);
	if (!ops->value) {
		kvfree(ops);
		return NULL;
	}
	mutex_init(&ops->lock);
	ops->attr = req->attr;
	ops->btf = bpffs_native_get(req->btf);
	ops->value_btf = req->value_btf ? bpffs_native_get(req->value_btf) : NULL;
	ops->map = map;
	return ops;
}

/**
 * bpffs_struct_ops_add() - give a struct_ops one of its functions
 * @ops: the struct_ops, with fewer than it was allocated for
 * @offset: of the function in the value
 * @prog: native file of the program; a reference is taken
 */
void bpffs_struct_ops_add(struct bpffs_struct_ops *ops, u32 offset, struct bpffs_native *prog)
{
	ops->callbacks[ops->nr].offset = offset;
	ops->callbacks[ops->nr++].prog = bpffs_native_get(prog);
}

/**
 * bpffs_struct_ops_free() - forget what a struct_ops map is registered with
 * @ops: the struct_ops, which nobody registers any more; or NULL
 */
void bpffs_struct_ops_free(struct bpffs_struct_ops *ops)
{
	u32 i;

	if (!ops)
		return;
	for (i = 0; i < ops->nr; i++)
		bpffs_native_put(ops->callbacks[i].prog);
	if (ops->value_btf)
		bpffs_native_put(ops->value_btf);
	bpffs_native_put(ops->btf);
	mutex_destroy(&ops->lock);
	kvfree(ops->value);
	kvfree(ops);
}

/* Functions are named by descriptors as wide as their pointers. */
static int lend_callbacks(struct bpffs_struct_ops *ops, void *value, u32 *nr)
{
	int fd;

	for (*nr = 0; *nr < ops->nr; ++*nr) {
		fd = bpffs_native_lend_nonzero(ops->callbacks[*nr].prog);
		if (fd < 0)
			return fd;
		*(unsigned long *)(value + ops->callbacks[*nr].offset) = fd;
	}
	return 0;
}

static void reclaim_callbacks(struct bpffs_struct_ops *ops, const void *value, u32 nr)
{
	while (nr--)
		bpffs_native_reclaim(*(unsigned long *)(value + ops->callbacks[nr].offset));
}

static int write_value(struct bpffs_native *map, const void *value)
{
	u32 key = 0;
	union bpf_attr attr = {
		.key = (unsigned long)&key,
		.value = (unsigned long)value,
	};
	int fd, err;

	fd = bpffs_native_lend(map);
	if (fd < 0)
		return fd;
	attr.map_fd = fd;
	err = kern_sys_bpf(BPF_MAP_UPDATE_ELEM, &attr, sizeof(attr));
	bpffs_native_reclaim(fd);
	return err == -ENOTSUPP ? -EOPNOTSUPP : err;
}

static int set_value(struct bpffs_struct_ops *ops, struct bpffs_native *map)
{
	void *value;
	u32 nr;
	int err;

	value = copy_of(ops->value, ops->attr.value_size);
	if (!value)
		return -ENOMEM;
	err = lend_callbacks(ops, value, &nr);
	if (!err)
		err = write_value(map, value);
	reclaim_callbacks(ops, value, nr);
	kvfree(value);
	return err;
}

static bool has_link(const struct bpffs_struct_ops *ops)
{
	return ops->attr.map_flags & FLAG_LINK;
}

/**
 * bpffs_struct_ops_prepare() - write the value of a map that links register
 * @ops: the struct_ops with all its functions
 *
 * Other maps are registered by writing it, and left alone.
 *
 * Return: 0, or what the kernel says of the value.
 */
int bpffs_struct_ops_prepare(struct bpffs_struct_ops *ops)
{
	return has_link(ops) ? set_value(ops, ops->map) : 0;
}

static struct bpffs_native *make_link(struct bpffs_struct_ops *ops)
{
	struct bpffs_native *native;
	union bpf_attr attr = {};
	int map_fd, fd;

	map_fd = bpffs_native_lend(ops->map);
	if (map_fd < 0)
		return ERR_PTR(map_fd);
	attr.link_create.prog_fd = map_fd;
	attr.link_create.attach_type = ATTACH_STRUCT_OPS;
	fd = kern_sys_bpf(BPF_LINK_CREATE, &attr, sizeof(attr));
	native = bpffs_link_take(fd, NULL);
	bpffs_native_reclaim(map_fd);
	return native;
}

static struct bpffs_native *write_copy(struct bpffs_struct_ops *ops)
{
	struct bpffs_native *map = create(&ops->attr, ops->btf, ops->value_btf);
	int err;

	if (IS_ERR(map))
		return map;
	err = set_value(ops, map);
	if (!err)
		return map;
	bpffs_native_put(map);
	return ERR_PTR(err);
}

/*
 * The map itself the first time, a copy of it after that. Somebody who got at
 * the map by bpf(2) may have registered it, too.
 */
static struct bpffs_native *write_map(struct bpffs_struct_ops *ops)
{
	int err = ops->spent ? -EBUSY : set_value(ops, ops->map);

	if (err && err != -EBUSY)
		return ERR_PTR(err);
	ops->spent = true;
	return err ? write_copy(ops) : bpffs_native_get(ops->map);
}

static void explain(struct bpffs_diag *diag, int err, const char *name)
{
	switch (err) {
	case -EEXIST:
		bpffs_diag(diag, err, "map %s: what the kernel calls it is registered already",
			   name);
		break;
	case -EINVAL:
		bpffs_diag(diag, err,
			   "map %s: the kernel refuses it: a function that it needs is missing, or a member has a value that it may not have",
			   name);
		break;
	case -EOPNOTSUPP:
		bpffs_diag(diag, err, "map %s: the kernel takes no other struct of its type",
			   name);
		break;
	default:
		bpffs_diag(diag, err, "map %s cannot be registered (%pe)", name, ERR_PTR(err));
	}
}

/**
 * bpffs_struct_ops_register() - have the kernel call the functions of a map
 * @ops: the struct_ops
 * @name: of the map, for sentences
 * @diag: filled in on refusal
 *
 * Return: native file of what stands for it, owned by the caller, to be handed to
 * bpffs_struct_ops_unregister(); or an errno as ERR_PTR(): -EPERM without CAP_BPF
 * and CAP_PERFMON, which loading it took; -EEXIST if there is one of its name;
 * -EINVAL; -EOPNOTSUPP; -EMFILE; -ENOMEM.
 */
struct bpffs_native *bpffs_struct_ops_register(struct bpffs_struct_ops *ops, const char *name,
					       struct bpffs_diag *diag)
{
	struct bpffs_native *native;
	int err = bpffs_may_trace(diag);

	if (err)
		return ERR_PTR(err);
	mutex_lock(&ops->lock);
	native = has_link(ops) ? make_link(ops) : write_map(ops);
	mutex_unlock(&ops->lock);
	if (IS_ERR(native))
		explain(diag, PTR_ERR(native), name);
	return native;
}

/**
 * bpffs_struct_ops_unregister() - the kernel shall not call them any more
 * @registered: from bpffs_struct_ops_register()
 *
 * May sleep. What uses them already, as a connection its congestion control, goes
 * on to do so.
 */
void bpffs_struct_ops_unregister(struct bpffs_native *registered)
{
	struct bpf_map *map = bpffs_native_map(registered);
	u32 key = 0;

	/* Where bpf(2) was there before, it is gone and there is nothing to do. */
	if (map)
		map->ops->map_delete_elem(map, &key);
	bpffs_native_put(registered);
}
