#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Maps as text: reading, writing, deleting, and what is said of wrong lines.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

fresh t maps
maps=/bpf/t/maps

# array
is "$(wc -l <$maps/array)" 4 "an array shows every entry"
is "$(head -n 1 $maps/array)" '0: {"packets": 0, "low": 0, "high": 0, "name": "", "mac": [0, 0, 0, 0, 0, 0], "up": false}' \
	"a struct reads as an object, anonymous members flattened"
ok "one entry is written" \
	write '2: {"packets": 18446744073709551615, "low": -2147483648, "name": "eth0", "mac": [1, 2], "up": true}' $maps/array
is "$(sed -n 3p $maps/array)" '2: {"packets": 18446744073709551615, "low": -2147483648, "high": 0, "name": "eth0", "mac": [1, 2, 0, 0, 0, 0], "up": true}' \
	"and read back, absent members zero"
run_fails "an array's entry cannot be deleted" write '2: null' $maps/array
run_fails "nor one made past its end" write '4: {}' $maps/array
is "$(wc -l <$maps/array)" 4 "it keeps its size"
while IFS= read -r line; do
	printf '{%s}\n' "${line/#?:/\"k\":}"
done <$maps/array >"$work/json"
ok "each line is JSON" jq -e .k.packets "$work/json"

# Of a large write 64 KiB are looked at at a time, and a line may stand in two.
straddle() {
	yes "# $(printf 'x%.0s' {1..61})" | head -n 1023
	printf '# %058d\n' 0
	echo "$1"
}

before=$(cat $maps/array)
for line in '9999: {"high": 1}' '00003: {"high": 1}' '3 : {"high": "no"}'; do
	straddle "$line" >"$work/long"
	run_fails "a wrong line over two parts of a write: $line" \
		dd if="$work/long" of=$maps/array bs=1M
	like "$(first_line t)" "^error: .*line 1025" "the log says which"
	is "$(cat $maps/array)" "$before" "nothing of it is taken"
done
straddle '3: {"high": 7}' >"$work/long"
ok "a right line over two parts" dd if="$work/long" of=$maps/array bs=1M
like "$(sed -n 4p $maps/array)" '"high": 7' "is taken"
write '3: {}' $maps/array

# hash
is "$(cat $maps/hash)" "" "an empty hash reads as nothing"
flow='{"from": 167772161, "port": 443, "proto": 6, "flags": 5, "class": 17}'
ok "a struct as key" write "$flow: {\"packets\": 1}" $maps/hash
is "$(cut -d: -f1-6 $maps/hash)" "$flow" "reads back with its bitfields"
run_fails "a bitfield's range is checked" write '{"flags": 8}: {}' $maps/hash
like "$(first_line t)" "ERANGE|EINVAL|EOVERFLOW" "and the log says so"
ok "the entry is deleted" write "$flow: null" $maps/hash
is "$(cat $maps/hash)" "" "and gone"
run_fails "deleting it again fails" write "$flow: null" $maps/hash
like "$(first_line t)" "^error: ENOENT: " "with ENOENT"

# strings
cat >$maps/names <<-'END'
	# a comment, and a blank line

	"one": 1	# after an entry
	  "two"  :  -2
	"three":3
	"\"q\\\u0001\u00ff": 9223372036854775807
	"eightchr": -9223372036854775808
END
is "$(sort $maps/names)" '"\"q\\\u0001\u00ff": 9223372036854775807
"eightchr": -9223372036854775808
"one": 1
"three": 3
"two": -2' "comments, blank lines, white space, escapes and extremes"
run_fails "a string too long is refused" write '"ninechars": 1' $maps/names
run_fails "a number too large is refused" write '"one": 9223372036854775808' $maps/names
run_fails "a number where a string belongs is" write '1: 1' $maps/names
run_fails "a value without its key is" write '1' $maps/names
run_fails "two values are" write '"one": 1 2' $maps/names
is "$(value $maps/names '"one"')" 1 "nothing of that got in"
ok "two lines may swap roles: delete and make" write $'"one": null\n"four": 4' $maps/names
is "$(grep -c . $maps/names)" 5 "in one write"

# Lines split over writes.
printf '"a": 11\n"b": 12\n"c": 13' | dd of=$maps/names bs=1 status=none
is "$(grep -E '"(a|b|c)"' $maps/names | sort | tr '\n' ' ')" '"a": 11 "b": 12 "c": 13 ' \
	"a byte at a time, and the last line without a newline"
write $'"d": \n14' $maps/names 2>/dev/null
like "$(first_line t)" "^error: EINVAL" "a line that ends before its value is refused"
ok "a value inside braces may go on over lines" write $'0: {"packets":\n7,\n"up": true}' $maps/array
is "$(sed -n 's/^0: {"packets": \([0-9]*\).*"up": \([a-z]*\).*/\1 \2/p' $maps/array)" "7 true" "and is one entry"

# Partial progress: lines before the wrong one are applied, the rest not.
printf '"p1": 1\n"p2": 2\n"p3": x\n"p4": 4\n' >"$work/partial"
run_fails "a wrong line stops the copy" cp "$work/partial" $maps/names
is "$(grep -c '"p[0-9]"' $maps/names)" 2 "after the lines before it"
like "$(first_line t)" "names.*\b3\b.*\b7\b|\b3\b.*\b7\b.*names" "log has the map, line 3 and column 7"
is "$(strace -qe trace=write -P $maps/names cat "$work/partial" 2>&1 >$maps/names | grep -oE '= [0-9]+' | head -n 1)" \
	"= 16" "the write returned how far it got"

# Copies between maps.
ok "cat map > map" sh -c "cat $maps/names >$maps/other_names"
is "$(sort $maps/names)" "$(sort $maps/other_names)" "copies it"
cat $maps/names >"$work/backup"
ok "truncate -s 0 clears" truncate -s 0 $maps/names
is "$(cat $maps/names)" "" "it is empty"
cat /dev/null >$maps/other_names
is "$(grep -c . $maps/other_names)" "$(grep -c . "$work/backup")" "O_TRUNC does nothing"
cp "$work/backup" $maps/names
is "$(sort $maps/names)" "$(sort "$work/backup")" "cp file map restores"
refused t EINVAL "map names: truncating to 0 bytes clears it" "no other size" \
	truncate -s 5 $maps/names

# dd seeks in what it only writes, where there is nothing to show.
ok "a file that is only written can be sought in" \
	sh -c "echo '1: {}' | dd bs=1 seek=9 >$maps/array"

# A full map.
truncate -s 0 $maps/names
seq -f '"k%g": 1' 17 >"$work/full"
run_fails "a 17th entry does not fit" cp "$work/full" $maps/names
is "$(grep -c . $maps/names)" 16 "16 do"
like "$(first_line t)" "^error: E2BIG: .*\b17\b" "log tells the line"
run_fails "truncate -s 0 of an array keeps its entries" test "$(truncate -s 0 $maps/array; wc -l <$maps/array)" != 4
is "$(grep -c '"packets": 0' $maps/array)" 4 "and zeroes them"

# No types.
ok "hex in" write '"0x01020304": "0xaabbccddeeff"' $maps/untyped
is "$(cat $maps/untyped)" '"0x01020304": "0xaabbccddeeff"' "hex out, the bytes in memory order"
ok "what was read is written" sh -c "cat $maps/untyped >$maps/untyped"
run_fails "too few digits are refused" write '"0x0102": "0xaabbccddeeff"' $maps/untyped

# Frozen by bpf(2) while it is open.
for map in names array; do
	key=$(head -n 1 $maps/$map | cut -d: -f1)
	before=$(cat $maps/$map)
	exec 7>$maps/$map
	ok "bpftool freezes $map" bpftool map freeze \
		id "$(getfd r $maps/$map info | sed 's/.* id \([0-9]*\).*/\1/')"
	refused t EPERM "map $map does not take this entry" "what is open writes no entry then" \
		sh -c "echo '$key: $([ $map = names ] && echo 7 || echo "{\"packets\": 7}")' >&7"
	refused t EPERM "map $map cannot delete this key" "nor deletes one" \
		sh -c "echo '$key: null' >&7"
	exec 7>&-
	is "$(cat $maps/$map)" "$before" "nothing of $map has changed"
	refused t EPERM "map $map is constant" "and it is not opened for writing any more" \
		write "$key: null" $maps/$map
done

# Rights of a map.
run_fails "others do not read it" setpriv --reuid 1000 --clear-groups cat $maps/names
gone t

done_testing
