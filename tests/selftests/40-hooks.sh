#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# hooks/: an attachment is a hard link, and its path says where it is attached.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

hooks=/bpf/t/hooks
progs=/bpf/t/progs

# Program, where its section says, and its entry in hits.
kinds="on_tracepoint:tracepoint/syscalls/sys_enter_fsync:0
on_raw_tracepoint:raw_tracepoint/sys_enter:1
on_tp_btf:tp_btf/sys_enter:2
on_kprobe:kprobe/vfs_fsync_range:3
on_kretprobe:kretprobe/vfs_fsync_range:4
on_fentry:fentry/vfs_fsync_range:5
on_fexit:fexit/vfs_fsync_range:6"

hits() {
	value /bpf/t/maps/hits "$1"
}

clear_hits() {
	truncate -s 0 /bpf/t/maps/hits
}

links_of() {
	bpftool -j link list | jq "[.[] | select(.prog_id == $(sed -n 's/^id: //p' "$1"))] | length"
}

fresh t hooks
is "$(ls $hooks)" "" "hooks/ lists nothing while nothing is attached"
for hook in fentry fexit kprobe kretprobe raw_tracepoint tp_btf tracepoint; do
	ok "$hook/ is there" test -d $hooks/$hook
done
for hook in kprobe/vfs_read tracepoint/syscalls/sys_enter_read fentry/vfs_read \
	tracepoint/xhci-hcd/xhci_urb_enqueue; do
	ok "$hook/ exists as soon as it is named" test -d $hooks/$hook
done
for hook in kprobe/vfs-read tracepoint/-hcd/xhci_urb_enqueue tracepoint/xhci-/xhci_urb_enqueue \
	tracepoint/xhci-hcd/xhci-urb; do
	run_fails "$hook/ names nothing" test -d $hooks/$hook
done

# Each kind: by ln, by its name, and by a path.
while IFS=: read -r prog hook entry; do
	ok "$hook: ln attaches" ln $progs/$prog "$hooks/$hook/"
	is "$(stat -c %h $progs/$prog)" 2 "$hook: stat counts"
	ok "$hook: it is the program" test $progs/$prog -ef "$hooks/$hook/$prog"
	is "$(cat /bpf/t/attach)" "$prog: \"$hook\"" "$hook: attach tells"
	is "$(links_of $progs/$prog)" 1 "$hook: bpftool shows a link"
	fsyncs 20
	is "$(hits "$entry")" 20 "$hook: 20 events, 20 hits"
	ok "$hook: rm detaches" rm "$hooks/$hook/$prog"
	fsyncs 5
	is "$(hits "$entry")" 20 "$hook: no hit after that"
	is "$(links_of $progs/$prog)" 0 "$hook: and no link"
	is "$(stat -c %h $progs/$prog)" 1 "$hook: one name is left"
	ok "$hook: echo NAME attaches" sh -c "echo $prog >/bpf/t/attach"
	fsyncs 3
	is "$(hits "$entry")" 23 "$hook: it counts"
	rm "$hooks/$hook/$prog"
	ok "$hook: so does echo NAME: PATH" sh -c "echo '$prog: \"$hook\"' >/bpf/t/attach"
	fsyncs 3
	is "$(hits "$entry")" 26 "$hook: it counts"
	rm "$hooks/$hook/$prog"
done <<<"$kinds"

# All at once.
clear_hits
ok "echo '*' attaches every program" sh -c "echo '*' >/bpf/t/attach"
is "$(wc -l </bpf/t/attach)" 7 "attach has a line for each"
fsyncs 100
is "$(cut -d' ' -f2 /bpf/t/maps/hits | sort -u)" 100 "100 events, 100 hits each"
is "$(cd $hooks && find . -type f | sort | tr '\n' ' ')" \
	"$(while IFS=: read -r p h _; do echo "./$h/$p"; done <<<"$kinds" | sort | tr '\n' ' ')" \
	"listing shows the hooks in use"
