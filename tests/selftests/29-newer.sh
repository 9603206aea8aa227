#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Objects that are newer than the kernel: BTF that it does not take, CO-RE
# records of what it does not have, and what only later kernels can do.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

# native PROGRAM FIELD: what bpftool says of a program of /bpf/t
native() {
	bpftool -j prog show id "$(sed -n 's/^id: //p' "/bpf/t/progs/$1")" | jq -r ".$2"
}

fresh t
ok "a section with '?' in its name loads on every kernel" cp "$(object qmark)" /bpf/t/load
is "$(cat /bpf/t/log)" "ok: 1 map, 1 program, 0 variables" "without a remark"
like "$(native prog btf_id)" "^[1-9]" "and the kernel has its types"
like "$(cat /bpf/t/info)" '"key": "__u32", "value": "__u64"' "as info has"
gone t

fresh t
ok "names that a kernel does not take, or misses" cp "$(object softened)" /bpf/t/load
is "$(cat /bpf/t/log)" "ok: 2 maps, 1 program, 2 variables" "are no matter to talk about"
like "$(native prog btf_id)" "^[1-9]" "the kernel has the types"
mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf
bpftool prog loadall "$(object softened)" /sys/fs/bpf/softened 2>/dev/null
is "$(native prog tag)" "$(bpftool -j prog show pinned /sys/fs/bpf/softened/prog | jq -r .tag)" \
	"the program is the one that libbpf makes"
rm -r /sys/fs/bpf/softened
write prog /bpf/t/attach
fsyncs 2
like "$(cat /bpf/t/vars/pid)" "^[1-9]" "and CO-RE found the field"
gone t

# What is _Atomic has no type before clang 20, and programs use it all the same.
fresh t
ok "types that the compiler does not know" cp "$(object atomic)" /bpf/t/load
like "$(native prog btf_id)" "^[1-9]" "the kernel has the others"
bpftool prog loadall "$(object atomic)" /sys/fs/bpf/atomic 2>/dev/null
is "$(native prog tag)" "$(bpftool -j prog show pinned /sys/fs/bpf/atomic/prog | jq -r .tag)" \
	"the program is the one that libbpf makes"
rm -r /sys/fs/bpf/atomic
is "$(run_packet id "$(native prog id)")" 5 "and runs"
is "$(cat /bpf/t/vars/total) $(cat /bpf/t/vars/known)" '"0x06000000" 1' \
	"a variable without a type is bytes, another one is not"
is "$(cat /bpf/t/maps/.data)" '"0x06000000"' "so is the section that it is in"
is "$(cat /bpf/t/maps/stats)" '0: "0x00000000000000000000000000000000"
1: "0x03000000000000000700000000000000"' "and a value with such a part"
ok "which can be written" write '0: "0x00000000000000010000000000000000"' /bpf/t/maps/stats
ok "as can the variable" write '"0x09000000"' /bpf/t/vars/total
is "$(cat /bpf/t/vars/total)" '"0x09000000"' "it holds what was written"
gone t

fresh t
ok "BTF that the kernel refuses and nothing needs" cp "$(object refused_btf)" /bpf/t/load
is "$(first_line t)" "ok: 1 map, 1 program, 1 variable" "is no reason to refuse the object"
like "$(sed -n 2p /bpf/t/log)" "the kernel refuses the object's BTF, .*: .*Invalid name" \
	"the log has a remark that says why"
is "$(native prog btf_id)" null "the kernel has no types"
is "$(cat /bpf/t/vars/count)" 3 "the text of variables has"
write prog /bpf/t/attach
fsyncs 2
is "$(cat /bpf/t/vars/count)" 5 "and the program runs"
gone t

