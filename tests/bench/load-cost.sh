#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What loading an object costs, by cp into load and by bpftool prog loadall,
# each less the command itself: cp of the file to tmpfs, bpftool version.

. "$(dirname "$0")/lib.sh"

discard=$work/out
version=$(cheapest "$discard" bpftool version)

load_once() {
	local took

	fresh t
	took=$(cost run "$discard" cp "$1" /bpf/t/load) || exit 1
	gone t
	echo "$took"
}

bpftool_once() {
	local took

	took=$(cost run "$discard" bpftool prog loadall "$1" /sys/fs/bpf/bench) || exit 1
	rm -r /sys/fs/bpf/bench
	echo "$took"
}

# least COMMAND...: the smallest number that it prints in five runs
least() {
	local try

	for try in 1 2 3 4 5; do
		"$@" || exit 1
	done | sort -n | head -n 1
}

# compare NAME FACTOR: bpffs takes FACTOR times fewer
compare() {
	local file copy mine theirs

	file=$(object "$1")
	copy=$(cheapest "$discard" cp "$file" "$work/copy")
	mine=$(($(least load_once "$file") - copy))
	theirs=$(($(least bpftool_once "$file") - version))
	echo "# $1: bpffs $mine (cp alone $copy), bpftool $theirs (version alone $version)"
	at_least "$(ratio $theirs $mine)" "$2" "$1: bpftool's load, in loads by bpffs"
}

# These have CO-RE relocations or name types of the kernel.
compare proclife 5
compare runqlat 5
# These do without the kernel's BTF.
for name in count opens syscalls slowcalls hooks; do
	compare $name 1
done
done_testing
