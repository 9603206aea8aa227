// SPDX-License-Identifier: GPL-2.0
/* Types as C writes them. */
#include <linux/btf.h>
#include <linux/kernel.h>
#include "test.h"
#include "../../kernel/bpf/codec/codec.h"

#define INFO(kind, vlen, kflag)	((u32)(kind) << 24 | (vlen) | (u32)(kflag) << 31)

static const struct {
	struct btf_header header;
	u32 types[64];
	char strings[32];
} blob = {
	.header = {
		.magic = BTF_MAGIC,
		.version = BTF_VERSION,
		.hdr_len = sizeof(struct btf_header),
		.type_len = 46 * 4,
		.str_off = 64 * 4,
		.str_len = 32,
	},
	.types = {
		1, INFO(BTF_KIND_INT, 0, 0), 1, BTF_INT_CHAR << 24 | 8,	/* 1 char */
		6, INFO(BTF_KIND_STRUCT, 0, 0), 4,			/* 2 struct event */
		0, INFO(BTF_KIND_ARRAY, 0, 0), 0, 1, 1, 16,		/* 3 char[16] */
		0, INFO(BTF_KIND_ARRAY, 0, 0), 0, 3, 1, 4,		/* 4 char[4][16] */
		0, INFO(BTF_KIND_PTR, 0, 0), 2,				/* 5 struct event * */
		0, INFO(BTF_KIND_CONST, 0, 0), 5,			/* 6 the same */
		12, INFO(BTF_KIND_TYPEDEF, 0, 0), 6,			/* 7 pointer_t */
		0, INFO(BTF_KIND_PTR, 0, 0), 0,				/* 8 void * */
		0, INFO(BTF_KIND_UNION, 0, 0), 4,			/* 9 union {...} */
		22, INFO(BTF_KIND_FWD, 0, 1), 0,			/* 10 union u */
		0, INFO(BTF_KIND_PTR, 0, 0), 10,			/* 11 union u * */
		0, INFO(BTF_KIND_ARRAY, 0, 0), 0, 5, 1, 2,		/* 12 struct event *[2] */
	},
	.strings = "\0char\0event\0pointer_t\0u",
};

static const struct bpffs_btf *types;

static void check(u32 id, const char want[])
{
	char buf[64];
	struct bpffs_text out = { .buf = buf, .cap = sizeof(buf) - 1 };

	bpffs_print_type(&out, types, id);
	buf[out.len] = '\0';
	ok(!strcmp(buf, want), "%s is %s", want, buf);
}

int main(void)
{
	struct bpffs_btf btf;
	struct bpffs_diag diag = {};

	if (!ok(!bpffs_btf_parse(&btf, &blob, sizeof(blob), &diag), "parses: %s", diag.text))
		return done_testing();
	types = &btf;
	check(0, "void");
	check(1, "char");
	check(2, "struct event");
	check(3, "char[16]");
	check(4, "char[4][16]");
	check(5, "struct event *");
	check(6, "struct event *");
	check(7, "pointer_t");
	check(8, "void *");
	check(9, "union {...}");
	check(11, "union u *");
	check(12, "struct event *[2]");
	bpffs_btf_release(&btf);
	return done_testing();
}
