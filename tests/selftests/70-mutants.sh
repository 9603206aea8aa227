#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Objects that lie, by the hundred: each is refused with a sentence and leaves
# nothing, or it is an object after all. MUTANTS says how many, MUTANTS_SEED
# which ones; the kernel's own complaints fail the run.

cd "$(dirname "$0")" || exit 1
. ./lib.sh
. ./helpers.sh
need_root

seed=${MUTANTS_SEED:-1}
before=$(kernel_objects)
mapfile -t objects < <(find /samples /selftests/ -name '*.bpf.o' -size -64k | sort)
ok "changed objects do no harm (seed $seed)" mutants /bpf "$seed" "${MUTANTS:-150}" "${objects[@]}"
diag "$(mutants /bpf "$seed" 5 "${objects[@]}" 2>&1)"
is "$(settled "$before")" "$before" "and leave nothing in the kernel"
is "$(ls -d /bpf/mutant 2>&1 | grep -c '^/bpf')" 0 "nor in the file system"
done_testing
