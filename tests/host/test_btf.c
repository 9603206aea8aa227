// SPDX-License-Identifier: GPL-2.0
/* BUG-CLASSES row 7: BTF that lies, and BTF that does not. */
#include <linux/kernel.h>
#include <linux/errno.h>
#include "../../kernel/bpf/codec/btf.h"
#include "btf_build.h"
#include "test.h"

static struct btf_build b;

/**
 * struct bad - BTF that must be refused
 * @name: what is wrong with it
 * @err: errno that says so
 * @part: part of the sentence that says so
 * @build: makes it
 */
struct bad {
	const char *name;
	int err;
	const char *part;
	void (*build)(void);
};

/* Ids 1 and 2 of every case. */
#define U32	1
#define CHAR	2

static void start(void)
{
	btf_start(&b);
	btf_int(&b, "u32", 4, 0);
	btf_int(&b, "char", 1, BTF_INT_SIGNED);
}

static void unknown_kind(void)
{
	btf_type(&b, "x", INFO(25, 0, 0), 0);
}

static void kind_zero(void)
{
	btf_type(&b, "x", INFO(0, 0, 0), 0);
}

static void cut_record(void)
{
	btf_word(&b, 0);
	btf_word(&b, INFO(BTF_KIND_PTR, 0, 0));
}

static void cut_members(void)
{
	btf_type(&b, "s", INFO(BTF_KIND_STRUCT, 0xffff, 0), 4);
}

static void cut_tail(void)
{
	btf_type(&b, "i", INFO(BTF_KIND_INT, 0, 0), 4);
}

static void unused_info(void)
{
	btf_type(&b, "s", INFO(BTF_KIND_STRUCT, 0, 0) | 0x00100000, 0);
}

static void vlen_of_ptr(void)
{
	btf_type(&b, "", INFO(BTF_KIND_PTR, 3, 0), U32);
}

static void name_past_strings(void)
{
	btf_word(&b, 0x7fffffff);
	btf_word(&b, INFO(BTF_KIND_TYPEDEF, 0, 0));
	btf_word(&b, U32);
	b.last++;
}

static void nameless_typedef(void)
{
	btf_ref(&b, "", BTF_KIND_TYPEDEF, U32);
}

static void id_past_end(void)
{
	btf_ref(&b, "", BTF_KIND_PTR, 99);
}

static void id_far_past_end(void)
{
	btf_ref(&b, "", BTF_KIND_CONST, 0xffffffff);
}

static void ptr_to_var(void)
{
	btf_var(&b, "v", U32, 1);
	btf_ref(&b, "", BTF_KIND_PTR, 3);
}

static void ptr_to_tag(void)
{
	btf_ref(&b, "", BTF_KIND_PTR, 4);
	btf_tag(&b, "t", 5, -1);
	btf_open(&b, "s", BTF_KIND_STRUCT, 0, 0);
}

static void typedef_to_itself(void)
{
	btf_ref(&b, "t", BTF_KIND_TYPEDEF, 3);
}

static void modifier_loop(void)
{
	btf_ref(&b, "", BTF_KIND_CONST, 4);
	btf_ref(&b, "", BTF_KIND_VOLATILE, 5);
	btf_ref(&b, "t", BTF_KIND_TYPE_TAG, 3);
}

static void loop_behind_ptr(void)
{
	btf_ref(&b, "", BTF_KIND_PTR, 4);
	btf_ref(&b, "kptr", BTF_KIND_TYPE_TAG, 4);
}

static void array_of_itself(void)
{
	btf_array(&b, 3, U32, 1);
}

static void array_of_zero_of_itself(void)
{
	btf_array(&b, 3, U32, 0);
}

static void struct_in_itself(void)
{
	__u32 at = b.nr;

	btf_open(&b, "s", BTF_KIND_STRUCT, 4, 0);
	btf_member(&b, at, "a", 3, 0);
}

static void struct_loop(void)
{
	__u32 at = b.nr;

	btf_open(&b, "a", BTF_KIND_STRUCT, 4, 0);
	btf_member(&b, at, "x", 4, 0);
	btf_array(&b, 5, U32, 1);
	at = b.nr;
	btf_open(&b, "b", BTF_KIND_UNION, 4, 0);
	btf_member(&b, at, "y", 3, 0);
}

static void var_of_itself(void)
{
	btf_var(&b, "v", 3, 1);
}

static void too_deep(void)
{
	__u32 i, at;

	for (i = 0; i < 40; i++) {
		at = b.nr;
		btf_open(&b, "s", BTF_KIND_STRUCT, 4, 0);
		btf_member(&b, at, "a", i ? b.last - 1 : U32, 0);
	}
}

