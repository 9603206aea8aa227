#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What an object wants of the kernel: its configuration, symbols, variables and
# functions, the same as libbpf finds.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

before=$(kernel_objects)
externs=$(object externs)
config=/boot/config-$(uname -r)

grep -q '^CONFIG_KEYS=y' "$config" || {
	skip "externs" "this kernel has none of the functions that the test calls"
	done_testing
}

# Entries of the map, "KEY VALUE" a line.
results() {
	sed 's/: / /' /bpf/t/maps/results
}

# The kernel's version, which its release may have in short.
version() {
	local number

	number=$(uname -v | grep -oE '[0-9]+\.[0-9]+\.[0-9]+') || number=$(uname -r)
	IFS=.- read -r major minor patch _ <<<"$number"
	echo $((major << 16 | minor << 8 | (patch > 255 ? 255 : patch)))
}

fresh t
ok "an object with externs of every kind loads" cp "$externs" /bpf/t/load
echo '*' >/bpf/t/attach
sleep 0.1
is "$(results | head -n 1)" "0 $(version)" "the version is the kernel's own"
# Debian's libbpf takes it from the release.
loaded=$(steady)
is "$(results | tail -n +2)" \
	"$(libbpf_run "$externs" --map results -- sleep 0.1 2>/dev/null | tail -n +2)" \
	"programs see what they see after libbpf has loaded them"
settled "$loaded" >/dev/null
like "$(results | tr '\n' ' ')" "7 121 .*11 426969822563 12 7302696 13 0 14 [1-9][0-9]* 15 0 16 100 17 1 18 0 19 1 20 7 21 0 " \
	"a tristate as a char, strings, addresses and what is missing are right"
is "$(cat /bpf/t/vars/CONFIG_HZ)" "$(sed -n 's/^CONFIG_HZ=//p' "$config")" \
	"a value of the configuration is a variable"
is "$(cat /bpf/t/vars/CONFIG_NF_CONNTRACK)" '"TRI_MODULE"' "a tristate by name"
is "$(cat /bpf/t/vars/CONFIG_DEFAULT_TCP_CONG)" '"cubic"' "a string"
is "$(cat /bpf/t/vars/CONFIG_DEFAULT_HOSTNAME)" '"(no"' "a string that is too long is cut off"
is "$(stat -c %a /bpf/t/maps/.kconfig /bpf/t/vars/CONFIG_HZ | tr '\n' ' ')" "400 400 " \
	"nobody may write them"
run_fails "nobody can" sh -c "echo 1 >/bpf/t/vars/CONFIG_HZ"
is "$(bpftool map list | grep -c 'array  name .kconfig  flags 0x480')" 1 \
	"the map is named and flagged as libbpf does"
gone t

# config says otherwise.
fresh t
echo 'CONFIG_HZ: 1234' >/bpf/t/config
echo 'CONFIG_NF_CONNTRACK: "TRI_YES"' >/bpf/t/config
ok "config may say what the configuration is" cp "$externs" /bpf/t/load
is "$(cat /bpf/t/vars/CONFIG_HZ) $(cat /bpf/t/vars/CONFIG_NF_CONNTRACK) $(cat /bpf/t/vars/CONFIG_BPF_JIT)" \
	'1234 "TRI_YES" 121' "for what it names, and nothing else"
gone t

# changed FROM TO: the object with one name changed into another of its length
changed() {
	sed "s/$1/$2/g" "$externs" >"$work/changed.o"
}

no() {
	refused t "$1" "$2" "$3" cp "$work/changed.o" /bpf/t/load
	is "$(find /bpf/t/maps /bpf/t/progs /bpf/t/vars -mindepth 1 | wc -l)" 0 "$3: nothing is left"
}

fresh t
changed CONFIG_BPF_SYSCALL CONFIG_BPF_SYSCALM
no ENOENT 'CONFIG_BPF_SYSCALM.*configuration.*__weak' "an option that is not there"
as_module=$(sed -n 's/^\(CONFIG_.\{11\}\)=m$/\1/p' "$config" | head -n 1)
if [ -n "$as_module" ]; then
	changed CONFIG_BPF_SYSCALL "$as_module"
	no EINVAL "$as_module.*a bool .*=m" "a bool that is a module"
else
	skip "a bool that is a module" "no module's option has a name of that length"
fi
changed LINUX_KERNEL_VERSION LINUX_KERNEL_VERSIOM
no EINVAL 'LINUX_KERNEL_VERSIOM.*LINUX_\*' "a fact that nobody knows"
changed __start_BTF __smart_BTF
no ENOENT '__smart_BTF.*no symbol.*__weak' "a symbol that is not there"
shared=$(awk '
	length($3) == 11 && $1 !~ /^0*$/ && $3 in at && at[$3] != $1 { print $3; exit }
	{ at[$3] = $1 }' /proc/kallsyms)
changed __start_BTF "$shared"
no EINVAL "extern \"$shared\".* several symbols of that name" "a symbol that is there twice ($shared)"
changed no_such_symbol "$(awk '
	length($3) == 14 && $1 !~ /^0*$/ && $3 in at && at[$3] != $1 { print $3; exit }
	{ at[$3] = $1 }' /proc/kallsyms)"
no EINVAL "several symbols of that name" "nor if it is weak"
changed runqueues runqueuez
no ENOENT 'runqueuez.*no variable' "a variable that is not there"
changed bpf_key_put bpf_kez_put
no ENOENT 'bpf_kez_put.*no function' "a function that is not there"
changed bpf_key_put vfs_getattr
no EINVAL 'vfs_getattr.* function of 1 arguments.* function of 4' "nor one of other arguments"
changed bpf_prog_active cpu_number__PAD
no ENOENT 'cpu_number__PAD' "a variable by half a name"
is "$(settled "$before")" "$before" "no kernel object is left by any of them"

mv "$config" "$config.away"
changed nothing nothing
if [ -e /proc/config.gz ]; then
	ok "what /proc/config.gz shows does as well" cp "$externs" /bpf/t/load
	is "$(cat /bpf/t/vars/CONFIG_HZ)" "$(sed -n 's/^CONFIG_HZ=//p' "$config.away")" \
		"and says the same"
	gone t
	fresh t
else
	no ENOENT "${config//+/.}.*/proc/config.gz" "without a configuration"
fi
mv "$config.away" "$config"
chmod 600 "$config"
ok "it loads again" cp "$externs" /bpf/t/load
gone t

# Addresses are shown by the rules of /proc/kallsyms, to who opened load.
chmod 711 /bpf
chmod 755 "$work"
cp "$externs" "$work/externs.o"
chmod 644 "$work/externs.o" "$config"
fresh t
chown -R alice:alice /bpf/t
as_alice() {
	setpriv --reuid 1000 --regid 1000 --clear-groups \
		--inh-caps=-all,+bpf,+perfmon"$1" --ambient-caps=-all,+bpf,+perfmon"$1" "${@:2}"
}

refused t EPERM '__[a-zA-Z_]*.*kptr_restrict' "without CAP_SYSLOG no address is told" \
	as_alice '' cp "$work/externs.o" /bpf/t/load
ok "with it, it is" as_alice ,+syslog cp "$work/externs.o" /bpf/t/load
chmod 700 /bpf
gone t

done_testing
