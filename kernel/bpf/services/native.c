// SPDX-License-Identifier: GPL-2.0
#include <linux/anon_inodes.h>
#include <linux/btf.h>
#include <linux/capability.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/filter.h>
#include "internal.h"

/*
 * What tells maps, programs and BTF from other files. Not exported, so learnt
 * from objects of our own while the module starts; constant from then on, and
 * never dangling, because the tables are part of the kernel image.
 */
static const struct file_operations *learnt_map_fops __ro_after_init;
static const struct file_operations *learnt_prog_fops __ro_after_init;
static const struct file_operations *learnt_btf_fops __ro_after_init;

static bool is_native(const struct bpffs_native *native,
		      const struct file_operations *fops)
{
	return bpffs_native_file(native)->f_op == fops;
}

/**
 * bpffs_native_take() - turn a descriptor into the file behind it
 * @fd: what a bpf(2) command returned: a descriptor of the current task, or a
 *	negative errno, which is passed on, -ENOTSUPP as -EOPNOTSUPP
 *
 * The descriptor is closed. Threads that share the table may have closed or
 * replaced it meanwhile, so the caller has to check that the file is what it
 * asked for.
 *
 * Return: the file, owned by the caller, or -EBADF if nothing is left of it.
 */
struct bpffs_native *bpffs_native_take(int fd)
{
	struct file *file;

	/* The kernel's own number means nothing outside; a JIT without memory says it. */
	if (fd == -ENOTSUPP)
		return ERR_PTR(-EOPNOTSUPP);
	if (fd < 0)
		return ERR_PTR(fd);
	file = fget(fd);
	close_fd(fd);
	return file ? bpffs_native_of(file) : ERR_PTR(-EBADF);
}

/**
 * bpffs_native_get() - one reference more
 * @native: native file that the caller has a reference on
 *
 * Return: @native.
 */
struct bpffs_native *bpffs_native_get(struct bpffs_native *native)
{
	get_file(bpffs_native_file(native));
	return native;
}

/**
 * bpffs_native_put() - one reference less
 * @native: native file; the last reference unloads, detaches or frees what it
 *	stands for: before the current system call returns to user space, or in
 *	the threads of bpffs_call_private() a little later
 */
void bpffs_native_put(struct bpffs_native *native)
{
	fput(bpffs_native_file(native));
}

/**
 * bpffs_native_lend() - give a native file a descriptor for one command
 * @native: native file
 *
 * Return: a close-on-exec descriptor of the current task, to be handed to
 * bpffs_native_reclaim() in the same system call, or a negative errno (-EMFILE
 * where the task has too many).
 */
int bpffs_native_lend(struct bpffs_native *native)
{
	int fd = get_unused_fd_flags(O_CLOEXEC);

	if (fd >= 0)
		fd_install(fd, get_file(bpffs_native_file(native)));
	return fd;
}

/**
 * bpffs_native_lend_nonzero() - give a native file a descriptor that is not 0
 * @native: native file
 *
 * For attributes in which 0 means that there is none.
 *
 * Return: see bpffs_native_lend().
 */
int bpffs_native_lend_nonzero(struct bpffs_native *native)
{
	int zero, fd;

	fd = bpffs_native_lend(native);
	if (fd)
		return fd;
	zero = fd;
	fd = bpffs_native_lend(native);
	bpffs_native_reclaim(zero);
	return fd;
}

/**
 * bpffs_native_reclaim() - take a lent descriptor back
 * @fd: from bpffs_native_lend(), or negative for nothing
 */
void bpffs_native_reclaim(int fd)
{
	if (fd >= 0)
		close_fd(fd);
}

/**
 * bpffs_native_map() - the map behind a native file
 * @native: native file
 *
 * Return: the map, valid as long as @native is; NULL if it is no map.
 */
struct bpf_map *bpffs_native_map(struct bpffs_native *native)
{
	return is_native(native, learnt_map_fops) ? bpffs_native_object(native) : NULL;
}

/**
 * bpffs_native_prog() - the program behind a native file
 * @native: native file
 *
 * Return: the program, valid as long as @native is; NULL if it is no program.
 */
struct bpf_prog *bpffs_native_prog(struct bpffs_native *native)
{
	return is_native(native, learnt_prog_fops) ? bpffs_native_object(native) : NULL;
}

/**
 * bpffs_native_is_btf() - is it BTF that is behind a native file
 * @native: native file
 */
bool bpffs_native_is_btf(const struct bpffs_native *native)
{
	return is_native(native, learnt_btf_fops);
}

/**
 * bpffs_native_is_same() - do two native files stand for the same object
 * @a: native file
 * @b: native file
 */
bool bpffs_native_is_same(const struct bpffs_native *a, const struct bpffs_native *b)
{
	return bpffs_native_object(a) == bpffs_native_object(b);
}

/**
 * bpffs_native_of_btf() - a native file that stands for no BTF yet
 *
 * Return: the file, owned by the caller, who may set its private_data to BTF with
 * a reference that the file then owns; or an errno as ERR_PTR().
 */
