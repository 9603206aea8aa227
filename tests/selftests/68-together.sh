#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# BUG-CLASSES rows 10, 22 and 25: threads of one process on the same names at
# once, also while programs trace bpffs's own functions; first loads into a fresh
# module; a CPU that goes while values of it are read. TOGETHER_SECONDS says how
# long each part is.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

need_root

seconds=${TOGETHER_SECONDS:-3}
before=$(kernel_objects)

# together NAME: eight threads in a directory of their own
together() {
	local said

	fresh t
	said=$(timeout 900 together /bpf/t "$seconds" "$(object hooks)" \
		kprobe/do_truncate 2>&1)
	is "$?" 0 "$1: $said"
	ok "$1: all of it can be removed" rm -r /bpf/t
}

# Row 22: the first loads of a module, which make what later ones find.
umount /bpf
rmmod bpffs && modprobe bpffs && mount -t bpffs bpffs /bpf
pids=
for i in 1 2 3 4 5 6 7 8; do
	fresh "f$i"
	cp "$(object hooks)" "/bpf/f$i/load" &
	pids="$pids $!"
done
failed=0
for pid in $pids; do
	wait "$pid" || failed=$((failed + 1))
done
is $failed 0 "row 22: eight first loads at once into a fresh module"
is "$(head -qn 1 /bpf/f?/log | uniq -c | tr -s ' ')" " 8 ok: 1 map, 7 programs, 0 variables" \
	"row 22: are all alike"
gone f1 f2 f3 f4 f5 f6 f7 f8

together "threads"
is "$(settled "$before")" "$before" "threads: no kernel object is left"

# Row 25, with the functions themselves traced: by the module's BTF where it was
# built with any, otherwise by kprobes.
own_functions="hook_lookup leaf_link leaf_unlink bpffs_mkdir bpffs_rmdir bpffs_rename
	image_write bpffs_map_update dump_show"

trace_own() {
	local func

	if [ -e /sys/kernel/btf/bpffs ]; then
		fresh own own && write '*' /bpf/own/attach
		return
	fi
	fresh own self || return
	for func in $own_functions; do
		ln /bpf/own/progs/meddle "/bpf/own/hooks/kprobe/$func/" || return
	done
}

ok "programs attach to bpffs's own functions" trace_own
is "$(wc -l </bpf/own/attach)" 9 "to all nine of them"
together "threads, traced"
if [ -e /sys/kernel/btf/bpffs ]; then
	is "$(grep -c ': 0$' /bpf/own/maps/runs)" 0 "each of those functions was traced"
else
	runs=$(cat /bpf/own/vars/runs)
	ok "they were traced, $runs times" test "$runs" -gt 100
fi
timeout 600 rm -r /bpf/own/hooks/*/leaf_link /bpf/own/hooks/*/leaf_unlink
is "$(grep -c leaf_ /bpf/own/attach)" 0 "a program on unlink goes by unlink"
ok "all of them go" timeout 600 rm -r /bpf/own
is "$(settled "$before")" "$before" "traced: no kernel object is left"

# A map's file with values of every processor while one of them comes and goes.
online=/sys/devices/system/cpu/cpu1/online
if [ -w $online ]; then
	fresh t maps
	echo '0: 5' >/bpf/t/maps/percpu_array
	width=$(value /bpf/t/maps/percpu_array 0)
	(
		while [ ! -e "$work/enough" ]; do
			echo 0 >$online
			echo 1 >$online
		done
	) &
	switcher=$!
	bad=0
	for ((reads = 0; reads < 30; reads++)); do
		[ "$(value /bpf/t/maps/percpu_array 0)" = "$width" ] || bad=$((bad + 1))
		echo '0: 5' >/bpf/t/maps/percpu_array || bad=$((bad + 1))
	done
	touch "$work/enough"
	wait $switcher
	is $bad 0 "$reads reads and writes of per-CPU values while a CPU comes and goes"
	# On a busy machine it may have been too slow for the kernel's patience.
	back() { [ "$(cat $online)" = 1 ] || { echo 1 >$online; } 2>/dev/null; }
	within 60 back
	is "$(cat $online)" 1 "it is back"
	gone t
else
	skip "per-CPU values while a CPU comes and goes" "no CPU can go"
fi
is "$(settled "$before")" "$before" "no kernel object is left"

done_testing
