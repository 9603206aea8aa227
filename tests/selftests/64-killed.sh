#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Whoever sleeps in bpffs can be killed: in a long verification, behind one, in
# an attach, in a read of a ring buffer. Nothing of it stays, and the next try
# succeeds.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

need_root
before=$(kernel_objects)

# killed NAME MS OPERATION UNDO: killed after MS milliseconds, twice that, …
killed() {
	local name=$1 row status

	row=$(forced --tree /bpf/f --ms "$2" "${@:5}" kill "$3" "$4" 2>"$work/complaints")
	status=$?
	[ $status = 0 ] || diag "$(cat "$work/complaints")"
	is $status 0 "$name: $row"
}

now_ms() {
	local now=${EPOCHREALTIME/./}

	echo $((now / 1000))
}

# seconds MS: as sleep takes them
seconds() {
	printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000))
}

# half NUMBER HOW: a line for descriptor 3, without its newline, and an end like that
half() {
	printf '1: {"high": %s}' "$1" >&3
	eval "$2"
}

# high: what the line set
high() {
	sed -n 's/^1: .*"high": \([0-9]*\),.*/\1/p' /bpf/f/maps/array
}

fresh f maps
(half 20 'exit 0' 3>/bpf/f/maps/array)
is "$(high)" 20 "the last line needs no newline"
(half 21 'kill -9 $BASHPID' 3>/bpf/f/maps/array) 2>/dev/null
is "$(high)" 20 "half a line of who is killed is not taken"
like "$(first_line f)" "^error: EINTR: .*line 1.* was killed" "and the log says so"
write '1: {"high": 22}' /bpf/f/maps/array
{ (half 23 'kill -9 $BASHPID'); true; } 3>/bpf/f/maps/array 2>/dev/null
is "$(high)" 22 "nor where somebody else has the file, too"
like "$(first_line f)" "^error: EINTR: .*line 1.* was killed" "and the log says so"
printf '1: {"high": 24}' >"$work/line"
for try in {1..20}; do
	feed threads "$work/line" /bpf/f/maps/array 64 || break
	[ "$(high)" = 24 ] || break
	write '1: {"high": 22}' /bpf/f/maps/array
done
is "$try $(high)" "20 22" "threads that end with their process were not killed"
gone f

# How long the verifier takes, so that a kill comes in the midst of it.
fresh f
begun=$(now_ms)
ok "a load that takes long" cp "$(object slow)" /bpf/f/load
took=$(($(now_ms) - begun))
echo "# it took $took ms"
is "$(ls /bpf/f/progs)" on_fsync "is a load like any other"
gone f

fresh f
cp "$(object slow)" /bpf/f/load &
sleep "$(seconds $((took / 3)))"
kill -STOP $!
sleep 0.2
kill -CONT $!
wait $!
is $? 0 "a load that is stopped and goes on"
is "$(ls /bpf/f/progs)" on_fsync "is a load like any other"
gone f

fresh f
for threads in "" --threads; do
	killed "a load${threads:+ with threads}" $((took / 8 + 1)) \
		"put $(object slow) /bpf/f/load" "unload /bpf/f" $threads
done
gone f
fresh f hooks
killed "attaching" 3 "say /bpf/f/attach on_kprobe" \
	"unlink /bpf/f/hooks/kprobe/vfs_fsync_range/on_kprobe"
killed "detaching" 3 "say /bpf/f/attach on_fentry" \
	"unlink /bpf/f/hooks/fentry/vfs_fsync_range/on_fentry"
gone f

# Behind a load that takes long: a read of info, a write to config, another load.
# It takes four times as long, so that all of them come before its end, and the
# first of them comes again until it does not end at once.
fresh f
write "turns: 120000" /bpf/f/config
cp "$(object slow)" /bpf/f/load &
loader=$!
for command in "exec cat /bpf/f/info" "echo log_level: 1 >/bpf/f/config" \
	"exec cp $(object basic) /bpf/f/load"; do
	while kill -0 $loader; do
		sh -c "$command" >/dev/null &
		sleep "$(seconds $((took / 4)))"
		kill -9 $! && break
		wait $!
	done 2>/dev/null
	wait $! 2>/dev/null
	is $? 137 "behind a load can be killed: $command"
done
ok "that load goes on" kill -0 $loader
wait $loader
is $? 0 "is not disturbed"
like "$(first_line f)" "^ok: .* 1 program" "and ends well"
gone f

# A reader that waits for a record.
fresh f forced
cat /bpf/f/maps/ring &
reader=$!
within 60 waits $reader /bpf/f/maps/ring
kill -9 $reader
wait $reader 2>/dev/null
is $? 137 "a waiting reader can be killed"
echo on_fsync >/bpf/f/attach
fsyncs 1
is "$(stream take /bpf/f/maps/ring 1)" '{"left": 1, "right": 2}' "the next one reads"
gone f
is "$(settled "$before")" "$before" "no kernel object is left"

done_testing
