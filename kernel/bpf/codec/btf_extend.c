// SPDX-License-Identifier: GPL-2.0
/* BTF with more types and names than it came with. */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "btf.h"

/**
 * bpffs_btf_extend() - make a copy of BTF with types and strings behind its own
 * @blob: BTF that bpffs_btf_parse() has taken
 * @types: types, whose ids follow the last one of @blob
 * @types_len: bytes in @types, a multiple of 4
 * @strings: strings, whose offsets follow the last one of @blob
 * @strings_len: bytes in @strings, the last NUL included
 * @size: set to the bytes in the copy
 *
 * The copy has the header that all kernels know, and of what a longer one tells
 * of, the kinds of type among it, nothing.
 *
 * Return: the copy, to be freed by kvfree(); NULL if there is no memory.
 */
void *bpffs_btf_extend(const void *blob, const void *types, u32 types_len,
		       const char *strings, u32 strings_len, u32 *size)
{
	const struct btf_header *old = blob;
	const void *body = blob + old->hdr_len;
	struct btf_header *hdr;
	void *to;

	*size = BPFFS_BTF_HEADER + old->type_len + types_len + old->str_len + strings_len;
	hdr = kvmalloc(*size, GFP_KERNEL_ACCOUNT);
	if (!hdr)
		return NULL;
	memcpy(hdr, blob, BPFFS_BTF_HEADER);
	hdr->hdr_len = BPFFS_BTF_HEADER;
	hdr->type_off = 0;
	hdr->type_len = old->type_len + types_len;
	hdr->str_off = hdr->type_len;
	hdr->str_len = old->str_len + strings_len;
	to = (void *)hdr + hdr->hdr_len;
	memcpy(to, body + old->type_off, old->type_len);
	memcpy(to + old->type_len, types, types_len);
	to += hdr->str_off;
	memcpy(to, body + old->str_off, old->str_len);
	memcpy(to + old->str_len, strings, strings_len);
	return hdr;
}
