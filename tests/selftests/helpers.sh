# SPDX-License-Identifier: GPL-2.0
# What the tests of the tree say over and over. Sourced after lib.sh.

export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What the build made stands in directories of the guest or, where kselftest
# installed it, beside the scripts.
selftests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ -e "$selftests/objects" ] || selftests=/selftests
samples=$selftests
[ ! -d /samples ] || samples=/samples

# object NAME: where the build left the object made from NAME.bpf.c
object() {
	local dir

	for dir in "$selftests" "$samples"; do
		[ -e "$dir/$1.bpf.o" ] || continue
		echo "$dir/$1.bpf.o"
		return
	done
	echo "/nowhere/$1.bpf.o"
}

# fresh DIR [OBJECT]: an object directory, with OBJECT loaded
fresh() {
	mkdir "/bpf/$1" || return
	[ $# -lt 2 ] || cp "$(object "$2")" "/bpf/$1/load"
}

# gone DIR...: everything in them taken down
gone() {
	local dir

	for dir; do
		rm -r "/bpf/$dir" || return
	done
}

first_line() {
	head -n 1 "/bpf/$1/log"
}

# like TEXT PATTERN NAME: passes where the extended PATTERN is found in TEXT
like() {
	if printf '%s\n' "$1" | grep -qE -- "$2"; then
		is matched matched "$3"
	else
		is "$1" "something like $2" "$3"
	fi
}

unlike() {
	if printf '%s\n' "$1" | grep -qE -- "$2"; then
		is "$1" "nothing like $2" "$3"
	else
		is absent absent "$3"
	fi
}

# refused DIR ERRNO PATTERN NAME COMMAND...: the command fails, and the log's
# first line is one sentence that has ERRNO and PATTERN in it
refused() {
	local dir=$1 errno=$2 pattern=$3 name=$4

	shift 4
	run_fails "$name" "$@"
	like "$(first_line "$dir")" "^error: $errno: .*$pattern" "$name: said so in log"
}

# write TEXT FILE: a line or several, in one write, which fails where one does.
# Without its newline the last line is only taken when the file is closed, and
# no shell looks at what close says.
write() {
	printf '%s\n' "$1" >"$2"
}

# value FILE KEY: of a map's entry
value() {
	sed -n "s/^$2: //p" "$1"
}

# run_packet PROGRAM...: what it returns for a packet, by bpftool's name for it
run_packet() {
	head -c 64 /dev/zero >"$work/packet"
	bpftool -j prog run "$@" data_in "$work/packet" | jq -r .retval
}

# possible_cpus: what a per-CPU map has values for
possible_cpus() {
	echo $(($(sed 's/.*-//' /sys/devices/system/cpu/possible) + 1))
}

fsyncs() {
	work work fsync "$work/synced" "$1"
}

# within SECONDS COMMAND...: again and again until it succeeds, or that long
within() {
	local end=$((SECONDS + $1))

	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || return
		sleep 0.1
	done
}

# asleep PID: it waits for something, in a way that a signal ends
asleep() {
	local state

	read -r _ _ state _ 2>/dev/null <"/proc/$1/stat" && [ "$state" = S ]
}

# waits PID FILE: it has FILE open as its first file and sleeps
waits() {
	[ "$(readlink "/proc/$1/fd/3")" = "$2" ] && asleep "$1"
}

# kernel_objects: how many programs, maps and links the kernel knows. Among them
# may be what a script let go of before; nothing is when the script begins.
kernel_objects() {
	"$selftests/objects"
}

# settled WANT: kernel_objects once it is WANT, or after ten seconds; what is
# let go of goes a grace period later
settled() {
	local try

	for try in $(seq 200); do
		[ "$(kernel_objects)" = "$1" ] && break
		sleep 0.05
	done
	kernel_objects
}

# steady: kernel_objects once it has not changed for a second
steady() {
	local have last=none same=0

	while [ $same -lt 5 ]; do
		have=$(kernel_objects)
		[ "$have" = "$last" ] && same=$((same + 1)) || same=0
		last=$have
		sleep 0.2
	done
	echo "$last"
}
