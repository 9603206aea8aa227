// SPDX-License-Identifier: GPL-2.0
/* BUG-CLASSES row 8: every kind of BTF, printed and parsed. */
#include <linux/kernel.h>
#include <linux/errno.h>
#include "../../kernel/bpf/codec/codec.h"
#include "btf_build.h"
#include "test.h"

static struct btf_build b;
static struct bpffs_btf btf;

/* Ids of the types in the order that build() makes them. */
enum {
	VOID, S8, U8, S16, U16, S32, U32, S64, U64, S128, U128, BOOL, CHAR,
	FLOAT, DOUBLE, LDOUBLE, PTR, CONST_VOID, TYPEDEF, CHARS, BYTES, INTS,
	NAMES, MATRIX, FLEX, COLOR, SIGNED_ENUM, BIG, TINY_ENUM, POINT, EITHER,
	ANON_UNION, ANON_STRUCT, NESTED, BITS, OLD_INT, OLD_BITS, LOCK, TIMER,
	TASK, KPTR_TAG, KPTR, MANAGED, MANAGED_ARRAY, EMPTY, VAR, VAR_LOCK,
	VAR_EXTERN, VAR_TAIL, DATA, FWD, FUNC_PROTO, FUNC, DECL_TAG, TYPE_TAG, WIDE_BITS,
	POINTS, FLEX_STRUCT, S24, UNNAMED, BOOL_BITS, ONLY_LOCK, NR_TYPES
};

static void build_scalars(void)
{
	btf_start(&b);
	btf_int(&b, "signed char", 1, BTF_INT_SIGNED);
	btf_int(&b, "unsigned char", 1, 0);
	btf_int(&b, "short", 2, BTF_INT_SIGNED);
	btf_int(&b, "unsigned short", 2, 0);
	btf_int(&b, "int", 4, BTF_INT_SIGNED);
	btf_int(&b, "unsigned int", 4, 0);
	btf_int(&b, "long long", 8, BTF_INT_SIGNED);
	btf_int(&b, "unsigned long long", 8, 0);
	btf_int(&b, "__int128", 16, BTF_INT_SIGNED);
	btf_int(&b, "unsigned __int128", 16, 0);
	btf_int(&b, "_Bool", 1, BTF_INT_BOOL);
	btf_int(&b, "char", 1, BTF_INT_SIGNED);
	btf_type(&b, "float", INFO(BTF_KIND_FLOAT, 0, 0), 4);
	btf_type(&b, "double", INFO(BTF_KIND_FLOAT, 0, 0), 8);
	btf_type(&b, "long double", INFO(BTF_KIND_FLOAT, 0, 0), 16);
	btf_ref(&b, "", BTF_KIND_PTR, CONST_VOID);
	btf_ref(&b, "", BTF_KIND_CONST, VOID);
	btf_ref(&b, "pid_t", BTF_KIND_TYPEDEF, S32);
	btf_array(&b, CHAR, U32, 8);
	btf_array(&b, U8, U32, 4);
	btf_array(&b, TYPEDEF, U32, 3);
	btf_array(&b, CHARS, U32, 2);
	btf_array(&b, INTS, U32, 2);
	btf_array(&b, CHAR, U32, 0);
}

static void build_enums(void)
{
	__u32 at = b.nr;

	btf_open(&b, "color", BTF_KIND_ENUM, 4, 0);
	btf_value(&b, at, "RED", 0);
	btf_value(&b, at, "GREEN", 1);
	btf_value(&b, at, "BLUE", 7);
	btf_value(&b, at, "ALL", 0xffffffff);
	at = b.nr;
	btf_open(&b, "level", BTF_KIND_ENUM, 4, 1);
	btf_value(&b, at, "LOW", -1);
	btf_value(&b, at, "HIGH", 1);
	at = b.nr;
	btf_open(&b, "big", BTF_KIND_ENUM64, 8, 0);
	btf_words3(&b, at, btf_str(&b, "ONE"), 1, 0);
	btf_words3(&b, at, btf_str(&b, "HUGE"), 0, 0x80000000);
	at = b.nr;
	btf_open(&b, "tiny", BTF_KIND_ENUM, 1, 1);
	btf_value(&b, at, "MINUS", -128);
}

static void build_structs(void)
{
	__u32 at = b.nr;

	btf_open(&b, "point", BTF_KIND_STRUCT, 8, 0);
	btf_member(&b, at, "x", S32, 0);
	btf_member(&b, at, "y", S32, 32);
	at = b.nr;
	btf_open(&b, "either", BTF_KIND_UNION, 8, 0);
	btf_member(&b, at, "half", U32, 0);
	btf_member(&b, at, "whole", U64, 0);
	btf_member(&b, at, "at", POINT, 0);
	at = b.nr;
	btf_open(&b, "", BTF_KIND_UNION, 8, 0);
	btf_member(&b, at, "a", U32, 0);
	btf_member(&b, at, "", ANON_STRUCT, 0);
	btf_member(&b, at, "wide", U64, 0);
	at = b.nr;
	btf_open(&b, "", BTF_KIND_STRUCT, 8, 0);
	btf_member(&b, at, "lo", U16, 0);
	btf_member(&b, at, "hi", U16, 48);
	at = b.nr;
	btf_open(&b, "nested", BTF_KIND_STRUCT, 24, 0);
	btf_member(&b, at, "first", U8, 0);
	btf_member(&b, at, "", ANON_UNION, 64);
	btf_member(&b, at, "p", POINT, 128);
	at = b.nr;
	btf_open(&b, "bits", BTF_KIND_STRUCT, 8, 1);
	btf_member(&b, at, "a", U32, 3 << 24 | 0);
	btf_member(&b, at, "b", S32, 5 << 24 | 3);
	btf_member(&b, at, "c", COLOR, 3 << 24 | 8);
	btf_member(&b, at, "d", U64, 50 << 24 | 14);
	btf_type(&b, "old", INFO(BTF_KIND_INT, 0, 0), 4);
	btf_word(&b, 5);
	at = b.nr;
	btf_open(&b, "old_bits", BTF_KIND_STRUCT, 4, 0);
	btf_member(&b, at, "a", OLD_INT, 0);
	btf_member(&b, at, "b", OLD_INT, 5);
	btf_member(&b, at, "c", OLD_INT, 16);
}

