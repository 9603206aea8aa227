// SPDX-License-Identifier: GPL-2.0
/*
 * What the names of sections say about the programs in them: a table, not code.
 * Documentation/bpffs-elf.rst has the same rows, and a test compares them.
 */
#include <linux/kernel.h>
#include "build.h"
#include "kernel_numbers.h"

#define TARGET		BPFFS_SEC_TARGET
#define SLEEPABLE	BPFFS_SEC_SLEEPABLE
#define ATTACH_BTF	BPFFS_SEC_ATTACH_BTF
#define FRAGS		BPFFS_SEC_FRAGS

#define ROW(_prefix, _hook, _type, _attach_type, _flags) {	\
	.prefix = _prefix,					\
	.hook = _hook,						\
	.type = _type,						\
	.attach_type = _attach_type,				\
	.flags = _flags,					\
}

#define SECTION(_prefix, _hook, _type, _attach_type, _flags) \
	ROW(_prefix, _hook, BPF_PROG_TYPE_##_type, _attach_type, _flags)

#define PROBE(_prefix, _hook, _attach_type, _flags) \
	SECTION(_prefix, _hook, KPROBE, _attach_type, TARGET | (_flags))

#define TRACE(_prefix, _hook, _type, _attach_type, _flags) \
	SECTION(_prefix, _hook, _type, _attach_type, TARGET | ATTACH_BTF | (_flags))

/* Programs of a cgroup; a type may attach at several of its hooks. */
#define CGROUP(_prefix, _type, _attach_type) \
	SECTION(_prefix, "cgroup", CGROUP_##_type, _attach_type, 0)

const struct bpffs_section_def bpffs_section_defs[] = {
	SECTION("socket", "", SOCKET_FILTER, 0, 0),
	SECTION("sk_reuseport", "", SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT, 0),
	SECTION("sk_reuseport/migrate", "", SK_REUSEPORT,
		BPF_SK_REUSEPORT_SELECT_OR_MIGRATE, 0),

	PROBE("kprobe", "kprobe", 0, 0),
	PROBE("kretprobe", "kretprobe", 0, 0),
	PROBE("kprobe.multi", "kprobe.multi", BPF_TRACE_KPROBE_MULTI, 0),
	PROBE("kretprobe.multi", "kretprobe.multi", BPF_TRACE_KPROBE_MULTI, 0),
	PROBE("kprobe.session", "kprobe.session", BPFFS_ATTACH_KPROBE_SESSION, 0),
	PROBE("ksyscall", "ksyscall", 0, 0),
	PROBE("kretsyscall", "kretsyscall", 0, 0),
	PROBE("uprobe", "uprobe", 0, 0),
	PROBE("uprobe.s", "uprobe", 0, SLEEPABLE),
	PROBE("uretprobe", "uretprobe", 0, 0),
	PROBE("uretprobe.s", "uretprobe", 0, SLEEPABLE),
	PROBE("uprobe.multi", "uprobe.multi", BPFFS_ATTACH_UPROBE_MULTI, 0),
	PROBE("uprobe.multi.s", "uprobe.multi", BPFFS_ATTACH_UPROBE_MULTI, SLEEPABLE),
	PROBE("uretprobe.multi", "uretprobe.multi", BPFFS_ATTACH_UPROBE_MULTI, 0),
	PROBE("uretprobe.multi.s", "uretprobe.multi", BPFFS_ATTACH_UPROBE_MULTI,
	      SLEEPABLE),
	PROBE("uprobe.session", "uprobe.session", BPFFS_ATTACH_UPROBE_SESSION, 0),
	PROBE("uprobe.session.s", "uprobe.session", BPFFS_ATTACH_UPROBE_SESSION,
	      SLEEPABLE),
	PROBE("usdt", "usdt", 0, 0),
	PROBE("usdt.s", "usdt", 0, SLEEPABLE),

	SECTION("tracepoint", "tracepoint", TRACEPOINT, 0, TARGET),
	SECTION("tracepoint.s", "tracepoint", TRACEPOINT, 0, TARGET | SLEEPABLE),
	SECTION("tp", "tracepoint", TRACEPOINT, 0, TARGET),
	SECTION("tp.s", "tracepoint", TRACEPOINT, 0, TARGET | SLEEPABLE),
	SECTION("raw_tracepoint", "raw_tracepoint", RAW_TRACEPOINT, 0, TARGET),
	SECTION("raw_tracepoint.s", "raw_tracepoint", RAW_TRACEPOINT, 0,
		TARGET | SLEEPABLE),
	SECTION("raw_tracepoint.w", "raw_tracepoint", RAW_TRACEPOINT_WRITABLE, 0,
		TARGET),
	SECTION("raw_tp", "raw_tracepoint", RAW_TRACEPOINT, 0, TARGET),
	SECTION("raw_tp.s", "raw_tracepoint", RAW_TRACEPOINT, 0,
		TARGET | SLEEPABLE),
	SECTION("raw_tp.w", "raw_tracepoint", RAW_TRACEPOINT_WRITABLE, 0, TARGET),

	TRACE("tp_btf", "tp_btf", TRACING, BPF_TRACE_RAW_TP, 0),
	TRACE("tp_btf.s", "tp_btf", TRACING, BPF_TRACE_RAW_TP, SLEEPABLE),
	TRACE("fentry", "fentry", TRACING, BPF_TRACE_FENTRY, 0),
	TRACE("fentry.s", "fentry", TRACING, BPF_TRACE_FENTRY, SLEEPABLE),
	TRACE("fmod_ret", "fmod_ret", TRACING, BPF_MODIFY_RETURN, 0),
	TRACE("fmod_ret.s", "fmod_ret", TRACING, BPF_MODIFY_RETURN, SLEEPABLE),
	TRACE("fexit", "fexit", TRACING, BPF_TRACE_FEXIT, 0),
	TRACE("fexit.s", "fexit", TRACING, BPF_TRACE_FEXIT, SLEEPABLE),
	TRACE("fsession", "fsession", TRACING, BPFFS_ATTACH_FSESSION, 0),
	TRACE("fsession.s", "fsession", TRACING, BPFFS_ATTACH_FSESSION, SLEEPABLE),
	SECTION("fentry.multi", "fentry.multi", TRACING, BPFFS_ATTACH_FENTRY_MULTI,
		TARGET),
	SECTION("fentry.multi.s", "fentry.multi", TRACING, BPFFS_ATTACH_FENTRY_MULTI,
		TARGET | SLEEPABLE),
	SECTION("fexit.multi", "fexit.multi", TRACING, BPFFS_ATTACH_FEXIT_MULTI,
		TARGET),
	SECTION("fexit.multi.s", "fexit.multi", TRACING, BPFFS_ATTACH_FEXIT_MULTI,
		TARGET | SLEEPABLE),
	SECTION("fsession.multi", "fsession.multi", TRACING,
		BPFFS_ATTACH_FSESSION_MULTI, TARGET),
	SECTION("fsession.multi.s", "fsession.multi", TRACING,
		BPFFS_ATTACH_FSESSION_MULTI, TARGET | SLEEPABLE),
	TRACE("freplace", "freplace", EXT, 0, 0),
	TRACE("lsm", "lsm", LSM, BPF_LSM_MAC, 0),
	TRACE("lsm.s", "lsm", LSM, BPF_LSM_MAC, SLEEPABLE),
	TRACE("lsm_cgroup", "cgroup", LSM, BPF_LSM_CGROUP, 0),
	TRACE("iter", "iter", TRACING, BPF_TRACE_ITER, 0),
	TRACE("iter.s", "iter", TRACING, BPF_TRACE_ITER, SLEEPABLE),

	SECTION("tc", "tc", SCHED_CLS, 0, 0),
	SECTION("tc/ingress", "tc", SCHED_CLS, BPFFS_ATTACH_TCX_INGRESS, 0),
	SECTION("tc/egress", "tc", SCHED_CLS, BPFFS_ATTACH_TCX_EGRESS, 0),
	SECTION("tcx/ingress", "tc", SCHED_CLS, BPFFS_ATTACH_TCX_INGRESS, 0),
	SECTION("tcx/egress", "tc", SCHED_CLS, BPFFS_ATTACH_TCX_EGRESS, 0),
	SECTION("classifier", "tc", SCHED_CLS, 0, 0),
	SECTION("action", "tc", SCHED_ACT, 0, 0),
	SECTION("netkit/primary", "netkit", SCHED_CLS, BPFFS_ATTACH_NETKIT_PRIMARY, 0),
	SECTION("netkit/peer", "netkit", SCHED_CLS, BPFFS_ATTACH_NETKIT_PEER, 0),
	SECTION("xdp", "xdp", XDP, BPF_XDP, 0),
	SECTION("xdp.frags", "xdp", XDP, BPF_XDP, FRAGS),
	SECTION("xdp/devmap", "", XDP, BPF_XDP_DEVMAP, 0),
	SECTION("xdp.frags/devmap", "", XDP, BPF_XDP_DEVMAP, FRAGS),
	SECTION("xdp/cpumap", "", XDP, BPF_XDP_CPUMAP, 0),
	SECTION("xdp.frags/cpumap", "", XDP, BPF_XDP_CPUMAP, FRAGS),
	ROW("netfilter", "netfilter", BPFFS_PROG_TYPE_NETFILTER,
	    BPFFS_ATTACH_NETFILTER, 0),
	SECTION("lwt_in", "", LWT_IN, 0, 0),
	SECTION("lwt_out", "", LWT_OUT, 0, 0),
	SECTION("lwt_xmit", "", LWT_XMIT, 0, 0),
	SECTION("lwt_seg6local", "", LWT_SEG6LOCAL, 0, 0),
	SECTION("flow_dissector", "netns", FLOW_DISSECTOR, BPF_FLOW_DISSECTOR, 0),
	SECTION("sk_lookup", "netns", SK_LOOKUP, BPF_SK_LOOKUP, 0),
	SECTION("sk_skb", "sockmap", SK_SKB, 0, 0),
	SECTION("sk_skb/stream_parser", "sockmap", SK_SKB, BPF_SK_SKB_STREAM_PARSER, 0),
	SECTION("sk_skb/stream_verdict", "sockmap", SK_SKB,
		BPF_SK_SKB_STREAM_VERDICT, 0),
	SECTION("sk_skb/verdict", "sockmap", SK_SKB, BPF_SK_SKB_VERDICT, 0),
	SECTION("sk_msg", "sockmap", SK_MSG, BPF_SK_MSG_VERDICT, 0),

	CGROUP("cgroup_skb/ingress", SKB, BPF_CGROUP_INET_INGRESS),
	CGROUP("cgroup_skb/egress", SKB, BPF_CGROUP_INET_EGRESS),
	CGROUP("cgroup/skb", SKB, 0),
	CGROUP("cgroup/sock", SOCK, BPF_CGROUP_INET_SOCK_CREATE),
	CGROUP("cgroup/sock_create", SOCK, BPF_CGROUP_INET_SOCK_CREATE),
	CGROUP("cgroup/sock_release", SOCK, BPF_CGROUP_INET_SOCK_RELEASE),
	CGROUP("cgroup/post_bind4", SOCK, BPF_CGROUP_INET4_POST_BIND),
	CGROUP("cgroup/post_bind6", SOCK, BPF_CGROUP_INET6_POST_BIND),
	CGROUP("cgroup/bind4", SOCK_ADDR, BPF_CGROUP_INET4_BIND),
	CGROUP("cgroup/bind6", SOCK_ADDR, BPF_CGROUP_INET6_BIND),
	CGROUP("cgroup/connect4", SOCK_ADDR, BPF_CGROUP_INET4_CONNECT),
	CGROUP("cgroup/connect6", SOCK_ADDR, BPF_CGROUP_INET6_CONNECT),
	CGROUP("cgroup/connect_unix", SOCK_ADDR, BPFFS_ATTACH_UNIX_CONNECT),
	CGROUP("cgroup/sendmsg4", SOCK_ADDR, BPF_CGROUP_UDP4_SENDMSG),
	CGROUP("cgroup/sendmsg6", SOCK_ADDR, BPF_CGROUP_UDP6_SENDMSG),
	CGROUP("cgroup/sendmsg_unix", SOCK_ADDR, BPFFS_ATTACH_UNIX_SENDMSG),
	CGROUP("cgroup/recvmsg4", SOCK_ADDR, BPF_CGROUP_UDP4_RECVMSG),
	CGROUP("cgroup/recvmsg6", SOCK_ADDR, BPF_CGROUP_UDP6_RECVMSG),
	CGROUP("cgroup/recvmsg_unix", SOCK_ADDR, BPFFS_ATTACH_UNIX_RECVMSG),
	CGROUP("cgroup/getpeername4", SOCK_ADDR, BPF_CGROUP_INET4_GETPEERNAME),
	CGROUP("cgroup/getpeername6", SOCK_ADDR, BPF_CGROUP_INET6_GETPEERNAME),
	CGROUP("cgroup/getpeername_unix", SOCK_ADDR, BPFFS_ATTACH_UNIX_GETPEERNAME),
	CGROUP("cgroup/getsockname4", SOCK_ADDR, BPF_CGROUP_INET4_GETSOCKNAME),
	CGROUP("cgroup/getsockname6", SOCK_ADDR, BPF_CGROUP_INET6_GETSOCKNAME),
	CGROUP("cgroup/getsockname_unix", SOCK_ADDR, BPFFS_ATTACH_UNIX_GETSOCKNAME),
	CGROUP("cgroup/sysctl", SYSCTL, BPF_CGROUP_SYSCTL),
	CGROUP("cgroup/getsockopt", SOCKOPT, BPF_CGROUP_GETSOCKOPT),
	CGROUP("cgroup/setsockopt", SOCKOPT, BPF_CGROUP_SETSOCKOPT),
	CGROUP("cgroup/dev", DEVICE, BPF_CGROUP_DEVICE),
	SECTION("sockops", "cgroup", SOCK_OPS, BPF_CGROUP_SOCK_OPS, 0),

	SECTION("perf_event", "perf_event", PERF_EVENT, 0, 0),
	SECTION("lirc_mode2", "", LIRC_MODE2, BPF_LIRC_MODE2, 0),
	SECTION("syscall", "", SYSCALL, 0, SLEEPABLE),
	SECTION("struct_ops", "", STRUCT_OPS, 0, 0),
	SECTION("struct_ops.s", "", STRUCT_OPS, 0, SLEEPABLE),
};

const u32 bpffs_nr_section_defs = ARRAY_SIZE(bpffs_section_defs);
