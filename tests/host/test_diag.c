// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>
#include <linux/bpffs_diag.h>
#include "test.h"

int main(void)
{
	struct bpffs_diag d = {};

	is(bpffs_diag(&d, -EINVAL, "first %d", 1), -EINVAL, "returns the errno");
	is(bpffs_diag(&d, -EPERM, "second"), -EPERM, "returns the second errno");
	is_str(d.text, "first 1", "the first sentence stays");
	is(d.err, -EINVAL, "the first errno stays");
	is(bpffs_diag(NULL, -EPERM, "nobody"), -EPERM, "nobody reads it");
	return done_testing();
}
