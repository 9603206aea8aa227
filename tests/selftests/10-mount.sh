#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Mounting: options, namespaces, what outlives a mount and what keeps the module.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

before=$(kernel_objects)
mkdir -p "$work/a" "$work/b"

is "$(findmnt -no FSTYPE,TARGET /bpf | tr -s ' ')" "bpffs /bpf" "findmnt knows the mount"
like "$(cat /proc/mounts)" "^bpffs /bpf bpffs rw" "/proc/mounts shows it"
is "$(stat -f -c %t /bpf)" 62706673 "statfs tells the magic number"
like "$(cat /proc/filesystems)" "nodev[[:space:]]+bpffs" "/proc/filesystems lists it"
ok "df takes it" df /bpf
ok "df -i takes it" df -i /bpf

# One namespace at every mount point.
fresh seen
mount -t bpffs bpffs "$work/a"
ok "a second mount shows the same namespace" test -d "$work/a/seen/maps"
is "$(stat -c %i "$work/a/seen")" "$(stat -c %i /bpf/seen)" "the same inode at both"
mkdir "$work/a/other"
ok "what is made at one is seen at the other" test -e /bpf/other/load
cp "$(object basic)" "$work/a/other/load"
is "$(cat /bpf/other/maps/counts)" "$(cat "$work/a/other/maps/counts")" "maps read the same"
umount "$work/a"
ok "unmounting one leaves the other" test -e /bpf/other/maps/counts
gone seen other

# A namespace of its own.
ok "newns mounts" mount -t bpffs -o newns,uid=1000,gid=1001,mode=0750 bpffs "$work/a"
is "$(stat -c '%u %g %a' "$work/a")" "1000 1001 750" "uid, gid and mode of the root"
like "$(findmnt -no OPTIONS "$work/a")" "uid=1000.*gid=1001.*mode=0?750" "options are shown"
mount -t bpffs -o newns bpffs "$work/b"
mkdir "$work/a/mine"
run_fails "a namespace does not show in another" test -e "$work/b/mine"
run_fails "nor in the initial one" test -e /bpf/mine
cp "$(object hooks)" "$work/a/mine/load"
echo '*' >"$work/a/mine/attach"
run_fails "no link from one namespace into another" \
	ln "$work/a/mine/progs/on_kprobe" "$work/b/hooks/kprobe/vfs_read/on_kprobe"
umount "$work/a" "$work/b"
is "$(settled "$before")" "$before" "a namespace goes with its last mount, and all in it"

# Options that make no sense.
for option in mode=abc mode=7777777 uid=x gid=-5 frob newns=1 frob=1 max_maps=-1; do
	run_fails "option $option is refused" mount -t bpffs -o newns,$option bpffs "$work/a"
done

# Read-only, and back.
ok "remount,ro" mount -o remount,ro,bind /bpf
run_fails "nothing is made on a read-only mount" mkdir /bpf/ro
ok "remount,rw" mount -o remount,rw,bind /bpf
ok "and then it is" mkdir /bpf/ro
rmdir /bpf/ro

# What chmod and chown made of the root stays: mount(8) repeats all options.
mount -t bpffs -o newns,mode=1777 bpffs "$work/a"
chmod 711 "$work/a"
chown 1000:1001 "$work/a"
like "$(findmnt -no OPTIONS "$work/a")" "uid=1000,gid=1001,mode=0711" "chmod and chown show in the options"
ok "remount with another option" mount -o remount,nosuid "$work/a"
is "$(stat -c '%u %g %a' "$work/a")" "1000 1001 711" "leaves owner and mode"
mkdir "$work/a/part"
mount --bind "$work/a/part" "$work/b"
like "$(findmnt -no OPTIONS "$work/b")" "uid=1000,gid=1001,mode=0711" "where a part is mounted, too"
mount -o remount,mode=711 "$work/b"
is "$(stat -c %a "$work/a/part")" 755 "which keeps its own mode"
umount "$work/b"
chmod 2750 "$work/a"
mount -o remount,mode=700 "$work/a"
is "$(stat -c %a "$work/a")" 2700 "mode= sets what it can say"
umount "$work/a"

# In another file system's place its files would look for their directory.
if modprobe -q overlay; then
	mkdir -p "$work/lower" "$work/other"
	ok "overlayfs takes directories for layers" \
		mount -t overlay -o "lowerdir=$work/other:$work/lower" overlay "$work/a"
	umount "$work/a"
	run_fails "but nothing of bpffs" \
		mount -t overlay -o "lowerdir=/bpf:$work/lower" overlay "$work/a"
else
	skip "overlayfs takes it for no layer" "this kernel has no overlayfs"
fi

# BUG-CLASSES row 15: who is root in a user namespace only remounts what is its own.
elsewhere() {
	setpriv --reuid 1000 --regid 1000 --clear-groups unshare -Urm "$@"
}

options=$(findmnt -no OPTIONS /bpf)
for option in mode=0777 uid=0 gid=0 newns; do
	run_fails "remount with $option is not for others" elsewhere mount -o remount,$option /bpf
done
is "$(findmnt -no OPTIONS /bpf)" "$options" "and changed nothing"
mount -o remount,ro,bind /bpf
run_fails "nor can they make a read-only mount writable" elsewhere mount -o remount,rw,bind /bpf
mount -o remount,rw,bind /bpf
chmod 755 "$work"
# shellcheck disable=SC2016
ok "their own they can" elsewhere sh -c 'mount -t bpffs bpffs "$0" &&
	mount -o remount,mode=0711 "$0" && [ "$(stat -c %a "$0")" = 711 ]' "$work/a"
# shellcheck disable=SC2016
run_fails "but not give it to one whom they do not know" elsewhere sh -c 'mount -t bpffs bpffs "$0" &&
	mount -o remount,uid=1 "$0"' "$work/a"
is "$(stat -c '%u %g %a' /bpf)" "0 0 700" "the initial namespace is what it was"

# The initial namespace outlives its mounts.
fresh stays hooks
echo on_kprobe >/bpf/stays/attach
umount /bpf
fsyncs 10
run_fails "the module stays while objects live" rmmod bpffs
mount -t bpffs bpffs /bpf
is "$(value /bpf/stays/maps/hits 3)" 10 "a populated namespace survives umount, and counts"
run_fails "the module stays while mounted" rmmod bpffs
gone stays
run_fails "also while mounted and empty" rmmod bpffs
umount /bpf
ok "the module goes when nothing is left" within 10 rmmod bpffs
run_fails "and with it the file system" grep -qw bpffs /proc/filesystems
ok "mount brings it back by its alias" mount -t bpffs bpffs /bpf
ok "and it works" fresh again basic
gone again
for i in 1 2 3; do
	umount /bpf
	rmmod bpffs && modprobe bpffs && mount -t bpffs bpffs /bpf || break
done
is "$i" 3 "module out and in again, three times"
ok "still mounted" test -e /bpf/load

done_testing
