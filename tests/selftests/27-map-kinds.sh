#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Maps of every type, what maps of maps and program arrays begin with, and maps
# from before .maps: made as libbpf makes them.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

before=$(kernel_objects)
mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf

# shapes: every map the kernel has, without what differs from one load to the next
shapes() {
	bpftool -j map show |
		jq -cS '.[] | {name, type, key: .bytes_key, value: .bytes_value, n: .max_entries, flags, btf: (.btf_id != null)}' |
		sed 's/"name":"[^"]*\.\(data\|bss\|rodata\)"/"name":".\1"/' | sort
}

# Through libbpf.
ok "bpftool loads maps of every type" bpftool prog loadall "$(object kinds)" \
	/sys/fs/bpf/kinds pinmaps /sys/fs/bpf/kinds_maps
shapes >"$work/libbpf"
rm -r /sys/fs/bpf/kinds /sys/fs/bpf/kinds_maps
settled "$before" >/dev/null

ok "maps of every type" fresh t kinds
shapes >"$work/bpffs"
is "$(diff "$work/libbpf" "$work/bpffs")" "" "each has the shape that libbpf gives it"
is "$(wc -l <"$work/bpffs")" "$(ls /bpf/t/maps | wc -l)" "each has a name"
is "$(grep -c '"btf":true' "$work/bpffs")" "$(grep -c '"btf":true' "$work/libbpf")" "as many with types"

# What works for all of them.
opened=0
text=0
for map in /bpf/t/maps/*; do
	getfd rw "$map" info | grep -q "^map type" && opened=$((opened + 1))
	timeout 1 head -c 1 "$map" >/dev/null 2>&1
	[ $? = 1 ] || text=$((text + 1))
done
is "$opened" "$(ls /bpf/t/maps | wc -l)" "every one lends a descriptor"
is "$(grep -c '^maps\.' /bpf/t/info)" "$(ls /bpf/t/maps | wc -l)" "info tells of every one"
unlike "$(cat /bpf/t/info)" '"unknown"' "and knows every type"
ok "du counts them" du -a /bpf/t/maps
refused t EOPNOTSUPP "map queue: entries of type queue cannot be read" "a queue is not read as text" \
	cat /bpf/t/maps/queue
refused t EOPNOTSUPP "map jumps: entries of type prog_array cannot be written" \
	"an array of programs is not written as text" write '0: 1' /bpf/t/maps/jumps
refused t EOPNOTSUPP "map jumps: entries of type prog_array cannot be cleared" \
	"nor is it cleared" truncate -s 0 /bpf/t/maps/jumps
ok "nor does O_TRUNC mind" sh -c ': >/bpf/t/maps/jumps'
is "$(cat /bpf/t/maps/guarded)" "" "a map with locks in its values is read"
ok "and written" write '1: {"count": 3}' /bpf/t/maps/guarded
is "$(cat /bpf/t/maps/guarded)" '1: {"count": 3}' "as it was"

# What is in them from the start.
ok "attach" write on_fsync /bpf/t/attach
fsyncs 5
is "$(value /bpf/t/maps/even 0)" 5 "the array of maps held the map that it names"
is "$(value /bpf/t/maps/odds 0)" 5 "so did the hash of maps"
is "$(value /bpf/t/maps/late 0)" 5 "the array of programs its program, and that its map"
gone t

# A program of an array that is not loaded.
fresh t
write 'progs.jumped.autoload: false' /bpf/t/config
refused t EINVAL "map jumps: entry 1 is program jumped" "an array cannot hold what is not loaded" \
	cp "$(object kinds)" /bpf/t/load
is "$(find /bpf/t/maps -mindepth 1 | wc -l)" 0 "and no map is left"

# More entries than slots.
write 'progs.jumped.autoload: null' /bpf/t/config
write 'maps.counters.max_entries: 2' /bpf/t/config
refused t E2BIG "map counters: the kernel does not take map late as entry 2 of 2" \
	"an entry that there is no room for" cp "$(object kinds)" /bpf/t/load

# Entries that settings leave no way to count up (BUG-CLASSES row 12).
write 'maps.counters.max_entries: null' /bpf/t/config
write 'maps.by_number.key_size: 64' /bpf/t/config
refused t EINVAL 'map "by_number" has keys of 64 bytes; only keys of 4 can be counted up' \
	"entries of a map whose keys are no numbers" cp "$(object kinds)" /bpf/t/load
write 'maps.by_number.key_size: null' /bpf/t/config

# A program that is of another type than the one that jumps.
write 'progs.jumped.type: "socket"' /bpf/t/config
refused t EINVAL "map jumps: .* jumped .* type socket_filter, .* type tracepoint like on_fsync" \
	"an entry of another type" cp "$(object kinds)" /bpf/t/load
write 'progs.jumped.type: null' /bpf/t/config

# Another template, which the maps in it are not like.
write 'maps.by_number.inner: "plain"' /bpf/t/config
refused t EINVAL "map by_number: .* not take map odds .*: its type is array, the template's hash" \
	"a map that is not like the template" cp "$(object kinds)" /bpf/t/load
write 'maps.by_number.inner: "late"' /bpf/t/config
ok "a template that they are like" cp "$(object kinds)" /bpf/t/load
gone t

# An array of programs that was there before: it has all of the new programs once
# they have their names, or what it had.
jumps() { bpftool -j map dump name jumps | jq -c '[.[].value]'; }
# ids DIRECTORY: of its programs, as the array tells them
ids() {
	local name

	for name in first second; do
		sed -n 's/^id: //p' "/bpf/$1/progs/$name"
	done | awk '{ printf "[\"0x%02x\",\"0x%02x\",\"0x%02x\",\"0x%02x\"]\n", $1 % 256, $1 / 256 % 256, $1 / 65536 % 256, $1 / 16777216 }' |
		jq -sc .
}
join_old() { fresh t && ln /bpf/old/maps/jumps /bpf/t/maps/jumps; }
fresh old jumps
is "$(jumps)" "$(ids old)" "an array has the programs of its object"
join_old
rmdir /bpf/t/progs
refused t ENOENT "progs/ was removed from this directory" "a load whose programs get no names" \
	cp "$(object jumps)" /bpf/t/load
is "$(jumps)" "$(ids old)" "leaves the array as it was"
gone t
join_old
write 'progs.second.type: "socket"' /bpf/t/config
refused t EINVAL "map jumps: entry 1 is program second of type socket_filter, and entry 0 first of type xdp" \
	"a load whose entries are of two types" cp "$(object jumps)" /bpf/t/load
is "$(jumps)" "$(ids old)" "does so, too"
write 'progs.second.type: null' /bpf/t/config
ok "the same without" cp "$(object jumps)" /bpf/t/load
is "$(jumps)" "$(ids t)" "gives it the new programs"
kept=$(jumps | jq -c '.[1:]')
gone t
join_old
write 'progs.second.type: "xdp.frags"' /bpf/t/config
refused t EINVAL "map jumps: the kernel does not take program second as entry 1; the map was there before" \
	"an entry that the kernel refuses after it took another" cp "$(object jumps)" /bpf/t/load
is "$(jumps)" "$kept" "is the last that changes, and leaves none of the new programs"
is "$(find /bpf/t/progs -mindepth 1 | wc -l)" 0 "nor their names"
gone t
gone old

# Maps from before .maps.
ok "legacy maps" fresh t legacy
is "$(cat /bpf/t/maps/counts)" "0: 0
1: 0" "are read by the types that are annotated"
like "$(cat /bpf/t/info)" 'maps.events: .*"perf_event_array".*"max_entries": '"$(possible_cpus)," \
	"an array of perf events has an entry for each CPU"
ok "attach" write '*' /bpf/t/attach
fsyncs 3
is "$(value /bpf/t/maps/counts 1)" 3 "programs use them"
gone t

done_testing
