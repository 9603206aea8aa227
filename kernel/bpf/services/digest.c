// SPDX-License-Identifier: GPL-2.0
/*
 * The digest of an object file. Objects with their DWARF have hundreds of
 * kilobytes, so the crypto API does it with what the CPU has for SHA-256.
 */
#include <crypto/hash.h>
#include <crypto/sha2.h>
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include "services.h"

/* An implementation that uses vector registers holds the CPU meanwhile. */
#define DIGEST_STEP	SZ_4K

static int digest_by(struct crypto_shash *tfm, const u8 *data, size_t size, u8 *digest)
{
	SHASH_DESC_ON_STACK(desc, tfm);
	size_t step;
	int err;

	desc->tfm = tfm;
	err = crypto_shash_init(desc);
	for (; !err && size; data += step, size -= step) {
		step = min_t(size_t, size, DIGEST_STEP);
		err = crypto_shash_update(desc, data, step);
		cond_resched();
	}
	return err ?: crypto_shash_final(desc, digest);
}

/**
 * bpffs_digest() - SHA-256 of a file's content
 * @data: the content
 * @size: of it, in bytes
 * @digest: receives SHA256_DIGEST_SIZE bytes
 *
 * May sleep. It cannot fail: where the crypto API cannot, the library does it,
 * slower.
 */
void bpffs_digest(const void *data, size_t size, u8 *digest)
{
	struct crypto_shash *tfm = crypto_alloc_shash("sha256", 0, 0);
	int err;

	if (IS_ERR(tfm)) {
		sha256(data, size, digest);
		return;
	}
	err = digest_by(tfm, data, size, digest);
	crypto_free_shash(tfm);
	if (err)
		sha256(data, size, digest);
}
