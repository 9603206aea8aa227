#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# BPFFS_IOC_GET_FD: the bridge to bpf(2), with no more rights than the file has.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

fresh t basic
counts=/bpf/t/maps/counts
write '1: 42' $counts

like "$(getfd rw $counts info)" "^map type 2 id [0-9]+ name counts$" "a map's file gives a map"
like "$(getfd r /bpf/t/progs/on_fsync info)" "^prog type 5 id [0-9]+ name on_fsync$" "a program's a program"
is "$(getfd rw $counts get 1)" 42 "which bpf(2) reads"
ok "and writes" getfd rw $counts set 2 77
is "$(value $counts 2)" 77 "for all to see"
ok "the descriptor closes at exec" getfd rw $counts cloexec

is "$(getfd r $counts get 1)" 42 "a file open for reading gives a descriptor that reads"
like "$(getfd r $counts set 2 78 2>&1)" "update: EPERM" "and does not write"
is "$(value $counts 2)" 77 "the entry stays"
ok "a file open for writing gives one that writes" getfd w $counts set 2 79
like "$(getfd w $counts get 2 2>&1)" "lookup: EPERM" "and does not read"
is "$(value $counts 2)" 79 "the entry is written"

for node in load log config attach info vars/limit; do
	[ $node = load ] && mode=w || mode=r
	like "$(getfd $mode /bpf/t/$node info 2>&1)" "ioctl: E(NOTTY|INVAL)" "$node has no descriptor to give"
done

# A descriptor keeps its map when the name goes.
before=$(steady)
getfd r $counts info >/dev/null
is "$(settled "$before")" "$before" "a descriptor that is closed leaves nothing"
gone t

done_testing
