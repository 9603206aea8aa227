#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# BUG-CLASSES row 23: every operation but loads with each of its allocations, and
# each of its copies from and to the user, failing once. What forced.c asks after
# every single failure is in its header.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

need_root
. "$(dirname "$0")/forced.sh"

begin_failures
mkdir "$work/m"

# Mounts
options=()
nth "mount" "mount $work/m" "umount $work/m"
mount -t bpffs -o newns m "$work/m"
nth "umount" "umount $work/m" "mount $work/m"
umount "$work/m"

# Directories
options=(--tree /bpf)
nth "mkdir" "mkdir /bpf/f" "rmdir /bpf/f"
mkdir -m 700 /bpf/f
nth "rmdir" "rmdir /bpf/f" "mkdir /bpf/f"
nth "rename" "rename /bpf/f /bpf/g" "rename /bpf/g /bpf/f"
nth "list" "list /bpf/f"
options=(--tree /bpf/f --log /bpf/f/log)
write "log_level: 0" /bpf/f/config
nth "config" "say /bpf/f/config log_level: 1" "say /bpf/f/config log_level: 0"
write "log_level: 0" /bpf/f/config
nth "read config" "take /bpf/f/config"
gone f

# Hooks. Where ftrace has no memory for the address of the function, 6.1's
# trampolines do not notice, and what they go on to do is invalid.
fresh f hooks
hooks=/bpf/f/hooks
plain=("${options[@]}")
while IFS=: read -r prog hook; do
	name=$hooks/$hook/$prog
	options=("${plain[@]}")
	[[ $hook != f*/* ]] || options+=(--also EINVAL)
	nth "attach $prog" "say /bpf/f/attach $prog" "unlink $name"
	nth "ln $prog" "link /bpf/f/progs/$prog $name" "unlink $name"
	ln /bpf/f/progs/$prog $name
	# A trampoline that has no memory to be taken apart by is freed all the same,
	# and is called from then on: 6.1 does not survive that, whoever detaches.
	# A kprobe that has none to be taken from ftrace by makes 6.1 count one too
	# few, and none on ftrace fires until the next boot.
	[[ $hook == f*/* ]] ||
		nth "rm $prog" "unlink $name" "link /bpf/f/progs/$prog $name"
	nth "rename $prog" "rename $name $name.x" "rename $name.x $name"
	nth "list of $hook" "list $hooks/$hook"
	rm "$name"
done <<-END
	on_tracepoint:tracepoint/syscalls/sys_enter_fsync
	on_raw_tracepoint:raw_tracepoint/sys_enter
	on_tp_btf:tp_btf/sys_enter
	on_kprobe:kprobe/vfs_fsync_range
	on_kretprobe:kretprobe/vfs_fsync_range
	on_fentry:fentry/vfs_fsync_range
	on_fexit:fexit/vfs_fsync_range
END
options=("${plain[@]}" --also EINVAL)
nth "attach *" "say /bpf/f/attach *" "$(sed -n 's/^\([a-z_]*\): "\(.*\)"/\1 \2/p' <(
	echo '*' >/bpf/f/attach
	cat /bpf/f/attach
	rm -r /bpf/f/hooks/*
) | while read -r prog hook; do echo "unlink $hooks/$hook/$prog;"; done | xargs)"
options=("${plain[@]}")
echo '*' >/bpf/f/attach
nth "read attach" "take /bpf/f/attach"
gone f
fresh f cong
name=$hooks/struct_ops/cong
nth "attach cong" "say /bpf/f/attach cong" "unlink $name"
nth "ln cong" "link /bpf/f/maps/cong $name" "unlink $name"
ln /bpf/f/maps/cong "$name"
nth "rm cong" "unlink $name" "link /bpf/f/maps/cong $name"
rm "$name"
gone f

# Files
fresh f forced
write '1: {"left": 1, "right": 2}' /bpf/f/maps/hash
write '1: 7' /bpf/f/maps/percpu
options=(--tree /bpf/f --stream ring --log /bpf/f/log)
for map in array hash percpu; do
	nth "read $map" "take /bpf/f/maps/$map"
done
nth "write array" 'say /bpf/f/maps/array 1: {"left": 5, "right": 6}' \
	"say /bpf/f/maps/array 1: {}"
nth "write hash" 'say /bpf/f/maps/hash 2: {"left": 5}' "say /bpf/f/maps/hash 2: null"
nth "delete from hash" "say /bpf/f/maps/hash 1: null" \
	'say /bpf/f/maps/hash 1: {"left": 1, "right": 2}'
nth "clear hash" "truncate /bpf/f/maps/hash" 'say /bpf/f/maps/hash 1: {"left": 1, "right": 2}'
nth "write percpu" 'say /bpf/f/maps/percpu 2: 5' "say /bpf/f/maps/percpu 2: null"
echo on_fsync >/bpf/f/attach
fsyncs 2
nth "read ring" "take-one /bpf/f/maps/ring" "fsync $work/synced; fsync $work/synced"
nth "read prog" "take /bpf/f/progs/on_fsync"
nth "read info" "take /bpf/f/info"
write 'no_such: map' /bpf/f/maps/array 2>/dev/null
nth "read log" "take /bpf/f/log"
# The first of these changes the order of what is listed.
mv /bpf/f/maps/hash /bpf/f/maps/hush
mv /bpf/f/maps/hush /bpf/f/maps/hash
nth "rename map" "rename /bpf/f/maps/hash /bpf/f/maps/hush" "rename /bpf/f/maps/hush /bpf/f/maps/hash"
nth "ln map" "link /bpf/f/maps/hash /bpf/f/maps/hush" "unlink /bpf/f/maps/hush"
gone f
fresh f basic
nth "read var" "take /bpf/f/vars/where"
nth "write var" "say /bpf/f/vars/limit 9" "say /bpf/f/vars/limit 7"
gone f

end_failures

done_testing
