#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# log: one line that says it all, then everything there is to know.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

fresh t basic
is "$(first_line t)" "ok: 5 maps, 1 program, 10 variables" "what was loaded, counted"
gone t
fresh t maps
like "$(first_line t)" "^ok: 11 maps, (0|no) programs?, (0|no) variables?$" "none is a number too"
gone t
fresh t
like "$(cat /bpf/t/log | wc -c)" "^[0-9]+$" "a fresh log can be read"

cp "$(object bad_program)" /bpf/t/load 2>/dev/null
like "$(first_line t)" "^error: EACCES: program careless: .*(invalid mem access|map_value_or_null).* \(bad_program\.bpf\.c:[0-9]+\)$" \
	"program, the verifier's last sentence, file and line"
like "$(cat /bpf/t/log)" "R[0-9]+ invalid mem access" "the verifier's log follows"
like "$(cat /bpf/t/log)" "^; .*value \+= 1" "with the source"
unlike "$(cat /bpf/t/log)" "= 0xff[0-9a-f]{14}" "and shows no kernel address (row 19)"
is "$(stat -c %a /bpf/t/log)" 400 "log is its owner's alone"
gone t

# log_level
fresh t
echo 'log_level: 1' >/bpf/t/config
ok "log_level 1 loads" cp "$(object basic)" /bpf/t/load
like "$(first_line t)" "^ok: " "the first line stays"
like "$(cat /bpf/t/log)" "processed [0-9]+ insns" "and the verifier's log is there for a good program"
gone t

fresh t
echo 'log_level: 2' >/bpf/t/config
ok "log_level 2 of a program that takes long to walk" cp "$(object chatty)" /bpf/t/load
size=$(wc -c </bpf/t/log)
ok "gives a log of $size bytes" test "$size" -gt $((8 << 20))
like "$(tail -n 3 /bpf/t/log)" "processed [0-9]+ insns" "whole, up to its last line"
is "$(cat /bpf/t/log | sha256sum)" "$(dd if=/bpf/t/log bs=1000 status=none | sha256sum)" \
	"the same in reads of any size"
is "$(tail -c 1000 /bpf/t/log)" "$(tail -c +$((size - 999)) /bpf/t/log)" "and from any place"
like "$(grep -m1 -n 'R1=ctx' /bpf/t/log)" "^[0-9]+:" "from the first instruction on"
gone t
fresh t
cp "$(object chatty)" /bpf/t/load
ok "without a level the log is short" test "$(wc -c </bpf/t/log)" -lt 1000
gone t

# Of a log that does not fit, kernels up to 6.3 keep the beginning.
fresh t
write 'progs.endless.autoload: true' /bpf/t/config
refused t E2BIG "program endless: .*too large.* a loop without a bound" \
	"a program that takes too long to walk" cp "$(object chatty)" /bpf/t/load
gone t

# Who reads an old log while a new one is written gets all of the old one.
fresh t
cp "$(object bad_program)" /bpf/t/load 2>/dev/null
exec 8</bpf/t/log
read -r old <&8
cp "$(object bad_map)" /bpf/t/load 2>/dev/null
like "$old" "careless" "a log is read"
unlike "$(cat <&8)" "hollow" "and does not turn into another under its reader"
exec 8<&-
like "$(first_line t)" "hollow" "who opens it now sees the new one"

# Other writes tell here what was wrong, and where.
gone t
fresh t basic
printf '0: 1\n1: 2\n2: many\n' >"$work/lines"
cp "$work/lines" /bpf/t/maps/counts 2>/dev/null
like "$(first_line t)" "^error: EINVAL: .*counts" "a wrong map line is told"
like "$(first_line t)" "\b3\b.*\b4\b" "with its line and column"
echo 'nobody' >/bpf/t/attach 2>/dev/null
like "$(first_line t)" "^error: E[A-Z]+: .*nobody" "so is a wrong attach"
echo 'maps.counts.frob: 1' >/bpf/t/config 2>/dev/null
like "$(first_line t)" "^error: E[A-Z]+: .*frob" "and a wrong setting"
echo '-1' >/bpf/t/vars/limit 2>/dev/null
like "$(first_line t)" "^error: E[A-Z]+: .*limit" "and a wrong value of a variable"
gone t
is "$(dmesg | grep -ci 'bpffs.*error' )" 0 "nothing of this went to dmesg"

done_testing
