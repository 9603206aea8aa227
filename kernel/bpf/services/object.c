// SPDX-License-Identifier: GPL-2.0
#include <linux/bpf.h>
#include <linux/bpf_verifier.h>
#include <linux/filter.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include "internal.h"

/*
 * Room for a verifier's log. Pages come only as text is written to them, so
 * the first choice is larger than any log of use; the last is for tasks whose
 * address space is limited.
 */
static const size_t log_sizes[] = { 64U << 20, 16U << 20, 1U << 20 };

#define RUN_TRIES	5

/*
 * The verifier gives up with -EAGAIN when a signal is pending, and for other
 * reasons that pass.
 */
static int run(int cmd, union bpf_attr *attr)
{
	int tries = RUN_TRIES;
	int err;

	do {
		err = kern_sys_bpf(cmd, attr, sizeof(*attr));
		if (err == -EAGAIN && signal_pending(current))
			return -EINTR;
	} while (err == -EAGAIN && --tries);
	return err;
}

/* Is it a refusal that the log of a second run would explain? */
static bool log_explains(int err)
{
	switch (err) {
	case -EPERM:
	case -ENOMEM:
	case -EINTR:
	case -EAGAIN:
	case -EMFILE:
	case -ENFILE:
		return false;
	default:
		return err < 0;
	}
}

static void set_log(int cmd, union bpf_attr *attr, u32 level,
		    const struct bpffs_scratch *scratch)
{
	if (cmd == BPF_BTF_LOAD) {
		attr->btf_log_level = level;
		attr->btf_log_buf = scratch->addr;
		attr->btf_log_size = scratch->size;
	} else {
		attr->log_level = level;
		attr->log_buf = scratch->addr;
		attr->log_size = scratch->size;
	}
}

static int map_log(struct bpffs_scratch *scratch)
{
	int err = -ENOMEM;
	int i;

	for (i = 0; i < ARRAY_SIZE(log_sizes); i++) {
		err = bpffs_scratch_map(scratch, log_sizes[i]);
		if (!err || err == -EOPNOTSUPP || err == -EINTR)
			break;
	}
	return err;
}

/*
 * Runs a command with its log. Sets log->truncated if the log did not fit: the
 * command then failed for that reason alone.
 */
static int run_with_log(int cmd, union bpf_attr *attr, u32 level,
			struct bpffs_vlog *log)
{
	struct bpffs_scratch scratch;
	int err, ret;

	err = map_log(&scratch);
	if (err)
		return err;
	set_log(cmd, attr, level, &scratch);
	ret = run(cmd, attr);
	/* A log that cannot be copied out is no reason to fail what worked. */
	bpffs_scratch_log(&scratch, log);
	log->truncated = ret == -ENOSPC && log->len + 1 >= scratch.size;
	bpffs_scratch_unmap(&scratch);
	set_log(cmd, attr, 0, &scratch);
	return ret;
}

/*
 * Of a log that does not fit older kernels keep the beginning, and the reason is
 * at its end. Statistics alone are short, and come after the reason, too.
 */
static int run_briefly(int cmd, union bpf_attr *attr, struct bpffs_vlog *log)
{
	struct bpffs_vlog brief = {};
	int ret;

	ret = run_with_log(cmd, attr, BPF_LOG_STATS, &brief);
	if (brief.text && !brief.truncated)
		swap(*log, brief);
	bpffs_vlog_free(&brief);
	return ret;
}

/*
 * Without a log the verifier is several times faster and no page of log is
 * ever touched, so a log that nobody asked for is made by a second run, and
 * only of what was refused. The verdict stays that of the first run.
 */
static int run_then_explain(int cmd, union bpf_attr *attr, u32 level,
			    struct bpffs_vlog *log)
{
	int first, second;

	first = run(cmd, attr);
	if (!log || !log_explains(first))
		return first;
	second = run_with_log(cmd, attr, level, log);
	/*
	 * It tells of something else, of no memory for example, or of a jump
	 * table that the first run has left in use.
	 */
	if (second < 0 && second != first && !log->truncated) {
		bpffs_vlog_free(log);
		log->lost = true;
	}
	if (log->truncated)
		second = run_briefly(cmd, attr, log);
	return second >= 0 ? second : first;
}

