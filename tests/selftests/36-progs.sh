#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# progs/: what a program's file tells.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

fresh t hooks
prog=/bpf/t/progs/on_kprobe

field() {
	sed -n "s/^$1: //p" "${2:-$prog}"
}

is "$(ls /bpf/t/progs | tr '\n' ' ')" \
	"on_fentry on_fexit on_kprobe on_kretprobe on_raw_tracepoint on_tp_btf on_tracepoint " \
	"every program has a file"
is "$(cut -d: -f1 $prog | tr '\n' ' ')" \
	"type section id tag instructions jited_bytes verified_instructions run_count run_time_ns recursion_misses maps hooks " \
	"with these fields"
id=$(field id)
bpftool -j prog show id "$id" >"$work/native"
is "$(field id)" "$(jq .id "$work/native")" "bpftool knows its id"
is "$(field tag | tr -d '"')" "$(jq -r .tag "$work/native")" "its tag"
is "$(field type | tr -d '"')" "$(jq -r .type "$work/native")" "its type"
is "$(field jited_bytes)" "$(jq .bytes_jited "$work/native")" "its compiled size"
is "$(field instructions)" "$(($(jq .bytes_xlated "$work/native") / 8))" "its instructions"
is "$(field section)" '"kprobe/vfs_fsync_range"' "its section is as in the object"
like "$(field verified_instructions)" "^[1-9][0-9]*$" "the verifier walked some"
is "$(jq -r .name "$work/native")" on_kprobe "its name is the function's"
like "$(field maps)" 'maps/hits' "maps are paths"
is "$(field hooks | jq length)" 0 "no hook yet"
echo on_kprobe >/bpf/t/attach
like "$(field hooks)" 'hooks/kprobe/vfs_fsync_range/on_kprobe' "a hook is a path"
rm /bpf/t/hooks/kprobe/vfs_fsync_range/on_kprobe
is "$(field hooks | jq length)" 0 "and gone when it is removed"
is "$(field run_count)" 0 "runs are not counted by themselves"
sysctl -qw kernel.bpf_stats_enabled=1
echo on_kprobe >/bpf/t/attach
fsyncs 5
sysctl -qw kernel.bpf_stats_enabled=0
is "$(field run_count)" 5 "with the kernel's statistics they are"
ok "and timed" test "$(field run_time_ns)" -gt 0
is "$(field type /bpf/t/progs/on_fentry | tr -d '"')" tracing "a tracing program says so"
is "$(for p in /bpf/t/progs/*; do sed 's/: .*//' "$p" | tr '\n' ' '; echo; done | sort -u | wc -l)" 1 \
	"all programs have the same fields"
while IFS= read -r line; do
	printf '%s\n' "${line#*: }"
done <$prog >"$work/values"
ok "every value is JSON" jq . "$work/values"
run_fails "a program's file takes no writes" sh -c "echo x >$prog"
gone t

done_testing
