#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Every way of writing an object, and every way of not finishing it.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

before=$(kernel_objects)
basic=$(object basic)
size=$(stat -c %s "$basic")

# way NAME COMMAND...: with /bpf/t/load as target, the object loads
way() {
	local name=$1

	shift
	fresh t
	ok "$name" "$@"
	like "$(first_line t)" "^ok: .*maps.* 1 program" "$name: log says ok"
	is "$(cat /bpf/t/vars/limit)" 7 "$name: it is all there"
	gone t
}

way "cp" cp "$basic" /bpf/t/load
way "cat" sh -c "cat '$basic' >/bpf/t/load"
way "cat >>" sh -c "cat '$basic' >>/bpf/t/load"
way "dd bs=1" dd if="$basic" of=/bpf/t/load bs=1 status=none
way "dd bs=777" dd if="$basic" of=/bpf/t/load bs=777 status=none
way "dd bs=1M" dd if="$basic" of=/bpf/t/load bs=1M status=none
way "dd conv=notrunc" dd if="$basic" of=/bpf/t/load conv=notrunc status=none
way "busybox cp" busybox cp "$basic" /bpf/t/load
way "busybox cat" busybox sh -c "busybox cat '$basic' >/bpf/t/load"
way "busybox dd" busybox dd if="$basic" of=/bpf/t/load bs=100
way "tee" sh -c "tee /bpf/t/load <'$basic' >/dev/null"
way "install, without a mode" cp --no-preserve=all "$basic" /bpf/t/load
way "sendfile" feed sendfile "$basic" /bpf/t/load
way "write by the byte" feed stream "$basic" /bpf/t/load 1
way "pwrite backwards by the byte" feed backwards "$basic" /bpf/t/load 1
way "pwrite backwards by 1000" feed backwards "$basic" /bpf/t/load 1000
way "pwrite in any order by the byte" feed shuffled "$basic" /bpf/t/load 1
way "pwrite in any order by 64" feed shuffled "$basic" /bpf/t/load 64

# As storage written in blocks has it.
{
	cat "$basic"
	head -c 5000 /dev/zero
} >"$work/padded"
way "zeros behind it" cp "$work/padded" /bpf/t/load
way "zeros behind it, by 512" dd if="$work/padded" of=/bpf/t/load bs=512 status=none
way "zeros behind it, backwards by 64" feed backwards "$work/padded" /bpf/t/load 64
way "zeros behind it, in any order by 64" feed shuffled "$work/padded" /bpf/t/load 64
fresh t
run_fails "what is behind it and not zero" sh -c "{ cat '$work/padded'; echo x; } | dd of=/bpf/t/load bs=1M iflag=fullblock"
like "$(first_line t)" "^error: EINVAL: 5002 bytes follow the end of the object, and not all are zero" \
	"said so in log"
ok "the object loads" cp "$basic" /bpf/t/load
gone t
fresh t
run_fails "not even in a write of its own" \
	sh -c "{ cat '$work/padded'; echo x; } | dd of=/bpf/t/load bs=512 iflag=fullblock"
like "$(first_line t)" "^ok: " "which is too late to undo the load"
gone t
cp "$basic" "$work/machine"
printf '\0\0' | dd of="$work/machine" bs=1 seek=18 conv=notrunc status=none
way "an object of no machine" cp "$work/machine" /bpf/t/load

# Not finished.
fresh t
feed short "$basic" /bpf/t/load $((size - 5))
like "$(first_line t)" "^error: E[A-Z]+: .*\b5\b.*missing|^error: E[A-Z]+: .*missing.*\b5\b" \
	"closed 5 bytes early: log tells how many were missing"
is "$(ls /bpf/t/maps /bpf/t/progs /bpf/t/vars | grep -vc ':$\|^$')" 0 "and nothing was made"
feed short "$basic" /bpf/t/load 10
like "$(first_line t)" "^error: .*missing|^error: .*(byte|short|header)" "closed after 10 bytes"
feed sparse "$basic" /bpf/t/load 16
like "$(first_line t)" "^error: .*\b16\b.*missing|^error: .*missing.*\b16\b" \
	"a hole of 16 bytes is not taken for zeros"
: >/bpf/t/load
like "$(first_line t)" "^error: .*missing|^(error|ok)" "an empty write leaves the log readable"
is "$(settled "$before")" "$before" "no kernel object is left"
ok "after all this it loads" cp "$basic" /bpf/t/load

# A second load, until it becomes an upgrade.
loaded=$(steady)
refused t EBUSY "loaded" "a second load into the same directory" cp "$basic" /bpf/t/load
is "$(cat /bpf/t/vars/limit)" 7 "what was loaded stays"
is "$(settled "$loaded")" "$loaded" "the refused one leaves nothing"
gone t

# Bytes after the end.
fresh t
cat "$basic" >"$work/longer"
echo more >>"$work/longer"
cp "$work/longer" /bpf/t/load 2>/dev/null
gone t
ok "an object with bytes after its end does no harm" fresh t

# Two writers at once: each has an image of its own; one wins, one is told.
is "$(feed both "$basic" /bpf/t/load "$(object hooks)" | sort | tr '\n' ' ')" "EBUSY OK " \
	"two writers at once: one loads, the other gets EBUSY"
gone t
fresh t
is "$(feed both "$basic" /bpf/t/load "$(object bad_program)" | tr '\n' ' ')" "OK EACCES " \
	"a bad image beside a good one"
is "$(cat /bpf/t/vars/limit)" 7 "does not spoil it"
gone t

# Too large to be an object.
fresh t
head -c 64 "$basic" >"$work/huge"
truncate -s 64M "$work/huge"
# e_shoff, at byte 40, says that the section table begins at 63 MiB
printf '\0\0\360\3\0\0\0\0' | dd of="$work/huge" bs=1 seek=40 conv=notrunc status=none
refused t EFBIG "" "an object of 63 MiB" cp "$work/huge" /bpf/t/load
gone t

# Rights.
fresh t
run_fails "an unprivileged writer is stopped by the mode" \
	setpriv --reuid 1000 --regid 1000 --clear-groups sh -c "cat '$basic' >/bpf/t/load"
chmod 711 /bpf /bpf/t
chmod 622 /bpf/t/load
run_fails "and by the missing capability where the mode lets it" \
	setpriv --reuid 1000 --regid 1000 --clear-groups sh -c "cat '$basic' >/bpf/t/load"
like "$(first_line t)" "^error: EPERM: .*CAP_BPF" "the log names the capability"
chmod 700 /bpf /bpf/t
run_fails "load cannot be read" sh -c "setpriv --reuid 0 head -c 1 /bpf/t/load"
gone t

done_testing
