// SPDX-License-Identifier: GPL-2.0
/* Names of sections: the table by itself, and beside libbpf's. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <bpf/libbpf.h>
#include <linux/kernel.h>
#include "../../kernel/bpf/loader/build.h"
#include "test.h"

/* What the libbpf that the test is linked to is too old to know. */
static const char * const newer[] = {
	"cgroup/connect_unix", "cgroup/getpeername_unix",
	"cgroup/getsockname_unix", "cgroup/recvmsg_unix", "cgroup/sendmsg_unix",
	"fentry.multi", "fentry.multi.s", "fexit.multi", "fexit.multi.s",
	"fsession", "fsession.multi", "fsession.multi.s", "fsession.s",
	"kprobe.session", "netfilter", "netkit/peer", "netkit/primary",
	"raw_tp.s", "raw_tracepoint.s", "sk_skb/verdict", "struct_ops.s",
	"tc/egress", "tc/ingress", "tcx/egress", "tcx/ingress", "tp.s",
	"tp_btf.s", "tracepoint.s", "uprobe.multi", "uprobe.multi.s",
	"uprobe.session", "uprobe.session.s", "uretprobe.multi",
	"uretprobe.multi.s", "usdt.s",
};

static bool is_newer(const char *prefix)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(newer); i++) {
		if (!strcmp(newer[i], prefix))
			return true;
	}
	return false;
}

static int silent(enum libbpf_print_level level, const char *fmt, va_list args)
{
	return 0;
}

static const char *target;

static const char *prefix_of(const char *section)
{
	const struct bpffs_section_def *def;

	target = NULL;
	def = bpffs_section_find(section, &target);
	return def ? def->prefix : "none";
}

static void test_every_row_finds_itself(void)
{
	char name[64];
	__u32 i, lost = 0;

	for (i = 0; i < bpffs_nr_section_defs; i++) {
		const struct bpffs_section_def *def = &bpffs_section_defs[i];
		bool has_target = def->flags & BPFFS_SEC_TARGET;

		lost += strcmp(prefix_of(def->prefix), def->prefix) || *target;
		snprintf(name, sizeof(name), "?%s/a/b", def->prefix);
		lost += strcmp(prefix_of(name), def->prefix) ||
			strcmp(target, has_target ? "a/b" : "");
	}
	is(bpffs_nr_section_defs, 116, "as many rows as libbpf 1.8 has");
	is(lost, 0, "each finds itself, bare and with more behind it");
}

static void test_beside_libbpf(void)
{
	enum bpf_attach_type attach_type;
	enum bpf_prog_type type;
	__u32 i, compared = 0;
	int err;

	for (i = 0; i < bpffs_nr_section_defs; i++) {
		const struct bpffs_section_def *def = &bpffs_section_defs[i];

		err = libbpf_prog_type_by_name(def->prefix, &type, &attach_type);
		is(!!err, is_newer(def->prefix), def->prefix);
		if (err)
			continue;
		is(def->type, type, "its type");
		is(def->attach_type, attach_type, "its attach type");
		compared++;
	}
	is(compared, bpffs_nr_section_defs - ARRAY_SIZE(newer),
	   "rows that libbpf knows too");
}

static void test_names(void)
{
	is_str(prefix_of("tp/syscalls/sys_enter_openat"), "tp", "a target");
	is_str(target, "syscalls/sys_enter_openat", "of two parts");
	is_str(prefix_of("uprobe//bin/bash:readline"), "uprobe", "a path");
	is_str(target, "/bin/bash:readline", "keeps its slash");
	is_str(prefix_of("classifier/from-netdev"), "classifier",
	       "a name that cilium's loader takes");
	is_str(target, "", "has a label and no target");
	is_str(prefix_of("xdp/devmap"), "xdp/devmap", "the longest one is meant");
	is_str(prefix_of("cgroup/sock_create/x"), "cgroup/sock_create",
	       "with a label, too");
	is_str(prefix_of("xdpish"), "none", "a beginning is not enough");
	is_str(prefix_of("cgroup"), "none", "nor the first part");
	is_str(prefix_of("kprobe.mult/x"), "none", "nor most of a name");
	is_str(prefix_of(""), "none", "nor nothing");
	is_str(prefix_of("?"), "none", "nor nothing to leave out");
	is_str(bpffs_section_like("kprob/vfs_read"), "kprobe", "a misspelt name");
	is_str(bpffs_section_like("?fentyr/vfs_read"), "fentry",
	       "one of those left out");
	is_str(bpffs_section_like("zz"), "", "like no other");
}

static void test_types(void)
{
	__u32 i, bad = 0;

	for (i = 0; i < bpffs_nr_section_defs; i++)
		bad += !strcmp(bpffs_prog_type_name(bpffs_section_defs[i].type),
			       "unknown");
	is(bad, 0, "every type has a name");
	for (i = 1; i < 32; i++)
		is_str(bpffs_prog_type_name(i), libbpf_bpf_prog_type_str(i),
		       "as libbpf writes it");
	is_str(bpffs_prog_type_name(32), "netfilter", "a newer one");
	is_str(bpffs_prog_type_name(~0U), "unknown", "none");
}

int main(void)
{
	libbpf_set_print(silent);
	test_every_row_finds_itself();
	test_beside_libbpf();
	test_names();
	test_types();
	return done_testing();
}