struct file *bpffs_native_of_btf(void)
{
	return anon_inode_getfile("btf", learnt_btf_fops, NULL, O_RDONLY | O_CLOEXEC);
}

/*
 * The same map behind a second file that may only be read or only be written,
 * which is how bpf(2) itself expresses it. The hook security_bpf_map(), which
 * bpf(2) asks for every new file of a map, is not exported; it was asked for
 * read and write when the map was made, and this asks for less.
 *
 * The map is counted up only once the file is there, because no exported
 * function counts it down again; @native holds it until then.
 */
static struct file *map_with_mode(struct bpffs_native *native, fmode_t mode)
{
	int flags = mode & FMODE_READ ? O_RDONLY : O_WRONLY;
	struct bpf_map *map = bpffs_native_object(native);
	struct file *file;

	file = anon_inode_getfile("bpf-map", learnt_map_fops, map, flags | O_CLOEXEC);
	if (!IS_ERR(file))
		bpf_map_inc_with_uref(map);
	return file;
}

/*
 * Programs have no modes in bpf(2): whoever holds a descriptor may look at the
 * program and attach it if capabilities allow. In bpffs reading is what lets
 * others attach it.
 *
 * A map's descriptor has one, but BPF_OBJ_PIN does not look at it: who can write
 * to any directory of the kernel's own bpf file system gets a descriptor for
 * both from one for either. So one for either is for who may open every map by
 * its id.
 */
static struct file *native_with_mode(struct bpffs_native *native, fmode_t mode)
{
	const fmode_t both = FMODE_READ | FMODE_WRITE;

	if (bpffs_native_prog(native))
		return mode & FMODE_READ ? get_file(bpffs_native_file(native)) : ERR_PTR(-EACCES);
	if (!bpffs_native_map(native))
		return ERR_PTR(-EINVAL);
	if ((mode & both) == both)
		return get_file(bpffs_native_file(native));
	if (mode & both && capable(CAP_SYS_ADMIN))
		return map_with_mode(native, mode);
	return ERR_PTR(-EACCES);
}

/**
 * bpffs_native_fd() - a descriptor that bpf(2) and libbpf accept
 * @native: native file of a map or program
 * @mode: FMODE_READ, FMODE_WRITE or both: what the descriptor may be used for;
 *	a program asks for FMODE_READ, a map for both unless the current task
 *	has CAP_SYS_ADMIN
 *
 * Return: a close-on-exec descriptor for the current task to keep, -EACCES if
 * @mode is not enough, -EINVAL if @native is neither map nor program, -EMFILE,
 * -ENFILE or -ENOMEM.
 */
int bpffs_native_fd(struct bpffs_native *native, fmode_t mode)
{
	struct file *file;
	int fd;

	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		return fd;
	file = native_with_mode(native, mode);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}

/* Runs a command that makes an object, for the sake of its file operations. */
static int __init learn(int cmd, union bpf_attr *attr,
			const struct file_operations **fops)
{
	struct bpffs_native *native;

	native = bpffs_native_take(kern_sys_bpf(cmd, attr, sizeof(*attr)));
	if (IS_ERR(native))
		return PTR_ERR(native);
	*fops = bpffs_native_file(native)->f_op;
	bpffs_native_put(native);
	return 0;
}

static int __init learn_map(void)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = sizeof(u32),
		.value_size = sizeof(u32),
		.max_entries = 1,
	};

	return learn(BPF_MAP_CREATE, &attr, &learnt_map_fops);
}

static int __init learn_prog(void)
{
	static const struct bpf_insn insns[] = {
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_SYSCALL,
		.prog_flags = BPF_F_SLEEPABLE,
		.insns = (unsigned long)insns,
		.insn_cnt = ARRAY_SIZE(insns),
		.license = (unsigned long)"GPL",
	};

	return learn(BPF_PROG_LOAD, &attr, &learnt_prog_fops);
}

static int __init learn_btf(void)
{
	static const struct {
		struct btf_header header;
		struct btf_type type;
		u32 encoding;
		char strings[8];
	} blob = {
		.header = {
			.magic = BTF_MAGIC,
			.version = BTF_VERSION,
			.hdr_len = sizeof(struct btf_header),
			.type_len = sizeof(struct btf_type) + sizeof(u32),
			.str_off = sizeof(struct btf_type) + sizeof(u32),
			.str_len = 8,
		},
		.type = {
			.name_off = 1,
			.info = BTF_KIND_INT << 24,
			.size = sizeof(u32),
		},
		.encoding = 32,
		.strings = "\0u32",
	};
	union bpf_attr attr = {
		.btf = (unsigned long)&blob,
		.btf_size = sizeof(blob),
	};

	return learn(BPF_BTF_LOAD, &attr, &learnt_btf_fops);
}

/**
 * bpffs_native_init() - learn to tell native files apart
 *
 * Return: 0, or the errno with which bpf(2) refused the smallest of objects.
 */
int __init bpffs_native_init(void)
{
	return learn_map() ?: learn_prog() ?: learn_btf();
}