static void too_deep_backwards(void)
{
	__u32 i, at;

	for (i = 0; i < 200; i++) {
		at = b.nr;
		btf_open(&b, "s", BTF_KIND_STRUCT, 4, 0);
		btf_member(&b, at, "a", i < 199 ? b.last + 1 : U32, 0);
	}
}

static void long_chain(void)
{
	__u32 i;

	for (i = 0; i < 1000; i++)
		btf_ref(&b, "", BTF_KIND_CONST, i < 999 ? b.last + 2 : U32);
}

static void exploding_union(void)
{
	__u32 i, at;

	for (i = 0; i < 25; i++) {
		at = b.nr;
		btf_open(&b, "u", BTF_KIND_UNION, 4, 0);
		btf_member(&b, at, "a", i ? b.last - 1 : U32, 0);
		btf_member(&b, at, "b", i ? b.last - 1 : U32, 0);
	}
}

static void exploding_names(void)
{
	__u32 i, at;

	for (i = 0; i < 20; i++) {
		at = b.nr;
		btf_open(&b, "", BTF_KIND_UNION, 1 << 30, 0);
		btf_member(&b, at, i ? "" : "a", i ? b.last - 1 : U32, 0);
		btf_member(&b, at, i ? "" : "b", i ? b.last - 1 : U32, 0);
	}
}

/* Of @nr typedefs, all of the same bytes. */
static void shared_names(__u32 nr, __u32 len)
{
	__u32 name = b.str_len;

	memset(b.strings + name, 'a', len);
	b.strings[name + len] = '\0';
	b.str_len += len + 1;
	while (nr--) {
		btf_ref(&b, "", BTF_KIND_TYPEDEF, U32);
		b.types[b.nr - 3] = name;
	}
}

static void name_too_long(void)
{
	shared_names(1, 8193);
}

static void names_too_long(void)
{
	shared_names(5000, 8000);
}

/* Every name of a field and of an enumerator counts, not those of types alone. */
static void values_too_long(void)
{
	__u32 i, j, name = b.str_len;

	shared_names(0, 500);
	for (i = 0; i < 2; i++) {
		btf_type(&b, "e", INFO(BTF_KIND_ENUM, 40000, 0), 4);
		for (j = 0; j < 40000; j++) {
			btf_word(&b, name);
			btf_word(&b, j);
		}
	}
}

static void names_listed_too_often(void)
{
	__u32 i, var, nr = 5000;

	shared_names(0, 8000);
	var = btf_type(&b, "", INFO(BTF_KIND_VAR, 0, 0), U32);
	b.types[b.nr - 3] = b.str_len - 8001;
	btf_word(&b, BTF_VAR_STATIC);
	btf_type(&b, ".data", INFO(BTF_KIND_DATASEC, nr, 0), 4);
	for (i = 0; i < nr; i++) {
		btf_word(&b, var);
		btf_word(&b, 0);
		btf_word(&b, 4);
	}
}

static void int_size_zero(void)
{
	btf_type(&b, "i", INFO(BTF_KIND_INT, 0, 0), 0);
	btf_word(&b, 0);
}

static void int_size_huge(void)
{
	btf_type(&b, "i", INFO(BTF_KIND_INT, 0, 0), 0x20000001);
	btf_word(&b, 8);
}

static void int_bits_past_size(void)
{
	btf_type(&b, "i", INFO(BTF_KIND_INT, 0, 0), 4);
	btf_word(&b, 8 << 16 | 25);
}

static void int_encoding(void)
{
	btf_int(&b, "i", 4, 5);
}

static void array_overflow(void)
{
	btf_array(&b, U32, U32, 0x40000000);
}

static void array_overflow_nested(void)
{
	btf_array(&b, U32, U32, 0x10000);
	btf_array(&b, 3, U32, 0x10000);
}

static void bitfield_of_void(void)
{
	__u32 at = b.nr;

	btf_open(&b, "s", BTF_KIND_STRUCT, 4, 1);
	btf_member(&b, at, "a", 0, 3 << 24);
}

static void member_void_behind(void)
{
	__u32 at = b.nr;

	btf_open(&b, "s", BTF_KIND_STRUCT, 4, 0);
	btf_member(&b, at, "a", 0, 40);
}

static void member_void_beside_lock(void)
{
	__u32 at = b.nr;

	btf_open(&b, "bpf_spin_lock", BTF_KIND_STRUCT, 4, 0);
	btf_member(&b, at, "val", U32, 0);
	at = b.nr;
	btf_open(&b, "s", BTF_KIND_STRUCT, 8, 0);
	btf_member(&b, at, "a", 0, 0);
	btf_member(&b, at, "lock", 3, 32);
}