static void build_managed(void)
{
	__u32 at = b.nr;

	btf_open(&b, "bpf_spin_lock", BTF_KIND_STRUCT, 4, 0);
	btf_member(&b, at, "val", U32, 0);
	at = b.nr;
	btf_open(&b, "bpf_timer", BTF_KIND_STRUCT, 16, 0);
	btf_open(&b, "task_struct", BTF_KIND_STRUCT, 0, 0);
	btf_ref(&b, "kptr", BTF_KIND_TYPE_TAG, TASK);
	btf_ref(&b, "", BTF_KIND_PTR, KPTR_TAG);
	at = b.nr;
	btf_open(&b, "managed", BTF_KIND_STRUCT, 48, 0);
	btf_member(&b, at, "a", U32, 0);
	btf_member(&b, at, "lock", LOCK, 32);
	btf_member(&b, at, "timer", TIMER, 64);
	btf_member(&b, at, "task", KPTR, 192);
	btf_member(&b, at, "ptr", PTR, 256);
	btf_member(&b, at, "z", U64, 320);
	btf_array(&b, MANAGED, U32, 2);
	btf_open(&b, "empty", BTF_KIND_STRUCT, 0, 0);
	btf_var(&b, "counter", U32, BTF_VAR_GLOBAL_ALLOCATED);
	btf_var(&b, "glock", LOCK, BTF_VAR_STATIC);
	btf_var(&b, "later", VOID, BTF_VAR_GLOBAL_EXTERN);
	btf_var(&b, "tail", U32, BTF_VAR_STATIC);
	at = b.nr;
	btf_open(&b, ".data", BTF_KIND_DATASEC, 16, 0);
	btf_words3(&b, at, VAR, 0, 4);
	btf_words3(&b, at, VAR_LOCK, 4, 4);
	btf_words3(&b, at, VAR_EXTERN, 8, 0);
	btf_words3(&b, at, VAR_TAIL, 12, 4);
}

static void build_rest(void)
{
	__u32 at;

	btf_ref(&b, "fwd", BTF_KIND_FWD, 0);
	btf_open(&b, "", BTF_KIND_FUNC_PROTO, 0, 0);
	btf_ref(&b, "func", BTF_KIND_FUNC, FUNC_PROTO);
	btf_tag(&b, "tag", FUNC, -1);
	btf_ref(&b, "user", BTF_KIND_TYPE_TAG, U16);
	at = b.nr;
	btf_open(&b, "wide_bits", BTF_KIND_STRUCT, 16, 1);
	btf_member(&b, at, "lo", U128, 30 << 24 | 0);
	btf_member(&b, at, "hi", U128, 90 << 24 | 30);
	btf_array(&b, POINT, U32, 2);
	at = b.nr;
	btf_open(&b, "flex", BTF_KIND_STRUCT, 4, 0);
	btf_member(&b, at, "len", U32, 0);
	btf_member(&b, at, "text", FLEX, 32);
	btf_member(&b, at, "none", EMPTY, 32);
	btf_type(&b, "int24", INFO(BTF_KIND_INT, 0, 0), 3);
	btf_word(&b, BTF_INT_SIGNED << 24 | 24);
	at = b.nr;
	btf_open(&b, "unnamed", BTF_KIND_STRUCT, 8, 0);
	btf_member(&b, at, "", U32, 0);
	btf_member(&b, at, "x", U32, 32);
	at = b.nr;
	btf_open(&b, "flags", BTF_KIND_STRUCT, 1, 1);
	btf_member(&b, at, "f", BOOL, 1 << 24 | 0);
	btf_member(&b, at, "g", BOOL, 1 << 24 | 1);
	at = b.nr;
	btf_open(&b, "only_lock", BTF_KIND_STRUCT, 4, 0);
	btf_member(&b, at, "lock", LOCK, 0);
}

static void build(void)
{
	struct bpffs_diag d = {};
	__u32 size;
	void *blob;

	build_scalars();
	build_enums();
	build_structs();
	build_managed();
	build_rest();
	blob = btf_finish(&b, &size);
	is(b.last, NR_TYPES - 1, "types are numbered as named");
	is(bpffs_btf_parse(&btf, blob, size, &d), 0, "types are good");
	if (d.err)
		note("%s", d.text);
}

/* Bytes in hex; "z16" is 16 of them that are zero. */
static __u32 from_hex(const char *hex, __u8 *data)
{
	__u32 len = 0, nr;
	char pair[3] = "";

	for (; *hex; hex += *hex == ' ' ? 1 : 2) {
		if (*hex == ' ')
			continue;
		if (*hex == 'z') {
			nr = strtoul(hex + 1, NULL, 10);
			memset(data + len, 0, nr);
			len += nr;
			hex++;
			continue;
		}
		memcpy(pair, hex, 2);
		data[len++] = strtoul(pair, NULL, 16);
	}
	return len;
}

static const char *print_value(__u32 type, __u32 size, const void *data)
{
	static char text[4096];
	struct bpffs_text out = { .buf = text, .cap = sizeof(text) - 1 };

	bpffs_print_value(&out, &btf, type, size, data);
	text[out.len] = '\0';
	return text;
}

