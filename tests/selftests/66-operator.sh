#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Whatever system calls there are, on whatever stands in a bpffs, in any order:
# one operator with a model of the tree that knows what each must come to, and
# several at once, after which the tree must agree with itself. OPERATIONS and
# CROWD_SECONDS say how much, OPERATOR_SEED which.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

need_root

if ! command -v operator >/dev/null; then
	skip "random operations" "no operator was built"
	done_testing
fi

seed=${OPERATOR_SEED:-1}
before=$(kernel_objects)
objects=("$(object basic)" "$(object hooks)" "$(object ring)")
ns=$work/ns
chmod 755 "$work"
mkdir "$ns"

# operate NAME MODE SEED AMOUNT: in a namespace of its own, all of which goes
operate() {
	mount -t bpffs -o newns,mode=0755 bpffs "$ns" || bail "no namespace of its own"
	ok "$1" operator "$2" "$ns" "$3" "$4" "${objects[@]}"
	ok "$1: the namespace can be unmounted" umount "$ns"
	is "$(settled "$before")" "$before" "$1: no kernel object is left"
}

for i in 0 1; do
	operate "operations are what the model says, seed $((seed + i))" \
		alone $((seed + i)) "${OPERATIONS:-1000}"
done
operate "a crowd leaves a tree that agrees with itself, seed $seed" \
	crowd "$seed" "${CROWD_SECONDS:-5}"
is "$(cat /sys/kernel/tracing/kprobe_events)" "" "no kprobe is left"
umount /bpf
ok "the module goes" within 10 rmmod bpffs

done_testing
