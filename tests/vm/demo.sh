#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The story of the README's first screen, told by a guest: each command is
# shown after a prompt, run, and what it prints is what is seen. Any command
# that fails, or a sentence that does not come true, ends the story non-zero.

set -u
cd /samples || exit 1

# tell COMMAND: as a reader would type it
tell() {
	local status

	echo "# $1"
	eval "$1"
	status=$?
	[ $status = 0 ] || {
		echo "demo: exit status $status of: $1"
		exit 1
	}
}

# must WHAT COMMAND...: a check that the reader does not see
must() {
	local what=$1

	shift
	"$@" >/dev/null 2>&1 || {
		echo "demo: not so: $what"
		exit 1
	}
}

# Something for the programs to see.
busy() {
	local i

	for i in 1 2 3; do
		ls /samples /bpf >/dev/null
		cat /etc/passwd >/dev/null
	done
}

tell "mount -t bpffs bpffs /bpf"
tell "mkdir /bpf/opens"
tell "ls /bpf/opens"
tell "cp opens.bpf.o /bpf/opens/load"
tell "cat /bpf/opens/log"
tell "echo '*' > /bpf/opens/attach"
busy
tell "cat /bpf/opens/maps/by_comm"
must "cat and ls were counted" grep -qE '^"(cat|ls)": [1-9]' /bpf/opens/maps/by_comm
tell "echo '\"cat\": 0' > /bpf/opens/maps/by_comm"
tell "ln /bpf/opens/progs/on_open /bpf/opens/hooks/tracepoint/syscalls/sys_enter_openat2/"
tell "ls /bpf/opens/hooks/tracepoint/syscalls"
tell "rm -r /bpf/opens"
must "the directory is gone" test ! -e /bpf/opens
must "no program of it is left" sh -c '! bpftool prog list | grep -qw on_open'
