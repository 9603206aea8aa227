#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# config: settings for the next load.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

basic=$(object basic)

# set LINE...: as one write
set_lines() {
	printf '%s\n' "$@" >/bpf/t/config
}

fresh t
is "$(cat /bpf/t/config)" "" "nothing is set at first"
ok "several settings in one write" set_lines 'step: 5' '# a comment' '' \
	'greeting: "good day"' '  colour : "BLUE"  ' 'doubled: true' 'limit: 11' 'seen: 100' \
	'where: {"x": 8}' 'list: [9]' 'maps.counts.max_entries: 8' 'progs.on_fdatasync.autoload: true'
is "$(grep -c . /bpf/t/config)" 10 "reading gives back each of them"
like "$(cat /bpf/t/config)" '^step: 5$' "as it was set"
like "$(cat /bpf/t/config)" '^greeting: "good day"$' "a string too"
set_lines 'limit: 12'
is "$(grep limit /bpf/t/config)" "limit: 12" "setting again replaces"
set_lines 'limit: null'
is "$(grep -c limit /bpf/t/config)" 0 "null takes a setting away"
set_lines 'limit: 11'
ok "the object loads" cp "$basic" /bpf/t/load
is "$(cat /bpf/t/vars/step)" 5 "a constant was preset"
is "$(cat /bpf/t/vars/greeting)" '"good day"' "a string was"
is "$(cat /bpf/t/vars/colour)" '"BLUE"' "an enum was"
is "$(cat /bpf/t/vars/doubled)" true "a bool was"
is "$(cat /bpf/t/vars/limit)" 11 "a variable of .data was"
is "$(cat /bpf/t/vars/seen)" 100 "one of .bss was"
is "$(jq -c .x,.y /bpf/t/vars/where | tr '\n' ' ')" "8 0 " "a struct was, absent members zero"
is "$(jq -c . /bpf/t/vars/list)" "[9,0,0,0]" "an array was, zero-filled"
is "$(wc -l </bpf/t/maps/counts)" 8 "max_entries was"
ok "a program that does not load by itself did" test -e /bpf/t/progs/on_fdatasync
echo on_fsync >/bpf/t/attach
fsyncs 3
is "$(value /bpf/t/maps/counts 0)" 30 "and the program was verified with them: 3 times 5 doubled"
gone t

fresh t
set_lines 'progs.on_fsync.autoload: false'
ok "autoload: false" cp "$basic" /bpf/t/load
is "$(ls /bpf/t/progs)" "" "loads no program"
gone t

fresh t
printf 'step: 4\nmaps.counts.max_en' >"$work/half"
printf 'tries: 2' >"$work/rest"
cat "$work/half" "$work/rest" | dd of=/bpf/t/config bs=1 status=none
is "$(cat /bpf/t/config)" "step: 4
maps.counts.max_entries: 2" "lines split over writes, and a last one without its newline"
cp "$basic" /bpf/t/load
is "$(wc -l </bpf/t/maps/counts)" 2 "count all the same"
ok "settings can be made when something is loaded" set_lines 'step: 9'
is "$(cat /bpf/t/vars/step)" 4 "and apply to loads that follow"
gone t

# The function that a probe is for.
fresh t
set_lines 'threshold_ns: 0' 'progs.on_enter.attach_to: "vfs_read"' \
	'progs.on_return.attach_to: "vfs_read"'
ok "attach_to loads" cp "$(object slowcalls)" /bpf/t/load
echo '*' >/bpf/t/attach
like "$(cat /bpf/t/attach)" 'on_enter: "kprobe/vfs_read"' "attach_to moves a kprobe"
like "$(cat /bpf/t/attach)" 'on_return: "kretprobe/vfs_read"' "and a kretprobe"
work reader read /etc/passwd 3
like "$(grep '^"reader": ' /bpf/t/maps/by_comm)" '"calls": ' "which then sees calls of that function"
gone t

# Refused where it is written.
fresh t
for line in 'no colon' ': 5' 'step:' 'maps.counts.frob: 1' 'maps.counts: 1' 'progs.on_fsync.frob: 1' \
	'progs.on_fsync.autoload: 7' 'log_level: 8' 'log_level: "much"' \
	'maps.counts.max_entries: -1' 'maps.counts.max_entries: 4294967296'; do
	refused t "E[A-Z0-9]+" "" "setting '$line'" set_lines "$line"
done
# Inside a brace a newline is white space, so this line ends when the file does.
echo 'step: {' >"$work/open"
refused t "E[A-Z]+" "" "a value that never ends" cp "$work/open" /bpf/t/config
is "$(cat /bpf/t/config)" "" "and not kept"
printf 'step: 1\nwrong\nlimit: 2\n' >"$work/mixed"
run_fails "a wrong line among good ones" cp "$work/mixed" /bpf/t/config
is "$(cat /bpf/t/config)" "step: 1" "stops there: what was before it is set"
like "$(first_line t)" "\b2\b" "the log tells the line"
gone t

# Refused by the load, which sees what the names mean.
for line in 'nobody: 1' 'step: "five"' 'step: -1' 'step: 18446744073709551616' 'colour: "PINK"' \
	'doubled: 256' 'a.b: 1' 'greeting: "much too long a greeting"' 'list: [1, 2, 3, 4, 5]' \
	'where: {"z": 1}' 'where: {"x": 1, "x": 2}' 'maps.nobody.max_entries: 1' \
	'maps.counts.max_entries: 0' 'progs.nobody.autoload: false'; do
	fresh t
	set_lines "$line"
	name=${line%%:*}
	name=${name#*.}
	refused t "E[A-Z]+" "${name%%.*}" "the load with '$line'" cp "$basic" /bpf/t/load
	gone t
done

# A long config is bounded.
fresh t
seq -f 'name%g: 1' 20000 >"$work/long"
run_fails "20000 settings are too many" cp "$work/long" /bpf/t/config
gone t

done_testing