/*
 * With a level that was asked for, the log comes with the load itself. If it
 * did not fit, or no room for it was to be had, the object shall not suffer.
 * A refusal is explained at level @explain otherwise.
 */
static int run_logged(int cmd, union bpf_attr *attr, u32 level, u32 explain,
		      struct bpffs_vlog *log)
{
	int ret;

	if (log)
		*log = (struct bpffs_vlog){};
	if (!log || !level)
		return run_then_explain(cmd, attr, explain, log);
	ret = run_with_log(cmd, attr, level, log);
	if (ret >= 0 || ret == -EINTR || (log->text && !log->truncated))
		return ret;
	return run(cmd, attr);
}

/**
 * bpffs_btf_load() - give the kernel an object's BTF
 * @data: the blob, the caller's own
 * @size: bytes in @data
 * @log_level: 0 asks for a log only if the kernel refuses
 * @log: filled in, owned by the caller; NULL where nobody will read it
 *
 * Return: native file of the BTF, owned by the caller; -EINVAL if the kernel
 * finds it malformed (then @log says where), -E2BIG, -EPERM without CAP_BPF,
 * -EMFILE, -ENOMEM, -EINTR, -EBADF if another thread interfered.
 */
struct bpffs_native *bpffs_btf_load(const void *data, u32 size, u32 log_level,
				    struct bpffs_vlog *log)
{
	union bpf_attr attr = {
		.btf = (unsigned long)data,
		.btf_size = size,
	};
	struct bpffs_native *native;

	native = bpffs_native_take(run_logged(BPF_BTF_LOAD, &attr, log_level, 1, log));
	if (IS_ERR(native) || bpffs_native_is_btf(native))
		return native;
	bpffs_native_put(native);
	return ERR_PTR(-EBADF);
}

/*
 * Is it the map that was asked for? Reference counts say nothing: bpftool may
 * be looking at the map already. Some types round max_entries up.
 */
static bool map_is_asked_for(struct bpffs_native *native, const union bpf_attr *attr)
{
	struct bpf_map *map = bpffs_native_map(native);

	return map && map->map_type == attr->map_type &&
	       map->key_size == attr->key_size &&
	       map->value_size == attr->value_size &&
	       map->max_entries >= attr->max_entries &&
	       !strncmp(map->name, attr->map_name, sizeof(map->name));
}

static bool holds_maps(const union bpf_attr *attr)
{
	return attr->map_type == BPF_MAP_TYPE_ARRAY_OF_MAPS ||
	       attr->map_type == BPF_MAP_TYPE_HASH_OF_MAPS;
}

/*
 * Lends what a map is made with. Without a template the field must name no
 * descriptor, or a map of maps would be made like whatever the task's first is.
 */
static int lend_for_map(union bpf_attr *attr, struct bpffs_native *btf,
			struct bpffs_native *inner)
{
	int fd;

	attr->inner_map_fd = inner || holds_maps(attr) ? -1 : 0;
	fd = btf ? bpffs_native_lend(btf) : 0;
	attr->btf_fd = fd;
	if (fd < 0 || !inner)
		return min(fd, 0);
	fd = bpffs_native_lend(inner);
	attr->inner_map_fd = fd;
	return min(fd, 0);
}

static void reclaim_for_map(union bpf_attr *attr, struct bpffs_native *btf,
			    struct bpffs_native *inner)
{
	if (inner)
		bpffs_native_reclaim(attr->inner_map_fd);
	if (btf)
		bpffs_native_reclaim(attr->btf_fd);
	attr->inner_map_fd = 0;
	attr->btf_fd = 0;
}

/**
 * bpffs_map_create() - make a map
 * @attr: the fields of BPF_MAP_CREATE, except for descriptors; without @btf,
 *	the BTF type ids have to be 0
 * @btf: native file of the BTF that the type ids are in, or NULL
 * @inner: for a map of maps, a map like those it will hold; otherwise NULL
 *
 * Its memory is charged to the memory cgroup of the current task.
 *
 * Return: native file of the map, owned by the caller, or what bpf(2) says:
 * -EINVAL for attributes that do not fit the type, -EOPNOTSUPP for types of
 * entries that the map's type cannot have, -E2BIG, -ENOMEM, -EPERM, -EMFILE;
 * -EBADF if another thread interfered.
 */
