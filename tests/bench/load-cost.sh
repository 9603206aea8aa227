#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What loading the samples costs.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/load.sh"

# These have CO-RE relocations or name types of the kernel.
for name in proclife runqlat; do
	compare $name "$(object $name)" 5
done
# These do without the kernel's BTF.
for name in count opens syscalls slowcalls hooks; do
	compare $name "$(object $name)" 1
done
done_testing
