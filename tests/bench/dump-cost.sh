#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What it costs to dump and to fill a map of 100000 entries, by cat and by
# bpftool, each less the command itself.

. "$(dirname "$0")/lib.sh"

entries=100000
version=$(cheapest "$work/out" bpftool version)
cat=$(cheapest "$work/out" cat /dev/null)

# per_entry TOTAL ITSELF
per_entry() {
	echo $((($1 - $2) / entries))
}

fresh t maps
big=/bpf/t/maps/big
id=$(getfd r $big info | sed 's/.* id \([0-9]*\).*/\1/')

seq -f '%.0f: 1000000' $entries >"$work/lines"
filled=$(per_entry "$(cost run $big cat "$work/lines")" "$cat")
is "$(wc -l <$big)" $entries "the map is full"
dumped=$(per_entry "$(cost run "$work/dump" cat $big)" "$cat")
is "$(sort "$work/dump" | cmp - <(sort "$work/lines") && echo same)" same "and dumped exactly"

bpftool_dumped=$(per_entry "$(cost run "$work/dump" bpftool map dump id "$id")" "$version")
truncate -s 0 $big
awk -F': ' -v id="$id" '{
	printf "map update id %d key hex %02x %02x %02x 00 value hex 40 42 0f 00 00 00 00 00\n",
		id, $1 % 256, int($1 / 256) % 256, int($1 / 65536)
}' "$work/lines" >"$work/batch"
bpftool_filled=$(per_entry "$(cost run "$work/out" bpftool batch file "$work/batch")" "$version")
is "$(sort $big | cmp - <(sort "$work/lines") && echo same)" same "bpftool fills it alike"
gone t

echo "# instructions per entry: dump $dumped, bpftool $bpftool_dumped"
echo "#                         fill $filled, bpftool $bpftool_filled"
at_least "$(ratio "$bpftool_dumped" "$dumped")" 10 "bpftool's dump, in dumps by cat"
at_least "$(ratio "$bpftool_filled" "$filled")" 10 "bpftool's fill, in fills by cat"
done_testing
