#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# BUG-CLASSES row 13: one who opens the map of the constants by its id, writes
# it and maps it while the object is being loaded. Whoever is first, what the
# verifier trusted is what the map says ever after.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

need_root
before=$(kernel_objects)
turns=${BPFFS_CHURN:-100}
# Eight bytes of 1, and twice that: they say that the program doubles, too.
ones=72340172838076673
twice=144680345676153346

# Loads turn by turn; a line for each: whole, changed, busy, or what is wrong.
cat >"$work/loads" <<EOF
for i in \$(seq $turns); do
	mkdir /bpf/t
	if ! cp $(object basic) /bpf/t/load 2>/dev/null; then
		grep -q 'EBUSY.*[.]rodata' /bpf/t/log && echo busy || head -n 1 /bpf/t/log
		rmdir /bpf/t
		continue
	fi
	echo on_fsync >/bpf/t/attach
	step=\$(cat /bpf/t/vars/step)
	work basic fsync $work/file 1
	case "\$step \$(head -n 1 /bpf/t/maps/counts) \$(cat /bpf/t/vars/step)" in
	"1 0: 1 1") echo whole ;;
	"$ones 0: $twice $ones") echo changed ;;
	*) echo "step \$step \$(cat /bpf/t/vars/step) \$(head -n 1 /bpf/t/maps/counts)" ;;
	esac
	rm -r /bpf/t
done >$work/outcomes
EOF

intruder .rodata bash "$work/loads" >"$work/intruder"
like "$(cat "$work/intruder")" 'opened [1-9]' "constants were opened by id: $(cat "$work/intruder")"
is "$(wc -l <"$work/outcomes")" "$turns" "every load ended: $(sort "$work/outcomes" | uniq -c | head -n 3 | xargs)"
is "$(grep -vxE 'whole|changed|busy' "$work/outcomes")" "" \
	"what a program computes with is what its variables say"
is "$(settled "$before")" "$before" "no kernel object is left"

# Once it is loaded, it is too late.
fresh t basic
intruder .rodata sleep 1 >"$work/intruder"
like "$(cat "$work/intruder")" 'opened [1-9][0-9]* written 0 mapped 0' "later it can only be read"
is "$(cat /bpf/t/vars/step)" 1 "and stays what it was"
gone t

done_testing
