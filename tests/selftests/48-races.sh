#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# BUG-CLASSES rows 9, 10, 11, 17 and 22: names made, looked up, listed, attached
# and removed by several processes at once. What matters most here is said by
# the kernel's own checks; the script asks that all of it ends, and what is left.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

seconds=${BPFFS_RACE_SECONDS:-5}
before=$(kernel_objects)
hooks_object=$(object hooks)
basic_object=$(object basic)
sleeper_object=$(object sleeper)

# over_and_over COMMAND: until the time is up, whatever it returns
over_and_over() {
	local end=$((SECONDS + seconds))

	while [ $SECONDS -lt $end ]; do
		eval "$1"
	done >/dev/null 2>&1
}

# race NAME COMMAND...: all of them at once
race() {
	local name=$1 pids='' command pid watchdog

	shift
	for command; do
		over_and_over "$command" &
		pids="$pids $!"
	done
	sleep $((seconds * 10 + 600)) &
	watchdog=$!
	for pid in $pids; do
		while kill -0 "$pid" && kill -0 $watchdog; do
			sleep 0.2
		done 2>/dev/null
	done
	ok "$name" kill -0 $watchdog
	kill $watchdog
	wait $watchdog 2>/dev/null
	rm -rf /bpf/r* 2>/dev/null
	is "$(find /bpf -mindepth 1 -maxdepth 1 -name 'r*')" "" "$name: nothing stays"
	is "$(settled "$before")" "$before" "$name: no kernel object does"
}

race "mkdir, rmdir and listing of one name" \
	'mkdir /bpf/r' 'rmdir /bpf/r' 'ls -lR /bpf' 'find /bpf -newer /proc'
race "load against rm -r" \
	"mkdir /bpf/r; cp $basic_object /bpf/r/load" 'rm -rf /bpf/r' 'cat /bpf/r/maps/* /bpf/r/log /bpf/r/info'
race "two loads into one directory" \
	"mkdir /bpf/r; cp $basic_object /bpf/r/load; rm -rf /bpf/r" \
	"cp $hooks_object /bpf/r/load" "cat $basic_object >/bpf/r/load"
mkdir /bpf/r
race "attach against detach, and rm -r of the hook" \
	"mkdir /bpf/r; cp $hooks_object /bpf/r/load; echo '*' >/bpf/r/attach; rm -r /bpf/r" \
	'ln /bpf/r/progs/on_fentry /bpf/r/hooks/fentry/vfs_fsync_range/x' \
	'rm -r /bpf/r/hooks/*' 'ls -R /bpf/r/hooks; cat /bpf/r/attach /bpf/r/progs/*'
if grep -q '^CONFIG_FUNCTION_ERROR_INJECTION=y' "/boot/config-$(uname -r)"; then
	fresh r sleeper
	ok "a program that may sleep is attached" sh -c "echo '*' >/bpf/r/attach"
	cat /proc/version >/dev/null
	ok "and reads names ($(cat /bpf/r/vars/reads))" test "$(cat /bpf/r/vars/reads)" -gt 0
	gone r
	race "attach against detach of a program that may sleep" \
		"mkdir /bpf/r; cp $sleeper_object /bpf/r/load; echo '*' >/bpf/r/attach; ls /bpf; rm -r /bpf/r" \
		'rm -r /bpf/r/hooks/*' 'cat /bpf/r/vars/last /proc/version' 'cat /proc/self/maps'
else
	skip "programs that may sleep" "this kernel has no function that they can be attached to"
fi
race "rename against look-ups below" \
	"mkdir /bpf/r1; cp $basic_object /bpf/r1/load; mv /bpf/r1 /bpf/r2; mv /bpf/r2 /bpf/r1; rm -r /bpf/r1" \
	'stat /bpf/r1/maps/counts /bpf/r2/vars/limit' 'echo 5 >/bpf/r2/vars/limit' 'ls /bpf/r1/hooks/kprobe/vfs_read'
race "mounts of new namespaces" \
	"mount -t bpffs -o newns bpffs '$work'; mkdir '$work/x'; cp $basic_object '$work/x/load'; umount -l '$work'" \
	"ls -R '$work'" 'mkdir /bpf/r; rmdir /bpf/r'
while umount -l "$work" 2>/dev/null; do :; done
is "$(settled "$before")" "$before" "nothing is left of all that"
is "$(find /bpf -mindepth 1 -maxdepth 1 | wc -l)" 9 "the root has its own nodes"

done_testing
