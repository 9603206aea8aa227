#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# info, du and df: what is loaded here, by whom, and what it takes.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

fresh t basic
info=$(cat /bpf/t/info)
for name in counts points .data .bss .rodata on_fsync limit where; do
	like "$info" "(^|[^a-z_])$name([^a-z_]|$)" "info has a line for $name"
done
like "$info" "$(sha256sum "$(object basic)" | cut -c1-64)" "the digest of the file"
like "$info" "uid.*0" "who loaded it"
like "$info" '"?cp"?' "by which command"
like "$info" "$(date -u +%Y)" "and when"
like "$info" "GPL" "its license"
like "$(sed -n 's/^progs.on_fsync: //p' /bpf/t/info)" \
	"\"instructions\": $(sed -n 's/^instructions: //p' /bpf/t/progs/on_fsync)," "the size of a program"
is "$(stat -c %a /bpf/t/info)" 440 "info is for owner and group"
chmod 444 /bpf/t/info
mode=$(stat -c %a /bpf)
chmod 755 /bpf /bpf/t
like "$(setpriv --reuid 1000 --regid 1000 --clear-groups unshare -Ur cat /bpf/t/info)" \
	'"uid": 65534,' "a user without a name in the reader's namespace has none"
chmod "$mode" /bpf
fresh empty
is "$(grep -c counts /bpf/empty/info)" 0 "where nothing is loaded it lists nothing"
gone empty
gone t

# du: blocks are kernel memory.
fresh t maps
blocks() {
	stat -c %b "/bpf/t/maps/$1"
}
ok "a map of 131072 entries takes more than one of 16" test "$(blocks big)" -gt "$(blocks hash)"
id=$(getfd r /bpf/t/maps/big info | sed 's/.* id \([0-9]*\).*/\1/')
is "$(blocks big)" "$((($(bpftool -j map show id "$id" | jq .bytes_memlock) + 511) / 512))" \
	"as much as bpftool says"
is "$(blocks routes)" 8 "one that takes memory as it fills counts as if it were full"
ok "du of a directory adds up" test "$(du -s --block-size=512 /bpf/t | cut -f1)" -ge "$(blocks big)"

# df: the namespace's use.
used() {
	stat -f -c '%b %f' /bpf | { read -r all free; echo $((all - free)); }
}
inodes() {
	stat -f -c '%c %d' /bpf | { read -r all free; echo $((all - free)); }
}
full=$(used)
names=$(inodes)
gone t
ok "df has less in use after rm -r ($full, then $(used))" test "$(used)" -lt "$full"
ok "and fewer inodes ($names, then $(inodes))" test "$(inodes)" -lt "$names"
fresh t maps
is "$(used)" "$full" "the same object takes the same again"
is "$(inodes)" "$names" "in bytes and in inodes"
gone t

done_testing
