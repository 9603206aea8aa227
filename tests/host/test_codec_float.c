// SPDX-License-Identifier: GPL-2.0
/* Floating point text against the C library's, which has exact arithmetic. */
#include <math.h>
#include <stdlib.h>
#include <linux/kernel.h>
#include "../../kernel/bpf/codec/codec.h"
#include "btf_build.h"
#include "test.h"

#define ROUNDS	100000

enum { VOID, FLOAT, DOUBLE };

static struct btf_build b;
static struct bpffs_btf btf;

static u64 next_random(void)
{
	static u64 state = 88172645463325252ULL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static const char *print(u32 type, const void *data)
{
	static char text[64];
	struct bpffs_text out = { .buf = text, .cap = sizeof(text) - 1 };

	bpffs_print_value(&out, &btf, type, type == FLOAT ? 4 : 8, data);
	text[out.len] = '\0';
	return text;
}

static u32 count_digits(const char *text)
{
	u32 nr = 0, zeros = 0;

	for (; *text && *text != 'e'; text++) {
		if (*text < '0' || *text > '9' || (*text == '0' && !nr))
			continue;
		zeros = *text == '0' ? zeros + 1 : 0;
		nr++;
	}
	return nr - zeros;
}

static int double_is_wrong(double value)
{
	const char *text = print(DOUBLE, &value);
	char other[64];
	double back;
	u32 nr;

	if (strtod(text, NULL) != value)
		return 1;
	if (bpffs_parse_value(text, strlen(text), &btf, DOUBLE, 8, &back, NULL) ||
	    memcmp(&back, &value, 8))
		return 1;
	nr = count_digits(text);
	if (nr < 2)
		return 0;
	snprintf(other, sizeof(other), "%.*e", nr - 2, value);
	return strtod(other, NULL) == value;
}

static int float_is_wrong(float value)
{
	const char *text = print(FLOAT, &value);
	char other[64];
	float back;
	u32 nr;

	if (strtof(text, NULL) != value)
		return 1;
	if (bpffs_parse_value(text, strlen(text), &btf, FLOAT, 4, &back, NULL) ||
	    memcmp(&back, &value, 4))
		return 1;
	nr = count_digits(text);
	if (nr < 2)
		return 0;
	snprintf(other, sizeof(other), "%.*e", nr - 2, value);
	return strtof(other, NULL) == value;
}

static void test_random(void)
{
	u32 i, bits32, wrong_double = 0, wrong_float = 0;
	double d;
	float f;
	u64 bits;

	for (i = 0; i < ROUNDS; i++) {
		bits = next_random();
		memcpy(&d, &bits, 8);
		if (isfinite(d))
			wrong_double += double_is_wrong(d);
		bits32 = bits;
		memcpy(&f, &bits32, 4);
		if (isfinite(f))
			wrong_float += float_is_wrong(f);
		wrong_double += double_is_wrong((double)(bits % 100000) / 100);
		wrong_float += float_is_wrong((float)(bits % 100000) / 8);
	}
	is(wrong_double, 0, "random doubles: exact and shortest");
	is(wrong_float, 0, "random floats: exact and shortest");
}

/* Powers of two and ten and their neighbours, where gaps change. */
static void test_edges(void)
{
	u32 wrong = 0;
	int i;
	double d;

	for (i = -1074; i < 1024; i++) {
		d = ldexp(1, i);
		wrong += double_is_wrong(d);
		wrong += double_is_wrong(nextafter(d, 0));
		wrong += isfinite(nextafter(d, INFINITY)) &&
			 double_is_wrong(nextafter(d, INFINITY));
	}
	for (i = -323; i < 309; i++) {
		d = pow(10, i);
		wrong += double_is_wrong(d);
		wrong += double_is_wrong(nextafter(d, 0));
		wrong += double_is_wrong(nextafter(d, INFINITY));
	}
	for (i = -149; i < 128; i++) {
		wrong += float_is_wrong(ldexpf(1, i));
		wrong += float_is_wrong(nextafterf(ldexpf(1, i), 0));
	}
	is(wrong, 0, "powers of two and ten and their neighbours");
}

/* Up to 40 digits, most of them near halfway between two doubles. */
static void test_texts(void)
{
	u32 i, wrong = 0, wrong_float = 0;
	double want, got;
	float wantf, gotf;
	char text[96];
	u64 bits;

	for (i = 0; i < ROUNDS; i++) {
		bits = next_random();
		if (i % 2)
			snprintf(text, sizeof(text), "%llu.%llue%d",
				 next_random(), next_random(),
				 (int)(bits % 700) - 370);
		else
			snprintf(text, sizeof(text), "%llu%llu",
				 9007199254740992 + bits % 4096 * 2 + 1,
				 i % 4 ? 0ULL : next_random() % 2);
		want = strtod(text, NULL);
		if (isfinite(want)) {
			wrong += bpffs_parse_value(text, strlen(text), &btf,
						   DOUBLE, 8, &got, NULL) ||
				 memcmp(&want, &got, 8);
		}
		wantf = strtof(text, NULL);
		if (isfinite(wantf)) {
			wrong_float += bpffs_parse_value(text, strlen(text),
							 &btf, FLOAT, 4, &gotf,
							 NULL) ||
				       memcmp(&wantf, &gotf, 4);
		}
	}
	is(wrong, 0, "decimal texts to the nearest double");
	is(wrong_float, 0, "decimal texts to the nearest float");
}

int main(void)
{
	u32 size;
	void *blob;

	btf_start(&b);
	btf_type(&b, "float", INFO(BTF_KIND_FLOAT, 0, 0), 4);
	btf_type(&b, "double", INFO(BTF_KIND_FLOAT, 0, 0), 8);
	blob = btf_finish(&b, &size);
	is(bpffs_btf_parse(&btf, blob, size, NULL), 0, "types are good");
	test_random();
	test_edges();
	test_texts();
	bpffs_btf_release(&btf);
	free(b.blob);
	return done_testing();
}
