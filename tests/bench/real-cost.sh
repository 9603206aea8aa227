#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What loading real objects costs, and the memory that it takes at its peak;
# see real-cost, which runs this in a guest.
# Usage: real-cost.sh NAME...	objects of /root/objects that both loaders load

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/load.sh"

cgroup=/sys/fs/cgroup/bench
mkdir -p /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup 2>/dev/null
echo +memory >/sys/fs/cgroup/cgroup.subtree_control

# What udev does where the CPU can.
modprobe -q sha256-ssse3

# peak COMMAND...: KiB that were charged to it at once, those of the kernel among them
peak() {
	local kib

	mkdir $cgroup || exit 1
	(
		echo $BASHPID >$cgroup/cgroup.procs
		exec "$@" >"$discard"
	) || exit 1
	kib=$(($(cat $cgroup/memory.peak) / 1024))
	rmdir $cgroup
	echo $kib
}

peaks() {
	local mine theirs

	fresh t
	mine=$(peak cp "$2" /bpf/t/load)
	gone t
	theirs=$(peak bpftool prog loadall "$2" /sys/fs/bpf/bench)
	rm -rf /sys/fs/bpf/bench
	echo "# $1: $(stat -c %s "$2") bytes; at its peak bpffs $mine KiB (cp alone $(peak cp "$2" "$work/copy")), bpftool $theirs KiB (version alone $(peak bpftool version))"
}

for name; do
	file=/root/objects/$name.o
	[ -e "$file" ] || file=/root/objects/$name.bpf.o
	# Twice: the first of all loads makes the index of the kernel's types.
	compare "$name" "$file" 1 2
	peaks "$name" "$file"
done
done_testing
