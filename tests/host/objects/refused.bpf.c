// SPDX-License-Identifier: GPL-2.0
/* One object for each CASE_, of what the loader refuses. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} array SEC(".maps");

#ifdef CASE_undefined
extern int elsewhere(void);
#define RESULT (elsewhere())
#endif

#ifdef CASE_weak
extern int elsewhere __weak;
#define RESULT elsewhere
#endif

#ifdef CASE_legacy_longer
struct {
	int attributes[5];
	int pinning;
} old SEC("maps") = { { 1, 4, 4, 1 }, 2 };
#endif

#ifdef CASE_legacy_shorter
struct {
	int attributes[2];
} old SEC("maps") = { { 1, 4 } }, older SEC("maps") = { { 1, 4 } };
char stray SEC("maps") = 1;
#endif

#ifdef CASE_legacy_static
static struct {
	int attributes[5];
} old SEC("maps") = { { 1, 4, 4, 1 } };
#define RESULT ((long)&old)
#endif

#ifdef CASE_legacy_no_type
struct {
	int attributes[5];
} old SEC("maps");
#endif

#ifdef CASE_pinning
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(pinning, 2);
} pinned SEC(".maps");
#endif

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
#ifdef CASE_inner_pinned
	__uint(pinning, LIBBPF_PIN_BY_NAME);
#endif
#ifdef CASE_inner_unknown
	__uint(colour, 3);
#endif
#ifdef CASE_inner_itself
	__array(values, struct inner);
#endif
};

#if defined(CASE_inner_pinned) || defined(CASE_inner_unknown) || \
	defined(CASE_inner_itself)
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct inner);
} outer SEC(".maps");
#endif

#ifdef CASE_values_not_last
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	struct inner *values[1];

	__uint(max_entries, 1);
} outer SEC(".maps");
#endif

#ifdef CASE_values_first
struct {
	__uint(max_entries, 1);
	__array(values, struct inner);
} outer SEC(".maps");
#endif

#ifdef CASE_values_plain
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__array(values, struct inner);
} outer SEC(".maps");
#endif

#ifdef CASE_values_sized
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(value_size, 8);
	__array(values, struct inner);
} outer SEC(".maps");
#endif

#ifdef CASE_values_numbers
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__array(values, int);
} outer SEC(".maps");
#endif

#ifdef CASE_values_no_programs
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__array(values, struct inner);
} outer SEC(".maps");
#endif

#ifdef CASE_slot_subprogram
__noinline int sub(void *ctx)
{
	return 0;
}

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__array(values, int (void *));
} jumps SEC(".maps") = { .values = { (void *)&sub } };
#endif

#ifdef CASE_slot_data
int number = 1;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__array(values, struct inner);
} outer SEC(".maps") = { .values = { (void *)&number } };
#endif

#ifdef CASE_slot_key
struct inner one SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 1);
	__uint(key_size, 8);
	__array(values, struct inner);
} outer SEC(".maps") = { .values = { &one } };
#endif

#ifdef CASE_slot_elsewhere
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	int *value;
} outer SEC(".maps") = { .value = (void *)&array };
#endif

#ifdef CASE_static
static struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
} local SEC(".maps");
#define RESULT ((long)&local)
#endif

#ifdef CASE_unknown_attr
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(colour, 3);
} painted SEC(".maps");
#endif

#ifdef CASE_no_struct
int stray SEC(".maps") = 3;
#endif

#ifdef CASE_extern_map
extern struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
} elsewhere SEC(".maps");
#define RESULT ((long)&elsewhere)
#endif

#ifdef CASE_not_a_number
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	int max_entries;
} wrong SEC(".maps");
#endif

#ifdef CASE_conflict
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(key_size, 8);
	__type(key, __u32);
} torn SEC(".maps");
#endif

#ifdef CASE_no_type
struct {
	__uint(max_entries, 3);
} shapeless SEC(".maps");
#endif

#ifdef CASE_void_key
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, void);
} empty SEC(".maps");
#endif

#ifdef CASE_record
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps") __attribute__((btf_decl_tag("record: struct nowhere")));
#endif

#ifdef CASE_common
int tentative __attribute__((common));
#define RESULT tentative
#endif

#ifdef CASE_struct_ops_int
int ops SEC(".struct_ops") = 1;
#endif

#if defined(CASE_struct_ops_data) || defined(CASE_struct_ops_kind) || \
	defined(CASE_struct_ops_member)
static int number = 1;
long function(void *ctx);
struct named_ops {
	void *pointer;
	long (*function)(void *ctx);
} ops SEC(".struct_ops") = {
#ifdef CASE_struct_ops_data
	.function = (void *)&number,
#endif
#ifdef CASE_struct_ops_kind
	.function = (void *)function,
#endif
#ifdef CASE_struct_ops_member
	.pointer = (void *)function,
#endif
};

SEC("kprobe/vfs_read")
long function(void *ctx)
{
	return number;
}
#endif

#ifdef CASE_struct_ops
struct {
	int x;
} ops SEC(".struct_ops") = { 1 };
#endif

#ifdef CASE_static_func
SEC("kprobe/vfs_read")
static __noinline int aside(int n)
{
	return n + 1;
}

#define RESULT aside(zero)
#endif

#ifdef CASE_kconfig_function
extern int SEC(".kconfig") CONFIG_FUNCTION(void);
#define RESULT (CONFIG_FUNCTION())
#endif

#ifdef CASE_kconfig_struct
extern struct {
	int member;
} CONFIG_STRUCT SEC(".kconfig");
#define RESULT CONFIG_STRUCT.member
#endif

#ifdef CASE_kconfig_large
extern char CONFIG_LARGE[33 << 20] SEC(".kconfig");
#define RESULT CONFIG_LARGE[0]
#endif

#ifdef CASE_two_arenas
struct {
	__uint(type, 33);
	__uint(max_entries, 1);
} one_arena SEC(".maps"), other_arena SEC(".maps");
#endif

#ifdef CASE_no_arena
int in_no_arena SEC(".addr_space.1") = 1;
#define RESULT in_no_arena
#endif

#ifndef RESULT
#define RESULT 0
#endif

#ifdef CASE_cold
SEC(".text.unlikely.")
#elif defined(CASE_section)
SEC("nobody/knows")
#elif !defined(CASE_text)
SEC("kprobe/vfs_read")
#endif
int prog(void *ctx)
{
	__u32 zero = 0;

#ifdef CASE_callback
	bpf_for_each_map_elem(&array, (void *)prog, &zero, 0);
#endif
#ifdef CASE_recursion
	if (ctx)
		return prog((void *)1) + 1;
#endif
	bpf_map_lookup_elem(&array, &zero);
	return RESULT;
}

char LICENSE[] SEC("license") = "GPL";
