#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# BUG-CLASSES row 18: a load or an attach is judged with the credentials of
# whoever opened the node, never of who holds the descriptor.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

as_alice() {
	setpriv --reuid 1000 --regid 1000 --clear-groups --inh-caps -all "$@"
}

basic=$(object basic)
chmod 755 "$work"
cp "$basic" "$work/basic.o"
chmod 644 "$work/basic.o"

# Root opens, alice writes.
fresh t
ok "root opens load, alice writes to it" as_alice sh -c "cat '$work/basic.o' >&3" 3>/bpf/t/load
is "$(cat /bpf/t/vars/limit)" 7 "it is loaded with root's rights"
ok "root opens attach, alice writes to it" as_alice sh -c "echo on_fsync >&3" 3>/bpf/t/attach
fsyncs 2
is "$(cat /bpf/t/vars/seen)" 2 "it is attached"
gone t

# Alice opens, root writes.
chmod 711 /bpf
fresh t
chown -R alice:alice /bpf/t
ok "alice's directory is hers" as_alice test -w /bpf/t/load
run_fails "alice opens load, root writes: refused" \
	as_alice bash -c "exec 3>/bpf/t/load; exec 4<'$work/basic.o'; cat <&4 >&3"
like "$(first_line t)" "^error: EPERM: " "for what alice lacks"
mkfifo "$work/hand"
chmod 666 "$work/hand"
cp "$basic" /bpf/t/load
is "$(cat /bpf/t/vars/limit)" 7 "root itself loads into it"
run_fails "alice cannot attach in it" as_alice sh -c "echo on_fsync >/bpf/t/attach"
is "$(cat /bpf/t/attach)" "" "and nothing is attached"
gone t

# Maps are shared by their modes.
fresh t basic
chmod 711 /bpf/t /bpf/t/maps
chmod 644 /bpf/t/maps/counts
is "$(as_alice head -n 1 /bpf/t/maps/counts)" "0: 0" "alice reads a map whose mode lets her"
run_fails "and does not write it" as_alice sh -c "echo '0: 1' >/bpf/t/maps/counts"
chmod 666 /bpf/t/maps/counts
ok "until its mode lets her" as_alice sh -c "echo '0: 1' >/bpf/t/maps/counts"
is "$(value /bpf/t/maps/counts 0)" 1 "she did"
is "$(as_alice getfd r /bpf/t/maps/counts get 0 2>&1)" 1 "she gets a native descriptor"
run_fails "she makes no directory" as_alice mkdir /bpf/hers
run_fails "and removes none" as_alice rmdir /bpf/t
run_fails "nor detaches" as_alice rm -rf /bpf/t/hooks
gone t
chmod 700 /bpf

# A process with threads loads as any other, and its threads see no descriptor.
caught=0
for i in 1 2 3 4 5 6 7 8; do
	mkdir /bpf/threads
	n=$(hoard "$(object runqlat)" /bpf/threads) || { caught=failed; break; }
	links=$(wc -l </bpf/threads/attach)
	caught=$((caught + n))
	gone threads
done
is "$caught" 0 "no thread can duplicate what is loaded or attached"
is "$links" 3 "and everything is attached"

done_testing
