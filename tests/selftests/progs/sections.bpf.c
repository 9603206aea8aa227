// SPDX-License-Identifier: GPL-2.0
/*
 * One program for each section name whose programs the oldest kernel loads, and
 * left out those for which the stock one is not built.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define PROG(name, section)	SEC(section) int name(void *ctx)

PROG(s_socket, "socket") { return 0; }
PROG(s_sk_reuseport, "sk_reuseport") { return 1; }
PROG(s_sk_reuseport_migrate, "sk_reuseport/migrate") { return 1; }
PROG(s_kprobe, "kprobe/vfs_read") { return 0; }
PROG(s_kretprobe, "kretprobe/vfs_read") { return 0; }
PROG(s_kprobe_multi, "kprobe.multi/vfs_*") { return 0; }
PROG(s_kretprobe_multi, "kretprobe.multi/vfs_*") { return 0; }
PROG(s_ksyscall, "ksyscall/openat") { return 0; }
PROG(s_kretsyscall, "kretsyscall/openat") { return 0; }
PROG(s_uprobe, "uprobe//bin/bash:readline") { return 0; }
PROG(s_uprobe_s, "uprobe.s//bin/bash:readline") { return 0; }
PROG(s_uretprobe, "uretprobe//bin/bash:readline") { return 0; }
PROG(s_uretprobe_s, "uretprobe.s//bin/bash:readline") { return 0; }
PROG(s_usdt, "usdt") { return 0; }
PROG(s_tracepoint, "tracepoint/syscalls/sys_enter_openat") { return 0; }
PROG(s_tp, "tp/syscalls/sys_enter_openat") { return 0; }
PROG(s_raw_tracepoint, "raw_tracepoint/sys_enter") { return 0; }
PROG(s_raw_tp, "raw_tp/sys_enter") { return 0; }
PROG(s_raw_tracepoint_w, "raw_tracepoint.w/sys_enter") { return 0; }
PROG(s_raw_tp_w, "raw_tp.w") { return 0; }
PROG(s_tp_btf, "tp_btf/sys_enter") { return 0; }
PROG(s_fentry, "fentry/vfs_read") { return 0; }
PROG(s_fentry_s, "?fentry.s/__x64_sys_getpgid") { return 0; }
PROG(s_fmod_ret, "fmod_ret/security_file_open") { return 0; }
PROG(s_fmod_ret_s, "?fmod_ret.s/__x64_sys_getpgid") { return 0; }
PROG(s_fexit, "fexit/vfs_read") { return 0; }
PROG(s_fexit_s, "?fexit.s/__x64_sys_getpgid") { return 0; }
PROG(s_lsm, "lsm/file_open") { return 0; }
PROG(s_lsm_s, "lsm.s/file_open") { return 0; }
PROG(s_lsm_cgroup, "lsm_cgroup/socket_bind") { return 1; }
PROG(s_iter, "iter/task") { return 0; }
PROG(s_iter_s, "iter.s/task") { return 0; }
PROG(s_tc, "tc") { return 0; }
PROG(s_tc_ingress, "tc/ingress") { return 0; }
PROG(s_tc_egress, "tc/egress") { return 0; }
PROG(s_tcx_ingress, "tcx/ingress") { return 0; }
PROG(s_tcx_egress, "tcx/egress") { return 0; }
PROG(s_classifier, "classifier") { return 0; }
PROG(s_classifier_label, "classifier/from-netdev") { return 0; }
PROG(s_action, "action") { return 0; }
PROG(s_netkit_primary, "netkit/primary") { return 0; }
PROG(s_netkit_peer, "netkit/peer") { return 0; }
PROG(s_xdp, "xdp") { return 2; }
PROG(s_xdp_frags, "xdp.frags") { return 2; }
PROG(s_xdp_devmap, "xdp/devmap") { return 2; }
PROG(s_xdp_frags_devmap, "xdp.frags/devmap") { return 2; }
PROG(s_xdp_cpumap, "xdp/cpumap") { return 2; }
PROG(s_xdp_frags_cpumap, "xdp.frags/cpumap") { return 2; }
PROG(s_netfilter, "?netfilter") { return 1; }
PROG(s_lwt_in, "lwt_in") { return 0; }
PROG(s_lwt_out, "lwt_out") { return 0; }
PROG(s_lwt_xmit, "lwt_xmit") { return 0; }
PROG(s_lwt_seg6local, "lwt_seg6local") { return 0; }
PROG(s_flow_dissector, "flow_dissector") { return 0; }
PROG(s_sk_lookup, "sk_lookup") { return 1; }
PROG(s_sk_skb, "sk_skb") { return 1; }
PROG(s_sk_skb_stream_parser, "sk_skb/stream_parser") { return 1; }
PROG(s_sk_skb_stream_verdict, "sk_skb/stream_verdict") { return 1; }
PROG(s_sk_skb_verdict, "sk_skb/verdict") { return 1; }
PROG(s_sk_msg, "sk_msg") { return 1; }
PROG(s_cgroup_skb_ingress, "cgroup_skb/ingress") { return 1; }
PROG(s_cgroup_skb_egress, "cgroup_skb/egress") { return 1; }
PROG(s_cgroup_skb, "cgroup/skb") { return 1; }
PROG(s_cgroup_sock, "cgroup/sock") { return 1; }
PROG(s_cgroup_sock_create, "cgroup/sock_create") { return 1; }
PROG(s_cgroup_sock_release, "cgroup/sock_release") { return 1; }
PROG(s_cgroup_post_bind4, "cgroup/post_bind4") { return 1; }
PROG(s_cgroup_post_bind6, "cgroup/post_bind6") { return 1; }
PROG(s_cgroup_bind4, "cgroup/bind4") { return 1; }
PROG(s_cgroup_bind6, "cgroup/bind6") { return 1; }
PROG(s_cgroup_connect4, "cgroup/connect4") { return 1; }
PROG(s_cgroup_connect6, "cgroup/connect6") { return 1; }
PROG(s_cgroup_sendmsg4, "cgroup/sendmsg4") { return 1; }
PROG(s_cgroup_sendmsg6, "cgroup/sendmsg6") { return 1; }
PROG(s_cgroup_recvmsg4, "cgroup/recvmsg4") { return 1; }
PROG(s_cgroup_recvmsg6, "cgroup/recvmsg6") { return 1; }
PROG(s_cgroup_getpeername4, "cgroup/getpeername4") { return 1; }
PROG(s_cgroup_getpeername6, "cgroup/getpeername6") { return 1; }
PROG(s_cgroup_getsockname4, "cgroup/getsockname4") { return 1; }
PROG(s_cgroup_getsockname6, "cgroup/getsockname6") { return 1; }
PROG(s_cgroup_sysctl, "cgroup/sysctl") { return 1; }
PROG(s_cgroup_getsockopt, "cgroup/getsockopt") { return 1; }
PROG(s_cgroup_setsockopt, "cgroup/setsockopt") { return 1; }
PROG(s_cgroup_dev, "cgroup/dev") { return 1; }
PROG(s_sockops, "sockops") { return 1; }
PROG(s_perf_event, "perf_event") { return 0; }
PROG(s_lirc_mode2, "?lirc_mode2") { return 0; }
PROG(s_syscall, "syscall") { return 0; }

char LICENSE[] SEC("license") = "GPL";
