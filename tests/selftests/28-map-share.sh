#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Maps that stand before the load: linked beforehand, or shared by their names.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

as_alice() {
	setpriv --reuid 1000 --regid 1000 --clear-groups --inh-caps -all "$@"
}

# as alice, who may load: CAP_BPF, CAP_PERFMON
as_loader() {
	setpriv --reuid 1000 --regid 1000 --clear-groups --inh-caps +bpf,+perfmon \
		--ambient-caps +bpf,+perfmon "$@"
}

same() {
	[ "$1" -ef "$2" ]
}

names() {
	(cd "$1" && echo *)
}

before=$(kernel_objects)

# Shared by name.
ok "the first to share makes the maps" fresh a pinned
is "$(names /bpf/maps)" "shared shared_too" "they stand in the root's maps/, the others do not"
ok "its own name is a link to the same" same /bpf/a/maps/shared /bpf/maps/shared
is "$(stat -c %h /bpf/a/maps/shared /bpf/a/maps/own | tr '\n' ' ')" "2 1 " "and stat counts"
ok "the second uses them" fresh b pinned
ok "the very same" same /bpf/b/maps/shared /bpf/a/maps/shared
ok "the other one too" same /bpf/b/maps/shared_too /bpf/maps/shared_too
run_fails "and none that is not shared" same /bpf/b/maps/own /bpf/a/maps/own
is "$(stat -c %h /bpf/maps/shared)" 3 "three names"
write '*' /bpf/a/attach
write '*' /bpf/b/attach
fsyncs 3
is "$(value /bpf/maps/shared_too 0)" 6 "both programs count there"
is "$(value /bpf/a/maps/own 0)" 3 "and alone in their own"
is "$(jq -c .count <<<"$(value /bpf/b/maps/shared 0)")" 6 "the text has its types"
like "$(cat /bpf/b/progs/on_fsync)" '^maps: .*"/(b/)?maps/shared"' "the program says what it uses"

# Another shape.
fresh c
is "$(cp "$(object pinned_larger)" /bpf/c/load 2>&1 >/dev/null | grep -c .)" 1 "another shape is refused"
like "$(first_line c)" "^error: EINVAL: map shared: max_entries differs: the map that is there is hash with .* max_entries 4, .*the object's is hash with .* max_entries 8," \
	"naming both shapes and what differs"
is "$(names /bpf/c/maps) $(names /bpf/maps)" "* shared shared_too" "nothing is left of it"
gone c

# What the makers leave behind stays for others.
gone a b
is "$(value /bpf/maps/shared_too 0)" 6 "the shared maps outlive the objects"
ok "a third object finds them" fresh a pinned
is "$(value /bpf/a/maps/shared_too 0)" 6 "with what is in them"
rm /bpf/maps/shared
ok "the name in the root may go" fresh b pinned
run_fails "then the next one makes a new map" same /bpf/b/maps/shared /bpf/a/maps/shared
ok "and shares it" same /bpf/b/maps/shared /bpf/maps/shared
gone a b
rm /bpf/maps/shared /bpf/maps/shared_too