/* What prints as this text and reads back from it. */
static const struct {
	__u32 type;
	const char *hex;
	const char *text;
} same[] = {
	{ S8, "80", "-128" }, { S8, "7f", "127" }, { S8, "ff", "-1" },
	{ U8, "00", "0" }, { U8, "ff", "255" },
	{ S16, "0080", "-32768" }, { S16, "ff7f", "32767" },
	{ U16, "ffff", "65535" },
	{ S32, "00000080", "-2147483648" }, { S32, "ffffff7f", "2147483647" },
	{ U32, "ffffffff", "4294967295" }, { U32, "0a000000", "10" },
	{ U32, "63000000", "99" }, { U32, "64000000", "100" },
	{ S64, "0000000000000080", "-9223372036854775808" },
	{ S64, "ffffffffffffff7f", "9223372036854775807" },
	{ U64, "ffffffffffffffff", "18446744073709551615" },
	{ U64, "0000000001000000", "4294967296" },
	{ U64, "00e8764817000000", "100000000000" },
	{ S128, "ffffffffffffffffffffffffffffffff",
	  "\"0xffffffffffffffffffffffffffffffff\"" },
	{ U128, "01000000000000000000000000000080",
	  "\"0x80000000000000000000000000000001\"" },
	{ U128, "00000000000000000000000000000000", "\"0x0\"" },
	{ BOOL, "00", "false" }, { BOOL, "01", "true" }, { BOOL, "02", "2" },
	{ BOOL, "ff", "255" }, { CHAR, "41", "65" }, { CHAR, "ff", "-1" },
	{ FLOAT, "0000003f", "0.5" }, { FLOAT, "cdcccc3d", "0.1" },
	{ FLOAT, "ffff7f7f", "3.4028235e38" }, { FLOAT, "01000000", "1e-45" },
	{ FLOAT, "0000c07f", "\"nan\"" }, { FLOAT, "0100c0ff", "\"0xffc00001\"" },
	{ DOUBLE, "9a9999999999b93f", "0.1" },
	{ DOUBLE, "0000000000000080", "-0" },
	{ DOUBLE, "0000000000000000", "0" },
	{ DOUBLE, "000000000000f0bf", "-1" },
	{ DOUBLE, "0000000000c05e40", "123" },
	{ DOUBLE, "ffffffffffffef7f", "1.7976931348623157e308" },
	{ DOUBLE, "0100000000000000", "5e-324" },
	{ DOUBLE, "0000000000001000", "2.2250738585072014e-308" },
	{ DOUBLE, "000000000000f07f", "\"inf\"" },
	{ DOUBLE, "000000000000f0ff", "\"-inf\"" },
	{ DOUBLE, "000000000000f87f", "\"nan\"" },
	{ DOUBLE, "010000000000f07f", "\"0x7ff0000000000001\"" },
	{ LDOUBLE, "00000000000000c0ff3f000000000000",
	  "\"0x00000000000000c0ff3f000000000000\"" },
	{ PTR, "00000000000000ff", "\"0xff00000000000000\"" },
	{ PTR, "0000000000000000", "\"0x0\"" },
	{ TYPEDEF, "feffffff", "-2" },
	{ CHARS, "6361740000000000", "\"cat\"" },
	{ CHARS, "6162636465666768", "\"abcdefgh\"" },
	{ CHARS, "0000000000000000", "\"\"" },
	{ CHARS, "0061000000000000", "\"\\u0000a\"" },
	{ CHARS, "225c2f0a7f80ff00",
	  "\"\\\"\\\\/\\u000a\\u007f\\u0080\\u00ff\"" },
	{ BYTES, "0141ff00", "[1, 65, 255, 0]" },
	{ INTS, "ffffffff 00000000 05000000", "[-1, 0, 5]" },
	{ NAMES, "6100000000000000 6263000000000000", "[\"a\", \"bc\"]" },
	{ MATRIX, "01000000 02000000 03000000 04000000 05000000 06000000",
	  "[[1, 2, 3], [4, 5, 6]]" },
	{ FLEX, "", "[]" }, { EMPTY, "", "{}" },
	{ COLOR, "00000000", "\"RED\"" }, { COLOR, "01000000", "\"GREEN\"" },
	{ COLOR, "07000000", "\"BLUE\"" }, { COLOR, "ffffffff", "\"ALL\"" },
	{ COLOR, "02000000", "2" }, { COLOR, "feffffff", "4294967294" },
	{ SIGNED_ENUM, "ffffffff", "\"LOW\"" }, { SIGNED_ENUM, "feffffff", "-2" },
	{ BIG, "0000000000000080", "\"HUGE\"" },
	{ BIG, "ffffffffffffffff", "18446744073709551615" },
	{ TINY_ENUM, "80", "\"MINUS\"" }, { TINY_ENUM, "7f", "127" },
	{ POINT, "01000000 feffffff", "{\"x\": 1, \"y\": -2}" },
	{ EITHER, "0500000001000000",
	  "{\"half\": 5, \"whole\": 4294967301, \"at\": {\"x\": 5, \"y\": 1}}" },
	{ NESTED, "0900000000000000 0100000000000000 05 z07",
	  "{\"first\": 9, \"a\": 1, \"lo\": 1, \"hi\": 0, \"wide\": 1, \"p\": {\"x\": 5, \"y\": 0}}"
	},
	{ BITS, "ff070000 00000000",
	  "{\"a\": 7, \"b\": -1, \"c\": \"BLUE\", \"d\": 0}" },
	{ BITS, "0500ffff ffffffff",
	  "{\"a\": 5, \"b\": 0, \"c\": \"RED\", \"d\": 1125899906842620}" },
	{ OLD_INT, "1f000000", "31" },
	{ OLD_BITS, "ff031f00", "{\"a\": 31, \"b\": 31, \"c\": 31}" },
	{ WIDE_BITS, "010000c0ffffffffffffffffffffff00",
	  "{\"lo\": 1, \"hi\": \"0x3ffffffffffffffffffffff\"}" },
	{ BOOL_BITS, "02", "{\"f\": false, \"g\": true}" },
	{ POINTS, "01000000 02000000 03000000 04000000",
	  "[{\"x\": 1, \"y\": 2}, {\"x\": 3, \"y\": 4}]" },
	{ FLEX_STRUCT, "05000000", "{\"len\": 5, \"text\": [], \"none\": {}}" },
	{ S24, "ffffff", "-1" }, { S24, "ffff7f", "8388607" },
	{ VAR, "05000000", "5" }, { TYPE_TAG, "0100", "1" },
	{ UNNAMED, "0000000005000000", "{\"x\": 5}" },
	{ ONLY_LOCK, "00000000", "{}" }, { LOCK, "00000000", "{}" },
	{ MANAGED, "01000000 z28 0300000000000000 0400000000000000",
	  "{\"a\": 1, \"ptr\": \"0x3\", \"z\": 4}" },
	{ DATA, "03000000 z08 05000000", "{\"counter\": 3, \"tail\": 5}" },
	/* What has no value, or one of another size, is bytes. */
	{ VOID, "0102", "\"0x0102\"" }, { CONST_VOID, "01", "\"0x01\"" },
	{ FWD, "01", "\"0x01\"" }, { FUNC, "01", "\"0x01\"" },
	{ FUNC_PROTO, "01", "\"0x01\"" }, { DECL_TAG, "01", "\"0x01\"" },
	{ VAR_EXTERN, "01", "\"0x01\"" }, { NR_TYPES, "ff", "\"0xff\"" },
	{ 0xffffffff, "ff", "\"0xff\"" }, { U32, "0102", "\"0x0102\"" },
	{ POINT, "01", "\"0x01\"" }, { VOID, "", "\"0x\"" },
};