struct bpffs_native *bpffs_map_create(union bpf_attr *attr, struct bpffs_native *btf,
				      struct bpffs_native *inner)
{
	struct bpffs_native *native;
	int fd;

	fd = lend_for_map(attr, btf, inner);
	if (!fd)
		fd = kern_sys_bpf(BPF_MAP_CREATE, attr, sizeof(*attr));
	reclaim_for_map(attr, btf, inner);
	native = bpffs_native_take(fd);
	if (IS_ERR(native) || map_is_asked_for(native, attr))
		return native;
	bpffs_native_put(native);
	return ERR_PTR(-EBADF);
}

/*
 * The core copies as many bytes from our memory as the map says: those of a
 * descriptor in these types alone.
 */
static bool has_slots(const struct bpf_map *map)
{
	return map && map->key_size == sizeof(u32) &&
	       (map->map_type == BPF_MAP_TYPE_PROG_ARRAY ||
		map->map_type == BPF_MAP_TYPE_ARRAY_OF_MAPS ||
		map->map_type == BPF_MAP_TYPE_HASH_OF_MAPS);
}

/**
 * bpffs_map_set_slot() - put a map into a map of maps, a program into an array
 * @map: native file of the map of maps or array of programs
 * @key: key of the entry
 * @value: native file of the map or program
 *
 * The bpf core does it as for bpf(2), with all that surrounds it there. In a
 * map of maps it waits until no program uses what was there before.
 *
 * Return: 0; -EINVAL for a map of another type or with keys that have not 4
 * bytes; or what bpf(2) says: -E2BIG if there is no such slot or no room,
 * -EINVAL for a map that is not like the template or a program that is not of
 * the type of the others, -EPERM if the map is frozen, -ENOMEM, -EMFILE.
 */
int bpffs_map_set_slot(struct bpffs_native *map, u32 key, struct bpffs_native *value)
{
	union bpf_attr attr = {
		.key = (unsigned long)&key,
	};
	int map_fd, value_fd;
	int err;

	if (!has_slots(bpffs_native_map(map)))
		return -EINVAL;
	map_fd = bpffs_native_lend(map);
	if (map_fd < 0)
		return map_fd;
	value_fd = bpffs_native_lend(value);
	if (value_fd < 0) {
		err = value_fd;
		goto reclaim_map;
	}
	attr.map_fd = map_fd;
	attr.value = (unsigned long)&value_fd;
	err = kern_sys_bpf(BPF_MAP_UPDATE_ELEM, &attr, sizeof(attr));
	bpffs_native_reclaim(value_fd);
reclaim_map:
	bpffs_native_reclaim(map_fd);
	return err == -ENOTSUPP ? -EOPNOTSUPP : err;
}

/**
 * bpffs_map_drop_slot() - take a program out of an array of programs
 * @map: the array
 * @key: of an entry
 *
 * May sleep.
 */
void bpffs_map_drop_slot(struct bpf_map *map, u32 key)
{
	/* The core, too, calls this without its locks for these arrays. */
	if (has_slots(map) && map->map_type == BPF_MAP_TYPE_PROG_ARRAY)
		map->ops->map_delete_elem(map, &key);
}

/**
 * bpffs_map_freeze() - make a map's contents constant for everything but
 *	programs
 * @native: native file of the map
 *
 * Return: 0; -EBUSY if it is frozen already, being written, or mapped
 * writable; -EPERM without CAP_BPF; -EMFILE; -EBADF if another thread
 * interfered.
 */
int bpffs_map_freeze(struct bpffs_native *native)
{
	struct bpf_map *map = bpffs_native_map(native);
	union bpf_attr attr = {};
	int fd, err;

	if (!map)
		return -EINVAL;
	/* Newer kernels say -EPERM here, as for who may not freeze at all. */
	if (READ_ONCE(map->frozen))
		return -EBUSY;
	fd = bpffs_native_lend(native);
	if (fd < 0)
		return fd;
	attr.map_fd = fd;
	err = kern_sys_bpf(BPF_MAP_FREEZE, &attr, sizeof(attr));
	bpffs_native_reclaim(fd);
	if (err)
		return err;
	return READ_ONCE(map->frozen) ? 0 : -EBADF;
}

/* The descriptors that one program load lends: -1 where none is lent. */
struct lent {
	int btf;
	int attach_to;
	int *maps;
	u32 nr_maps;
	int *module_btfs;	/* fd_array: module_btfs[i] is at i + 1 */
	u32 nr_module_btfs;
};

