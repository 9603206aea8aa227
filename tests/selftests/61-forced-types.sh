#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# BUG-CLASSES row 23: what 61-forced-loads asks, of loads that look for something
# in the types of the kernel or of its modules: kfuncs and other externs, CO-RE,
# targets of programs, contexts as arguments, operations for the kernel.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

need_root
. "$(dirname "$0")/forced.sh"

begin_failures
mkdir -m 700 /bpf/f

options=(--tree /bpf/f --log /bpf/f/log)
for name in known hooks opens runqlat ctx_args externs cong; do
	nth_load "$name"
done
if modprobe nf_conntrack; then
	write "progs.in_module.autoload: true" /bpf/f/config
	nth_load modules
else
	skip "what is in modules" "this kernel has no nf_conntrack"
fi
gone f
modprobe -qr nf_conntrack

end_failures

done_testing