static void test_same(void)
{
	struct bpffs_diag d;
	__u8 want[64], *got;
	__u32 i, size;
	int err;

	for (i = 0; i < ARRAY_SIZE(same); i++) {
		size = from_hex(same[i].hex, want);
		is_str(print_value(same[i].type, size, want), same[i].text,
		       "row 8: printed");
		d.err = 0;
		got = malloc(size);
		memset(got, 0xaa, size);
		err = bpffs_parse_value(same[i].text, strlen(same[i].text),
					&btf, same[i].type, size, got, &d);
		if (!ok(!err && !memcmp(got, want, size), "row 8: parsed: %s",
			same[i].text))
			note("%s", d.text);
		free(got);
	}
}

/* Other ways to write the same. */
static const struct {
	__u32 type;
	const char *text;
	const char *hex;
} also[] = {
	{ U32, " \t\n# a comment, \"5\"\n 0xff # more\n", "ff000000" },
	{ U32, "\"0xFf\"", "ff000000" }, { S32, "-0", "00000000" },
	{ S32, "-0x10", "f0ffffff" }, { PTR, "16", "1000000000000000" },
	{ U128, "340282366920938463463374607431768211455",
	  "ffffffffffffffffffffffffffffffff" },
	{ S128, "-170141183460469231731687303715884105728",
	  "00000000000000000000000000000080" },
	{ S128, "-1", "ffffffffffffffffffffffffffffffff" },
	{ BOOL, "1", "01" }, { COLOR, "4294967295", "ffffffff" },
	{ COLOR, "\"R\\u0045D\"", "00000000" }, { COLOR, "0x7", "07000000" },
	{ DOUBLE, "1e0", "000000000000f03f" },
	{ DOUBLE, "100e-2", "000000000000f03f" },
	{ DOUBLE, "0.00001e5", "000000000000f03f" },
	{ DOUBLE, "1e-400", "0000000000000000" },
	{ DOUBLE, "0e99999999999", "0000000000000000" },
	{ DOUBLE, "9007199254740993", "0000000000004043" },
	{ DOUBLE, "9007199254740992.99999999999999999999999999999999999999999",
	  "0000000000004043" },
	{ DOUBLE, "9007199254740993.00000000000000000000000000000000000000001",
	  "0100000000004043" },
	{ DOUBLE, "2.4703282292062327208e-324", "0000000000000000" },
	{ DOUBLE, "2.4703282292062328e-324", "0100000000000000" },
	{ CHARS, "\"\\b\\f\\n\\r\\t\\/\\\"\\\\\"", "080c0a0d092f225c" },
	{ CHARS, "\"\\u00e9\\u20ac\"", "e9e282ac00000000" },
	{ CHARS, "\"\\ud83d\\ude00\"", "f09f988000000000" },
	{ CHARS, "\"\\u07ff\\u0800\"", "dfbfe0a080000000" },
	{ CHARS, "\"\xc3\xa9\"", "c3a9000000000000" },
	{ BYTES, "[]", "00000000" }, { BYTES, "[1,2]", "01020000" },
	{ MATRIX, "[[], [1]]",
	  "00000000 00000000 00000000 01000000 00000000 00000000" },
	{ POINT, "{}", "00000000 00000000" },
	{ POINT, "{ \"y\" : 1 , # why\n\"x\":2}", "02000000 01000000" },
	{ POINT, "{\"\\u0079\": 1}", "00000000 01000000" },
	/* The widest member that is given decides, whatever the order. */
	{ EITHER, "{\"half\": 1}", "0100000000000000" },
	{ EITHER, "{\"half\": 1, \"whole\": 8589934594}", "0200000002000000" },
	{ EITHER, "{\"whole\": 8589934594, \"half\": 1}", "0200000002000000" },
	{ EITHER, "{\"at\": {\"y\": 1}, \"half\": 7}", "0000000001000000" },
	{ EITHER, "{\"half\": 4294967295, \"at\": {\"y\": 1}}",
	  "0000000001000000" },
	{ EITHER, "{\"at\": {\"x\": 1, \"y\": 1}, \"whole\": 3}",
	  "0300000000000000" },
	{ NESTED, "{\"lo\": 1, \"hi\": 2}",
	  "0000000000000000 0100000000000200 0000000000000000" },
	{ NESTED, "{\"lo\": 1, \"a\": 5, \"hi\": 2}",
	  "0000000000000000 0500000000000000 0000000000000000" },
	{ NESTED, "{\"lo\": 1, \"p\": {\"x\": 1}, \"wide\": 3, \"first\": 2, \"hi\": 2}",
	  "0200000000000000 0300000000000000 0100000000000000" },
	{ OLD_BITS, "{\"b\": 1}", "20000000" },
	{ DATA, "{\"counter\": 3}", "03000000 00000000 00000000 00000000" },
};

