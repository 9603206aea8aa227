// SPDX-License-Identifier: GPL-2.0
#include <linux/init.h>
#include "internal.h"

/**
 * bpffs_services_init() - learn what the running kernel offers
 *
 * Runs once, before anything else of bpffs, as whoever loads the module: the
 * helper programs and the look-up of hidden symbols are judged with its
 * capabilities.
 *
 * What is missing costs the features that need it, never the module; only a
 * kernel whose bpf(2) cannot make a map, a program or BTF for the module's
 * loader has nothing to offer.
 *
 * Return: 0, or the errno with which bpf(2) refused.
 */
int __init bpffs_services_init(void)
{
	int err;

	err = bpffs_native_init();
	if (err)
		return err;
	bpffs_helper_init();
	bpffs_symbols_init();
	bpffs_map_init();
	bpffs_ringbuf_init();
	return 0;
}

/**
 * bpffs_services_exit() - give back what bpffs_services_init() took
 *
 * Nobody may be inside any function of this directory any more.
 */
void bpffs_services_exit(void)
{
	bpffs_kernel_btf_drop();
	bpffs_helper_drop(BPFFS_HELPER_BTF_FIND);
	bpffs_helper_drop(BPFFS_HELPER_KALLSYMS);
}

BPFFS_IMPORT_BPF_INTERNAL;
