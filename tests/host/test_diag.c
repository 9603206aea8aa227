// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>
#include <linux/bpffs_diag.h>
#include "test.h"

static void test_remarks(void)
{
	struct bpffs_remarks r = {};
	char line[BPFFS_REMARKS_LEN];
	int i;

	bpffs_remark(&r, "one %d", 1);
	bpffs_remark(&r, "two\nlines");
	is_str(r.text, "one 1\ntwo?lines\n", "a remark is a line");
	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\0';
	bpffs_remark(&r, "%s", line);
	is_str(r.text, "one 1\ntwo?lines\n", "one that does not fit is left out");
	for (i = 0; i < 300; i++)
		bpffs_remark(&r, "%05d", i);
	is(r.len, strlen(r.text), "the length is that of the text");
	ok(r.len < sizeof(r.text) && r.text[r.len - 1] == '\n', "whole lines only");
}

int main(void)
{
	struct bpffs_diag d = {};

	test_remarks();

	is(bpffs_diag(&d, -EINVAL, "first %d", 1), -EINVAL, "returns the errno");
	is(bpffs_diag(&d, -EPERM, "second"), -EPERM, "returns the second errno");
	is_str(d.text, "first 1", "the first sentence stays");
	is(d.err, -EINVAL, "the first errno stays");
	is(bpffs_diag(NULL, -EPERM, "nobody"), -EPERM, "nobody reads it");
	return done_testing();
}