static void test_also(void)
{
	struct bpffs_diag d;
	__u8 want[64], got[64];
	__u32 i, size;
	int err;

	for (i = 0; i < ARRAY_SIZE(also); i++) {
		size = from_hex(also[i].hex, want);
		memset(got, 0xaa, sizeof(got));
		d.err = 0;
		err = bpffs_parse_value(also[i].text, strlen(also[i].text),
					&btf, also[i].type, size, got, &d);
		if (!ok(!err && !memcmp(got, want, size), "taken: %s",
			also[i].text))
			note("%d %s: %s", err, d.text,
			     print_value(VOID, size, got));
	}
}

static const struct {
	__u32 type;
	const char *text;
	int err;
	__u32 line;
	__u32 column;
	const char *part;
} refused[] = {
	{ U8, "256", ERANGE, 1, 1, "256 is out of range, which is 0 to 255" },
	{ U8, "-1", ERANGE, 1, 1, "0 to 255" },
	{ S8, "128", ERANGE, 1, 1, "-128 to 127" },
	{ S8, "-129", ERANGE, 1, 1, "-128 to 127" },
	{ S8, "0x80", ERANGE, 1, 1, "-128 to 127" },
	{ U16, "65536", ERANGE, 1, 1, "65535" },
	{ S16, "-32769", ERANGE, 1, 1, "-32768 to 32767" },
	{ U32, "4294967296", ERANGE, 1, 1, "4294967295" },
	{ S32, "2147483648", ERANGE, 1, 1, "2147483647" },
	{ S32, "-2147483649", ERANGE, 1, 1, "-2147483648" },
	{ U64, "18446744073709551616", ERANGE, 1, 1, "18446744073709551615" },
	{ S64, "9223372036854775808", ERANGE, 1, 1, "9223372036854775807" },
	{ S64, "-9223372036854775809", ERANGE, 1, 1, "-9223372036854775808" },
	{ U128, "340282366920938463463374607431768211456", ERANGE, 1, 1,
	  "128 bits" },
	{ U128, "-1", ERANGE, 1, 1, "128 bits" },
	{ S128, "170141183460469231731687303715884105728", ERANGE, 1, 1,
	  "with a sign" },
	{ U128, "\"0x100000000000000000000000000000000\"", ERANGE, 1, 2,
	  "128 bits" },
	{ S24, "8388608", ERANGE, 1, 1, "8388607" },
	{ BOOL, "256", ERANGE, 1, 1, "255" }, { BOOL, "yes", EINVAL, 1, 1, "" },
	{ BOOL, "trues", EINVAL, 1, 1, "" }, { U32, "true", EINVAL, 1, 1, "" },
	{ U32, "", EINVAL, 1, 1, "the text ends where a number" },
	{ U32, "-", EINVAL, 1, 1, "a number" },
	{ U32, "+5", EINVAL, 1, 1, "a number" },
	{ U32, "05", EINVAL, 1, 1, "octal" },
	{ U32, "1.5", EINVAL, 1, 1, "whole number" },
	{ U32, "1e3", EINVAL, 1, 1, "whole number" },
	{ U32, "12abc", EINVAL, 1, 1, "a number" },
	{ U32, "0x", EINVAL, 1, 1, "" }, { U32, "0xg", EINVAL, 1, 3, "hex" },
	{ U32, "\"12\"", EINVAL, 1, 2, "0x..." },
	{ U32, "\"0x1g\"", EINVAL, 1, 5, "hex digit" },
	{ U32, "5 6", EINVAL, 1, 3, "end of the line" },
	{ U32, "5,", EINVAL, 1, 2, "end of the line" },
	{ U32, "null", EINVAL, 1, 1, "a number" },
	{ U32, "[5]", EINVAL, 1, 1, "a number" },
	{ FLOAT, "1e39", ERANGE, 1, 1, "too large" },
	{ DOUBLE, "1e309", ERANGE, 1, 1, "too large" },
	{ DOUBLE, "1e999999999999", ERANGE, 1, 1, "too large" },
	{ DOUBLE, "1.", EINVAL, 1, 2, "after the point" },
	{ DOUBLE, "1e", EINVAL, 1, 3, "exponent" },
	{ DOUBLE, "\"infinity\"", EINVAL, 1, 2, "" },
	{ FLOAT, "\"0x100000000\"", ERANGE, 1, 2, "8 hex digits" },
	{ LDOUBLE, "1.5", EINVAL, 1, 1, "quotes" },
	{ PTR, "-1", ERANGE, 1, 1, "" },
	{ CHARS, "\"123456789\"", ERANGE, 1, 2, "9 bytes, 8 fit" },
	{ CHARS, "\"\\u20ac\\u20ac\\u20ac\"", ERANGE, 1, 2, "9 bytes" },
	{ CHARS, "\"abc", EINVAL, 1, 1, "no closing quote" },
	{ CHARS, "\"a\\x41\"", EINVAL, 1, 4, "not an escape" },
	{ CHARS, "\"\\u12\"", EINVAL, 1, 3, "not an escape" },
	{ CHARS, "\"\\ud800\"", EINVAL, 1, 7, "not an escape" },
	{ CHARS, "\"\\udc00\"", EINVAL, 1, 7, "not an escape" },
	{ CHARS, "\"a\tb\"", EINVAL, 1, 3, "0x09" },
	{ CHARS, "[97]", EINVAL, 1, 1, "quotes" },
	{ BYTES, "[1, 2, 3, 4, 5]", ERANGE, 1, 14, "4 elements" },
	{ BYTES, "[1, 2", EINVAL, 1, 6, "']'" },
	{ BYTES, "[1,]", EINVAL, 1, 4, "a number" },
	{ BYTES, "\"abcd\"", EINVAL, 1, 1, "list" },
	{ FLEX, "[1]", ERANGE, 1, 2, "0 elements" },
	{ COLOR, "\"PINK\"", EINVAL, 1, 2,
	  "enum color has no 'PINK'; it has RED, GREEN, BLUE, ALL" },
	{ COLOR, "-1", ERANGE, 1, 1, "" },
	{ TINY_ENUM, "128", ERANGE, 1, 1, "-128 to 127" },
	{ POINT, "5", EINVAL, 1, 1, "object" },
	{ POINT, "{\"x\": 1, \"z\": 2}", EINVAL, 1, 11,
	  "point has no field 'z'" },
	{ POINT, "{\"x\": 1, \"x\": 2}", EINVAL, 1, 11, "'x' is given twice" },
	{ POINT, "{\"x\": 1\n,\n  \"y\": 9999999999}", ERANGE, 3, 8,
	  "field 'y': 9999999999" },
	{ POINT, "{\"x\": 1,}", EINVAL, 1, 9, "string" },
	{ POINT, "{\"x\" 1}", EINVAL, 1, 6, "':'" },
	{ POINT, "{x: 1}", EINVAL, 1, 2, "string" },
	{ POINT, "{\"x\": 1} # ok\n }", EINVAL, 2, 2, "end of the line" },
	{ POINT, "{\"\": 1}", EINVAL, 1, 3, "no field ''" },
	{ POINT, "{\"x\\u0000\": 1}", EINVAL, 1, 3, "no field" },
	{ UNNAMED, "{\"\": 1}", EINVAL, 1, 3, "no field ''" },
	{ EITHER, "{\"whole\": 1, \"half\": 4294967296}", ERANGE, 1, 22,
	  "field 'half'" },
	{ NESTED, "{\"lo\": 1, \"a\": 1, \"lo\": 1}", EINVAL, 1, 20, "twice" },
	{ NESTED, "{\"p\": {\"x\": 1, \"q\": 2}}", EINVAL, 1, 17, "no field 'q'" },
	{ BITS, "{\"a\": 8}", ERANGE, 1, 7, "0 to 7" },
	{ BITS, "{\"b\": 16}", ERANGE, 1, 7, "-16 to 15" },
	{ BITS, "{\"b\": -17}", ERANGE, 1, 7, "-16 to 15" },
	{ BITS, "{\"c\": 8}", ERANGE, 1, 7, "0 to 7" },
	{ BITS, "{\"d\": 1125899906842624}", ERANGE, 1, 7, "1125899906842623" },
	{ OLD_BITS, "{\"c\": 32}", ERANGE, 1, 7, "0 to 31" },
	{ BOOL_BITS, "{\"f\": 2}", ERANGE, 1, 7, "0 to 1" },
	{ MANAGED, "{\"lock\": 1}", EPERM, 1, 3, "'lock' is the kernel's" },
	{ MANAGED, "{\"timer\": {}}", EPERM, 1, 3, "kernel's" },
	{ MANAGED, "{\"task\": \"0x1\"}", EPERM, 1, 3, "kernel's" },
	{ LOCK, "{\"val\": 1}", EPERM, 1, 2, "kernel's" },
	{ DATA, "{\"glock\": 1}", EPERM, 1, 3, "kernel's" },
	{ DATA, "{\"later\": 1}", EINVAL, 1, 3, "has no field" },
	{ VOID, "\"0x01\"", EINVAL, 1, 2, "2 bytes" },
	{ VOID, "\"0x010203\"", EINVAL, 1, 2, "2 bytes" },
	{ VOID, "\"0x01zz\"", EINVAL, 1, 6, "hex digit" },
	{ VOID, "\"0102\"", EINVAL, 1, 2, "0x" },
	{ VOID, "258", EINVAL, 1, 1, "quotes" },
};

