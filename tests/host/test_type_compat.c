// SPDX-License-Identifier: GPL-2.0
/* Whether what an object declares and what the kernel has mean the same. */
#include <linux/kernel.h>
#include "test.h"
#include "btf_build.h"
#include "../../kernel/bpf/codec/codec.h"
#include "../../kernel/bpf/loader/type_compat.h"

static struct btf_build blob;
static struct bpffs_types types;

/* Ids, each of the type that its name says. */
static u32 t_int, t_long, t_part, t_ptr, t_ptr_ptr, t_array, t_other_array, t_big_array;
static u32 t_wide_array, t_struct, t_union, t_enum, t_enum64, t_fwd, t_float, t_func;
static u32 t_typedef, t_const, t_volatile, t_tagged, t_loop, t_ptr_loop, t_deep;

static void make_types(void)
{
	int i;

	btf_start(&blob);
	t_int = btf_int(&blob, "int", 4, BTF_INT_SIGNED);
	t_long = btf_int(&blob, "long", 8, 0);
	t_part = btf_type(&blob, "part", INFO(BTF_KIND_INT, 0, 0), 4);
	btf_word(&blob, 3 << 16 | 5);
	t_ptr = btf_ref(&blob, "", BTF_KIND_PTR, t_int);
	t_ptr_ptr = btf_ref(&blob, "", BTF_KIND_PTR, t_ptr);
	t_array = btf_array(&blob, t_int, t_int, 3);
	t_other_array = btf_array(&blob, t_ptr, t_int, 2);
	t_big_array = btf_array(&blob, t_array, t_int, 1U << 30);
	t_wide_array = btf_array(&blob, t_ptr, t_int, 1U << 29);
	t_struct = btf_open(&blob, "event", BTF_KIND_STRUCT, 24, 0);
	t_union = btf_open(&blob, "either", BTF_KIND_UNION, 16, 0);
	t_enum = btf_open(&blob, "color", BTF_KIND_ENUM, 4, 0);
	t_enum64 = btf_open(&blob, "color", BTF_KIND_ENUM64, 8, 0);
	t_fwd = btf_ref(&blob, "somewhere", BTF_KIND_FWD, 0);
	t_float = btf_type(&blob, "double", INFO(BTF_KIND_FLOAT, 0, 0), 8);
	t_func = btf_type(&blob, "", INFO(BTF_KIND_FUNC_PROTO, 0, 0), 0);
	t_typedef = btf_ref(&blob, "number", BTF_KIND_TYPEDEF, t_int);
	t_const = btf_ref(&blob, "", BTF_KIND_CONST, t_typedef);
	t_volatile = btf_ref(&blob, "", BTF_KIND_VOLATILE, t_const);
	t_tagged = btf_ref(&blob, "user", BTF_KIND_TYPE_TAG, t_volatile);
	t_loop = blob.last + 1;
	btf_ref(&blob, "", BTF_KIND_CONST, t_loop);
	t_ptr_loop = blob.last + 1;
	btf_ref(&blob, "", BTF_KIND_PTR, t_ptr_loop);
	t_deep = t_int;
	for (i = 0; i < 100; i++)
		t_deep = btf_ref(&blob, "", BTF_KIND_TYPEDEF, t_deep);
}

/* By hand: no BTF that parses has loops. */
static const struct btf_type *at_any(const struct bpffs_types *of, u32 id)
{
	u32 i, word = 0;

	if (!id || id > blob.last)
		return NULL;
	for (i = 1; i < id; i++) {
		const struct btf_type *t = (const void *)&blob.types[word];

		word += 3;
		switch (BTF_INFO_KIND(t->info)) {
		case BTF_KIND_INT:
			word++;
			break;
		case BTF_KIND_ARRAY:
			word += 3;
			break;
		}
	}
	return (const void *)&blob.types[word];
}

static const char *name_of(const struct bpffs_types *of, u32 name_off)
{
	return blob.strings + name_off;
}

static bool fit(u32 local, u32 kernel)
{
	return bpffs_types_fit(&types, local, &types, kernel);
}

static void test_fit(void)
{
	ok(fit(t_int, t_long), "integers of any size");
	ok(!fit(t_int, t_part) && !fit(t_part, t_int), "but not a part of one");
	ok(fit(t_tagged, t_int) && fit(t_int, t_volatile), "whatever they are called");
	ok(!fit(t_int, t_ptr), "no pointer for an integer");
	ok(fit(t_ptr, t_ptr) && !fit(t_ptr, t_ptr_ptr), "pointers to what fits");
	ok(fit(t_array, t_array), "arrays");
	ok(!fit(t_array, t_other_array), "but not of other elements");
	ok(!fit(t_struct, t_union), "a struct is no union");
	ok(fit(t_enum, t_enum64), "an enum of either width");
	ok(fit(t_fwd, t_fwd), "what is declared only");
	ok(!fit(t_float, t_float), "no floats, which no kernel has");
	ok(fit(0, 0), "void");
	ok(!fit(t_ptr_loop, t_ptr_loop), "types without an end do not");
}

static void test_resolve(void)
{
	is(bpffs_types_resolve(&types, t_tagged), t_int, "through four names");
	is(bpffs_types_resolve(&types, t_loop), 0, "not around for ever");
	is(bpffs_types_resolve(&types, t_deep), 0, "nor through a hundred");
	is(bpffs_types_resolve(&types, 0), 0, "void is void");
	is(bpffs_types_resolve(&types, ~0U), 0, "and so is what is not there");
}

static void test_size(void)
{
	u32 size;

	ok(bpffs_types_size(&types, t_tagged, &size) && size == 4, "an integer");
	ok(bpffs_types_size(&types, t_ptr_loop, &size) && size == 8, "a pointer");
	ok(bpffs_types_size(&types, t_struct, &size) && size == 24, "a struct");
	ok(bpffs_types_size(&types, t_enum64, &size) && size == 8, "an enum");
	ok(bpffs_types_size(&types, t_array, &size) && size == 12, "an array");
	ok(bpffs_types_size(&types, t_other_array, &size) && size == 16, "one of pointers");
	ok(!bpffs_types_size(&types, t_big_array, &size), "3 * 2^30 integers are too many");
	ok(!bpffs_types_size(&types, t_wide_array, &size), "and so are 2^29 pointers");
	ok(!bpffs_types_size(&types, t_fwd, &size), "what is declared only has none");
	ok(!bpffs_types_size(&types, 0, &size), "nor has void");
}

static void test_describe(void)
{
	char text[32];

	bpffs_types_describe(&types, t_struct, text, sizeof(text));
	is_str(text, "struct event", "a struct");
	bpffs_types_describe(&types, t_enum64, text, sizeof(text));
	is_str(text, "enum color", "an enum of 64 bits");
	bpffs_types_describe(&types, t_ptr, text, sizeof(text));
	is_str(text, "pointer", "what has no name");
	bpffs_types_describe(&types, t_func, text, sizeof(text));
	is_str(text, "function of 0 arguments", "a function");
	bpffs_types_describe(&types, 0, text, sizeof(text));
	is_str(text, "void", "nothing");
}

int main(void)
{
	make_types();
	types.type = at_any;
	types.name = name_of;
	test_fit();
	test_resolve();
	test_size();
	test_describe();
	return done_testing();
}
