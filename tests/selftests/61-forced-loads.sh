#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# BUG-CLASSES row 23: loads with each of their allocations, and each of their
# copies from the user, failing once, as 60-forced has it for everything else.
# Those that look for something in the kernel's types are in 61-forced-types.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

need_root
. "$(dirname "$0")/forced.sh"

begin_failures
mkdir -m 700 /bpf/f

# Maps of all kinds, maps in maps and entries that are there from the start,
# variables, subprograms, shared maps, an extension of another program.
options=(--tree /bpf/f --log /bpf/f/log)
for name in basic kinds maps legacy forced; do
	nth_load "$name"
done
options=(--tree /bpf --log /bpf/f/log)
nth_load pinned "unlink /bpf/maps/shared; unlink /bpf/maps/shared_too"
fresh far target
write 'progs.more.attach_to: "../far/progs/on_target"' /bpf/f/config
nth_load replace
gone far f
fresh f
options+=(--ends EACCES)
nth_load bad_program
# Without a log a program that the kernel refuses is tried again, for the reason.
# With one it is not, and a JIT that has no memory says that it cannot.
options=(--tree /bpf/f --log /bpf/f/log --also EOPNOTSUPP)
write "log_level: 2" /bpf/f/config
nth "load with a log" "put $(object basic) /bpf/f/load" "unload /bpf/f"
gone f

end_failures

done_testing