ok "echo '*' again is no error" sh -c "echo '*' >/bpf/t/attach"
is "$(wc -l </bpf/t/attach)" 7 "and attaches nothing twice"
find $hooks -type f -exec rm {} +
is "$(cat /bpf/t/attach)" "" "all are detached by rm"
is "$(ls $hooks)" "" "and their directories are not listed any more"

# One program on several hooks, several programs on one.
clear_hits
ln $progs/on_kprobe $hooks/kprobe/vfs_fsync_range/one
ln $progs/on_kprobe $hooks/kprobe/do_fsync/ 2>/dev/null ||
	ln $progs/on_kprobe $hooks/kprobe/__x64_sys_fsync/
ln $progs/on_kretprobe $hooks/kprobe/vfs_fsync_range/
is "$(stat -c %h $progs/on_kprobe)" 3 "one program on two hooks has three names"
is "$(ls $hooks/kprobe/vfs_fsync_range | tr '\n' ' ')" "on_kretprobe one " "two programs on one hook"
fsyncs 10
is "$(hits 3) $(hits 4)" "20 10" "each attachment counts"
ok "a second link of the same program to the same hook" \
	ln $progs/on_kprobe $hooks/kprobe/vfs_fsync_range/two
fsyncs 10
is "$(hits 3)" 50 "is a second attachment"
rm -r $hooks/kprobe/vfs_fsync_range
fsyncs 10
is "$(hits 3)" 60 "rm -r of a hook detaches what is there, and only that"
find $hooks -type f -exec rm {} +

# Offsets.
clear_hits
run_fails "a kretprobe takes no offset" ln $progs/on_kretprobe $hooks/kretprobe/vfs_fsync_range+5/
# Where an instruction begins depends on whether the function starts with endbr64.
for offset in 5 9; do
	ln $progs/on_kprobe $hooks/kprobe/vfs_fsync_range+$offset/ 2>/dev/null && break
done
fsyncs 7
is "$(hits 3)" 7 "a kprobe at an offset (+$offset) counts"
like "$(cat /bpf/t/attach)" "on_kprobe: \"kprobe/vfs_fsync_range\+$offset\"" "and attach tells"
rm $hooks/kprobe/vfs_fsync_range+$offset/on_kprobe
ok "in hexadecimal" ln $progs/on_kprobe "$hooks/kprobe/vfs_fsync_range+0x$offset/"
rm "$hooks/kprobe/vfs_fsync_range+0x$offset/on_kprobe"

# Two directories on one hook.
fresh u hooks
clear_hits
echo '*' >/bpf/t/attach
echo '*' >/bpf/u/attach
fsyncs 30
is "$(cut -d' ' -f2 /bpf/t/maps/hits | sort -u) $(cut -d' ' -f2 /bpf/u/maps/hits | sort -u)" "30 30" \
	"the same hooks by two directories: both count"
gone u
fsyncs 5
is "$(cut -d' ' -f2 /bpf/t/maps/hits | sort -u)" 35 "one goes, the other stays"

# What an attachment survives.
ok "rename of the directory" mv /bpf/t /bpf/moved
fsyncs 5
is "$(cut -d' ' -f2 /bpf/moved/maps/hits | sort -u)" 40 "it counts under its new name"
is "$(grep -c hooks/ /bpf/moved/progs/on_kprobe)" 1 "and tells its hook"
mv /bpf/moved /bpf/t
umount /bpf
fsyncs 5
mount -t bpffs bpffs /bpf
is "$(cut -d' ' -f2 /bpf/t/maps/hits | sort -u)" 45 "umount"
is "$(ls $hooks/kprobe/vfs_fsync_range)" on_kprobe "the names are there again"
gone t
fresh t hooks
bash -c "echo '*' >/bpf/t/attach; exit" &
wait $!
fsyncs 5
is "$(cut -d' ' -f2 /bpf/t/maps/hits | sort -u)" 5 "the end of the process that attached"

