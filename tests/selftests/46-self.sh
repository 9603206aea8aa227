#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# BUG-CLASSES rows 25 and 26: programs attached to the functions that bpffs's
# own operations run through can neither hang them nor make them fail.
# BPFFS_TURNS says how often each is tried (8).

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

fresh t self
hooks=/bpf/t/hooks/kprobe

turns=${BPFFS_TURNS:-8}

# What hangs never ends; the debug kernel only takes its time.
patience=60
[ ! -e /sys/kernel/debug/kmemleak ] || patience=900

# What maps are changed and read by.
for func in htab_map_update_elem htab_map_delete_elem htab_lru_map_update_elem \
	htab_lru_map_delete_elem __htab_percpu_map_update_elem htab_map_lookup_elem \
	_raw_spin_lock_irqsave; do
	grep -qw "$func" /proc/kallsyms || continue
	ln /bpf/t/progs/meddle $hooks/$func/ 2>/dev/null || echo "# $func cannot be probed"
done
attached=$(wc -l </bpf/t/attach)
ok "a program is attached to $attached functions that change maps" test "$attached" -ge 3
fresh u maps
seq -f '%g: 5' 100 200 >"$work/lines"
for map in table percpu lru; do
	for i in $(seq "$turns"); do
		timeout $patience cp "$work/lines" /bpf/u/maps/big || break
		seq -f '%g: 5' 10 40 >"$work/own"
		timeout $patience cp "$work/own" /bpf/t/maps/$map || break
		sed 's/: .*/: null/' "$work/own" | timeout $patience dd of=/bpf/t/maps/$map status=none 2>/dev/null ||
			[ $map = lru ] || break
		timeout $patience cat /bpf/t/maps/$map >"$work/seen" || break
	done
	is "$i" "$turns" "$map: written, deleted from and dumped while its own program meddles"
done
ok "clearing ends" timeout $patience truncate -s 0 /bpf/t/maps/table
ok "the program did run ($(cat /bpf/t/vars/runs) times)" test "$(cat /bpf/t/vars/runs)" -gt 0
gone u
rm -r $hooks/*

# What names are made and removed by, and programs loaded.
for func in vfs_link vfs_unlink vfs_mkdir vfs_rmdir vfs_rename d_instantiate d_delete \
	bpf_prog_load map_create bpf_link_free bpf_link_put kern_sys_bpf dput iput; do
	grep -qw "$func" /proc/kallsyms || continue
	ln /bpf/t/progs/meddle $hooks/$func/ 2>/dev/null || echo "# $func cannot be probed"
done
attached=$(wc -l </bpf/t/attach)
ok "it is attached to $attached functions that change the tree" test "$attached" -ge 5
for i in $(seq "$turns"); do
	timeout $patience mkdir /bpf/u &&
		timeout $patience cp "$(object hooks)" /bpf/u/load &&
		timeout $patience sh -c "echo '*' >/bpf/u/attach" &&
		timeout $patience mv /bpf/u /bpf/v &&
		timeout $patience ln /bpf/t/progs/meddle $hooks/vfs_read/ &&
		timeout $patience rm $hooks/vfs_read/meddle &&
		timeout $patience rm -r /bpf/v || break
done
is "$i" "$turns" "directories are made, loaded, attached, renamed and taken down"
ok "it can still be detached from all of them" timeout $patience rm -r $hooks/*
is "$(cat /bpf/t/attach)" "" "and is"
gone t
rm -rf /bpf/u /bpf/v

done_testing