static void member_func(void)
{
	__u32 at;

	btf_open(&b, "", BTF_KIND_FUNC_PROTO, 0, 0);
	btf_ref(&b, "f", BTF_KIND_FUNC, 3);
	at = b.nr;
	btf_open(&b, "s", BTF_KIND_STRUCT, 4, 0);
	btf_member(&b, at, "a", 4, 0);
}

static void member_past_struct(void)
{
	__u32 at = b.nr;

	btf_open(&b, "s", BTF_KIND_STRUCT, 4, 0);
	btf_member(&b, at, "a", U32, 8);
}

static void member_far_past_struct(void)
{
	__u32 at = b.nr;

	btf_open(&b, "s", BTF_KIND_STRUCT, 4, 0);
	btf_member(&b, at, "a", U32, 0xffffffe0);
}

/* 86 bytes, each of which is six in text. */
static const char *long_in_text(void)
{
	static char name[87];

	memset(name, 0xe9, sizeof(name) - 1);
	return name;
}

static void member_name(void)
{
	__u32 at = b.nr;

	btf_open(&b, "s", BTF_KIND_STRUCT, 4, 0);
	btf_member(&b, at, long_in_text(), U32, 0);
}

static void member_name_long(void)
{
	char name[1000];
	__u32 at = b.nr;

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	btf_open(&b, "s", BTF_KIND_STRUCT, 4, 0);
	btf_member(&b, at, name, U32, 0);
}

static void bitfield_of_struct(void)
{
	__u32 at;

	btf_open(&b, "e", BTF_KIND_STRUCT, 4, 0);
	at = b.nr;
	btf_open(&b, "s", BTF_KIND_STRUCT, 4, 1);
	btf_member(&b, at, "a", 3, 3 << 24);
}

static void bitfield_wide(void)
{
	__u32 at = b.nr;

	btf_open(&b, "s", BTF_KIND_STRUCT, 16, 1);
	btf_member(&b, at, "a", U32, 33 << 24);
}

static void bitfield_past_struct(void)
{
	__u32 at = b.nr;

	btf_open(&b, "s", BTF_KIND_STRUCT, 4, 1);
	btf_member(&b, at, "a", U32, 3 << 24 | 30);
}

static void unaligned_pointer(void)
{
	__u32 at;

	btf_ref(&b, "", BTF_KIND_PTR, 0);
	at = b.nr;
	btf_open(&b, "s", BTF_KIND_STRUCT, 16, 0);
	btf_member(&b, at, "a", 3, 4);
}

static void enum_size(void)
{
	btf_open(&b, "e", BTF_KIND_ENUM, 3, 0);
}

static void enum_name(void)
{
	__u32 at = b.nr;

	btf_open(&b, "e", BTF_KIND_ENUM, 4, 0);
	btf_value(&b, at, long_in_text(), 1);
}

static void float_size(void)
{
	btf_type(&b, "f", INFO(BTF_KIND_FLOAT, 0, 0), 7);
}

static void func_of_int(void)
{
	btf_ref(&b, "f", BTF_KIND_FUNC, U32);
}

static void func_of_void(void)
{
	btf_ref(&b, "f", BTF_KIND_FUNC, 0);
}

static void func_linkage(void)
{
	btf_open(&b, "", BTF_KIND_FUNC_PROTO, 0, 0);
	btf_type(&b, "f", INFO(BTF_KIND_FUNC, 3, 0), 3);
}

static void param_void(void)
{
	__u32 at = b.nr;

	btf_open(&b, "", BTF_KIND_FUNC_PROTO, 0, 0);
	btf_value(&b, at, "a", 0);
	btf_value(&b, at, "b", U32);
}

static void param_name(void)
{
	__u32 at = b.nr;

	btf_open(&b, "", BTF_KIND_FUNC_PROTO, 0, 0);
	btf_count(&b, at);
	btf_word(&b, 0x10000000);
	btf_word(&b, U32);
}

static void var_linkage(void)
{
	btf_var(&b, "v", U32, 3);
}

static void datasec_of_int(void)
{
	__u32 at = b.nr;

	btf_open(&b, ".data", BTF_KIND_DATASEC, 4, 0);
	btf_words3(&b, at, U32, 0, 4);
}

static void datasec_var_past_end(void)
{
	__u32 at;

	btf_var(&b, "v", U32, 1);
	at = b.nr;
	btf_open(&b, ".data", BTF_KIND_DATASEC, 8, 0);
	btf_words3(&b, at, 3, 6, 4);
}