static void test_refused(void)
{
	struct bpffs_diag d;
	__u32 i, size;
	__u8 got[64];
	char *copy;
	int err;

	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		size = bpffs_btf_size(&btf, refused[i].type);
		if (refused[i].type == VOID)
			size = 2;
		memset(&d, 0, sizeof(d));
		/* Of its exact size, for sanitizers to guard. */
		copy = malloc(strlen(refused[i].text));
		memcpy(copy, refused[i].text, strlen(refused[i].text));
		err = bpffs_parse_value(copy, strlen(refused[i].text), &btf,
					refused[i].type, size, got, &d);
		free(copy);
		if (!ok(err == -refused[i].err && d.err == err &&
			d.line == refused[i].line &&
			d.column == refused[i].column &&
			strstr(d.text, refused[i].part), "refused: %s",
			refused[i].text))
			note("%d %u:%u %s", err, d.line, d.column, d.text);
	}
}

/* All 256 bytes, in every place of a string. */
static void test_strings(void)
{
	__u8 in[8], got[8];
	const char *text;
	__u32 c, at, bad = 0;

	for (c = 0; c < 256; c++) {
		for (at = 0; at < 8; at++) {
			memset(in, 'x', sizeof(in));
			in[at] = c;
			text = print_value(CHARS, 8, in);
			if (bpffs_parse_value(text, strlen(text), &btf, CHARS,
					      8, got, NULL) ||
			    memcmp(in, got, 8))
				bad++;
		}
	}
	is(bad, 0, "every byte in every place of a string");
}

/* Output that does not fit says so, and touches nothing. */
static void test_room(void)
{
	char text[64], want[64];
	struct bpffs_text out;
	__u8 data[24];
	size_t cap;
	int bad = 0;

	memset(data, 0x5a, sizeof(data));
	memset(want, '#', sizeof(want));
	strcpy(want, "[[1515870810, 1515870810, 1515870810], ");
	for (cap = 0; cap <= 39; cap++) {
		memset(text, '#', sizeof(text));
		out = (struct bpffs_text){ .buf = text, .cap = cap };
		bpffs_print_value(&out, &btf, MATRIX, 24, data);
		bad += out.len <= cap || bpffs_text_fits(&out) ||
		       memcmp(text, want, cap) || text[cap] != '#';
	}
	is(bad, 0, "output that does not fit");
	out = (struct bpffs_text){ .buf = text, .cap = 6 };
	bpffs_print(&out, "%s-%d", "abc", 5);
	ok(out.len == 5 && bpffs_text_fits(&out), "printf that fits");
	bpffs_print(&out, "%d", 7);
	ok(out.len > 6 && !bpffs_text_fits(&out), "printf that does not");
	bpffs_print(&out, "%d", 7);
	ok(!bpffs_text_fits(&out), "printf past the end");
}

