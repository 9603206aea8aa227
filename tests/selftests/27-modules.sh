#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What is in modules: functions that programs call, functions that they are
# attached to, and variables, found as libbpf finds them.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

modules=$(object modules)

before=$(kernel_objects)
if [ ! -e /sys/kernel/btf/nf_conntrack ]; then
	fresh t
	refused t EINVAL "program look: the kernel has no function bpf_(xdp_ct_lookup|ct_release) that fits" \
		"without the module its functions are missing" cp "$modules" /bpf/t/load
	like "$(first_line t)" "\(modules.bpf.c:[0-9]+\)$" "where is said"
	gone t
fi
modprobe nf_conntrack || {
	skip "modules" "this kernel has no nf_conntrack"
	done_testing
}

# id PROGRAM: of a program in t
id() {
	sed -n 's/^id: //p' "/bpf/t/progs/$1"
}

fresh t
ok "with the module it loads" cp "$modules" /bpf/t/load
is "$(run_packet id "$(id look)")" 2 "and runs"
is "$(cat /bpf/t/vars/error) $(cat /bpf/t/vars/found)" "-2 0" "the module's function answers"
tag=$(sed -n 's/^tag: "\(.*\)"$/\1/p' /bpf/t/progs/look)
mount -t bpf bpf /sys/fs/bpf 2>/dev/null
ok "libbpf loads it" bpftool prog load "$modules" /sys/fs/bpf/look
is "$(bpftool -j prog show pinned /sys/fs/bpf/look | jq -r .tag)" "$tag" "as the same program"
is "$(run_packet pinned /sys/fs/bpf/look)" 2 "which does the same"
rm /sys/fs/bpf/look
gone t

# chosen PROGRAM: loads it and the one that calls into the module
chosen() {
	fresh t && write "progs.$1.autoload: true" /bpf/t/config && cp "$modules" /bpf/t/load
}

# Attached to a function of the module, named with and without it.
while read -r prog path; do
	ok "$prog loads" chosen "$prog"
	ok "$prog is attached" write "$prog" /bpf/t/attach
	is "$(cat /bpf/t/attach)" "$prog: \"$path\"" "where its section says"
	run_packet id "$(id look)" >"$work/ran"
	if [ "$prog" = in_vmlinux ]; then
		fsyncs 3
		is "$(cat /bpf/t/vars/calls)" 3 "$prog ran"
	else
		is "$(cat /bpf/t/vars/calls)" 1 "$prog ran"
	fi
	gone t
done <<'END'
anywhere fentry/nf_conntrack_find_get
in_module fentry/nf_conntrack:nf_conntrack_find_get
in_vmlinux fentry/vmlinux:vfs_fsync_range
END

ok "a function of the module" chosen anywhere
for module in vmlinux nf_conntrac nf_conntrack_ xt_recent; do
	refused t EINVAL "was verified for nf_conntrack_find_get and cannot run at $module:" \
		"not by the name of $module" \
		ln /bpf/t/progs/anywhere "/bpf/t/hooks/fentry/$module:nf_conntrack_find_get/"
done
ok "by the name of its module" ln /bpf/t/progs/anywhere /bpf/t/hooks/fentry/nf_conntrack:nf_conntrack_find_get/
run_fails "twice is once too often" ln /bpf/t/progs/anywhere /bpf/t/hooks/fentry/nf_conntrack_find_get/
run_fails "nothing is in a module without a name" ls /bpf/t/hooks/fentry/:nf_conntrack_find_get
gone t

for prog in not_in_vmlinux not_in_module no_module; do
	fresh t
	write "progs.$prog.autoload: true" /bpf/t/config
	refused t ENOENT "program $prog: .* no function .*:" "$prog" cp "$modules" /bpf/t/load
	gone t
done
variable=$(object module_var)
if [ ! -e /sys/kernel/btf/x_tables ]; then
	fresh t
	refused t ENOENT 'extern "xt_recseq"' "without its module a variable is missing" \
		cp "$variable" /bpf/t/load
	gone t
fi
if modprobe x_tables; then
	fresh t
	ok "a per-CPU variable of a module is found" cp "$variable" /bpf/t/load
	is "$(run_packet id "$(id look)")" 2 "the program runs"
	is "$(cat /bpf/t/vars/runs) $(cat /bpf/t/vars/sequence)" "1 0" "and reads this CPU's"
	ok "libbpf finds it, too" bpftool prog load "$variable" /sys/fs/bpf/look
	# The tag of 6.12 depends on the descriptor of the module's BTF.
	is "$(bpftool prog dump xlated id "$(id look)" | grep -m 1 '(18)')" \
		"$(bpftool prog dump xlated pinned /sys/fs/bpf/look | grep -m 1 '(18)')" \
		"in the same place"
	rm /sys/fs/bpf/look
	run_fails "the module stays while its variable is used" modprobe -r x_tables
	gone t
	is "$(settled "$before")" "$before" "then nothing of it is left"
	ok "and the module can go" within 10 modprobe -r x_tables
else
	skip "variables of modules" "this kernel has no x_tables"
fi

# with_lto MODULE FROM TO: the file of a module that has another symbol, as clang
# would name it, and no signature, which would be wrong
with_lto() {
	local file

	file=$(modprobe --show-depends "$1" | sed -n '$s/^insmod \([^ ]*\).*/\1/p')
	[ -n "$file" ] || return
	case $file in
	*.xz) busybox xz -dc "$file" ;;
	*) cat "$file" ;;
	esac | LC_ALL=C sed "s/$2/$3/g" >"$work/$1.ko"
	echo >>"$work/$1.ko"
}

variable=$(object lto_var)
if with_lto tcp_dctcp dctcp_alpha_on_init dctcp_alpha.llvm.12; then
	fresh t
	refused t ENOENT 'extern "dctcp_alpha" is no symbol' "without its module a variable is missing" \
		cp "$variable" /bpf/t/load
	gone t
	insmod "$work/tcp_dctcp.ko"
	fresh t
	ok "a static variable of clang's LTO is found" cp "$variable" /bpf/t/load
	run_packet id "$(id look)" >"$work/ran"
	is "$(printf %x "$(cat /bpf/t/vars/address)")" \
		"$(sed -n 's/ d dctcp_alpha.llvm.12\t.*//p' /proc/kallsyms)" "where it is"
	gone t
	rmmod tcp_dctcp
else
	skip "static variables of clang's LTO" "this kernel has no tcp_dctcp"
fi

is "$(settled "$before")" "$before" "no kernel object is left"
ok "the module can go" within 10 modprobe -r nf_conntrack

done_testing
