#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# BUG-CLASSES row 23: loads with each of their allocations, and each of their
# copies from the user, failing once, as 60-forced has it for everything else.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

need_root
. "$(dirname "$0")/forced.sh"

begin_failures
mkdir -m 700 /bpf/f

# load OBJECT [UNDO]: with what config says, and what makes OBJECT load at all
load() {
	nth "load $1" "put $(object "$1") /bpf/f/load" "unload /bpf/f${2:+; $2}"
}

# Loads: maps of all kinds, maps in maps and entries that are there from the
# start, variables, kfuncs and other externs, CO-RE, subprograms, types and
# targets of programs, contexts as arguments, operations for the kernel, what is
# in its modules, shared maps, an extension of another program.
options=(--tree /bpf/f --log /bpf/f/log)
for name in basic kinds maps legacy forced known hooks opens runqlat ctx_args externs cong; do
	load "$name"
done
if modprobe nf_conntrack; then
	write "progs.in_module.autoload: true" /bpf/f/config
	load modules
	gone f
	mkdir -m 700 /bpf/f
	modprobe -r nf_conntrack
else
	skip "what is in modules" "this kernel has no nf_conntrack"
fi
options=(--tree /bpf --log /bpf/f/log)
load pinned "unlink /bpf/maps/shared; unlink /bpf/maps/shared_too"
fresh far target
write 'progs.more.attach_to: "../far/progs/on_target"' /bpf/f/config
load replace
gone far f
fresh f
options+=(--ends EACCES)
load bad_program
# Without a log a program that the kernel refuses is tried again, for the reason.
# With one it is not, and a JIT that has no memory says that it cannot.
options=(--tree /bpf/f --log /bpf/f/log --also EOPNOTSUPP)
write "log_level: 2" /bpf/f/config
nth "load with a log" "put $(object basic) /bpf/f/load" "unload /bpf/f"
gone f

end_failures

done_testing
