#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# struct_ops: functions that the kernel calls, registered by linking their map.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

cong=$(object cong)
other=$(object cong_other)
ip link set lo up

# available NAME: is it a congestion control that sockets can choose
available() {
	grep -qw "$1" /proc/sys/net/ipv4/tcp_available_congestion_control
}

# tags: of the programs that the kernel has now, by name
tags() {
	bpftool -j prog list | jq -r '.[] | select(.name | startswith("cong_")) | "\(.name) \(.tag)"' | sort
}

# shape: of the map as the kernel has it
shape() {
	bpftool -j map list | jq -c '.[] | select(.name == "cong") | [.type, .flags, .bytes_key, .bytes_value, .max_entries]'
}

before=$(kernel_objects)
fresh t
ok "an object with a congestion control loads" cp "$cong" /bpf/t/load
like "$(first_line t)" "^ok: 2 maps, 4 programs, 2 variables" "its map is a map"
run_fails "which the kernel does not know of yet" available bpf_cong
mine_tags=$(tags)
mine_shape=$(shape)

hooks=/bpf/t/hooks/struct_ops
ok "linking the map registers it" ln /bpf/t/maps/cong "$hooks/"
ok "the kernel has it" available bpf_cong
is "$(ls $hooks) $(ls /bpf/t/hooks) $(cat /bpf/t/attach)" 'cong struct_ops cong: "struct_ops"' "it has a name"
is "$(stat -c %h /bpf/t/maps/cong)" 2 "which is a link to the map"
ok "a connection uses it" work work tcp bpf_cong 2
is "$(cat /bpf/t/vars/began)" 2 "its program for new connections ran"
ok "that for acknowledgments, too" test "$(cat /bpf/t/vars/acks)" -gt 0
run_fails "a second name for it is a second registration" ln /bpf/t/maps/cong "$hooks/again"
like "$(first_line t)" "^error: EEXIST: map cong: .*registered already" "and refused: said so in log"
ok "removing the link" rm "$hooks/cong"
run_fails "unregisters it" available bpf_cong
is "$(ls /bpf/t/hooks)" "" "and its place is gone"

ok "it can be registered again" write cong /bpf/t/attach
ok "and is used again" work work tcp bpf_cong 1
is "$(cat /bpf/t/vars/began)" 3 "by the same programs"
ok "all at once, where it is already" write '*' /bpf/t/attach
rm "$hooks/cong"
ok "all at once, where it is not" write '*' /bpf/t/attach
ok "is there" available bpf_cong

# What may not be linked there, and where the map may not be.
refused t EPERM "struct_ops" "a program is no map of that type" ln /bpf/t/progs/cong_init "$hooks/"
refused t EPERM "struct_ops" "nor is another map" ln /bpf/t/maps/.bss "$hooks/"
refused t EPERM "only a program" "the map is no program" ln /bpf/t/maps/cong /bpf/t/hooks/fentry/vfs_read/
refused t EOPNOTSUPP "struct_ops map that has it" "a program of it by name" write cong_init /bpf/t/attach
refused t EOPNOTSUPP "cannot be read as text" "its entry has no text" cat /bpf/t/maps/cong
gone t
run_fails "with the directory it goes" available bpf_cong
is "$(settled "$before")" "$before" "no kernel object is left"

# A connection that uses it when it goes.
fresh t cong
write cong /bpf/t/attach
sysctl=/proc/sys/net/ipv4/tcp_congestion_control
old=$(cat $sysctl)
echo bpf_cong >$sysctl
ok "it can be the default" work work tcp bpf_cong 1
gone t
is "$(cat $sysctl)" bpf_cong "the default stays"
echo "$old" >$sysctl
run_fails "until another is chosen" available bpf_cong
is "$(settled "$before")" "$before" "then nothing is left"

# libbpf beside it.
bpftool struct_ops register "$cong" >"$work/register" 2>&1
ok "libbpf registers the same object" available bpf_cong
is "$mine_tags" "$(tags)" "as programs of the same tags"
is "$mine_shape" "$(shape)" "and a map of the same shape"
fresh t cong
refused t EEXIST "map cong" "while one of its name is there" ln /bpf/t/maps/cong /bpf/t/hooks/struct_ops/
bpftool struct_ops unregister name cong >"$work/register" 2>&1
ok "afterwards it works" ln /bpf/t/maps/cong /bpf/t/hooks/struct_ops/
gone t