fresh t
missing=$(object missing)
ok "a program that asks first loads" cp "$missing" /bpf/t/load
gone t
while IFS=: read -r prog what; do
	fresh t
	write "progs.$prog.autoload: true" /bpf/t/config
	refused t "E[A-Z]+" "program $prog: the kernel has no $what.* \(missing.bpf.c:[0-9]+\)" \
		"$prog: one that does not" cp "$missing" /bpf/t/load
	like "$(cat /bpf/t/log)" "invalid func unknown#(195896080|2002000000)" \
		"$prog: the verifier's log is whole"
	gone t
done <<'END'
does_not:field struct task_struct___other.nothing_of_the_kind
no_enumerator:enumerator enum bpf_map_type___other::NO_SUCH_TYPE
no_function:function no_such_function that fits extern "no_such_function"; bpf_ksym_exists
END
fresh t
write "progs.no_type.autoload: true" /bpf/t/config
ok "a flavour of a type that is there has its size" cp "$missing" /bpf/t/load
gone t

# What a program throws ends in a function that nothing calls.
fresh t
case $(uname -r) in
6.1.*)
	refused t ENOENT 'extern "bpf_throw" is no function' "nothing is thrown on 6.1" \
		cp "$(object throws)" /bpf/t/load
	;;
*)
	ok "a program with a callback for exceptions" cp "$(object throws)" /bpf/t/load
	write thrower /bpf/t/attach
	fsyncs 1
	is "$(cat /bpf/t/vars/thrown)" 42 "it is called"
	is "$(cat /bpf/t/vars/after)" 0 "in the place of what follows"
	;;
esac
gone t

# Kernels before 6.8 have to be told in their own words what a context is.
fresh t
ok "functions that take contexts of several types" cp "$(object ctx_args)" /bpf/t/load
write on_kprobe /bpf/t/attach
fsyncs 2
is "$(cat /bpf/t/vars/calls)" 2 "are called"
fresh u
write 'progs.more.autoload: false
progs.watch.autoload: true
progs.watch.attach_to: "../t/progs/on_kprobe:common"' /bpf/u/config
ok "and found by their names" cp "$(object replace)" /bpf/u/load
write watch /bpf/u/attach
fsyncs 1
like "$(cat /bpf/u/vars/seen)" "^[1-9]" "by those who attach to them"
ok "who was attached to a program" rm /bpf/u/hooks/fentry/common/watch
gone t
sleep 0.5
run_fails "is not attached when that may be gone" ln /bpf/u/progs/watch /bpf/u/hooks/fentry/other/
like "$(first_line u)" "^error: EINVAL: program watch was attached to another program before" \
	"and told why"
run_fails "not even where it was" write watch /bpf/u/attach
gone u

# An arena, which has variables from the start.
fresh t
case $(uname -r) in
6.1.*)
	refused t EINVAL "map arena: the kernel refuses type arena \(33\)" \
		"there are no arenas on 6.1" cp "$(object arena)" /bpf/t/load
	;;
*)
	ok "variables in an arena" cp "$(object arena)" /bpf/t/load
	like "$(cat /bpf/t/log)" "section .addr_space.1: its variables get no files" \
		"which the log has a remark on"
	is "$(bpftool -j map show id "$(sed -n 's/.*"arena".*"id": \([0-9]*\).*/\1/p' \
		/bpf/t/info)" | jq .max_entries)" 100 "the arena is as large as was asked for"
	write reader /bpf/t/attach
	fsyncs 2
	is "$(cat /bpf/t/vars/seen)" '[1, 2, -3, 81985529216486895, 4, 5, 0]' \
		"they have their initial values"
	is "$(cat /bpf/t/vars/calls)" 2 "and keep those that programs write"
	rm /bpf/t/hooks/fentry/vfs_fsync_range/reader
	fresh u
	ln /bpf/t/maps/arena /bpf/u/maps/arena
	ok "an arena that is there" cp "$(object arena)" /bpf/u/load
	write reader /bpf/u/attach
	fsyncs 1
	is "$(cat /bpf/u/vars/calls)" 3 "keeps what it holds"
	gone u
	case $(uname -r) in
	6.*) like "$(grep -c 'its variables begin at' /bpf/t/log)" "^0$" "they begin it" ;;
	*) like "$(cat /bpf/t/log)" "its variables begin at offset 311296," "they end it" ;;
	esac
	fresh u
	ok "an arena without variables" cp "$(object plain_arena)" /bpf/u/load
	fresh v
	ln /bpf/u/maps/arena /bpf/v/maps/arena
	refused v EINVAL "map arena: the arena that is there has 0 pages of variables, the object's has 24" \
		"gets none later" cp "$(object arena)" /bpf/v/load
	gone v
	gone u
	;;
esac
gone t

# Variables that each CPU has for itself.
fresh t
write 'step: 2' /bpf/t/config
ok "variables of each CPU" cp "$(object percpu)" /bpf/t/load
is "$(ls -A /bpf/t/maps | xargs) $(ls -A /bpf/t/vars | xargs)" ".bss .percpu total" \
	"are a map, which shows them"
is "$(jq -c unique /bpf/t/maps/.percpu)" '[{"step":2,"runs":40}]' "all copies begin the same"
is "$(jq length /bpf/t/maps/.percpu)" "$(possible_cpus)" "each CPU has one"
ok "and can be written" write '{"step": 3, "runs": 1}' /bpf/t/maps/.percpu
is "$(jq -c unique /bpf/t/maps/.percpu)" '[{"step":3,"runs":1}]' "all at once"
gone t
fresh t
write 'progs.own.autoload: true' /bpf/t/config
case $(uname -r) in
6.*)
	refused t EINVAL "program own: no direct value access support" \
		"a program that names one is for newer kernels" cp "$(object percpu)" /bpf/t/load
	;;
*)
	ok "a program that names one" cp "$(object percpu)" /bpf/t/load
	is "$(run_packet id "$(native own id)")" 41 "counts in its own"
	is "$(jq -c '[.[].runs] | sort' /bpf/t/maps/.percpu)" "[40,41]" "and in no other"
	;;
esac
gone t

# Programs that are attached to many functions, of vmlinux or of a module.
for prog in of_vmlinux of_module; do
	fresh t
	write "progs.$prog.autoload: true" /bpf/t/config
	case $(uname -r) in
	6.*)
		run_fails "$prog is for newer kernels" cp "$(object many)" /bpf/t/load
		;;
	*)
		modprobe -q nf_conntrack
		ok "$prog loads" cp "$(object many)" /bpf/t/load
		;;
	esac
	gone t
done
fresh t
write 'progs.of_none.autoload: true' /bpf/t/config
refused t ENOENT 'program of_none: there is no BTF of a module "no_such_module"' \
	"a module that is not there" cp "$(object many)" /bpf/t/load
gone t

# Jump tables.
fresh t
ok "a program beside one with a jump table" cp "$(object jump_table)" /bpf/t/load
gone t
fresh t
write 'progs.jumps.autoload: true' /bpf/t/config
case $(uname -r) in
6.[0-9].* | 6.1[0-8].*)
	refused t EINVAL "program jumps: .* its jump table of 2 entries, .* insn_array \(34\)" \
		"jump tables are for newer kernels" cp "$(object jump_table)" /bpf/t/load
	;;
*)
	ok "a program with a jump table" cp "$(object jump_table)" /bpf/t/load
	is "$(run_packet id "$(native jumps id)")" 106 "jumps to the right places"
	;;
esac
gone t

# Refusals for the license are told whole.
fresh t
ok "an object of another license" cp "$(object proprietary)" /bpf/t/load
gone t
fresh t
write 'progs.needs_gpl.autoload: true' /bpf/t/config
refused t EINVAL "program needs_gpl: cannot call GPL-restricted function from non-GPL compatible program" \
	"a helper that wants the GPL" cp "$(object proprietary)" /bpf/t/load
gone t

done_testing