static void reclaim(struct lent *lent)
{
	u32 i;

	for (i = 0; i < lent->nr_maps; i++)
		bpffs_native_reclaim(lent->maps[i]);
	kvfree(lent->maps);
	for (i = 0; i < lent->nr_module_btfs; i++)
		bpffs_native_reclaim(lent->module_btfs[i + 1]);
	kfree(lent->module_btfs);
	bpffs_native_reclaim(lent->attach_to);
	bpffs_native_reclaim(lent->btf);
}

static int lend_btf(struct bpffs_prog_request *req, struct lent *lent)
{
	if (req->btf) {
		lent->btf = bpffs_native_lend(req->btf);
		if (lent->btf < 0)
			return lent->btf;
		req->attr.prog_btf_fd = lent->btf;
	}
	if (req->attach_to) {
		/* In bpf(2) the same field names the program, too. */
		lent->attach_to = bpffs_native_lend_nonzero(req->attach_to);
		if (lent->attach_to < 0)
			return lent->attach_to;
		req->attr.attach_btf_obj_fd = lent->attach_to;
	}
	return 0;
}

/* Lends the maps that instructions name, and no others of the object. */
static int lend_maps(struct bpffs_prog_request *req, struct lent *lent)
{
	struct bpf_insn *insns = (struct bpf_insn *)(unsigned long)req->attr.insns;
	const struct bpffs_map_slot *ref;
	u32 i;
	int fd;

	if (!req->nr_refs)
		return 0;
	lent->maps = kvmalloc_array(req->nr_maps, sizeof(*lent->maps),
				    GFP_KERNEL);
	if (!lent->maps)
		return -ENOMEM;
	lent->nr_maps = req->nr_maps;
	for (i = 0; i < req->nr_maps; i++)
		lent->maps[i] = -1;

	for (i = 0; i < req->nr_refs; i++) {
		ref = &req->refs[i];
		if (ref->map >= req->nr_maps || ref->insn >= req->attr.insn_cnt)
			return -EINVAL;
		if (lent->maps[ref->map] < 0) {
			fd = bpffs_native_lend(req->maps[ref->map]);
			if (fd < 0)
				return fd;
			lent->maps[ref->map] = fd;
		}
		insns[ref->insn].imm = lent->maps[ref->map];
	}
	return 0;
}

/* The place 0 of the array stands for vmlinux, whose BTF needs no descriptor. */
static int alloc_fd_array(struct bpffs_prog_request *req, struct lent *lent)
{
	u32 i;

	/* A call has 15 bits for the place of its module. */
	if (req->nr_module_btfs >= S16_MAX)
		return -E2BIG;
	lent->module_btfs = kmalloc_array(req->nr_module_btfs + 1, sizeof(int), GFP_KERNEL);
	if (!lent->module_btfs)
		return -ENOMEM;
	lent->nr_module_btfs = req->nr_module_btfs;
	for (i = 0; i <= req->nr_module_btfs; i++)
		lent->module_btfs[i] = -1;
	req->attr.fd_array = (unsigned long)lent->module_btfs;
	return 0;
}

static int lend_module_btf(struct bpffs_prog_request *req, struct lent *lent,
			   const struct bpffs_btf_slot *ref)
{
	struct bpf_insn *insns = (struct bpf_insn *)(unsigned long)req->attr.insns;
	int *fd;

	if (ref->btf >= req->nr_module_btfs || ref->insn + 1 >= req->attr.insn_cnt)
		return -EINVAL;
	fd = &lent->module_btfs[ref->btf + 1];
	if (*fd < 0)
		*fd = bpffs_native_lend_nonzero(req->module_btfs[ref->btf]);
	if (*fd < 0)
		return *fd;
	if (insns[ref->insn].code == (BPF_JMP | BPF_CALL))
		insns[ref->insn].off = ref->btf + 1;
	else
		insns[ref->insn + 1].imm = *fd;
	return 0;
}

/* Lends the BTF of those modules that instructions name. */
static int lend_module_btfs(struct bpffs_prog_request *req, struct lent *lent)
{
	int err;
	u32 i;

	if (!req->nr_btf_refs)
		return 0;
	err = alloc_fd_array(req, lent);
	for (i = 0; !err && i < req->nr_btf_refs; i++)
		err = lend_module_btf(req, lent, &req->btf_refs[i]);
	return err;
}

