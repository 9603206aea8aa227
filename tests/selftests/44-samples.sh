#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Each sample counts under bpffs what it counts under libbpf. Both are attached
# at the same time to the same workload, so the figures are equal, not close.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

# both SAMPLE OPTION... -- COMMAND...: /bpf/t attached; libbpf's figures on stdout
both() {
	local sample=$1

	shift
	echo '*' >/bpf/t/attach && libbpf_run "$(object "$sample")" "$@"
}

# opens: exact per command
fresh t opens
both opens --map by_comm -- work opener open /etc/passwd 1000 >"$work/libbpf"
is "$(value /bpf/t/maps/by_comm '"opener"')" 1000 "opens: 1000 by bpffs"
is "$(value /bpf/t/maps/by_comm '"opener"')" "$(sed -n 's/^opener //p' "$work/libbpf")" \
	"opens: as many by libbpf"
is "$(value /bpf/t/maps/by_comm '"work"')" "$(sed -n 's/^work //p' "$work/libbpf")" \
	"opens: and as many for the command before it changed its name"
ok "opens: openat2 as a second hook" \
	ln /bpf/t/progs/on_open /bpf/t/hooks/tracepoint/syscalls/sys_enter_openat2/
gone t

# runqlat: one command's waits
fresh t
echo 'only: "sleeper"' >/bpf/t/config
cp "$(object runqlat)" /bpf/t/load
both runqlat --preset only=sleeper --map hist -- work sleeper sleep 300 >"$work/libbpf"
line=$(value /bpf/t/maps/hist '"sleeper"')
is "$(jq .waits <<<"$line")" "$(cut -d' ' -f2 "$work/libbpf")" "runqlat: as many waits"
# A sleep so short may be over before it has begun.
ok "runqlat: one for most sleeps" test "$(jq .waits <<<"$line")" -gt 200
is "$(jq '.slots | add' <<<"$line")" "$(jq .waits <<<"$line")" "runqlat: the histogram adds up"
is "$(grep -vc '^"sleeper"' /bpf/t/maps/hist)" 0 "runqlat: of no other command"
gone t

# syscalls: per number, over all CPUs
fresh t syscalls
both syscalls --map calls -- work caller getpriority 2000 >"$work/libbpf"
is "$(value /bpf/t/maps/calls 140 | jq add)" 2000 "syscalls: 2000 by bpffs"
is "$(value /bpf/t/maps/calls 140 | jq add)" "$(sed -n 's/^140 //p' "$work/libbpf")" \
	"syscalls: as many by libbpf"
is "$(value /bpf/t/maps/calls 140 | jq length)" "$(possible_cpus)" "syscalls: a count for every CPU"
gone t

# proclife: the same events in the same order
fresh t proclife
cat /bpf/t/maps/events >"$work/stream" &
reader=$!
both proclife --records events -- work spawner spawn 20 >"$work/libbpf"
sleep 0.5
kill $reader
wait $reader 2>/dev/null
spawner=$(awk '$1 == 1 { last = $2 } END { print last }' "$work/libbpf")
awk -v of="$spawner" '$3 == of { print $1 ? "EXIT" : "EXEC", $2, $(NF - 1), $NF }' "$work/libbpf" \
	>"$work/by_libbpf"
jq -r "select(.parent == $spawner) | [.what, .pid, .status, .signal] | map(tostring) | join(\" \")" \
	"$work/stream" >"$work/by_bpffs"
is "$(wc -l <"$work/by_bpffs")" 40 "proclife: 20 processes begin and end"
is "$(sort "$work/by_bpffs")" "$(sort "$work/by_libbpf")" "proclife: the same by libbpf"
is "$(cat /bpf/t/vars/lost)" 0 "proclife: none was lost"
gone t

# slowcalls: with a threshold that all calls pass, and one that none does
for threshold in 1 60000000000; do
	fresh t
	echo "threshold_ns: $threshold" >/bpf/t/config
	cp "$(object slowcalls)" /bpf/t/load
	both slowcalls --preset threshold_ns=$threshold --map by_comm -- \
		work syncer fsync "$work/synced" 500 >"$work/libbpf"
	line=$(value /bpf/t/maps/by_comm '"syncer"')
	is "$(jq .calls <<<"$line")" 500 "slowcalls, $threshold ns: 500 calls by bpffs"
	is "$(jq -r '"\(.calls) \(.slow)"' <<<"$line")" \
		"$(sed -n 's/^syncer \([0-9]* [0-9]*\).*/\1/p' "$work/libbpf")" \
		"slowcalls, $threshold ns: as many calls and slow ones by libbpf"
	gone t
done

done_testing
