# SPDX-License-Identifier: GPL-2.0
# TAP for tests in the guest. Sourced first by every script: loads the module
# and mounts bpffs at /bpf where that is not so already.
#
#	ok NAME COMMAND...		passes where COMMAND succeeds
#	run_fails NAME COMMAND...	passes where it fails, by itself or an errno;
#					not if it is killed or not found
#	is GOT WANT NAME		passes where two texts are the same
#	skip NAME WHY			counts as passed, and says why not run
#	plan N / done_testing		one of the two; done_testing ends the script
#
# COMMAND runs in a subshell, and what it prints is shown where a test fails.
# None of these may stand in a pipeline, which would lose the count.

set -u
PATH=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd):/root/build/selftests:$PATH
tap_count=0
tap_failed=0
tap_planned=

tap_result() {
	tap_count=$((tap_count + 1))
	[ "$1" = "not ok" ] && tap_failed=$((tap_failed + 1))
	printf '%s %d - %s\n' "$1" "$tap_count" "${2//#/\\#}"
}

# Lines of TEXT as remarks, no more of them than one wants to read.
diag() {
	printf '%s\n' "$1" | head -n 40 | cut -c 1-500 | sed 's/^/# /'
}

ok() {
	local name=$1 out status

	shift
	out=$("$@" 2>&1)
	status=$?
	if [ $status = 0 ]; then
		tap_result ok "$name"
		return
	fi
	tap_result "not ok" "$name"
	diag "exit status $status of: $*"
	diag "$out"
}

run_fails() {
	local name=$1 out status

	shift
	out=$("$@" 2>&1)
	status=$?
	if [ $status -gt 0 ] && [ $status -lt 126 ]; then
		tap_result ok "$name"
		return
	fi
	tap_result "not ok" "$name"
	diag "exit status $status, and should have failed: $*"
	diag "$out"
}

is() {
	if [ "$1" = "$2" ]; then
		tap_result ok "$3"
		return
	fi
	tap_result "not ok" "$3"
	diag "got:"
	diag "$1"
	diag "wanted:"
	diag "$2"
}

skip() {
	tap_count=$((tap_count + 1))
	printf 'ok %d - %s # SKIP %s\n' "$tap_count" "${1//#/\\#}" "$2"
}

plan() {
	tap_planned=$1
	echo "1..$1"
}

done_testing() {
	[ -n "$tap_planned" ] || echo "1..$tap_count"
	[ "$tap_failed" = 0 ] || exit 1
	exit 0
}

bail() {
	echo "1..0 # $1"
	echo "Bail out! $1"
	exit 1
}

need_root() {
	[ "$(id -u)" = 0 ] || bail "needs root"
}

grep -qw bpffs /proc/filesystems || modprobe bpffs || bail "bpffs.ko does not load"
mkdir -p /bpf
mountpoint -q /bpf || mount -t bpffs bpffs /bpf || bail "bpffs does not mount"
