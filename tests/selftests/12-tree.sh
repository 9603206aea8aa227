#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Object directories: what mkdir makes, what may be removed, renamed, linked.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

# node MODE NAME: a control node has its mode and belongs to the caller
node() {
	is "$(stat -c '%a %u' "/bpf/t/$2")" "$1 0" "$2 has mode $1"
}

fresh t
is "$(cd /bpf/t && echo *)" "attach config hooks info load log maps progs vars" \
	"mkdir makes an object directory, complete"
node 200 load
node 400 log
node 600 config
node 600 attach
node 440 info
for dir in maps progs vars hooks; do
	is "$(stat -c '%F %u' /bpf/t/$dir)" "directory 0" "$dir/ is a directory of the caller"
done
is "$(cd /bpf && for n in load log config attach info maps progs vars hooks; do
	[ -e $n ] && echo $n; done | wc -l)" 9 "the root is an object directory too"
is "$(stat -c %h /bpf/t/load)" 1 "a control node has one name"
like "$(ls -la /bpf/t)" " \.\.$" "ls -la works"
like "$(find /bpf/t -name load)" "/t/load$" "find works"
is "$(find /bpf/t | wc -l)" "$(find /bpf/t | sort -u | wc -l)" "find sees nothing twice"

# Clashes, and names that nobody may make.
for name in load log config attach info maps progs vars hooks; do
	is "$(mkdir /bpf/t/$name 2>&1 | grep -c 'File exists')" 1 "mkdir $name: File exists"
done
run_fails "no plain files" touch /bpf/t/file
run_fails "no symbolic links" ln -s x /bpf/t/symlink
run_fails "no device nodes" mknod /bpf/t/null c 1 3
run_fails "no fifos" mkfifo /bpf/t/fifo
for dir in maps progs vars; do
	run_fails "touch in $dir/ is refused" touch /bpf/t/$dir/x
	run_fails "mkdir in $dir/ is refused" mkdir /bpf/t/$dir/x
done
run_fails "mkdir in hooks/ of no kind is refused" mkdir /bpf/t/hooks/frobnicate
run_fails "touch in hooks/ is refused" touch /bpf/t/hooks/file
run_fails "a second name for load is refused" ln /bpf/t/load /bpf/t/load2
run_fails "a name too long is refused" mkdir "/bpf/t/$(printf 'x%.0s' $(seq 300))"

# Directories below directories.
ok "directories nest" mkdir -p /bpf/t/deep/er/still
is "$(stat -c %h /bpf/t/deep)" "$(($(find /bpf/t/deep -mindepth 1 -maxdepth 1 -type d | wc -l) + 2))" \
	"link count of a directory is its directories and two"
run_fails "rmdir of one with a directory below is refused" rmdir /bpf/t/deep
ok "rmdir of one in which nothing is loaded" rmdir /bpf/t/deep/er/still
run_fails "it is gone" test -e /bpf/t/deep/er/still
fresh t/full basic
run_fails "rmdir of one in which something is loaded is refused" rmdir /bpf/t/full
ok "it still stands" test -e /bpf/t/full/maps/counts

# rename
ok "a directory is renamed" mv /bpf/t/full /bpf/t/renamed
is "$(cat /bpf/t/renamed/vars/limit)" 7 "with what is in it"
run_fails "the old name is gone" test -e /bpf/t/full
ok "into another directory" mv /bpf/t/renamed /bpf/t/deep/
ok "and back" mv /bpf/t/deep/renamed /bpf/t/full
run_fails "not below itself" mv /bpf/t/full /bpf/t/full/below
for name in load log maps hooks; do
	run_fails "$name cannot be renamed" mv /bpf/t/$name /bpf/t/elsewhere
done
ok "a map is renamed" mv /bpf/t/full/maps/counts /bpf/t/full/maps/sums
ok "and taken to another directory" mv /bpf/t/full/maps/sums /bpf/t/deep/maps/counts
ok "and linked from there" ln /bpf/t/deep/maps/counts /bpf/t/full/maps/
ok "which makes it one map with two names" test /bpf/t/deep/maps/counts -ef /bpf/t/full/maps/counts
run_fails "a map does not go among programs" mv /bpf/t/deep/maps/counts /bpf/t/deep/progs/
run_fails "nor is a program a map" ln /bpf/t/full/progs/on_fsync /bpf/t/deep/maps/
rm /bpf/t/deep/maps/counts
run_fails "nothing is renamed over a control node" mv /bpf/t/full /bpf/t/load
run_fails "nor over a directory in which something is loaded" \
	mv -T /bpf/t/deep /bpf/t/full

# chmod, chown
ok "chmod of a map" chmod 640 /bpf/t/full/maps/counts
is "$(stat -c %a /bpf/t/full/maps/counts)" 640 "is kept"
ok "chown of a directory" chown alice:bob /bpf/t/deep
is "$(stat -c '%U %G' /bpf/t/deep)" "alice bob" "is kept"

# Sealing: control nodes are unlinked one by one.
fresh sealed basic
ok "load can be unlinked" rm -f /bpf/sealed/load
run_fails "it stays away" test -e /bpf/sealed/load
is "$(cat /bpf/sealed/vars/limit)" 7 "the rest works on"
ok "attach can be unlinked" rm -f /bpf/sealed/attach
run_fails "and stays away" test -e /bpf/sealed/attach
gone sealed

# The root's own nodes stay.
for name in load log config attach info; do
	is "$(rm -f /bpf/$name 2>&1 | grep -c 'Operation not permitted')" 1 \
		"rm of the root's $name: Operation not permitted"
done
for name in maps progs vars hooks; do
	is "$(rmdir /bpf/$name 2>&1 | grep -c 'Operation not permitted')" 1 \
		"rmdir of the root's $name/: Operation not permitted"
done
run_fails "the root itself stays" rmdir /bpf

# rm -r, by coreutils and by busybox.
before=$(steady)
fresh down hooks
mkdir -p /bpf/down/below
cp "$(object basic)" /bpf/down/below/load
echo '*' >/bpf/down/attach
echo '*' >/bpf/down/below/attach
ok "rm -r takes a directory down" rm -r /bpf/down
run_fails "its name is gone" test -e /bpf/down
is "$(settled "$before")" "$before" "and so are programs, maps and links"
fresh down hooks
echo '*' >/bpf/down/attach
ok "busybox rm -r does" busybox rm -r /bpf/down
is "$(settled "$before")" "$before" "with nothing left"
fresh other
fresh third basic
rm -rf /bpf/* 2>/dev/null
is "$(find /bpf -mindepth 1 -maxdepth 1 | wc -l)" 9 "rm -rf of all in the root leaves its own nodes"
ok "and a usable namespace" fresh t basic

# An open file keeps what it names.
exec 8</bpf/t/maps/counts
gone t
is "$(head -n 1 <&8)" "0: 0" "an open map outlives its name"
exec 8<&-

# What the kernel makes and removes is told to those who watch.
fresh t
inotifywait -m -e create,delete --format '%e %f' /bpf/t/maps /bpf/t/progs /bpf/t/vars \
	>"$work/events" 2>"$work/errors" &
watcher=$!
within 60 grep -q "Watches established" "$work/errors"
cp "$(object basic)" /bpf/t/load
rm /bpf/t/maps/points
within 60 grep -q "DELETE points" "$work/events"
kill $watcher
for name in counts points on_fsync limit; do
	like "$(cat "$work/events")" "^CREATE $name$" "inotify: $name appears"
done
like "$(cat "$work/events")" "^DELETE points$" "inotify: points goes"
gone t

done_testing
