#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The guest itself: what the other tests take for granted.

. "$(dirname "$0")/lib.sh"

need_root
for tool in bash busybox bpftool findmnt getfattr inotifywait ip jq modprobe mount mountpoint \
	nsenter setpriv strace tc timeout umount unshare; do
	ok "there is $tool" command -v "$tool"
done
is "$(type -P ls)" /usr/bin/ls "ls is coreutils'"
ok "busybox has its applets" busybox ls /
ok "bpftool lists programs" bpftool prog list
ok "bpftool reads the kernel's BTF" sh -c 'bpftool btf dump id 1 | grep -q task_struct'

is "$(id -un)" root "scripts run as root"
is "$(id -u alice) $(id -u bob)" "1000 1001" "there are two users"
is "$(setpriv --reuid alice --regid alice --clear-groups id -u)" 1000 "root can become alice"
run_fails "who has no capabilities" \
	setpriv --reuid alice --regid alice --clear-groups mount -t tmpfs tmpfs /mnt

for dir in /proc /sys /dev /dev/pts /tmp /run /sys/fs/cgroup /sys/fs/bpf /sys/kernel/tracing \
	/sys/kernel/debug /bpf; do
	ok "$dir is mounted" mountpoint -q "$dir"
done
is "$(findmnt -no FSTYPE /bpf)" bpffs "/bpf is a bpffs"
ok "the module is loaded" test -d /sys/module/bpffs
ok "mount -t bpffs finds it by its alias" sh -c 'modprobe --resolve-alias fs-bpffs | grep -qx bpffs'

ok "there are samples" test -s /samples/opens.bpf.o
ok "a user namespace can be made" unshare -Ur true
ok "a mount namespace can be made" unshare -m true
ok "lo is up" sh -c 'ip link show lo | grep -q UP'
ok "a veth pair can be made" ip link add harness0 type veth peer name harness1
ok "and removed" ip link delete harness0

done_testing
