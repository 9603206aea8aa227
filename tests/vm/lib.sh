# SPDX-License-Identifier: GPL-2.0
# Shared by the scripts of the harness: where things are, and how to stop.
# Sourced, never run. Callers see $top (the checkout) and $cache (outside it).

set -u -o pipefail
LC_ALL=C.UTF-8
export LC_ALL

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${BPFFS_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/bpffs}

# The kernel that everything is tested on unless another one is named.
reference_series=6.1

# What no healthy kernel says. A stack trace alone is not in it: fault
# injection prints those by design.
trouble='WARNING:|BUG[: ]|Oops|Kernel panic|general protection|unable to handle'
trouble+='|KASAN|KFENCE|KCSAN|UBSAN|refcount_t:|suspicious RCU|blocked for more than'
trouble+='|soft lockup|hard LOCKUP|detected stalls|possible (recursive|circular|irq|deadlock)'
trouble+='|inconsistent lock|held lock freed|bad unlock balance|list_(add|del) corruption'
trouble+='|new suspected memory leaks|page allocation failure|vmalloc error|scheduling while atomic'
trouble+='|sleeping function called|stack guard page|double fault|Bad page|Objects remaining'

note() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

die() {
	note "$*"
	exit 1
}

# Hold the lock FILE until the script ends; a second one in a script replaces
# nothing, each lock file gets its own descriptor.
hold_lock() {
	local fd

	mkdir -p "$(dirname "$1")" || exit 1
	exec {fd}>"$1" || exit 1
	flock "$fd" || die "cannot lock $1"
}

# kernel_root RELEASE|SERIES|debug: its directory, made if need be.
kernel_root() {
	if [ "$1" = debug ]; then
		"$top/tests/vm/debug-kernel"
	else
		"$top/tests/vm/fetch-kernel" "$1"
	fi
}

# copy_source SOURCE DIR: a kernel tree as DIR/source that may be changed, by
# whole files: they are links
copy_source() {
	mkdir -p "$2/source" && cp -al "$1/." "$2/source" || die "cannot copy the kernel source"
}

# The shared libraries that the programs "$@" need, as paths of this machine.
shared_libraries() {
	ldd "$@" 2>/dev/null |
		awk '$2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\/.*\/ld-linux/ { print $1 }' |
		sort -u
}

# archive_tree DIR: its content as an initramfs archive on stdout, owned by root.
archive_tree() {
	(cd "$1" && find . -mindepth 1 | cpio -o -H newc -R 0:0 --quiet)
}
