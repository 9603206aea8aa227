#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What is no good is refused: the writer is told, log has a sentence, nothing
# is left.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

before=$(kernel_objects)
fresh t

names_left() {
	find /bpf/t/maps /bpf/t/progs /bpf/t/vars -mindepth 1 | wc -l
}

# no FILE ERRNO PATTERN NAME
no() {
	refused t "$2" "$3" "$4" cp "$1" /bpf/t/load
	is "$(names_left)" 0 "$4: no name is left"
	is "$(first_line t | wc -l)" 1 "$4: the sentence is one line"
}

echo "this is a text file, and long enough to hold a header of ELF" >"$work/text"
no "$work/text" ENOEXEC "ELF" "a text file"
no /bin/true ENOEXEC "BPF" "an x86 program"
head -c 4096 /dev/zero >"$work/zeros"
no "$work/zeros" ENOEXEC "ELF" "a file of zeros"
no "$(object bad_program)" EACCES "program careless: .* \(bad_program\.bpf\.c:25\)" \
	"a program that the verifier rejects"
no "$(object bad_map)" EINVAL "hollow: .*: it needs " "a map of size 0"
no "$(object bad_section)" "E(INVAL|OPNOTSUPP)" "frobnicate" "a section name nobody knows"

# An empty file: cp has no byte to write, so only the log can tell.
: >"$work/empty"
cp "$work/empty" /bpf/t/load
is "$(names_left)" 0 "an empty file makes nothing"

# Cut anywhere, an object is never complete: closed early, or refused for what
# is missing, with a sentence either way.
basic=$(object basic)
size=$(stat -c %s "$basic")
cut=0
told=0
left=0
for ((at = 1; at < size; at += 97)); do
	head -c $at "$basic" >"$work/cut"
	cp "$work/cut" /bpf/t/load 2>/dev/null
	cut=$((cut + 1))
	[[ $(first_line t) == "error: E"* ]] && told=$((told + 1))
	[ "$(names_left)" = 0 ] || left=$((left + 1))
done
is "$told" "$cut" "cut at every 97th byte: $cut objects, each with a sentence in log"
is "$left" 0 "and none left a name"

# The same with the rest zeroed, so that the file has its full length.
cut=0
told=0
for ((at = 97; at < size - 97; at += 97)); do
	{
		head -c $at "$basic"
		head -c 97 /dev/zero
		tail -c +$((at + 98)) "$basic"
	} >"$work/holed"
	cut=$((cut + 1))
	if cp "$work/holed" /bpf/t/load 2>/dev/null; then
		# Some bytes matter to nobody; what loads must then be sound.
		[[ $(first_line t) == "ok: "* ]] && told=$((told + 1))
		gone t && fresh t
	else
		[[ $(first_line t) == "error: E"* ]] && told=$((told + 1))
	fi
done
is "$told" "$cut" "97 bytes zeroed anywhere: $cut objects, each outcome told"

gone t
is "$(settled "$before")" "$before" "no program, map or link is left of all that"
ok "and a good object loads" fresh t basic
gone t

done_testing
