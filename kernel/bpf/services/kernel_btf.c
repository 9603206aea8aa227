// SPDX-License-Identifier: GPL-2.0
#include <linux/string.h>
#include "internal.h"

/*
 * The helper returns the id in its lower half and, for a type of a module, a
 * descriptor of the module's BTF in its upper half.
 */
static int take_module_btf(int fd, struct bpffs_native **module_btf)
{
	struct bpffs_native *native;

	if (!fd)
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
	struct bpffs_helper_call call = { .arg = kind };
	int err;

	*id = 0;
	*module_btf = NULL;
	if (!*name)
		return -ENOENT;
	if (strscpy(call.name, name, sizeof(call.name)) < 0)
		return -ENAMETOOLONG;
	err = bpffs_helper_run(BPFFS_HELPER_BTF_FIND, &call);
	if (err)
		return err;
	if (call.ret < 0)
		return call.ret == -EINVAL ? -EOPNOTSUPP : call.ret;
	if (!lower_32_bits(call.ret))
		return -ENOENT;
	err = take_module_btf(upper_32_bits(call.ret), module_btf);
	if (err)
		return err;
	*id = lower_32_bits(call.ret);
	return 0;
}
