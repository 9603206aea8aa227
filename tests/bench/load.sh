# SPDX-License-Identifier: GPL-2.0
# What loading an object costs, by cp into load and by bpftool prog loadall,
# each less the command itself: cp of the file to tmpfs, bpftool version.

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
	# Without programs bpftool pins nothing.
	rm -rf /sys/fs/bpf/bench
	echo "$took"
}

# least TIMES COMMAND...: the smallest number that it prints
least() {
	local times=$1 try

	shift
	for ((try = 0; try < times; try++)); do
		"$@" || exit 1
	done | sort -n | head -n 1
}

# compare NAME FILE FACTOR [TIMES]: bpffs takes FACTOR times fewer
compare() {
	local copy mine theirs times=${4:-5}

	copy=$(cheapest "$discard" cp "$2" "$work/copy")
	mine=$(($(least "$times" load_once "$2") - copy))
	theirs=$(($(least "$times" bpftool_once "$2") - version))
	echo "# $1: bpffs $mine (cp alone $copy), bpftool $theirs (version alone $version)"
	at_least "$(ratio $theirs $mine)" "$3" "$1: bpftool's load, in loads by bpffs"
}
