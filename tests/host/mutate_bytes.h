/* SPDX-License-Identifier: GPL-2.0 */
/* Changes to bytes that nothing is known of, where there is no libFuzzer. */
#ifndef _BPFFS_MUTATE_BYTES_H
#define _BPFFS_MUTATE_BYTES_H

#include <linux/kernel.h>
#include "fuzz.h"

static struct fuzz_random chance;

size_t fuzz_mutate_bytes(u8 *data, size_t size, size_t max)
{
	size_t at = fuzz_pick(&chance, size), from = fuzz_pick(&chance, size);
	size_t len = min(size - max(at, from), (size_t)fuzz_pick(&chance, 32));

	if (!size)
		return 0;
	switch (fuzz_pick(&chance, 5)) {
	case 0:
		data[at] ^= 1 << fuzz_pick(&chance, 8);
		break;
	case 1:
		data[at] = fuzz_pick(&chance, 256);
		break;
	case 2:
		memmove(data + at, data + from, len);
		break;
	case 3:
		memmove(data + at, data + at + 1, size - at - 1);
		return max > size ? size - 1 : size;
	default:
		if (size == max)
			break;
		memmove(data + at + 1, data + at, size - at);
		return size + 1;
	}
	return size;
}

#endif /* _BPFFS_MUTATE_BYTES_H */
