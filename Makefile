# SPDX-License-Identifier: GPL-2.0
#
#	make			the module for the running kernel where its headers are
#				installed, otherwise for Debian 12's; and the samples
#	make module KREL=6.1	the module for a release or series of Debian's kernels
#	make demo		the README's first screen, in a virtual machine
#	make test		everything, ending in prove's summary
#	make shell		a prompt in a virtual machine with bpffs mounted
#	sudo make install	the module, for the running kernel
#	make plan		build/bpffs-plan, which prints what an object asks for
#	make lint host-test	the parts of "make test" that need no guest
#	make kunit		KUnit's suites, in user-mode Linux with KASAN
#	make fuzz FUZZ_S=60	each fuzzer of tests/host for so many seconds; FUZZ="elf btf"
#				for some of them
#	make fuzz-guest FUZZ_S=60	changed objects and random operations, in a guest
#				(KERNEL=debug)
#	make coverage		which lines of ours tests reach: those of the host, and
#				those of the guest as far as they were run to count
#	make test-debug		the guest's tests on a kernel with KASAN, lockdep and
#				kmemleak, which is built once; BOUNDED=1 for those that
#				give most for their time; COVERAGE=1 has the module count
#				for "make coverage", with fuzz-guest and KERNEL=debug, too
#	make verdicts		load some 700 real objects by libbpf and by bpffs, and
#				tell where they differ; OBJECTS='test_core* linked/*'
#				takes some of them, EACH=1 each program alone, too
#	make in-tree KSRC=DIR	put the sources into a kernel tree, for CONFIG_BPFFS
#	make in-tree-check	build them there, in and as a module
#
# demo, test, verdicts, fuzz-guest and shell take KERNEL=6.1, 6.12, debug, or a full release,
# test also several in quotes; without one, all take 6.1, and test 6.12 as well.

running := $(shell uname -r)
vm := tests/vm

KREL ?= $(if $(wildcard /lib/modules/$(running)/build/Makefile),$(running),$(KERNEL))
test_kernels := $(or $(KERNEL),6.1 6.12)
test_parts := guest $(if $(KERNEL)$(GUEST),,debug) kunit $(if $(GUEST),,verdicts) host lint fuzz
reference := 6.1
KERNEL ?= $(reference)
CLANG ?= clang
CC = gcc

BPF_CFLAGS := -g -O2 -target bpf -mcpu=v3 -D__TARGET_ARCH_x86 -Wall -Wno-missing-declarations \
	      -Werror -Ibuild

