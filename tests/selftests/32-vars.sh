#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vars/: one file for every global variable.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

fresh t basic
vars=/bpf/t/vars
printf 10 >"$work/ten"

is "$(cd $vars && echo *)" "colour deepest doubled greeting hidden limit list seen step where" \
	"every variable has a file, static ones too"
is "$(cat $vars/step)" 1 "an integer constant"
is "$(cat $vars/greeting)" '"hello"' "a string"
is "$(cat $vars/colour)" '"GREEN"' "an enum"
is "$(cat $vars/doubled)" false "a bool"
is "$(cat $vars/limit)" 7 "an initialised variable"
is "$(cat $vars/deepest)" -9 "a negative one"
is "$(cat $vars/where)" '{"x": 3, "y": -4}' "a struct"
is "$(cat $vars/list)" '[1, 2, 3, 0]' "an array"
is "$(cat $vars/seen)" 0 "a zero"
is "$(cat $vars/* | wc -l)" 10 "one line each"

ok "a variable is written" sh -c "echo 9 >$vars/limit"
is "$(cat $vars/limit)" 9 "and read back"
ok "without a newline" cp "$work/ten" $vars/limit
is "$(cat $vars/limit)" 10 "too"
ok "a byte at a time" sh -c "printf '12345\n' | dd of=$vars/limit bs=1 status=none"
is "$(cat $vars/limit)" 12345 "it is the whole number that counts"
ok "a struct is" sh -c "echo '{\"y\": 5, \"x\": -6} # swapped' >$vars/where"
is "$(cat $vars/where)" '{"x": -6, "y": 5}' "with its members in any order"
run_fails "a number out of range is refused" write 4294967296 $vars/limit
ok "a blank line is no value" write $' \t# none' $vars/limit
for space in $'\v' $'\xa0'; do
	run_fails "nor is white space that the grammar has not" write "$space" $vars/limit
done
run_fails "a wrong kind of value is" write '"seven"' $vars/limit
run_fails "two values are" write '1 2' $vars/limit
run_fails "null is" write null $vars/limit
is "$(cat $vars/limit)" 12345 "and nothing of them got in"

for name in step greeting colour doubled; do
	run_fails "$name is constant once loaded" write 1 $vars/$name
	is "$(stat -c %a $vars/$name | tr -d 0)" 4 "and its mode says so"
done
is "$(cat $vars/step)" 1 "it keeps its value"

echo 5 >$vars/limit
echo on_fsync >/bpf/t/attach
fsyncs 4
is "$(cat $vars/seen)" 4 "a program's writes are read"
is "$(cat $vars/hidden)" 20 "and it reads what was written"
echo 0 >$vars/seen
fsyncs 1
is "$(cat $vars/seen)" 1 "a counter is reset"

# The data sections stand among the maps, too.
for map in .data .bss .rodata; do
	ok "maps/$map is there" test -e /bpf/t/maps/$map
done
is "$(sed 's/^[^{]*//' /bpf/t/maps/.data | jq .limit)" 5 \
	"maps/.data has the variables by name"
run_fails "maps/.rodata is frozen" sh -c "cat /bpf/t/maps/.rodata >/bpf/t/maps/.rodata"
gone t

# As in an object that a linker made of several.
fresh t
sed 's/two\.aaa/one.aaa/g; s/same_[13]/same\x00\x00/g; s/same_2/same.2/g' \
	"$(object same_names)" >"$work/same.bpf.o"
ok "variables of one name" cp "$work/same.bpf.o" /bpf/t/load
is "$(cd /bpf/t/vars && echo same*)" "same same.2 same.3" \
	"get numbers, but none that is another's name"
is "$(cd /bpf/t/vars && for name in one*; do echo -n "${#name} "; done)" "246 255 " \
	"of a name as long as a file's may be the end makes room"
like "$(echo /bpf/t/vars/one*.[0-9])" "/one[.]a+b+c+[.]4$" "and a number"
gone t

done_testing