# Structs that are not quite the kernel's.
fresh t
ok "another order, and members that the kernel has not" cp "$other" /bpf/t/load
is "$(ls /bpf/t/maps | tr '\n' ' ')$(ls /bpf/t/progs | tr '\n' ' ')" "other cong_avoid ssthresh undo " \
	"maps of ?.struct_ops and their programs are left out"
like "$(cat /bpf/t/log)" "struct_ops map twin is left out" "a remark says so"
ok "it is registered" write other /bpf/t/attach
ok "and used" work work tcp bpf_other 1
gone t

while IFS=: read -r map errno pattern; do
	fresh t
	write "maps.$map.autocreate: true" /bpf/t/config
	refused t "$errno" "map $map: .*$pattern" "$map" cp "$other" /bpf/t/load
	is "$(find /bpf/t/maps /bpf/t/progs -mindepth 1 | wc -l)" 0 "$map: nothing is left"
	gone t
done <<'END'
more:EOPNOTSUPP:member no_such_member: .*the object sets it
owned:EOPNOTSUPP:member owner: a pointer to something
swapped:EINVAL:program ssthresh stands for another member
wide:EOPNOTSUPP:member flags: it has 8 bytes, and 4
kind:EOPNOTSUPP:member ssthresh: its type is integer.*pointer
nobody:ENOENT:bpf_struct_ops_no_such_ops
END
fresh t
write "maps.more_functions.autocreate: true" /bpf/t/config
ok "a function that the kernel has not" cp "$other" /bpf/t/load
like "$(cat /bpf/t/log)" "map more_functions: the kernel's struct has no no_such_function, .* program unused" \
	"is left out with a remark"
is "$(ls /bpf/t/progs | tr '\n' ' ')" "cong_avoid ssthresh undo " "and so is its program"
gone t
fresh t
write 'progs.alone.autoload: true' /bpf/t/config
refused t EINVAL "program alone: no map" "a program that no map has" cp "$other" /bpf/t/load
gone t
fresh t
write 'maps.twin.autocreate: true
maps.lacking.autocreate: true' /bpf/t/config
ok "maps of ?.struct_ops by config" cp "$other" /bpf/t/load
refused t EINVAL "map lacking" "a struct without what it needs" write lacking /bpf/t/attach
refused t EEXIST "map (twin|other)" "two of a name" write '*' /bpf/t/attach
is "$(cat /bpf/t/attach)" "" "none of which is left"
run_fails "not even for the kernel" available bpf_other
gone t
fresh t
refused t EINVAL "maps.other.max_entries.*kernel's struct" "its shape is no matter of config" \
	sh -c "echo 'maps.other.max_entries: 2' >/bpf/t/config && cp $other /bpf/t/load"
gone t
is "$(settled "$before")" "$before" "no kernel object is left by any of them"

# Registered by a link, where the kernel has them.
fresh t
case $(uname -r) in
6.1.*)
	refused t E.+ "map cong: .*flags 0x2000" "a map for links, on a kernel without" cp "$(object cong_link)" /bpf/t/load
	;;
*)
	ok "a map for links loads" cp "$(object cong_link)" /bpf/t/load
	for try in 1 2; do
		ok "registering, time $try" ln /bpf/t/maps/cong /bpf/t/hooks/struct_ops/
		ok "it is there" available bpf_cong_link
		is "$(bpftool -j link list | jq -r '.[].type' | grep -c struct_ops)" 1 "as a link"
		ok "and used" work work tcp bpf_cong_link 1
		rm /bpf/t/hooks/struct_ops/cong
		run_fails "gone" available bpf_cong_link
	done
	;;
esac
gone t

# A namespace that goes takes what it registered along.
mkdir "$work/ns"
mount -t bpffs -o newns none "$work/ns"
cp "$cong" "$work/ns/load"
echo cong >"$work/ns/attach"
ok "in a namespace of its own" available bpf_cong
umount "$work/ns"
run_fails "it ends with the namespace" available bpf_cong
is "$(settled "$before")" "$before" "and nothing is left"

done_testing
