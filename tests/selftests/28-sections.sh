#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Section names: every type of program the kernel loads, where config names the
# type, and where a program has no hook.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

# One object with a program in each section, beside bpftool's own load of it:
# bpftool refuses the names that are newer than its libbpf.
fresh t
ok "an object with a program of every section loads" cp "$(object sections)" /bpf/t/load
is "$(first_line t)" "ok: 0 maps, $(ls /bpf/t/progs | wc -l) programs, 0 variables" "all of them"

# type PROGRAM: as its file and as the kernel says
types_of() {
	sed -n 's/^type: "\(.*\)"$/\1/p' "/bpf/t/progs/$1" | tr '\n' ' '
	bpftool -j prog show id "$(sed -n 's/^id: //p' "/bpf/t/progs/$1")" | jq -r .type
}

while read -r prog type; do
	is "$(types_of "s_$prog")" "$type $type" "$prog is a $type"
done <<'END'
socket socket_filter
sk_reuseport_migrate sk_reuseport
kprobe_multi kprobe
uprobe_s kprobe
usdt kprobe
tp tracepoint
raw_tp_w raw_tracepoint_writable
fmod_ret tracing
lsm lsm
lsm_s lsm
lsm_cgroup lsm
iter tracing
iter_s tracing
tc sched_cls
tcx_ingress sched_cls
classifier_label sched_cls
action sched_act
netkit_peer sched_cls
xdp xdp
xdp_frags_devmap xdp
lwt_seg6local lwt_seg6local
flow_dissector flow_dissector
sk_lookup sk_lookup
sk_skb_verdict sk_skb
sk_msg sk_msg
cgroup_skb cgroup_skb
cgroup_sock_release cgroup_sock
cgroup_getsockname6 cgroup_sock_addr
cgroup_sysctl cgroup_sysctl
cgroup_setsockopt cgroup_sockopt
cgroup_dev cgroup_device
sockops sock_ops
perf_event perf_event
syscall syscall
END
is "$(grep -l '^type: "unknown"' /bpf/t/progs/* | wc -l)" 0 "no type is without a name"

refused t EOPNOTSUPP "s_socket|section socket" "a program that attaches nowhere in the tree" \
	write s_socket /bpf/t/attach
refused t EOPNOTSUPP "hooks/lsm/" "one whose hook has no directory" write s_lsm /bpf/t/attach
refused t EINVAL "names no target" "one whose section names no target" write s_raw_tp_w /bpf/t/attach
is "$(cat /bpf/t/attach)" "" "nothing is attached by any of that"
gone t

# What this kernel does not know is refused with the kernel's errno.
fresh t
write 'progs.s_netfilter.autoload: true' /bpf/t/config
case $(uname -r) in
6.1.*)
	refused t EINVAL "s_netfilter: .* type netfilter \(32\) .* 45, .* section .netfilter" "a type newer than the kernel" \
		cp "$(object sections)" /bpf/t/load
	;;
*)
	ok "a type that 6.1 does not know" cp "$(object sections)" /bpf/t/load
	# An older bpftool has no name for it.
	like "$(types_of s_netfilter)" "^netfilter (netfilter|32)$" "is of that type"
	;;
esac
gone t

# Types by config.
typed=$(object typed)
fresh t
refused t EOPNOTSUPP "section mine of program anywhere.*progs.anywhere.type" \
	"a section that says nothing" cp "$typed" /bpf/t/load
write 'progs.packet.type: "xdp"
progs.anywhere.attach_to: "vfs_fsync_range"
progs.anywhere.type: "kprobe"
progs.no_target.type: "kretprobe"' /bpf/t/config
ok "with types from config it loads" cp "$typed" /bpf/t/load
is "$(types_of packet)" "xdp xdp" "as the type it was told"
ok "and attaches where config says" write anywhere /bpf/t/attach
fsyncs 5
is "$(cat /bpf/t/vars/calls)" 5 "where it runs"
refused t EINVAL "kretprobe/TARGET" "where config names no target either" write no_target /bpf/t/attach
gone t

for line in 'progs.packet.type: "xdpp"' 'progs.packet.type: "kprobe/vfs_read"' 'progs.packet.type: ""'; do
	fresh t
	write "$line" /bpf/t/config
	refused t EINVAL "progs.packet.type" "$line" cp "$typed" /bpf/t/load
	gone t
done
fresh t
write 'progs.packet.type: "socket"
progs.packet.attach_to: "eth0"
progs.anywhere.autoload: false' /bpf/t/config
refused t EINVAL "progs.packet.attach_to" "a target for what has none" cp "$typed" /bpf/t/load
gone t