# All or nothing: a program that the verifier refuses comes after the maps.
fresh t
write 'progs.on_fsync.attach_to: "syscalls/sys_enter_fsync"' /bpf/t/config
cp "$(object pinned)" /bpf/t/load 2>/dev/null
gone t
rm -f /bpf/maps/*
fresh t
rmdir /bpf/t/progs
refused t ENOENT "progs/ was removed" "no place for the programs" cp "$(object pinned)" /bpf/t/load
is "$(names /bpf/t/maps) $(names /bpf/maps)" "* *" "and so no shared map either"
gone t

# Linked beforehand.
fresh a basic
mkdir /bpf/b
ok "a map is linked into a fresh directory" ln /bpf/a/maps/counts /bpf/b/maps/counts
ok "and rmdir will not have that" test ! -e /bpf/b/maps/gone
run_fails "which is no longer empty" rmdir /bpf/b
is "$(grep -c ^object /bpf/b/info)" 0 "nothing is loaded there yet"
ok "an object is loaded around it" cp "$(object basic)" /bpf/b/load
ok "its map is the linked one" same /bpf/a/maps/counts /bpf/b/maps/counts
run_fails "the others are its own" same /bpf/a/maps/points /bpf/b/maps/points
is "$(cat /bpf/b/log)" "ok: $(ls -A /bpf/b/maps | wc -l) maps, 1 program, $(ls /bpf/b/vars | wc -l) variables" "log counts it"
write '*' /bpf/b/attach
fsyncs 2
is "$(value /bpf/a/maps/counts 0)" 2 "the program counts in it"
refused b EBUSY "loaded" "a second load is one too many" cp "$(object basic)" /bpf/b/load
gone a
is "$(value /bpf/b/maps/counts 0)" 2 "the map outlives the object that made it"
is "$(cat /bpf/b/maps/counts | wc -l)" 4 "with its types"
gone b

# Variables of a section that another object made.
fresh a pinned
mkdir /bpf/b
ln /bpf/a/maps/.data /bpf/b/maps/.data
ln /bpf/a/maps/.rodata /bpf/b/maps/.rodata
ok "data sections may be shared" cp "$(object pinned)" /bpf/b/load
write 9 /bpf/a/vars/total
is "$(cat /bpf/b/vars/total)" 9 "a variable of one is that of the other"
gone b
mkdir /bpf/b
ln /bpf/a/maps/.data /bpf/b/maps/.data
write 'total: 3' /bpf/b/config
refused b EINVAL "map .data: config sets variables in it" "what is there cannot be preset" \
	cp "$(object pinned)" /bpf/b/load
gone b
mkdir /bpf/b
ln /bpf/a/maps/.rodata /bpf/b/maps/.rodata
write 'step: 3' /bpf/b/config
refused b EINVAL "map .rodata: .* holds other constants" "constants are not replaced" \
	cp "$(object pinned)" /bpf/b/load
write 'step: 1' /bpf/b/config
ok "the same constants are shared" cp "$(object pinned)" /bpf/b/load
gone a b
rm /bpf/maps/*

# Another shape of a linked map.
fresh a basic
mkdir /bpf/b
ln /bpf/a/maps/points /bpf/b/maps/counts
refused b EINVAL "map counts: type differs: the map that is there is hash .* is array" \
	"a linked map of another type" cp "$(object basic)" /bpf/b/load
is "$(names /bpf/b/maps)" counts "the link stays, and nothing else"
gone a b

# What the maker of a section calls the kernel's is no variable of another object.
fresh a held
mkdir /bpf/b
ln /bpf/a/maps/.bss.held /bpf/b/maps/.bss.held
refused b EINVAL "map .bss.held: .* fields that the kernel manages" \
	"a section with a lock is not shared with another object" \
	cp "$(object held_plain)" /bpf/b/load
mkdir /bpf/c
ln /bpf/a/maps/.bss.held /bpf/c/maps/.bss.free
refused c EINVAL "map .bss.free: .* fields that the kernel manages" \
	"nor with another section of the same object" cp "$(object held)" /bpf/c/load
gone c
ok "it is with the same object" cp "$(object held)" /bpf/b/load
ok "as one map" same /bpf/a/maps/.bss.held /bpf/b/maps/.bss.held
gone a b

# The object's own name for a map counts, and not the one its maker gave it.
fresh a maps
mkdir /bpf/b
ln /bpf/a/maps/names /bpf/b/maps/other_names
ok "a map is shared under another name" cp "$(object maps)" /bpf/b/load
ok "it stands there" same /bpf/a/maps/names /bpf/b/maps/other_names
run_fails "and the object's map of its old name is another one" \
	same /bpf/a/maps/names /bpf/b/maps/names
is "$(stat -c %h /bpf/a/maps/names)" 2 "without a third name"
gone a b

# Rights.
fresh a pinned
chmod 711 /bpf
chmod 711 /bpf/maps
mkdir /bpf/b
chown -R alice:alice /bpf/b
chmod 755 "$work"
cp "$(object pinned)" "$work/pinned.o"
chmod 644 "$work/pinned.o"
objects=$(steady)
run_fails "who may not read a shared map does not get it by loading" \
	as_loader cp "$work/pinned.o" /bpf/b/load
like "$(first_line b)" "^error: EACCES: map shared: the root's maps/shared is there, and who opened load may not" \
	"log says so"
is "$(settled "$objects")" "$objects" "before anything is made"
chmod 644 /bpf/maps/shared /bpf/maps/shared_too
run_fails "nor who may only read it" as_loader cp "$work/pinned.o" /bpf/b/load
chmod 666 /bpf/maps/shared /bpf/maps/shared_too
ok "who may read and write it does" as_loader cp "$work/pinned.o" /bpf/b/load
ok "and has it" same /bpf/b/maps/shared /bpf/maps/shared
gone b
rm /bpf/maps/shared_too
mkdir /bpf/b
chown -R alice:alice /bpf/b
run_fails "who may not write the root's maps/ cannot share a new one" \
	as_loader cp "$work/pinned.o" /bpf/b/load
like "$(first_line b)" "^error: EACCES: map shared_too: .* maps/ of the root, .* not write" "log says so"
chmod 700 /bpf/maps
run_fails "who may not search it finds none" as_loader cp "$work/pinned.o" /bpf/b/load
chmod 733 /bpf/maps
mkdir "$work/inside"
mount --bind /bpf/b "$work/inside"
chmod 700 /bpf
run_fails "nor who may not search the root, from inside of it" \
	as_loader cp "$work/pinned.o" "$work/inside/load"
like "$(first_line b)" "^error: EACCES: map shared.*: .* maps/ of the root" "log says so, too"
chmod 711 /bpf
umount "$work/inside"
ok "who may write it can" as_loader cp "$work/pinned.o" /bpf/b/load
is "$(stat -c %U /bpf/maps/shared_too)" alice "and owns what is new"
gone a b
rm /bpf/maps/*

# The opener's rights count, not the writer's.
fresh a pinned
chmod 711 /bpf/maps
mkdir /bpf/b
chown -R alice:alice /bpf/b
ok "root opens load, alice writes" as_alice sh -c "cat '$work/pinned.o' >&3" 3>/bpf/b/load
gone a b
rm /bpf/maps/*
chmod 700 /bpf /bpf/maps

# Two loads at once, many times: one map each time, and it has both's names.
alone=0
failed=0
for i in $(seq 12); do
	mkdir /bpf/a /bpf/b
	cp "$(object pinned)" /bpf/a/load &
	cp "$(object pinned)" /bpf/b/load || failed=$((failed + 1))
	wait $! || failed=$((failed + 1))
	same /bpf/a/maps/shared /bpf/b/maps/shared && same /bpf/a/maps/shared /bpf/maps/shared &&
		[ "$(stat -c %h /bpf/maps/shared)" = 3 ] || alone=$((alone + 1))
	gone a b
	rm /bpf/maps/*
done
is "$failed" 0 "two loads at once both succeed"
is "$alone" 0 "and share one map"

# Names that come and go meanwhile.
stop=$work/stop
fresh a pinned
(
	while [ ! -e "$stop" ]; do
		ln /bpf/a/maps/shared /bpf/maps/moving 2>/dev/null
		mv -f /bpf/maps/moving /bpf/maps/shared 2>/dev/null
		rm -f /bpf/maps/shared
	done
) &
mess=0
for i in $(seq 20); do
	mkdir /bpf/b
	if cp "$(object pinned)" /bpf/b/load 2>/dev/null; then
		[ -e /bpf/b/maps/shared ] || mess=$((mess + 1))
	else
		[[ $(first_line b) == "error: EAGAIN: maps that"* ]] || mess=$((mess + 1))
	fi
	gone b
done
touch "$stop"
wait
is "$mess" 0 "a name that others move is used, made anew, or told of"
gone a
rm -f /bpf/maps/*
is "$(settled "$before")" "$before" "no map is left of all that"

done_testing
