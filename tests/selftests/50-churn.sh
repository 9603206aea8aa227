#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# mkdir, load, attach, rm -r, over and over: afterwards everything is where it
# was. BPFFS_CHURN says how often (100).

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

turns=${BPFFS_CHURN:-100}

turn() {
	fresh t hooks && echo '*' >/bpf/t/attach && rm -r /bpf/t
}

slab() {
	awk '/^Slab:/ { print $2 }' /proc/meminfo
}

quiet_memory() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	sleep 1
	# What a CPU keeps at hand counts as used until it gives it back.
	echo 1 >/sys/kernel/slab/bpffs_inode/shrink
}

# bpffs's own slabs, "NAME OBJECTS" each
own_slabs() {
	awk '/^bpffs/ { print $1, $2 }' /proc/slabinfo
}

# The first turns fill caches that stay.
for ((i = 0; i < 20; i++)); do
	turn || break
done
before=$(steady)
quiet_memory
until slabs=$(own_slabs) && quiet_memory && [ "$(own_slabs)" = "$slabs" ]; do :; done
used=$(slab)
for ((i = 0; i < turns; i++)); do
	turn || break
done
is "$i" "$turns" "$turns turns"
is "$(settled "$before")" "$before" "programs, maps and links are as many as before"
# quiet: inodes are as many as before, and the memory of all is what is allowed
quiet() {
	quiet_memory
	grown=$(($(slab) - used))
	[ "$(own_slabs)" = "$slabs" ] && [ $grown -lt $((turns * 5)) ]
}
quiet || within 20 quiet
is "$(own_slabs)" "$slabs" "so are inodes"
if [ -e /sys/kernel/debug/kmemleak ]; then
	skip "slab memory" "this kernel keeps freed memory"
else
	ok "slab memory grew by $grown KiB, less than 5 a turn" test $grown -lt $((turns * 5))
fi
is "$(find /bpf -mindepth 1 -maxdepth 1 | wc -l)" 9 "the root has its own nodes"
is "$(cat /sys/kernel/tracing/kprobe_events)" "" "no kprobe is left"

# Refused loads leave as little.
fresh t
for ((i = 0; i < turns; i++)); do
	cp "$(object bad_program)" /bpf/t/load 2>/dev/null && break
done
is "$i" "$turns" "$turns loads that the verifier refuses"
gone t
is "$(settled "$before")" "$before" "leave nothing"

# Several at once.
worker() {
	local i

	for ((i = 0; i < turns / 8; i++)); do
		fresh "w$1" hooks && echo '*' >"/bpf/w$1/attach" && rm -r "/bpf/w$1" || return
	done
}
workers=
for n in 1 2 3 4; do
	worker $n &
	workers="$workers $!"
done
failed=0
for pid in $workers; do
	wait "$pid" || failed=$((failed + 1))
done
is $failed 0 "four at a time"
is "$(settled "$before")" "$before" "leave nothing either"

done_testing