static void datasec_var_lies(void)
{
	__u32 at;

	btf_var(&b, "v", U32, 1);
	at = b.nr;
	btf_open(&b, ".data", BTF_KIND_DATASEC, 8, 0);
	btf_words3(&b, at, 3, 6, 1);
}

static void datasec_offset_wraps(void)
{
	__u32 at;

	btf_var(&b, "v", U32, 1);
	at = b.nr;
	btf_open(&b, ".data", BTF_KIND_DATASEC, 8, 0);
	btf_words3(&b, at, 3, 0xfffffffe, 4);
}

/* Nobody could tell in hex what of the section is the lock's. */
static void datasec_name_beside_lock(void)
{
	__u32 at = b.nr;

	btf_open(&b, "bpf_spin_lock", BTF_KIND_STRUCT, 4, 0);
	btf_member(&b, at, "val", U32, 0);
	btf_var(&b, "lock", 3, 1);
	btf_var(&b, long_in_text(), U32, 1);
	at = b.nr;
	btf_open(&b, ".data", BTF_KIND_DATASEC, 8, 0);
	btf_words3(&b, at, 4, 0, 4);
	btf_words3(&b, at, 5, 4, 4);
}

static void many_locks(void)
{
	__u32 at = b.nr, i;

	btf_open(&b, "bpf_spin_lock", BTF_KIND_STRUCT, 4, 0);
	btf_member(&b, at, "val", U32, 0);
	at = b.nr;
	btf_open(&b, "s", BTF_KIND_STRUCT, 4 * 9000, 0);
	for (i = 0; i < 9000; i++)
		btf_member(&b, at, "m", 3, 32 * i);
}

static void array_of_locks(void)
{
	__u32 at = b.nr;

	btf_open(&b, "bpf_spin_lock", BTF_KIND_STRUCT, 4, 0);
	btf_member(&b, at, "val", U32, 0);
	btf_array(&b, 3, U32, 100000000);
}

static void tag_of_ptr(void)
{
	btf_ref(&b, "", BTF_KIND_PTR, 0);
	btf_tag(&b, "t", 3, -1);
}

static void tag_of_void(void)
{
	btf_tag(&b, "t", 0, -1);
}

static void tag_component(void)
{
	__u32 at = b.nr;

	btf_open(&b, "s", BTF_KIND_STRUCT, 4, 0);
	btf_member(&b, at, "a", U32, 0);
	btf_tag(&b, "t", 3, 1);
}

static void tag_component_negative(void)
{
	btf_open(&b, "s", BTF_KIND_STRUCT, 4, 0);
	btf_tag(&b, "t", 3, -2);
}

static void tag_component_of_var(void)
{
	btf_var(&b, "v", U32, 1);
	btf_tag(&b, "t", 3, 0);
}

/* CVE-2022-49228: the function's type is no prototype. */
static void tag_of_bad_func(void)
{
	btf_tag(&b, "t", 4, 0);
	btf_ref(&b, "f", BTF_KIND_FUNC, U32);
}

static void tag_of_func_param(void)
{
	btf_open(&b, "", BTF_KIND_FUNC_PROTO, 0, 0);
	btf_ref(&b, "f", BTF_KIND_FUNC, 3);
	btf_tag(&b, "t", 4, 0);
}

