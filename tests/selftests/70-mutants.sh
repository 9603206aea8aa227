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
# In a namespace of their own, which takes along the maps that they share by
# name in its root.
ns=$work/ns
mkdir "$ns"
mount -t bpffs -o newns bpffs "$ns" || bail "no namespace of its own"
ok "changed objects do no harm (seed $seed)" mutants "$ns" "$seed" "${MUTANTS:-150}" "${objects[@]}"
diag "$(mutants "$ns" "$seed" 5 "${objects[@]}" 2>&1)"
is "$(ls -d "$ns/mutant" 2>&1 | grep -c "^$ns")" 0 "and leave nothing in the file system"
ok "the namespace goes" umount "$ns"
is "$(settled "$before")" "$before" "and nothing of them is left in the kernel"
done_testing