/* Row 7 of the store: what the kernel manages stays. */
static void test_store(void)
{
	__u8 src[96], dst[96], want[96];
	__u32 i;

	for (i = 0; i < sizeof(src); i++)
		src[i] = i + 1;
	memset(dst, 0xee, sizeof(dst));
	memcpy(want, src, sizeof(want));
	for (i = 0; i < 2; i++)
		memset(want + 48 * i + 4, 0xee, 28);
	bpffs_store_value(&btf, MANAGED_ARRAY, 96, dst, src);
	ok(!memcmp(dst, want, 96), "array of what is partly managed");

	memset(dst, 0xee, sizeof(dst));
	bpffs_store_value(&btf, MANAGED, 48, dst, src);
	ok(!memcmp(dst, want, 48) && dst[48] == 0xee, "one of them");

	memset(dst, 0xee, sizeof(dst));
	memcpy(want, src, 16);
	memset(want + 4, 0xee, 4);
	bpffs_store_value(&btf, DATA, 16, dst, src);
	ok(!memcmp(dst, want, 16), "section with a lock in it");

	memset(dst, 0xee, sizeof(dst));
	bpffs_store_value(&btf, ONLY_LOCK, 4, dst, src);
	ok(dst[0] == 0xee && dst[3] == 0xee, "nothing but a lock");

	bpffs_store_value(&btf, POINT, 8, dst, src);
	ok(!memcmp(dst, src, 8), "no lock");
	bpffs_store_value(NULL, 0, 96, dst, src);
	ok(!memcmp(dst, src, 96), "no type");
}

/* Of every length between every two places, and not a byte more. */
static void test_copy(void)
{
	__u8 src[48], dst[48], want[48];
	u32 to, from, size, i, bad = 0;

	for (i = 0; i < sizeof(src); i++)
		src[i] = i + 1;
	for (i = 0; i < 9 * 9 * 32; i++) {
		to = i % 9;
		from = i / 9 % 9;
		size = i / 81;
		memset(dst, 0xee, sizeof(dst));
		memset(want, 0xee, sizeof(want));
		memcpy(want + to, src + from, size);
		bpffs_copy_shared(dst + to, src + from, size);
		bad += !!memcmp(dst, want, sizeof(dst));
	}
	is(bad, 0, "what programs share is copied whole");
}

/* Names that C has none of, of fields, enumerators and variables; the other types go. */
static void test_names(void)
{
	static const char text[] =
		"{\"v\\u00e4r\": {\"a\\\"b\\\\\": 5, \"\\u000a\": \"gr\\u00fcn \"}, \"plain\": 7}";
	static const char spelled[] =
		"{\"v\xe4r\": {\"\\u0061\\\"b\\\\\": 5, \"\\n\": \"gr\xfcn \"}, \"plain\": 7}";
	__u8 data[12] = { 5, 0, 0, 0, 1, 0, 0, 0, 7 }, got[12];
	struct bpffs_diag d = {};
	__u32 at, size, err;
	void *blob;

	ok(btf.plain_names, "names that are plain");
	bpffs_btf_release(&btf);
	btf_start(&b);
	btf_int(&b, "unsigned int", 4, 0);
	at = b.nr;
	btf_open(&b, "colour", BTF_KIND_ENUM, 4, 0);
	btf_value(&b, at, "gr\xfcn ", 1);
	at = b.nr;
	btf_open(&b, "odd", BTF_KIND_STRUCT, 8, 0);
	btf_member(&b, at, "a\"b\\", 1, 0);
	btf_member(&b, at, "\n", 2, 32);
	btf_var(&b, "v\xe4r", 3, 1);
	btf_var(&b, "plain", 1, 1);
	at = b.nr;
	btf_open(&b, ".data", BTF_KIND_DATASEC, 12, 0);
	btf_words3(&b, at, 4, 0, 8);
	btf_words3(&b, at, 5, 8, 4);
	blob = btf_finish(&b, &size);
	is(bpffs_btf_parse(&btf, blob, size, &d), 0, "names of any bytes");
	ok(!btf.plain_names, "are told from them");
	is_str(print_value(6, 12, data), text, "they are escaped in text");
	err = bpffs_parse_value(text, strlen(text), &btf, 6, 12, memset(got, 0, 12), &d);
	ok(!err && !memcmp(got, data, 12), "and come back");
	err = bpffs_parse_value(spelled, strlen(spelled), &btf, 6, 12, memset(got, 0, 12), &d);
	ok(!err && !memcmp(got, data, 12), "however they are spelled");
}

/* BTF of its own for a test, with the types that @add makes. */
static void rebuild(void (*add)(void))
{
	__u32 size;
	void *blob;

	bpffs_btf_release(&btf);
	btf_start(&b);
	add();
	blob = btf_finish(&b, &size);
	is(bpffs_btf_parse(&btf, blob, size, NULL), 0, "other types");
}

static void narrow_enum(void)
{
	__u32 at = b.nr;

	btf_open(&b, "e", BTF_KIND_ENUM, 4, 0);
	btf_value(&b, at, "MANY", 4);
	btf_value(&b, at, "NONE", 0);
	btf_value(&b, at, "ONE", 1);
	btf_value(&b, at, "MINUS", -1);
	at = b.nr;
	btf_open(&b, "narrow", BTF_KIND_STRUCT, 4, 1);
	btf_member(&b, at, "f", 1, 2 << 24);
	at = b.nr;
	btf_open(&b, "wide", BTF_KIND_ENUM, 8, 0);
	btf_value(&b, at, "ALL", 0xffffffff);
}

static int parse_narrow(const char *text, __u32 *value)
{
	*value = 0;
	return bpffs_parse_value(text, strlen(text), &btf, 2, 4, value, NULL);
}