static bool map_is_lent(const struct bpffs_prog_request *req,
			const struct bpf_map *map)
{
	u32 i;

	for (i = 0; i < req->nr_maps; i++)
		if (bpffs_native_map(req->maps[i]) == map)
			return true;
	return false;
}

/* A descriptor replaced during the load would show here as a foreign map. */
static bool maps_are_lent(const struct bpffs_prog_request *req,
			  struct bpf_prog *prog)
{
	bool ok = true;
	u32 i;

	mutex_lock(&prog->aux->used_maps_mutex);
	for (i = 0; ok && i < prog->aux->used_map_cnt; i++)
		ok = map_is_lent(req, prog->aux->used_maps[i]);
	mutex_unlock(&prog->aux->used_maps_mutex);
	return ok;
}

/* One that is attached to many functions has none, and gets a type for all of them. */
static bool target_is_asked_for(const struct bpf_prog *prog, const union bpf_attr *attr)
{
	return prog->aux->attach_btf_id == attr->attach_btf_id ||
	       (prog->type == BPF_PROG_TYPE_TRACING && !attr->attach_btf_id);
}

/*
 * Is it the program that was asked for? For some types bpf(2) fills in an
 * expected_attach_type of 0, and it takes that of extensions away.
 */
static bool prog_is_asked_for(const struct bpffs_prog_request *req,
			      struct bpffs_native *native, u64 since)
{
	struct bpf_prog *prog = bpffs_native_prog(native);
	const union bpf_attr *attr = &req->attr;

	if (!prog || prog->type != attr->prog_type ||
	    prog->aux->load_time < since ||
	    !target_is_asked_for(prog, attr) ||
	    strncmp(prog->aux->name, attr->prog_name, sizeof(prog->aux->name)))
		return false;
	if (attr->expected_attach_type && prog->type != BPF_PROG_TYPE_EXT &&
	    prog->expected_attach_type != attr->expected_attach_type)
		return false;
	return maps_are_lent(req, prog);
}

static struct bpffs_native *load_lent(struct bpffs_prog_request *req,
				      struct bpffs_vlog *log)
{
	u64 since = ktime_get_boottime_ns();
	u32 levels = req->no_dump ? BPF_LOG_STATS : BPF_LOG_MASK;
	struct bpffs_native *native;
	int fd;

	fd = run_logged(BPF_PROG_LOAD, &req->attr, req->log_level & levels,
			req->no_dump ? BPF_LOG_STATS : 1, log);
	native = bpffs_native_take(fd);
	if (IS_ERR(native) || prog_is_asked_for(req, native, since))
		return native;
	bpffs_native_put(native);
	return ERR_PTR(-EBADF);
}

/**
 * bpffs_prog_load() - have a program verified and compiled
 * @req: what to load; instructions that name maps or modules are written to
 * @log: filled in, owned by the caller, also when the load succeeds; NULL
 *	where nobody will read it
 *
 * Return: native file of the program, owned by the caller, or what bpf(2)
 * says: -EINVAL or -EACCES if the verifier refuses (@log says why), -EPERM for
 * missing capabilities, -EOPNOTSUPP if it cannot be compiled, -E2BIG, -ENOMEM;
 * -EINTR if a signal is pending, with which no load can finish; -EMFILE if the
 * current task has no descriptors to lend; -EBADF if another thread interfered
 * with one that was.
 */
struct bpffs_native *bpffs_prog_load(struct bpffs_prog_request *req,
				     struct bpffs_vlog *log)
{
	struct lent lent = { .btf = -1, .attach_to = -1 };
	struct bpffs_native *native;
	int err;

	if (log)
		*log = (struct bpffs_vlog){};
	err = lend_btf(req, &lent);
	if (!err)
		err = lend_maps(req, &lent);
	if (!err)
		err = lend_module_btfs(req, &lent);
	native = err ? ERR_PTR(err) : load_lent(req, log);
	reclaim(&lent);
	req->attr.prog_btf_fd = 0;
	req->attr.fd_array = 0;
	if (req->attach_to)
		req->attr.attach_btf_obj_fd = 0;
	return native;
}
