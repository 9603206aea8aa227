# SPDX-License-Identifier: GPL-2.0
# Compile and link the objects that a kernel's source tree has, as its own
# makefiles do. Run by "gather", which gives:
#
#	SRC	the kernel's source tree
#	KBUILD	a directory of its generated headers
#	BTF	its types, as BTF
#	OUT	where to put everything
#
# "newer" gives its own CLANG, BPFTOOL and MCPU besides, and makes "selftests".

CLANG ?= clang
BPFTOOL ?= bpftool
MCPU ?= v3
selftests := $(SRC)/tools/testing/selftests/bpf
samples := $(SRC)/samples/bpf
include := $(OUT)/include

system_includes := $(shell $(CLANG) -v -E - </dev/null 2>&1 | \
	sed -n '/<...> search starts here:/,/End of search list./{ s| \(/.*\)|-idirafter \1|p }')

selftest_objects := $(patsubst $(selftests)/progs/%.c,$(OUT)/selftests/%.bpf.o,\
	$(wildcard $(selftests)/progs/*.c))
# Those that the samples' makefile compiles for BPF itself ...
core_samples := $(patsubst $(samples)/%.bpf.c,$(OUT)/samples/%.bpf.o,\
	$(wildcard $(samples)/*.bpf.c))
# ... and those that go through the compiler for the kernel's machine first.
old_samples := $(patsubst %,$(OUT)/samples/%,\
	$(shell sed -n 's/^always-y += //p' $(samples)/Makefile))
linked := linked_funcs linked_maps linked_vars test_static_linked test_subskeleton \
	test_subskeleton_lib test_usdt xdp_monitor xdp_redirect xdp_redirect_cpu \
	xdp_redirect_map xdp_redirect_map_multi xdp_router_ipv4
linked_objects := $(linked:%=$(OUT)/linked/%.bpf.o)

all: $(selftest_objects) $(core_samples) $(old_samples) $(linked_objects)

selftests: $(selftest_objects)

headers: $(include)/vmlinux.h $(include)/bpf/bpf_helper_defs.h

$(include)/vmlinux.h: $(BTF)
	@mkdir -p $(@D)
	$(BPFTOOL) btf dump file $< format c >$@

$(include)/bpf/bpf_helper_defs.h: $(SRC)/tools/include/uapi/linux/bpf.h
	@mkdir -p $(@D)
	cp $(SRC)/tools/lib/bpf/*.h $(@D)
	$(SRC)/scripts/bpf_doc.py --header --file $< >$@

selftest_flags := -g -D__TARGET_ARCH_x86 -mlittle-endian -I$(include) -I$(selftests) \
	-I$(selftests)/libarena/include -I$(SRC)/tools/include/uapi -I$(SRC)/tools/include \
	-std=gnu11 -fno-strict-aliasing $(system_includes) -Wno-compare-distinct-pointer-types \
	-DENABLE_ATOMICS_TESTS -w

$(OUT)/selftests/test_l4lb_noinline.bpf.o: selftest_flags += -fno-inline
$(OUT)/selftests/test_xdp_noinline.bpf.o: selftest_flags += -fno-inline

$(OUT)/selftests/%.bpf.o: $(selftests)/progs/%.c | headers
	@mkdir -p $(@D)
	cd $(selftests) && $(CLANG) $(selftest_flags) -O2 -target bpf -c $< -mcpu=$(MCPU) -o $@

$(OUT)/samples/%.bpf.o: $(samples)/%.bpf.c | headers
	@mkdir -p $(@D)
	$(CLANG) -g -O2 -target bpf -D__TARGET_ARCH_x86 -I$(include) -I$(SRC)/include \
		-I$(samples) -I$(SRC)/tools/include $(system_includes) -w -c $< -o $@

kernel_includes := -nostdinc \
	-I$(SRC)/arch/x86/include -I$(KBUILD)/arch/x86/include/generated \
	-I$(SRC)/include -I$(KBUILD)/include \
	-I$(SRC)/arch/x86/include/uapi -I$(KBUILD)/arch/x86/include/generated/uapi \
	-I$(SRC)/include/uapi -I$(KBUILD)/include/generated/uapi \
	-include $(SRC)/include/linux/compiler-version.h -include $(SRC)/include/linux/kconfig.h

$(OUT)/samples/%.o: $(samples)/%.c $(OUT)/samples/syscall_nrs.h | headers
	@mkdir -p $(@D)
	$(CLANG) $(kernel_includes) -I$(OUT)/samples -I$(selftests) -I$(include) $(system_includes) \
		-D__KERNEL__ -D__BPF_TRACING__ -D__TARGET_ARCH_x86 -w -g -fcf-protection \
		-fno-stack-protector -fno-asynchronous-unwind-tables -I$(samples) \
		-include asm_goto_workaround.h -O2 -emit-llvm -Xclang -disable-llvm-passes \
		-c $< -o $@.ll
	opt -O2 -mtriple=bpf-pc-linux <$@.ll | llvm-dis | \
		llc -march=bpf -filetype=obj -o $@
	@rm $@.ll

# Numbers of system calls as constants of the preprocessor.
$(OUT)/samples/syscall_nrs.h: $(samples)/syscall_nrs.c
	@mkdir -p $(@D)
	$(CC) -S -o - $< | sed -n 's/^->\([^ ]*\) [$$#]*\([^ ]*\).*/#define \1 \2/p' >$@

linked_dir = $(OUT)/selftests
$(OUT)/linked/xdp_%: linked_dir = $(OUT)/samples
parts_linked_funcs := linked_funcs1 linked_funcs2
parts_linked_maps := linked_maps1 linked_maps2
parts_linked_vars := linked_vars1 linked_vars2
parts_test_static_linked := test_static_linked1 test_static_linked2
parts_test_subskeleton := test_subskeleton_lib2 test_subskeleton_lib test_subskeleton
parts_test_subskeleton_lib := test_subskeleton_lib2 test_subskeleton_lib
parts_test_usdt := test_usdt test_usdt_multispec

$(OUT)/linked/%.bpf.o: $(selftest_objects) $(core_samples)
	@mkdir -p $(@D)
	bpftool gen object $@ $(patsubst %,$(linked_dir)/%.bpf.o,\
		$(or $(parts_$*),$* xdp_sample))

.PHONY: all selftests headers
.DELETE_ON_ERROR:
