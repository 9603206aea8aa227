#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Large maps: 100000 entries (or BPFFS_ENTRIES) out and in, and 20 dumps (or
# BPFFS_DUMPS) of a map that changes.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

fresh t maps
big=/bpf/t/maps/big
entries=${BPFFS_ENTRIES:-100000} dumps=${BPFFS_DUMPS:-20}

seq $entries | awk '{ printf "%d: %.0f\n", $1, $1 * 2654435761 % 4294967296 }' >"$work/lines"
ok "$entries entries are written" cp "$work/lines" $big
is "$(wc -l <$big)" "$entries" "and read"
cat $big >"$work/dump"
is "$(sort "$work/dump" | sha256sum)" "$(sort "$work/lines" | sha256sum)" "exactly"
ok "cmp agrees with the dump" cmp $big "$work/dump"
is "$(dd if=$big bs=100 status=none | sha256sum)" "$(sha256sum <"$work/dump")" "so do reads of 100 bytes"
truncate -s 0 $big
is "$(wc -c <$big)" 0 "cleared"
ok "restored from the dump" sh -c "cat '$work/dump' >$big"
is "$(sort $big | sha256sum)" "$(sort "$work/lines" | sha256sum)" "to the same entries"
said=$(dmesg | grep -c 'buggy .next')
cat $big $big $big $big $big $big $big $big >"$work/cut" &
reader=$!
within 100 test -s "$work/cut"
kill -KILL $reader
wait $reader 2>/dev/null
is $? 137 "a reader is killed"
is "$(dmesg | grep -c 'buggy .next')" "$said" "which is no news to the kernel"
sed 's/: .*/: null/' "$work/lines" >"$work/nulls"
ok "and deleted one by one" cp "$work/nulls" $big
is "$(wc -c <$big)" 0 "to nothing"
gone t

# A dump ends and is sound while a program adds and deletes.
fresh t busy
table=/bpf/t/maps/table
seq -f '%g: 1' 0 999 >$table
echo '*' >/bpf/t/attach
work noisy getppid 100000000 &
noise=$!
sleep 0.2
twice=0 lost=0 wrong=0
for i in $(seq $dumps); do
	timeout 600 cat $table >"$work/snap" || break
	[ -z "$(cut -d: -f1 "$work/snap" | sort | uniq -d)" ] || twice=$((twice + 1))
	[ "$(awk -F': ' '$1 < 1000 && $2 == 1' "$work/snap" | wc -l)" = 1000 ] || lost=$((lost + 1))
	awk -F': ' '$1 >= 1000 && $2 != $1 { exit 1 }' "$work/snap" || wrong=$((wrong + 1))
done
is "$i" $dumps "$dumps dumps of a map that a program changes end"
is "$twice" 0 "none shows an entry twice"
is "$lost" 0 "each shows every entry that stayed"
is "$wrong" 0 "and every value belongs to its key"
ok "entries are written meanwhile" sh -c "seq -f '%g: 1' 0 999 >$table"
ok "the map is cleared meanwhile" truncate -s 0 $table
kill $noise
wait $noise 2>/dev/null
ok "the program ran all along" test "$(cat /bpf/t/vars/next)" -gt 1000
gone t

# One deletes what another is reading.
fresh t maps
cp "$work/lines" $big
cp "$work/nulls" $big &
ok "a dump ends while another deletes" timeout 600 sh -c "cat $big >/dev/null"
wait
is "$(wc -c <$big)" 0 "and the deletes are done"
gone t

done_testing
