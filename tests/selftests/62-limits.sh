#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Loads and attachments with too few descriptors, and with too little address
# space: what does not fit is refused with a sentence and leaves nothing.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

need_root

# limited NAME [OPTION]... KIND OPERATION [UNDO]: one row of the table
limited() {
	local name=$1 row status

	shift
	row=$(forced --tree /bpf/f --log /bpf/f/log "$@" 2>"$work/complaints")
	status=$?
	[ $status = 0 ] || diag "$(cat "$work/complaints")"
	is $status 0 "$name: $row"
}

before=$(kernel_objects)
hooks=/bpf/f/hooks
for threads in "" --threads; do
	for name in basic hooks forced; do
		fresh f
		limited "load $name${threads:+ with threads}, 0 to 11 descriptors left" $threads \
			nofile "put $(object $name) /bpf/f/load" "unload /bpf/f"
		gone f
	done
	fresh f
	write "log_level: 2" /bpf/f/config
	limited "load with a log${threads:+ and threads}, little space" $threads \
		space "put $(object basic) /bpf/f/load" "unload /bpf/f"
	gone f
	fresh f
	limited "load that is refused${threads:+, with threads}, little space" $threads --ends EACCES \
		space "put $(object bad_program) /bpf/f/load"
	gone f
	fresh f hooks
	for prog in on_tracepoint on_raw_tracepoint on_kprobe on_fentry; do
		echo $prog >/bpf/f/attach
		IFS=' "' read -r _ hook </bpf/f/attach
		hook=${hook%\"}
		rm "$hooks/$hook/$prog"
		for kind in nofile space; do
			limited "attach $prog${threads:+ with threads}, $kind" $threads $kind \
				"say /bpf/f/attach $prog" "unlink $hooks/$hook/$prog"
		done
	done
	gone f
done
is "$(settled "$before")" "$before" "no kernel object is left"

done_testing