static const struct bad bad[] = {
	{ "unknown kind", EOPNOTSUPP, "kind 25", unknown_kind },
	{ "kind 0", EOPNOTSUPP, "kind 0", kind_zero },
	{ "record cut off", EINVAL, "cut off", cut_record },
	{ "members cut off", EINVAL, "cut off", cut_members },
	{ "integer cut off", EINVAL, "cut off", cut_tail },
	{ "unused bits of info", EINVAL, "no version", unused_info },
	{ "elements of a pointer", EINVAL, "has 3 elements", vlen_of_ptr },
	{ "name past the strings", EINVAL, "past the", name_past_strings },
	{ "typedef without a name", EINVAL, "no name", nameless_typedef },
	{ "id past the end", EINVAL, "type 99, the last", id_past_end },
	{ "id far past the end", EINVAL, "the last", id_far_past_end },
	{ "pointer to a variable", EINVAL, "cannot stand", ptr_to_var },
	{ "pointer to a tag", EINVAL, "cannot stand", ptr_to_tag },
	{ "typedef of itself", EINVAL, "contains itself", typedef_to_itself },
	{ "loop of qualifiers", EINVAL, "contains itself", modifier_loop },
	{ "loop behind a pointer", EINVAL, "contains itself", loop_behind_ptr },
	{ "array of itself", EINVAL, "contains itself", array_of_itself },
	{ "empty array of itself", EINVAL, "contains itself",
	  array_of_zero_of_itself },
	{ "struct in itself", EINVAL, "contains itself", struct_in_itself },
	{ "loop of structs", EINVAL, "contains itself", struct_loop },
	{ "variable of itself", EINVAL, "cannot stand", var_of_itself },
	{ "too deep", EINVAL, "deeper", too_deep },
	{ "too deep, backwards", EINVAL, "chain of more", too_deep_backwards },
	{ "long chain", EINVAL, "chain of more", long_chain },
	{ "unions of unions", EINVAL, "out of proportion", exploding_union },
	{ "names of unions of unions", EINVAL, "out of proportion",
	  exploding_names },
	{ "name of 8193 bytes", E2BIG, "longer than 8192", name_too_long },
	{ "5000 names of the same 8000 bytes", E2BIG, "more than 33554432", names_too_long },
	{ "80000 enumerators of the same 500", E2BIG, "more than 33554432", values_too_long },
	{ "one listed 5000 times", E2BIG, "more than 33554432", names_listed_too_often },
	{ "integer of no bytes", EINVAL, "0 bytes", int_size_zero },
	{ "integer of very many bytes", EINVAL, "bytes", int_size_huge },
	{ "bits past the integer", EINVAL, "25 bits at bit 8",
	  int_bits_past_size },
	{ "encoding of an integer", EINVAL, "encoding 0x5", int_encoding },
	{ "array size overflow", EINVAL, "4 GiB", array_overflow },
	{ "nested array size overflow", EINVAL, "4 GiB",
	  array_overflow_nested },
	{ "function as member", EINVAL, "cannot stand", member_func },
	{ "member past the struct", EINVAL, "past the 4 bytes",
	  member_past_struct },
	{ "member far past the struct", EINVAL, "past the 4 bytes",
	  member_far_past_struct },
	{ "member whose name is long in text", EINVAL, "longer than", member_name },
	{ "member with a long name", EINVAL, "longer than", member_name_long },
	{ "bitfield of void", EINVAL, "neither", bitfield_of_void },
	{ "void behind the struct", EINVAL, "past the 4 bytes", member_void_behind },
	{ "lock beside void", EINVAL, "locks, timers", member_void_beside_lock },
	{ "bitfield of a struct", EINVAL, "neither", bitfield_of_struct },
	{ "bitfield wider than its type", EINVAL, "33 bits", bitfield_wide },
	{ "bitfield past the struct", EINVAL, "past the", bitfield_past_struct },
	{ "pointer at a bit", EINVAL, "no bitfield", unaligned_pointer },
	{ "enum of 3 bytes", EINVAL, "3 bytes", enum_size },
	{ "enumerator whose name is", EINVAL, "longer than", enum_name },
	{ "float of 7 bytes", EINVAL, "7 bytes", float_size },
	{ "function of type int", EINVAL, "cannot stand", func_of_int },
	{ "function of type void", EINVAL, "cannot stand", func_of_void },
	{ "linkage of a function", EINVAL, "linkage 3", func_linkage },
	{ "void parameter", EINVAL, "void", param_void },
	{ "name of a parameter", EINVAL, "past the strings", param_name },
	{ "linkage of a variable", EINVAL, "linkage 3", var_linkage },
	{ "section of a type", EINVAL, "cannot stand", datasec_of_int },
	{ "variable past its section", EINVAL, "ends past",
	  datasec_var_past_end },
	{ "variable larger than it says", EINVAL, "ends past",
	  datasec_var_lies },
	{ "offset of a variable wraps", EINVAL, "ends past",
	  datasec_offset_wraps },
	{ "lock beside a variable whose name is", EINVAL, "locks, timers",
	  datasec_name_beside_lock },
	{ "locks by the thousand", EINVAL, "9000 locks", many_locks },
	{ "array of locks by the million", EINVAL, "100000000 locks", array_of_locks },
	{ "tag of a pointer", EINVAL, "cannot stand", tag_of_ptr },
	{ "tag of void", EINVAL, "void", tag_of_void },
	{ "tag of a member past the last", EINVAL, "component 1",
	  tag_component },
	{ "tag of a negative member", EINVAL, "component -2",
	  tag_component_negative },
	{ "tag of a component of a variable", EINVAL, "component 0",
	  tag_component_of_var },
	{ "tag of a function that is none", EINVAL, "component 0",
	  tag_of_bad_func },
	{ "tag of a parameter past the last", EINVAL, "component 0",
	  tag_of_func_param },
};

static void test_bad(const struct bad *c)
{
	struct bpffs_diag d = {};
	struct bpffs_btf btf;
	__u32 size;
	void *blob;
	int err;

	start();
	c->build();
	blob = btf_finish(&b, &size);
	err = bpffs_btf_parse(&btf, blob, size, &d);
	if (!ok(err == -c->err && d.err == err && strstr(d.text, c->part) &&
		!btf.types && !btf.layouts, "row 7: %s", c->name))
		note("%d: %s", err, d.text);
	if (!err)
		bpffs_btf_release(&btf);
}

/* Headers and sections, as changes to a good blob. */
static const struct {
	const char *name;
	int err;
	__u32 word;
	__u32 value;
} bad_headers[] = {
	{ "magic", EINVAL, 0, 0x01009feb },
	{ "version", EOPNOTSUPP, 0, 0x0002eb9f },
	{ "flags", EOPNOTSUPP, 0, 0x0101eb9f },
	{ "short header", EINVAL, 1, 20 },
	{ "header past the end", EINVAL, 1, 4000 },
	{ "unaligned header", EINVAL, 1, 26 },
	{ "unaligned types", EINVAL, 2, 2 },
	{ "types past the end", EINVAL, 2, 0x7ffffffc },
	{ "types that wrap", EINVAL, 3, 0xfffffffc },
	{ "unaligned length of types", EINVAL, 3, 30 },
	{ "no types", EINVAL, 3, 0 },
	{ "strings past the end", EINVAL, 4, 0xffffffff },
	{ "strings in the types", EINVAL, 4, 0 },
	{ "length of strings that wraps", EINVAL, 5, 0xffffffff },
	{ "no strings", EINVAL, 5, 0 },
	{ "strings without a final NUL", EINVAL, 5, 3 },
	{ "strings without a first NUL", EINVAL, 4, 33 },
};

static void test_bad_headers(void)
{
	struct bpffs_diag d;
	struct bpffs_btf btf;
	__u32 i, size, *blob;
	int err;

	for (i = 0; i < ARRAY_SIZE(bad_headers); i++) {
		start();
		blob = btf_finish(&b, &size);
		blob[bad_headers[i].word] = bad_headers[i].value;
		if (bad_headers[i].word == 4 && bad_headers[i].value == 33)
			blob[5] = 2;
		d.err = 0;
		err = bpffs_btf_parse(&btf, blob, size, &d);
		if (!ok(err == -bad_headers[i].err && *d.text, "row 7: %s",
			bad_headers[i].name))
			note("%d: %s", err, d.text);
	}
}

/* One of each kind, in the forms that compilers leave in objects. */
static void build_all_kinds(void)
{
	__u32 at;

	start();
	btf_ref(&b, "", BTF_KIND_PTR, 6);
	btf_array(&b, CHAR, U32, 16);
	btf_ref(&b, "comm_t", BTF_KIND_TYPEDEF, 4);
	at = b.nr;
	btf_open(&b, "node", BTF_KIND_STRUCT, 32, 0);
	btf_member(&b, at, "next", 3, 0);
	btf_member(&b, at, "comm", 7, 64);
	btf_member(&b, at, "bits", U32, 192);
	btf_ref(&b, "", BTF_KIND_CONST, 8);
	btf_ref(&b, "", BTF_KIND_VOLATILE, 9);
	btf_ref(&b, "", BTF_KIND_RESTRICT, 10);
	btf_ref(&b, "tag", BTF_KIND_TYPE_TAG, 5);
	at = b.nr;
	btf_open(&b, "color", BTF_KIND_ENUM, 4, 0);
	btf_value(&b, at, "RED", 0);
	btf_type(&b, "big", INFO(BTF_KIND_ENUM64, 1, 1), 8);
	btf_word(&b, btf_str(&b, "BIG"));
	btf_word(&b, 0);
	btf_word(&b, 1);
	btf_type(&b, "later", INFO(BTF_KIND_FWD, 0, 1), 0);
	at = b.nr;
	btf_open(&b, "", BTF_KIND_FUNC_PROTO, 0, 0);
	btf_value(&b, at, "ctx", 3);
	btf_value(&b, at, "", 0);
	btf_type(&b, "prog", INFO(BTF_KIND_FUNC, BTF_FUNC_GLOBAL, 0), 14);
	btf_var(&b, "counter", U32, BTF_VAR_GLOBAL_ALLOCATED);
	btf_var(&b, "ksym", 0, BTF_VAR_GLOBAL_EXTERN);
	at = b.nr;
	btf_open(&b, ".bss", BTF_KIND_DATASEC, 0, 0);
	btf_words3(&b, at, 16, 0, 4);
	at = b.nr;
	btf_open(&b, ".ksyms", BTF_KIND_DATASEC, 0, 0);
	btf_words3(&b, at, 17, 0, 0);
	btf_words3(&b, at, 15, 0, 0);
	btf_type(&b, "double", INFO(BTF_KIND_FLOAT, 0, 0), 8);
	btf_tag(&b, "record: struct node", 16, -1);
	btf_tag(&b, "ctx_arg", 15, 0);
	at = b.nr;
	btf_open(&b, "either", BTF_KIND_UNION, 8, 0);
	btf_member(&b, at, "d", 20, 0);
	btf_member(&b, at, "p", 3, 0);
}

/* What compilers knew no type for, and what it is a part of. */
static void build_opaque(void)
{
	__u32 at;

	start();
	btf_ref(&b, "", BTF_KIND_CONST, 0);
	btf_array(&b, 3, U32, 4);
	at = b.nr;
	btf_open(&b, "counts", BTF_KIND_STRUCT, 24, 0);
	btf_member(&b, at, "a", 0, 0);
	btf_member(&b, at, "b", 4, 32);
	btf_member(&b, at, "c", U32, 160);
	btf_array(&b, 5, U32, 2);
	btf_var(&b, "total", 0, BTF_VAR_GLOBAL_ALLOCATED);
	btf_var(&b, "other", U32, BTF_VAR_GLOBAL_ALLOCATED);
	at = b.nr;
	btf_open(&b, ".bss", BTF_KIND_DATASEC, 16, 0);
	btf_words3(&b, at, 7, 0, 8);
	btf_words3(&b, at, 8, 8, 4);
	btf_ref(&b, "f", BTF_KIND_FWD, 0);
	at = b.nr;
	btf_open(&b, "forward", BTF_KIND_UNION, 4, 0);
	btf_member(&b, at, "a", 10, 0);
}

static void test_opaque(void)
{
	static const struct {
		const char *name;
		__u32 id;
		__u32 size;
	} types[] = {
		{ "array of void", 4, 0 },
		{ "struct with void in it", 5, 24 },
		{ "array of such structs", 6, 48 },
		{ "variable of void", 7, 0 },
		{ "section of such a variable", 9, 16 },
		{ "forward declaration in a union", 11, 4 },
	};
	struct bpffs_diag d = {};
	struct bpffs_btf btf;
	__u32 i, size;
	void *blob;

	build_opaque();
	blob = btf_finish(&b, &size);
	if (!ok(!bpffs_btf_parse(&btf, blob, size, &d), "types that are not known: %s", d.text))
		return;
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		ok(!btf.layouts[types[i].id].has_value, "%s: no text", types[i].name);
		is(bpffs_btf_size(&btf, types[i].id), types[i].size, "size");
	}
	ok(btf.layouts[8].has_value, "a variable beside them has text");
	bpffs_btf_release(&btf);
}

static void test_good(void)
{
	struct bpffs_diag d = {};
	struct bpffs_btf btf;
	__u32 size;
	void *blob;

	build_all_kinds();
	blob = btf_finish(&b, &size);
	is(bpffs_btf_parse(&btf, blob, size, &d), 0, "one of each kind");
	if (d.err)
		note("%s", d.text);
	is(btf.nr_types, 24, "all are indexed");
	is(bpffs_btf_size(&btf, 6), 32, "size of a struct");
	is(bpffs_btf_size(&btf, 7), 16, "size through qualifiers");
	is(bpffs_btf_size(&btf, 13), 0, "size of a forward declaration");
	is(bpffs_btf_size(&btf, 16), 4, "size of a variable");
	is(bpffs_btf_size(&btf, 99), 0, "size of an id out of range");
	is(bpffs_btf_resolve(&btf, 7), 4, "resolving qualifiers and typedefs");
	is(bpffs_btf_resolve(&btf, 16), U32, "resolving a variable");
	is(bpffs_btf_resolve(&btf, 17), 0, "resolving to void");
	is(bpffs_btf_resolve(&btf, 1000), 0, "resolving an id out of range");
	ok(!bpffs_btf_type(&btf, 0) && !bpffs_btf_type(&btf, 24),
	   "no type for void and past the end");
	is_str(bpffs_btf_name(&btf, 0xffffffff), "", "no name past the end");
	is(bpffs_btf_find(&btf, "node", BTF_KIND_STRUCT), 6, "finding a struct");
	is(bpffs_btf_find(&btf, "node", BTF_KIND_UNION), 0, "but no union");
	is(bpffs_btf_find_named(&btf, "struct node"), 6, "C: a struct");
	is(bpffs_btf_find_named(&btf, "union either"), 23, "C: a union");
	is(bpffs_btf_find_named(&btf, "enum color"), 11, "C: an enum");
	is(bpffs_btf_find_named(&btf, "enum big"), 12, "C: an enum64");
	is(bpffs_btf_find_named(&btf, "comm_t"), 5, "C: a typedef");
	is(bpffs_btf_find_named(&btf, "u32"), 1, "C: an integer");
	is(bpffs_btf_find_named(&btf, "double"), 20, "C: a float");
	is(bpffs_btf_find_named(&btf, "struct "), 0, "C: nothing");
	is(bpffs_btf_find_named(&btf, ""), 0, "C: less than nothing");
	is_str(bpffs_btf_decl_tag(&btf, 16, "record: "), "struct node",
	       "tag of a variable");
	ok(!bpffs_btf_decl_tag(&btf, 15, "ctx"), "tags of parameters are not");
	ok(!bpffs_btf_decl_tag(&btf, 16, "other"), "other tags are not");
	bpffs_btf_release(&btf);
	bpffs_btf_release(&btf);
	ok(!btf.types, "released twice");
}

/* A header that grew keeps its meaning. */
static void test_long_header(void)
{
	struct bpffs_btf btf;
	__u32 size;
	char *blob, *longer;

	start();
	blob = btf_finish(&b, &size);
	longer = malloc(size + 8);
	memcpy(longer, blob, 24);
	memset(longer + 24, 0xee, 8);
	memcpy(longer + 32, blob + 24, size - 24);
	((struct btf_header *)longer)->hdr_len = 32;
	is(bpffs_btf_parse(&btf, longer, size + 8, NULL), 0, "longer header");
	is(bpffs_btf_size(&btf, U32), 4, "and what follows it");
	bpffs_btf_release(&btf);
	free(longer);
}

static void test_no_memory(void)
{
	struct bpffs_diag d;
	struct bpffs_btf btf;
	__u32 size, n;
	void *blob;
	int err;

	build_all_kinds();
	blob = btf_finish(&b, &size);
	for (n = 1; ; n++) {
		d.err = 0;
		test_fail_alloc(n);
		err = bpffs_btf_parse(&btf, blob, size, &d);
		if (!test_alloc_failed())
			break;
		ok(err == -ENOMEM && d.err == err && !btf.types,
		   "row 23: allocation %u fails", n);
	}
	test_fail_alloc(0);
	is(err, 0, "and none fails in the end");
	bpffs_btf_release(&btf);
}

/* Every prefix and every changed byte is refused or taken, and that is all. */
static void test_damaged(void)
{
	struct bpffs_btf btf;
	__u32 size, i, v;
	unsigned char *blob, *copy;

	build_all_kinds();
	blob = btf_finish(&b, &size);
	for (i = 0; i < size; i++) {
		copy = malloc(i + 1);
		memcpy(copy, blob, i);
		if (!bpffs_btf_parse(&btf, copy, i, NULL))
			break;
		free(copy);
	}
	is(i, size, "row 7: every shorter blob is refused");
	copy = malloc(size);
	for (i = 0; i < size; i++) {
		for (v = 0; v < 256; v++) {
			memcpy(copy, blob, size);
			copy[i] = v;
			bpffs_btf_parse(&btf, copy, size, NULL);
			bpffs_btf_release(&btf);
		}
	}
	free(copy);
	ok(1, "row 7: every byte changed to every value");
}

/* Time is linear: one large struct, and very many types that share one. */
static void test_large(void)
{
	static struct btf_build large;
	struct bpffs_btf btf;
	__u32 size, at, i;
	void *blob;

	btf_start(&large);
	btf_int(&large, "u32", 4, 0);
	at = large.nr;
	btf_open(&large, "s", BTF_KIND_STRUCT, 4 * 20000, 0);
	for (i = 0; i < 20000; i++) {
		btf_count(&large, at);
		btf_word(&large, 1);
		btf_word(&large, 1);
		btf_word(&large, 32 * i);
	}
	blob = btf_finish(&large, &size);
	is(bpffs_btf_parse(&btf, blob, size, NULL), 0, "20000 members");
	is(bpffs_btf_size(&btf, 2), 80000, "and their size");
	bpffs_btf_release(&btf);
	free(large.blob);
}

int main(void)
{
	size_t i;

	test_good();
	test_opaque();
	test_long_header();
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		test_bad(&bad[i]);
	test_bad_headers();
	test_no_memory();
	test_damaged();
	test_large();
	free(b.blob);
	return done_testing();
}
