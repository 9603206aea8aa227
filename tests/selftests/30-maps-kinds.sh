#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What is special to per-CPU maps, LRU maps and tries.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

fresh t maps
maps=/bpf/t/maps
cpus=$(possible_cpus)

# each VALUE: a list of VALUE, one for every CPU
each() {
	local list i

	list=$1
	for ((i = 1; i < cpus; i++)); do
		list="$list, $1"
	done
	echo "[$list]"
}

# per-CPU
is "$(cat $maps/percpu_array)" "0: $(each 0)
1: $(each 0)" "a per-CPU array shows a value for every possible CPU"
ok "one value sets every CPU" write '1: 7' $maps/percpu_array
is "$(value $maps/percpu_array 1)" "$(each 7)" "it does"
list="[$(seq -s ', ' "$cpus")]"
ok "a list sets each" write "0: $list" $maps/percpu_array
is "$(value $maps/percpu_array 0)" "$list" "it does"
run_fails "a list too long is refused" write "0: [$(seq -s ', ' $((cpus + 1)))]" $maps/percpu_array
run_fails "a value of one CPU out of range is" write "0: [4294967296$(printf ', 0%.0s' $(seq 2 "$cpus"))]" $maps/percpu_array
ok "a per-CPU hash takes a new entry" write '5: {"packets": 1, "name": "x"}' $maps/percpu_hash
is "$(jq -c '[.[] | .packets]' <<<"$(value $maps/percpu_hash 5)")" "$(each 1 | tr -d ' ')" "on every CPU"
ok "and lets it go" write '5: null' $maps/percpu_hash
is "$(cat $maps/percpu_hash)" "" "it is gone"
ok "an LRU per-CPU hash takes one" write '9: 3' $maps/lru_percpu
is "$(cat $maps/lru_percpu)" "9: $(each 3)" "and shows it"
cat $maps/percpu_array >"$work/percpu"
truncate -s 0 $maps/percpu_array
cat "$work/percpu" >$maps/percpu_array
is "$(cat $maps/percpu_array)" "$(cat "$work/percpu")" "a per-CPU map is restored from its dump"

# LRU
seq -f '%g: 1' 1000 >"$work/many"
ok "an LRU map takes more than it keeps" cp "$work/many" $maps/lru
nr=$(wc -l <$maps/lru)
ok "it keeps at most 64 ($nr)" test "$nr" -le 64 -a "$nr" -gt 0
is "$(cut -d: -f1 $maps/lru | sort | uniq -d)" "" "and shows none twice"

# LPM trie
cat >$maps/routes <<-'END'
	{"bits": 8, "address": [10, 0, 0, 0]}: 1
	{"bits": 16, "address": [10, 1, 0, 0]}: 2
	{"bits": 24, "address": [10, 1, 2, 0]}: 3
	{"bits": 0, "address": []}: 4
END
is "$(wc -l <$maps/routes)" 4 "a trie shows its prefixes"
ok "one with its bits" grep -qx '{"bits": 16, "address": \[10, 1, 0, 0\]}: 2' $maps/routes
run_fails "a prefix longer than its address is refused" write '{"bits": 33, "address": [1]}: 1' $maps/routes
ok "a prefix is deleted" write '{"bits": 16, "address": [10, 1, 0, 0]}: null' $maps/routes
is "$(wc -l <$maps/routes)" 3 "it is gone"
cat $maps/routes >"$work/routes"
truncate -s 0 $maps/routes
is "$(cat $maps/routes)" "" "truncate -s 0 clears a trie"
cat "$work/routes" >$maps/routes
is "$(sort $maps/routes)" "$(sort "$work/routes")" "and its dump restores it"

# The kernel's own view agrees.
id=$(getfd r $maps/percpu_array info | sed 's/.* id \([0-9]*\).*/\1/')
is "$(bpftool -j map dump id "$id" | jq -c '[.[1].formatted.values[].value]')" "$(value $maps/percpu_array 1 | tr -d ' ')" \
	"bpftool reads the same from a per-CPU array"
gone t

done_testing