static void test_narrow_enum(void)
{
	__u64 wide = 0xffffffff;
	__u32 value = 0;

	rebuild(narrow_enum);
	is_str(print_value(3, 8, &wide), "\"ALL\"", "without a sign none is made up");
	is_str(print_value(2, 4, &value), "{\"f\": \"NONE\"}",
	       "nothing is left out of an enumerator");
	is(parse_narrow("{\"f\": \"MANY\"}", &value), -ERANGE, "one that does not fit is refused");
	is(parse_narrow("{\"f\": \"ONE\"}", &value), 0, "one that does is taken");
	is(value, 1, "as it is");
	is(parse_narrow("{\"f\": \"MINUS\"}", &value), 0, "a sign may be left out");
	is(value, 3, "of which there is as much as fits");
}

/* An array of an enum that has one name thirty thousand times. */
static void many_names(void)
{
	__u32 i, at, name = btf_str(&b, "same");

	at = b.nr;
	btf_open(&b, "e", BTF_KIND_ENUM, 4, 0);
	for (i = 0; i < 30000; i++) {
		btf_word(&b, name);
		btf_word(&b, 1);
	}
	b.types[at + 1] += 30000;
	btf_int(&b, "int", 4, BTF_INT_SIGNED);
	btf_array(&b, 1, 2, 1000);
}

static void test_killed(void)
{
	static __u32 data[1000];
	static char text[8192];
	struct bpffs_text out = { .buf = text, .cap = sizeof(text) };
	struct bpffs_diag d = {};

	rebuild(many_names);
	bpffs_print_value(&out, &btf, 3, sizeof(data), data);
	ok(!out.killed, "a value is printed");
	test_kill_at = 2;
	out = (struct bpffs_text) { .buf = text, .cap = sizeof(text) };
	bpffs_print_value(&out, &btf, 3, sizeof(data), data);
	ok(out.killed && out.len < 100, "until who prints it is killed");
	strcpy(text, "[\"same\", \"none\"]");
	test_kill_at = 0;
	is(bpffs_parse_value(text, strlen(text), &btf, 3, sizeof(data), data, &d), -EINVAL,
	   "a name is looked for");
	/* Escaped and long, so that it counts for a few at once. */
	strcpy(text, "[\"\\u0061.................................................\"]");
	test_kill_at = 1;
	is(bpffs_parse_value(text, strlen(text), &btf, 3, sizeof(data), data, NULL), -EINTR,
	   "until who looks is killed");
	test_kill_at = 0;
}

#define LONG_LEN	(4U << 20)

static void long_types(void)
{
	btf_int(&b, "char", 1, BTF_INT_CHAR);
	btf_int(&b, "int", 4, BTF_INT_SIGNED);
	btf_array(&b, 1, 2, LONG_LEN);
	btf_array(&b, 2, 2, LONG_LEN / 4);
	btf_array(&b, 2, 2, 1024);
	btf_array(&b, 5, 2, LONG_LEN / 4 / 1024);
}

static size_t print_killed(__u32 id, const void *data)
{
	const size_t cap = 8 * LONG_LEN;
	struct bpffs_text out = { .buf = malloc(cap), .cap = cap };

	test_kill_at = 1;
	bpffs_print_value(&out, &btf, id, LONG_LEN, data);
	test_kill_at = 0;
	free(out.buf);
	return out.killed ? out.len : cap;
}

/* @at: which question for a signal finds one */
static int parse_killed(__u32 id, const char *text, unsigned long at)
{
	void *data = calloc(LONG_LEN, 1);
	int err;

	test_kill_at = at;
	err = bpffs_parse_value(text, strlen(text), &btf, id, LONG_LEN, data, NULL);
	test_kill_at = 0;
	free(data);
	return err;
}

/* What is long and has no names in it asks for signals, too. */
static void test_long_killed(void)
{
	char *data = calloc(LONG_LEN, 1), *text = malloc(3 * LONG_LEN);
	__u32 i, j;

	rebuild(long_types);
	ok(print_killed(3, data) < 100, "zeroes are looked for until who prints is killed");
	ok(print_killed(4, data) < LONG_LEN / 2, "a list is printed until then");
	memset(data, 'a', LONG_LEN);
	ok(print_killed(3, data) < LONG_LEN / 2, "a string is, too");
	memset(data, 1, LONG_LEN);
	ok(print_killed(3, data) < 3 * LONG_LEN, "and one of escapes");
	ok(print_killed(0, data) < LONG_LEN, "and bytes in hex");

	memset(text, '0', 3 * LONG_LEN);
	text[0] = '"';
	strcpy(text + 70000, "\"");
	is(parse_killed(3, text, 1), -EINTR, "a string is read until who reads is killed");
	is(parse_killed(3, text, 2), 0, "or to its end");
	memset(text + 70000, '0', 2);
	text[2] = 'x';
	strcpy(text + 3 + 2 * LONG_LEN, "\"");
	is(parse_killed(0, text, 1), -EINTR, "bytes in hex are looked at until then");
	is(parse_killed(0, text, 2 * LONG_LEN / 65536 + 1), -EINTR, "and read until then");
	is(parse_killed(0, text, 4 * LONG_LEN / 65536), 0, "or to their end");
	for (i = 0; i < 70000; i++)
		memcpy(text + 2 * i, i ? ",0" : "[0", 2);
	strcpy(text + 2 * i, "]");
	is(parse_killed(4, text, 1), -EINTR, "a list is read until then");
	is(parse_killed(4, text, 2), 0, "or to its end");
	for (i = 0; i < 100; i++) {
		memset(text + 2050 * i, ' ', 2050);
		strcpy(text + 2050 * i, i ? ",[" : "[[");
		for (j = 0; j < 1024; j++)
			memcpy(text + 2050 * i + 1 + 2 * j, j ? ",0" : "[0", 2);
		text[2050 * i + 2049] = ']';
	}
	strcpy(text + 2050 * i, "]");
	is(parse_killed(6, text, 1), -EINTR, "lists in a list are, too");
	is(parse_killed(6, text, 2), 0, "or to their end");
	free(text);
	free(data);
}

int main(void)
{
	build();
	test_same();
	test_also();
	test_refused();
	test_strings();
	test_room();
	test_store();
	test_copy();
	test_names();
	test_narrow_enum();
	test_killed();
	test_long_killed();
	bpffs_btf_release(&btf);
	free(b.blob);
	return done_testing();
}
