# SPDX-License-Identifier: GPL-2.0
# What the scripts that force failures share: a row of their tables, and what is
# the same before and after all of them. Sourced after helpers.sh. BPFFS_PLACES
# says how many places of an operation are tried at most, spread evenly (all),
# BPFFS_ROWS which rows of the tables are made, as a pattern (all of them).

faults=/sys/kernel/debug
[ -e /proc/self/fail-nth ] || {
	skip "forced failures" "this kernel cannot force any"
	done_testing
}

# Every allocation may fail, those of the kernel's own checks among them. From
# here on the kernel may say that it ran out of memory: that is for tests/vm/run.
begin_failures() {
	local kind

	for kind in failslab fail_page_alloc fail_usercopy; do
		echo 0 >$faults/$kind/verbose
	done
	echo N >$faults/failslab/ignore-gfp-wait
	echo N >$faults/fail_page_alloc/ignore-gfp-wait
	echo 0 >$faults/fail_page_alloc/min-order
	before=$(kernel_objects)
	probes=$(wc -l <$faults/kprobes/list)
	echo "selftest: failures begin" >/dev/kmsg
}

# Nothing is left of what begin_failures saw.
end_failures() {
	is "$(settled "$before")" "$before" "no kernel object is left"
	is "$(wc -l <$faults/kprobes/list)" "$probes" "no kprobe is left"
	echo "selftest: failures end" >/dev/kmsg
}

rows=${BPFFS_ROWS:-*}
limit=()
[ -z "${BPFFS_PLACES:-}" ] || limit=(--at-most "$BPFFS_PLACES")

# force NAME [OPTION]... OPERATION [UNDO]: one row of the table
force() {
	local name=$1 begun=$SECONDS row status

	shift
	# shellcheck disable=SC2053
	[[ $name == $rows ]] || return 0
	row=$(forced "${limit[@]}" "${options[@]}" "$@" 2>"$work/complaints")
	status=$?
	[ $status = 0 ] || diag "$(cat "$work/complaints")"
	is $status 0 "$name: $row ($((SECONDS - begun)) s)"
}

# nth NAME OPERATION [UNDO]
nth() {
	force "$1" nth "${@:2}"
}

# nth_load OBJECT [UNDO]: into /bpf/f, with what config says
nth_load() {
	nth "load $1" "put $(object "$1") /bpf/f/load" "unload /bpf/f${2:+; $2}"
}