# A line without an end is taken when its writer ends, which leaves it without
# a table of descriptors.
writer_ends() {
	bash -c "exec 3>/bpf/t/attach; printf '$1' >&3"
}
for prog in on_tracepoint on_tp_btf on_fentry; do
	rm -r $hooks/* 2>/dev/null
	writer_ends $prog
	is "$(cut -d: -f1 /bpf/t/attach)" $prog "$prog by a writer that ends in its line"
done
writer_ends on_kprobe
like "$(first_line t)" "^error: EOPNOTSUPP: .*process" "on_kprobe takes a process that lives"
is "$(cut -d: -f1 /bpf/t/attach)" on_fentry "and is not attached"
echo '*' >/bpf/t/attach

# The name in progs/ is one name of several.
rm $progs/on_kprobe
fsyncs 5
is "$(hits 3)" 10 "a program without its name in progs/ runs on while attached"
ok "and gets that name back" ln $hooks/kprobe/vfs_fsync_range/on_kprobe $progs/on_kprobe
gone t

# Refused.
fresh t hooks
no_link() {
	refused t "$1" "$2" "$3: $4" ln "$progs/$3" "$hooks/$4/"
}
refused_by_path() {
	refused t "$1" "$2" "$3 to $4" sh -c "echo '$3: \"$4\"' >/bpf/t/attach"
}
refused_by_path ENOENT "no_such_function" on_kprobe kprobe/no_such_function
refused_by_path ENOENT "no_such_event" on_tracepoint tracepoint/syscalls/no_such_event
refused_by_path ENOENT "no_such_event" on_raw_tracepoint raw_tracepoint/no_such_event
refused_by_path "E(INVAL|ILSEQ)" "vfs_fsync_range" on_kprobe kprobe/vfs_fsync_range+1
refused_by_path "E[A-Z]+" "number|offset" on_kprobe kprobe/vfs_fsync_range+zz
refused_by_path EINVAL "tracepoint|kprobe" on_kprobe tracepoint/syscalls/sys_enter_fsync
refused_by_path EINVAL "kprobe|tracepoint" on_tracepoint kprobe/vfs_fsync_range
refused_by_path EINVAL "vfs_fsync_range" on_fentry fentry/vfs_read
refused_by_path EINVAL "fentry|fexit" on_fentry fexit/vfs_fsync_range
refused_by_path "E[A-Z]+" "frobnicate" on_kprobe frobnicate/vfs_read
fresh many
write "progs.many_arguments.autoload: true" /bpf/many/config
cp "$(object hooks)" /bpf/many/load
if write many_arguments /bpf/many/attach 2>/dev/null; then
	skip "a function of eight arguments" "this kernel traces it"
else
	like "$(first_line many)" "^error: EOPNOTSUPP: .*do_mmap.*arguments" \
		"a function of eight arguments is refused with a number that is one, and a reason"
fi
gone many
refused t ENOENT "NUL" "a name with a NUL in it" sh -c "printf 'on_kprobe\\0x\\n' >/bpf/t/attach"
refused t EINVAL "line 1, column 12" "a path without quotes" \
	sh -c "echo 'on_kprobe: kprobe/vfs_read' >/bpf/t/attach"
refused t ENOENT "nobody" "a program that is not there" sh -c 'echo nobody >/bpf/t/attach'
no_link ENOENT "no_such_function" on_kprobe kprobe/no_such_function
no_link EINVAL "tracepoint|kprobe" on_kprobe tracepoint/syscalls/sys_enter_fsync
run_fails "a map is not attached" ln /bpf/t/maps/hits $hooks/kprobe/vfs_read/
run_fails "mkdir does not attach" mkdir $hooks/kprobe/vfs_read/dir
is "$(cat /bpf/t/attach)" "" "nothing of that is attached"
fresh u hooks
ok "a program of another directory can be linked into a hook" \
	ln /bpf/u/progs/on_kprobe $hooks/kprobe/vfs_fsync_range/
gone u
fsyncs 1
ok "and lives there when that directory is gone" test -e $hooks/kprobe/vfs_fsync_range/on_kprobe
gone t

done_testing
