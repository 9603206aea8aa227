# SPDX-License-Identifier: GPL-2.0
# Shared by the benchmarks, which run in a guest with --icount:
#	tests/vm/run --icount --add tests/bench tests/bench/event-cost.sh
# There every figure is a number of instructions, and comes out the same again.

. /root/tests/selftests/lib.sh
. /root/tests/selftests/helpers.sh

# cheapest OUT COMMAND...: the least that the command took in five runs
cheapest() {
	local try

	for try in 1 2 3 4 5; do
		cost run "$@" || exit 1
	done | sort -n | head -n 1
}

# ratio A B: A / B with two decimals
ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f\n", a / b }'
}

# at_most GOT LIMIT NAME: passes where the number GOT is no larger
at_most() {
	ok "$3: $1, at most $2" awk -v a="$1" -v b="$2" 'BEGIN { exit !(a <= b) }'
}

# at_least GOT LIMIT NAME: passes where it is no smaller
at_least() {
	ok "$3: $1, at least $2" awk -v a="$1" -v b="$2" 'BEGIN { exit !(a >= b) }'
}