# Functions of another program, by the path of its file.
replace=$(object replace)
fresh far target
fresh t
refused t EINVAL "progs.more.attach_to" "a replacement of nothing" cp "$replace" /bpf/t/load
for path in ../far/progs/on_target /far/progs/on_target ../t/./../far//progs/on_target:amount; do
	write "progs.more.attach_to: \"$path\"" /bpf/t/config
	ok "a replacement of a function in $path" cp "$replace" /bpf/t/load
	is "$(types_of more)" "ext ext" "is an extension"
	gone t
	fresh t
done
while IFS=: read -r errno pattern path; do
	write "progs.more.attach_to: \"$path\"" /bpf/t/config
	refused t "$errno" "$pattern" "a replacement in $path" cp "$replace" /bpf/t/load
done <<'END'
ENOENT:no program at "../far/progs/nobody":../far/progs/nobody
ENOENT:no function nothing:../far/progs/on_target:nothing
ENOENT:no function nothing:../../../../far/progs/on_target:nothing
ENOTDIR:no program at:../far/progs/on_target/x
EINVAL:is no program:../far/maps/.bss
EINVAL:is no program:../far/progs
END
write 'progs.more.autoload: false
progs.watch.autoload: true
progs.watch.attach_to: "../far/progs/on_target:amount"' /bpf/t/config
ok "a program that traces another one's function" cp "$replace" /bpf/t/load
ok "is attached to it" write watch /bpf/t/attach
write on_target /bpf/far/attach
fsyncs 4
is "$(cat /bpf/far/vars/total) $(cat /bpf/t/vars/seen)" "4 4" "and sees each of its calls"
gone t far

# A part of the tree, mounted elsewhere, has nothing beyond its root, also for
# who has a file of it open that was moved out of it.
fresh far target
mkdir -p /bpf/part/x /bpf/beside "$work/part"
mount --bind /bpf/part "$work/part"
write 'progs.more.attach_to: "../../far/progs/on_target"' /bpf/part/x/config
exec 3>"$work/part/x/load"
mv /bpf/part/x /bpf/beside/x
run_fails "a path from a moved directory does not lead around a mount's root" \
	sh -c "cat '$replace' >&3"
like "$(first_line beside/x)" "^error: ENOENT: .*no program at" "as if nothing were there"
exec 3>&-
umount "$work/part"
gone beside/x beside part far

# What few objects have and libbpf takes.
fresh t
ok "addresses in data, aliases, names of no file" cp "$(object unusual)" /bpf/t/load
like "$(cat /bpf/t/log)" "^section .data: the address of \".*\" at offset 0 is not filled in" \
	"log tells what the addresses read as"
like "$(cat /bpf/t/log)" "^section .data: variable \".*\" gets no file" \
	"and of a variable without a file"
is "$(ls -A /bpf/t/maps | tr '\n' ' ')" ".bss .bss.large .data .data.very_odd_name_one waiting " \
	"a section whose name no file can have gets another"
is "$(ls -A /bpf/t/progs | tr '\n' ' ')" "also_prog last prog " "each name is a program"
is "$(cat /bpf/t/vars/odd)" 5 "a variable in the section of another name"
is "$(cat /bpf/t/maps/.data)" \
	'{"table": {"functions": ["0x0", "0x0"], "number": 7}, "gr\u00c3\u00b6\u00c3\u009fe": 6, "wei\u00c3\u009f": 7}' \
	"odd names are escaped in text"
ok "and can be written" write '{"table": {"number": 7}, "größe": 6, "weiß": 8}' /bpf/t/maps/.data
like "$(cat /bpf/t/info)" "\"license\": \"GPL\"" "a license without a NUL"
gone t

# Two sections of one name are one map.
fresh t
write 'limit_apart: 5' /bpf/t/config
ok "an object with two sections of one name" cp "$(object apart)" /bpf/t/load
is "$(ls -A /bpf/t/maps | xargs)" ".rodata.more .rodata.words" "has one map of each name"
is "$(cat /bpf/t/maps/.rodata.words)" \
	'{"hello": "hello", "factor": 100, "table_apart": [10, 20, 30], "limit_apart": 5}' \
	"with the variables of both"
is "$(cat /bpf/t/vars/table_apart) $(cat /bpf/t/vars/limit_apart)" "[10, 20, 30] 5" \
	"each is a file"
is "$(run_packet id "$(sed -n 's/^id: //p' /bpf/t/progs/prog)")" 10815 "and the program finds them"
mount -t bpf bpf /sys/fs/bpf 2>/dev/null
ok "libbpf loads it" bpftool prog load "$(object apart)" /sys/fs/bpf/apart
is "$(bpftool -j prog show pinned /sys/fs/bpf/apart | jq -r .tag)" \
	"$(sed -n 's/^tag: "\(.*\)"$/\1/p' /bpf/t/progs/prog)" "as the same program"
is "$(run_packet pinned /sys/fs/bpf/apart)" 10812 "which finds what the file has"
rm /sys/fs/bpf/apart
gone t

done_testing
