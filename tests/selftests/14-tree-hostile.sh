#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What a user may try on the tree who wants it to break. Each of these once did.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

need_root

# A directory of another kind under a control node's name was taken for it.
mkdir /bpf/x
rmdir /bpf/x/maps /bpf/x/progs
run_fails "mkdir of a removed maps/" mkdir /bpf/x/maps
run_fails "mkdir of a removed progs/" mkdir /bpf/x/progs
mkdir /bpf/y
run_fails "mv to the name of a removed maps/" mv -T /bpf/y /bpf/x/maps
ok "info of a directory without maps/" cat /bpf/x/info
gone x y

# Row 11: walking names while they move to another directory's list.
fresh a opens
fresh b opens
rm /bpf/b/maps/by_comm
(
	end=$((SECONDS + 4))
	while [ $SECONDS -lt $end ]; do
		mv /bpf/a/maps/by_comm /bpf/b/maps/by_comm
		mv /bpf/b/maps/by_comm /bpf/a/maps/by_comm
	done
) &
mover=$!
(while kill -0 $mover; do cat /bpf/a/info; done) >/dev/null 2>&1 &
while kill -0 $mover 2>/dev/null; do cat /bpf/b/info; done >/dev/null 2>&1
wait
ok "info while maps move between directories" cat /bpf/a/info
gone a b

# Row 18: attaching by link asks the caller as attaching by name asks the opener.
fresh a runqlat
chown -R alice /bpf/a
chmod 755 /bpf
run_fails "ln of a program by a user without capabilities" \
	setpriv --reuid alice --clear-groups \
	ln /bpf/a/progs/on_switch /bpf/a/hooks/tp_btf/sched_switch/
run_fails "and by name" setpriv --reuid alice --clear-groups \
	sh -c "echo '*' > /bpf/a/attach"
is "$(cat /bpf/a/attach)" "" "nothing is attached"
chmod 700 /bpf
gone a

# A mount below a directory that goes must not keep the namespace busy.
mkdir /tmp/n
mount -t bpffs -o newns n /tmp/n
mkdir /tmp/n/m
mount -t tmpfs t /tmp/n/m/maps
ok "rmdir of a directory with a mount below" rmdir /tmp/n/m
ok "the namespace can be unmounted" umount /tmp/n
rmdir /tmp/n

# Closing one descriptor of an open file does not end its line.
fresh a opens
ok "a line split over two commands" bash -c \
	'{ /usr/bin/printf "log_level: "; /usr/bin/printf "1\n"; } > /bpf/a/config'
is "$(cat /bpf/a/config)" "log_level: 1" "is one line"
gone a

# dd truncates what it seeks in; an object's length is in its headers.
mkdir /bpf/a
out=$(dd if="$(object opens)" of=/bpf/a/load bs=64 seek=1 count=1 2>&1)
unlike "$out" truncate "dd with seek may truncate"
like "$(first_line a)" "^error: EINVAL: the object is incomplete" "and the rest is missing"
gone a

# Names cannot forge lines of info and attach.
fresh a opens
run_fails "a name with a newline" ln /bpf/a/maps/by_comm $'/bpf/a/maps/x\nmaps.fake: {}'
run_fails "a name with a quote" mv /bpf/a/maps/by_comm '/bpf/a/maps/x"'
run_fails "of an attachment, too" \
	ln /bpf/a/progs/on_open $'/bpf/a/hooks/tracepoint/syscalls/sys_enter_openat/x\ny'
gone a

# Every log that the verifier writes is kept, and freed.
unreclaimable() {
	sync
	sleep 0.2
	awk '/^SUnreclaim/ { print $2 }' /proc/meminfo
}

log_loads() {
	local i

	for ((i = 0; i < $1; i++)); do
		mkdir /bpf/a
		echo "log_level: 2" >/bpf/a/config
		cp "$(object runqlat)" /bpf/a/load
		text=$(grep -cE '^on_[a-z]+:$' /bpf/a/log)
		rm -r /bpf/a
	done
}

log_loads 5
before=$(unreclaimable)
log_loads 40
small() { after=$(unreclaimable) && [ $((after - before)) -lt 1500 ]; }
within 10 small
# KASAN keeps what is freed for a while; kmemleak is the judge there.
if [ -e /sys/kernel/debug/kmemleak ]; then
	skip "40 verbose loads leave no log behind" "this kernel keeps freed memory"
else
	ok "40 verbose loads leave no log behind ($before to $after kB)" \
		test $((after - before)) -lt 1500
fi
ok "the log of every program is there ($text)" test "$text" -ge 2

done_testing