samples := $(patsubst samples/%.bpf.c,build/samples/%.bpf.o,$(wildcard samples/*.bpf.c))
progs := $(patsubst tests/selftests/progs/%.bpf.c,build/selftests/%.bpf.o,\
	 $(wildcard tests/selftests/progs/*.bpf.c))
helpers := $(patsubst tests/selftests/%.c,build/selftests/%,$(wildcard tests/selftests/*.c)) \
	   build/selftests/mutants build/selftests/operator

all: module samples

module: setup-build
	@$(vm)/build-module $(KREL)

samples: $(samples)

selftests: $(progs) $(helpers)

# What a guest takes along; tests/vm/run asks for it.
guest: setup-vm
	@$(vm)/build-module $(if $(COVERAGE),--coverage) $(KERNEL) >/dev/null
	@$(MAKE) --no-print-directory samples selftests

demo: setup-vm
	@$(vm)/run --kernel $(KERNEL) $(vm)/demo.sh

shell: setup-vm
	@$(vm)/run --kernel $(KERNEL) --shell

test: setup-test setup-kunit setup-debug
	@env KERNELS="$(test_kernels)" tests/run-tests $(test_parts)

test-debug: setup-test setup-debug
	@env KERNELS=debug tests/run-tests $(if $(BOUNDED),debug,guest)

lint: setup-test
	@env KERNELS=$(KERNEL) tests/run-tests lint

host-test: setup-test
	@tests/run-tests host

kunit: setup-kunit
	@tests/run-tests kunit

fuzz: setup-test
	@tests/run-tests fuzz

# The module's own reading of objects, as a program.
plan: setup-test
	@$(MAKE) -s -C tests/host SAN= OPT=-O2 OUT=build/plan $(CURDIR)/build/plan/bpffs-plan
	@cp build/plan/bpffs-plan build/bpffs-plan

verdicts: setup-verdicts
	@set -f; KERNEL=$(KERNEL) FROM='$(FROM)' LIBBPF='$(LIBBPF)' EACH='$(EACH)' \
		tests/verdicts/run $(OBJECTS)

fuzz-guest: setup-test
	@$(vm)/run --kernel $(KERNEL) --timeout $$(($(or $(FUZZ_S),60) + 600)) \
		$(if $(COVERAGE),--coverage build/coverage/guest/fuzz.tar.gz) \
		tests/fuzz/guest $(or $(FUZZ_S),60) $(FUZZ_SEED)

coverage: setup-test
	@tests/coverage

in-tree:
	@tools/in-tree $(or $(KSRC),$(error KSRC= names no kernel source tree))

in-tree-check: setup-test
	@$(vm)/in-tree-check

install: setup-build
	@$(vm)/build-module $(running)
	install -D -m 644 build/$(running)/bpffs.ko \
		$(DESTDIR)/lib/modules/$(running)/updates/bpffs.ko
	depmod $(if $(DESTDIR),-b $(DESTDIR)) $(running)

setup-%:
	@$(vm)/setup $*

# Sample programs mean the same on every kernel (CO-RE), so one kernel's types
# do for all of them.
build/vmlinux.h: $(vm)/kernel-btf | setup-build
	@mkdir -p $(@D)
	@bpftool btf dump file "$$($(vm)/kernel-btf $(reference))" format c >$@.new
	@mv $@.new $@

# Without its DWARF an object keeps BTF, line information included.
define compile-bpf
@mkdir -p $(@D)
$(CLANG) $(BPF_CFLAGS) -c $< -o $@
@llvm-strip -g $@
endef

build/samples/%.bpf.o: samples/%.bpf.c build/vmlinux.h
	$(compile-bpf)

build/selftests/%.bpf.o: tests/selftests/progs/%.bpf.c build/vmlinux.h
	$(compile-bpf)

build/selftests/apart.bpf.o: tests/selftests/progs/apart.bpf.c build/vmlinux.h \
		tests/selftests/progs/apart.sed
	@mkdir -p $(@D)
	$(CLANG) $(BPF_CFLAGS) -S $< -o - | sed -f $(filter %.sed,$^) | \
		$(CLANG) -target bpf -mcpu=v3 -x assembler -c - -o $@
	@llvm-strip -g $@

build/selftests/%: tests/selftests/%.c $(wildcard tests/selftests/*.h) | setup-build
	@mkdir -p $(@D)
	$(CC) -O2 -g -Wall -Wextra -Wno-unused-parameter -Werror -Iinclude/uapi $< -o $@ -lbpf -lelf -lz

# The other one is made with the libbpf that LIBBPF names, each time.
build/verdicts/other/verdict: FORCE
build/verdicts/verdict build/verdicts/other/verdict: tests/verdicts/verdict.h \
		$(filter-out %/embedded.c,$(wildcard tests/verdicts/*.c))
	@mkdir -p $(@D)
	$(CC) -O2 -g -Wall -Wextra -Wno-unused-parameter -Werror -Iinclude/uapi \
		$(filter %.c,$^) -o $@ $(or $(LIBBPF),-lbpf) -lelf -lz

build/selftests/mutants: tests/fuzz/mutants.c $(wildcard tests/host/*.h) | setup-build
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -std=gnu11 -O2 -g -Wall -Wextra -Wno-unused-parameter \
		-Wno-sign-compare -Werror -Itests/host -Itests/host/include -Iinclude -Iinclude/uapi $< -o $@

build/selftests/operator: $(wildcard tests/fuzz/operator/*.[ch]) | setup-build
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -std=gnu11 -O2 -g -Wall -Wextra -Wno-unused-parameter \
		-Wno-unused-result -Werror -Iinclude/uapi $(filter %.c,$^) -o $@

clean:
	rm -rf build

.PHONY: all module samples selftests guest demo shell test test-debug lint host-test fuzz fuzz-guest \
	coverage kunit plan verdicts in-tree in-tree-check install clean FORCE
.DELETE_ON_ERROR:
