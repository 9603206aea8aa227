// SPDX-License-Identifier: GPL-2.0
/* Objects that are newer than the kernel or the loader. */
#include <linux/err.h>
#include <linux/kernel.h>
#include "../../kernel/bpf/loader/plan.h"
#include "test.h"
#include "btf_build.h"
#include "objects/objects.h"
#include "plan_build.h"

static bool has_section(const struct bpffs_btf *btf, const char *name)
{
	return bpffs_btf_find(btf, name, BTF_KIND_DATASEC);
}

static void test_soften(void)
{
	struct object object = object_read("names");
	struct bpffs_plan *plan = plan_of(&object);
	struct bpffs_btf soft;
	void *copy;

	if (!ok(!IS_ERR(plan), "an object with '?' in a section's name"))
		return;
	ok(has_section(&plan->btf, "?odd"), "keeps its types");
	copy = malloc(plan->btf_size);
	memcpy(copy, plan->btf_data, plan->btf_size);
	ok(bpffs_btf_soften(copy, &plan->btf), "there is something to soften");
	is(bpffs_btf_parse(&soft, copy, plan->btf_size, &diag), 0, "and it is BTF");
	ok(has_section(&soft, "_odd") && !has_section(&soft, "?odd"),
	   "without the '?'");
	ok(has_section(&plan->btf, "?odd"), "the object's own stays");
	ok(!bpffs_btf_soften(copy, &soft), "a second time there is nothing");
	bpffs_btf_release(&soft);
	free(copy);
	bpffs_plan_free(plan);
	object_free(&object);
}

static struct btf_build b;

/* What GCC 12 leaves, and C that has no name for a parameter. */
static void test_soften_types(void)
{
	__u32 number, letter, proto, len;
	struct bpffs_btf btf, soft;
	const struct btf_type *t;
	const __u32 *tail;
	void *copy;

	btf_start(&b);
	number = btf_int(&b, "int", 4, BTF_INT_SIGNED);
	letter = btf_int(&b, "char", 1, BTF_INT_SIGNED | BTF_INT_CHAR);
	proto = btf_type(&b, "", INFO(BTF_KIND_FUNC_PROTO, 3, 0), number);
	btf_word(&b, 0);
	btf_word(&b, letter);
	btf_word(&b, btf_str(&b, "named"));
	btf_word(&b, number);
	btf_word(&b, 0);
	btf_word(&b, 0);
	btf_ref(&b, "", BTF_KIND_FUNC, proto);
	btf_type(&b, ".data.a-b/c", INFO(BTF_KIND_DATASEC, 0, 0), 4);
	btf_finish(&b, &len);
	copy = memcpy(malloc(len), b.blob, len);
	is(bpffs_btf_parse(&btf, b.blob, len, &diag), 0, "types of GCC 12");
	ok(bpffs_btf_soften(copy, &btf), "are softened");
	is(bpffs_btf_parse(&soft, copy, len, &diag), 0, "to BTF");
	t = bpffs_btf_type(&soft, letter);
	is(BTF_INT_ENCODING(*(const __u32 *)(t + 1)), BTF_INT_SIGNED,
	   "in which a char is signed");
	tail = (const __u32 *)(bpffs_btf_type(&soft, proto) + 1);
	is_str(bpffs_btf_name(&soft, tail[0]), "int", "a parameter has a name");
	is_str(bpffs_btf_name(&soft, tail[2]), "named", "or keeps its own");
	is(tail[4], 0, "and what stands for more of them has none");
	t = bpffs_btf_type(&soft, proto + 1);
	is_str(bpffs_btf_name(&soft, t->name_off), "int", "a function has a name");
	ok(has_section(&soft, ".data.a_b_c"), "a section a plain one");
	ok(!bpffs_btf_soften(copy, &soft), "once and for all");
	bpffs_btf_release(&btf);
	bpffs_btf_release(&soft);
	free(copy);
}

/* What clang has no type for: a part of a struct, of an array, and a variable. */
static void test_soften_void(void)
{
	__u32 byte, array, whole, var, len;
	struct bpffs_btf btf, soft;
	const __u32 *tail;
	void *copy;

	btf_start(&b);
	btf_int(&b, "int", 4, BTF_INT_SIGNED);
	btf_type(&b, "nibble", INFO(BTF_KIND_INT, 0, 0), 1);
	btf_word(&b, 4);
	byte = btf_int(&b, "char", 1, BTF_INT_SIGNED);
	array = btf_type(&b, "", INFO(BTF_KIND_ARRAY, 0, 0), 0);
	btf_word(&b, 0);
	btf_word(&b, 1);
	btf_word(&b, 4);
	whole = btf_type(&b, "counts", INFO(BTF_KIND_STRUCT, 1, 0), 8);
	btf_word(&b, btf_str(&b, "a"));
	btf_word(&b, 0);
	btf_word(&b, 0);
	var = btf_type(&b, "total", INFO(BTF_KIND_VAR, 0, 0), 0);
	btf_word(&b, 1);
	btf_finish(&b, &len);
	copy = memcpy(malloc(len), b.blob, len);
	is(bpffs_btf_parse(&btf, b.blob, len, &diag), 0, "types that are not known");
	ok(bpffs_btf_soften(copy, &btf), "are softened");
	is(bpffs_btf_parse(&soft, copy, len, &diag), 0, "to BTF");
	tail = (const __u32 *)(bpffs_btf_type(&soft, array) + 1);
	is(tail[0], byte, "with a type of one byte for elements");
	tail = (const __u32 *)(bpffs_btf_type(&soft, whole) + 1);
	is(tail[1], byte, "for a member");
	is(bpffs_btf_type(&soft, var)->type, byte, "and for a variable");
	is(bpffs_btf_size(&soft, whole), 8, "sizes stay");
	ok(!bpffs_btf_soften(copy, &soft), "once and for all");
	bpffs_btf_release(&btf);
	bpffs_btf_release(&soft);
	free(copy);
	free(b.blob);
}

