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

# The verifier writes its log into the memory of who writes, for whom addresses
# of the kernel are not.
cp "$(object bad_program)" "$work/bad.o"
chmod 644 "$work/bad.o"
fresh t
run_fails "an object that is refused" sh -c "cat '$work/bad.o' >&3" 3>/bpf/t/load
like "$(first_line t)" "program careless: .*map_value" "root is told why"
like "$(cat /bpf/t/log)" "\(18\) r1 = " "with the program's instructions"
run_fails "the same where alice writes" as_alice sh -c "cat '$work/bad.o' >&3" 3>/bpf/t/load
like "$(first_line t)" "program careless: .*map_value" "why is said"
unlike "$(cat /bpf/t/log)" "\(18\) r1 = " "and the instructions are left out"
gone t

# Who may not see addresses and judges as such gets all that the verifier says.
fresh t
chown -R alice:alice /bpf/t
chmod 711 /bpf
loader() {
	setpriv --reuid 1000 --regid 1000 --clear-groups --inh-caps +bpf,+net_admin \
		--ambient-caps +bpf,+net_admin "$@"
}
printf 'progs.%s.type: "xdp"\n' fine careless >/bpf/t/config
run_fails "alice with CAP_BPF loads an object that is refused" loader cp "$work/bad.o" /bpf/t/load
like "$(first_line t)" "program careless: .*map_value.*\(bad_program.bpf.c:[0-9]+\)$" "and is told where"
like "$(cat /bpf/t/log)" "\(18\) r1 = 0x0" "with instructions, in which no address is"
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
is "$(as_alice getfd rw /bpf/t/maps/counts get 0 2>&1)" 1 "she gets a native descriptor"
# Which BPF_OBJ_PIN and BPF_OBJ_GET would make one for both.
for mode in r w; do
	like "$(as_alice getfd $mode /bpf/t/maps/counts info 2>&1)" "ioctl: EACCES" "but none for $mode alone"
done
run_fails "she makes no directory" as_alice mkdir /bpf/hers
run_fails "and removes none" as_alice rmdir /bpf/t
run_fails "nor detaches" as_alice rm -rf /bpf/t/hooks
gone t
chmod 700 /bpf

# hoards COMMAND...: which loads into /bpf/h and attaches, eight times. Leaves in
# $caught how many descriptors were taken, and in $links what was attached.
hoards() {
	local n i

	caught=0
	for i in 1 2 3 4 5 6 7 8; do
		mkdir /bpf/h
		n=$("$@") || { caught=failed; break; }
		links=$(wc -l </bpf/h/attach)
		caught=$((caught + n))
		gone h
	done
}

handed() {
	as_alice hoard "$work/runqlat.o" 3>/bpf/h/load 4>/bpf/h/attach
}

# A process with threads loads as any other, and its threads see no descriptor.
hoards hoard "$(object runqlat)" /bpf/h
is "$caught" 0 "no thread can duplicate what is loaded or attached"
is "$links" 3 "and everything is attached"

# One who was handed two descriptors by root has a child of the same user.
cp "$(object runqlat)" "$work/runqlat.o"
chmod 644 "$work/runqlat.o"
hoards handed
is "$caught" 0 "nor can who may trace the writer, but not the opener"
is "$links" 3 "and everything is attached"

# Where the root is sticky, so is what stands in it.
mkdir "$work/sticky"
mount -t bpffs -o newns,mode=1777 sticky "$work/sticky"
is "$(stat -c %a "$work"/sticky/{maps,progs,vars,hooks} | xargs)" "1777 1777 1777 1777" \
	"a sticky root has sticky directories"
cp "$(object pinned)" "$work/sticky/load"
run_fails "where alice removes no map of root's" as_alice rm "$work/sticky/maps/shared"
run_fails "nor puts another in its place" as_alice mv -T "$work/sticky/maps/shared" "$work/sticky/maps/mine"
umount "$work/sticky"

# Whoever attaches a program must be able to read it.
fresh t hooks
chmod 755 /bpf /bpf/t /bpf/t/progs
chmod 400 /bpf/t/progs/*
mkdir /bpf/hers
chown -R alice:alice /bpf/hers
may_link=$(cat /proc/sys/fs/protected_hardlinks)
echo 0 >/proc/sys/fs/protected_hardlinks
tracer() {
	setpriv --reuid 1000 --regid 1000 --clear-groups --inh-caps +bpf,+perfmon \
		--ambient-caps +bpf,+perfmon "$@"
}
run_fails "a program that she cannot read, alice does not attach" \
	tracer ln /bpf/t/progs/on_tracepoint /bpf/hers/hooks/tracepoint/syscalls/sys_enter_fsync/
chmod 444 /bpf/t/progs/on_tracepoint
ok "one that she can read, she does" \
	tracer ln /bpf/t/progs/on_tracepoint /bpf/hers/hooks/tracepoint/syscalls/sys_enter_fsync/
echo "$may_link" >/proc/sys/fs/protected_hardlinks
gone hers
gone t
chmod 700 /bpf

done_testing
