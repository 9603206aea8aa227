#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What an event costs through a program that bpffs attached and through the
# same program attached by libbpf: getppid(2) with its tracepoint counted.

. "$(dirname "$0")/lib.sh"

calls=20000
object=$(object count)

cost getppid $calls >/dev/null
bare=$(cost getppid $calls)
by_libbpf=$(libbpf_run "$object" -- cost getppid $calls)

fresh t count
echo '*' >/bpf/t/attach
by_bpffs=$(cost getppid $calls)
counted=$(value /bpf/t/maps/events 0)
gone t
after=$(cost getppid $calls)
by_libbpf_again=$(libbpf_run "$object" -- cost getppid $calls)

echo "# getppid alone            $bare"
echo "# counted through libbpf   $by_libbpf, and after bpffs $by_libbpf_again"
echo "# counted through bpffs    $by_bpffs"
echo "# getppid alone, after     $after"
is "$counted" $((calls * 10)) "every call was counted"
at_most "$(ratio "$by_bpffs" "$by_libbpf")" 1.00 "an event through bpffs, in events through libbpf"
at_most "$(ratio "$after" "$bare")" 1.00 "getppid alone afterwards, in what it was before"
done_testing