/* Of an object whose BTF has a longer header, as newer compilers may write it. */
static struct object with_longer_header(const char *name)
{
	struct object old = object_read(name), new;
	struct elf64_shdr *shdr = object_shdr_of(&old, ".BTF");
	struct btf_header *hdr;

	new.size = old.size + shdr->sh_size + 8;
	new.image = calloc(1, new.size);
	memcpy(new.image, old.image, old.size);
	hdr = (void *)(new.image + old.size);
	memcpy(hdr, old.image + shdr->sh_offset, 24);
	/* Kinds of type: what kernels before 7.x refuse to read. */
	memset((void *)hdr + 24, 0xee, 8);
	memcpy((void *)hdr + 32, old.image + shdr->sh_offset + 24, shdr->sh_size - 24);
	hdr->hdr_len = 32;
	shdr = object_shdr_of(&new, ".BTF");
	shdr->sh_offset = old.size;
	shdr->sh_size += 8;
	object_free(&old);
	return new;
}

static void test_longer_header(void)
{
	struct object old = object_read("whole"), new = with_longer_header("whole");
	struct bpffs_plan *want = plan_of(&old), *plan = plan_of(&new);

	if (ok(!IS_ERR(plan) && !IS_ERR(want), "a longer header of BTF: %s", diag.text)) {
		is(plan->btf_size, want->btf_size, "is the one that all kernels know");
		ok(!memcmp(plan->btf_data, want->btf_data, want->btf_size),
		   "and nothing else is different");
	}
	bpffs_plan_free(plan);
	bpffs_plan_free(want);
	object_free(&new);
	object_free(&old);
}

/* What the types say is spoilt; the object works without them, or not at all. */
static void spoil(struct object *object)
{
	__u16 *magic = object_bytes(object, ".BTF");

	*magic ^= 1;
}

static void test_optional_btf(void)
{
	struct object object = object_read("names");
	struct bpffs_plan *plan;

	spoil(&object);
	plan = plan_of(&object);
	if (ok(!IS_ERR(plan), "unreadable BTF that nothing needs")) {
		is(plan->btf_size, 0, "is left out");
		ok(!plan->btf_data && !plan->btf.nr_types, "all of it");
		is(plan->nr_progs, 1, "the program is there");
		is(plan->progs[0].nr_func_info, 0, "without records");
		has_str(plan->remarks.text, "loaded without types: ", "a remark says so");
		bpffs_plan_free(plan);
	}
	object_free(&object);
}

static void test_needed_btf(void)
{
	static const char * const names[] = {
		"whole", "core", "core-names", "externs", "refused-struct_ops",
	};
	struct object object;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		object = object_read(names[i]);
		spoil(&object);
		ok(IS_ERR(plan_of(&object)), "%s: unreadable BTF is refused", names[i]);
		ok(*diag.text, "with a sentence");
		object_free(&object);
	}
}

static void test_only_types(void)
{
	struct object object = object_read("types");
	struct bpffs_plan *plan = plan_of(&object);

	if (ok(!IS_ERR(plan), "an object without maps and programs")) {
		is(plan->nr_progs + plan->nr_maps, 0, "has none");
		ok(plan->btf_size > 0, "and has types");
		has_str(plan->remarks.text, "\"only_types\" is in section .text",
			"a remark says so");
		bpffs_plan_free(plan);
	}
	object_free(&object);
}

static void test_lone_func(void)
{
	struct object object = object_read("lone");

	ok(IS_ERR(plan_of(&object)), "a single function in .text is a program of no type");
	has_str(diag.text, "function \"lone\"", "the sentence names it");
	has_str(diag.text, "progs.lone.type", "and what would tell");
	object_free(&object);
}

static void test_failing_allocations(void)
{
	struct object object = object_read("names");
	struct bpffs_plan *plan;
	unsigned long nth;

	spoil(&object);
	for (nth = 1; nth < 1000; nth++) {
		test_fail_alloc(nth);
		plan = plan_of(&object);
		if (!IS_ERR(plan)) {
			bpffs_plan_free(plan);
			break;
		}
	}
	ok(!test_alloc_failed() && nth > 3,
	   "no allocation that fails is taken for unreadable BTF");
	test_fail_alloc(0);
	object_free(&object);
}

int main(void)
{
	test_soften();
	test_soften_types();
	test_soften_void();
	test_longer_header();
	test_optional_btf();
	test_needed_btf();
	test_only_types();
	test_lone_func();
	test_failing_allocations();
	return done_testing();
}
