// SPDX-License-Identifier: GPL-2.0
/* Lines: entries of maps, where lines end, settings. */
#include <linux/kernel.h>
#include <linux/errno.h>
#include "../../kernel/bpf/codec/codec.h"
#include "btf_build.h"
#include "test.h"

static struct btf_build b;
static struct bpffs_btf btf;

enum { VOID, U32, U64, CHAR, CHARS, LIST, MATRIX, POINT, NAMES };

static void build(void)
{
	__u32 size, at;
	void *blob;

	btf_start(&b);
	btf_int(&b, "u32", 4, 0);
	btf_int(&b, "u64", 8, 0);
	btf_int(&b, "char", 1, 0);
	btf_array(&b, CHAR, U32, 8);
	btf_array(&b, U32, U32, 2);
	btf_array(&b, LIST, U32, 2);
	at = b.nr;
	btf_open(&b, "point", BTF_KIND_STRUCT, 8, 0);
	btf_member(&b, at, "x", U32, 0);
	btf_member(&b, at, "y", U32, 32);
	btf_array(&b, CHARS, U32, 1);
	blob = btf_finish(&b, &size);
	is(bpffs_btf_parse(&btf, blob, size, NULL), 0, "types are good");
}

static const struct bpffs_format hash = {
	.btf = &btf, .key_type = CHARS, .key_size = 8,
	.value_type = U64, .value_size = 8,
};

static const struct bpffs_format queue = {
	.btf = &btf, .value_type = POINT, .value_size = 8,
};

static const struct bpffs_format untyped = {
	.key_size = 2, .value_size = 3,
};

#define PER_CPU(id, bytes, padded) { \
	.btf = &btf, .key_type = U32, .key_size = 4, .value_type = (id), \
	.value_size = (bytes), .nr_cpus = 3, .stride = (padded), \
}

static const struct bpffs_format cpu_u32 = PER_CPU(U32, 4, 8);
static const struct bpffs_format cpu_list = PER_CPU(LIST, 8, 8);
static const struct bpffs_format cpu_matrix = PER_CPU(MATRIX, 16, 16);
static const struct bpffs_format cpu_names = PER_CPU(NAMES, 8, 8);
static const struct bpffs_format cpu_hex = PER_CPU(VOID, 2, 8);

static int parse(const struct bpffs_format *fmt, const char *text, void *key,
		 void *value, enum bpffs_line *what, struct bpffs_diag *d)
{
	size_t len = strlen(text);
	char *copy = malloc(len);
	int err;

	memcpy(copy, text, len);
	memset(d, 0, sizeof(*d));
	err = bpffs_parse_entry(copy, len, fmt, key, value, d);
	free(copy);
	if (err < 0)
		return err;
	*what = err;
	return 0;
}

static const char *print(const struct bpffs_format *fmt, const void *key,
			 const void *value)
{
	static char text[1024];
	struct bpffs_text out = { .buf = text, .cap = sizeof(text) - 1 };

	bpffs_print_entry(&out, fmt, key, value);
	text[out.len] = '\0';
	return text;
}

/* What is read from @in prints as @out. */
static const struct {
	const struct bpffs_format *fmt;
	const char *in;
	const char *out;
} lines[] = {
	{ &hash, "\"cat\": 12\n", "\"cat\": 12\n" },
	{ &hash, " \"a\" :\n1 # one", "\"a\": 1\n" },
	{ &queue, "{\"x\": 1}\n", "{\"x\": 1, \"y\": 0}\n" },
	{ &untyped, "\"0x0102\": \"0xAABBCC\"", "\"0x0102\": \"0xaabbcc\"\n" },
	{ &cpu_u32, "1: [1, 2, 3]", "1: [1, 2, 3]\n" },
	{ &cpu_u32, "1: 7", "1: [7, 7, 7]\n" },
	{ &cpu_list, "1: [1, 2]", "1: [[1, 2], [1, 2], [1, 2]]\n" },
	{ &cpu_list, "1: []", "1: [[0, 0], [0, 0], [0, 0]]\n" },
	{ &cpu_list, "1: [[], [5], [1, 2]]", "1: [[0, 0], [5, 0], [1, 2]]\n" },
	{ &cpu_list, "1: [ # all\n[1, 2], [3, 4], [5, 6]]",
	  "1: [[1, 2], [3, 4], [5, 6]]\n" },
	{ &cpu_matrix, "1: [[1, 2], [3]]",
	  "1: [[[1, 2], [3, 0]], [[1, 2], [3, 0]], [[1, 2], [3, 0]]]\n" },
	{ &cpu_matrix, "1: [[[1]], [[2]], []]",
	  "1: [[[1, 0], [0, 0]], [[2, 0], [0, 0]], [[0, 0], [0, 0]]]\n" },
	{ &cpu_names, "1: [\"a\"]", "1: [[\"a\"], [\"a\"], [\"a\"]]\n" },
	{ &cpu_names, "1: [[\"a\"], [\"b\"], []]",
	  "1: [[\"a\"], [\"b\"], [\"\"]]\n" },
	{ &cpu_hex, "1: \"0x0102\"", "1: [\"0x0102\", \"0x0102\", \"0x0102\"]\n" },
	{ &cpu_hex, "1: [\"0x01ff\", \"0x0000\", \"0x0001\"]",
	  "1: [\"0x01ff\", \"0x0000\", \"0x0001\"]\n" },
};

static void test_lines(void)
{
	__u8 key[8], value[64], again[64];
	enum bpffs_line what;
	struct bpffs_diag d;
	const char *text;
	__u32 i;
	int err;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		memset(value, 0xaa, sizeof(value));
		err = parse(lines[i].fmt, lines[i].in, key, value, &what, &d);
		if (!ok(!err && what == BPFFS_LINE_UPDATE, "taken: %s",
			lines[i].fmt == &cpu_list ? "list" : lines[i].out))
			note("%s", d.text);
		text = print(lines[i].fmt, key, value);
		is_str(text, lines[i].out, "printed");
		memset(again, 0xaa, sizeof(again));
		err = parse(lines[i].fmt, text, key, again, &what, &d);
		ok(!err && !memcmp(value, again, sizeof(again)), "the same again");
	}
}

static void test_other_lines(void)
{
	static const char * const empty[] = { "", "\n", " \t\r\n", "# x", "#\n" };
	enum bpffs_line what;
	struct bpffs_diag d;
	__u8 key[8], value[64];
	__u32 i;

	for (i = 0; i < ARRAY_SIZE(empty); i++)
		ok(!parse(&hash, empty[i], key, value, &what, &d) &&
		   what == BPFFS_LINE_EMPTY, "empty line");
	is(parse(&hash, "\"cat\": null # gone\n", key, value, &what, &d), 0,
	   "a delete");
	ok(what == BPFFS_LINE_DELETE && !memcmp(key, "cat\0\0\0\0", 8),
	   "is one, of this key");
	is(parse(&cpu_list, "5: null", key, value, &what, &d), 0,
	   "a delete in a per-CPU map");
	ok(what == BPFFS_LINE_DELETE && key[0] == 5, "is one");
}

static const struct {
	const struct bpffs_format *fmt;
	const char *text;
	int err;
	__u32 line;
	__u32 column;
	const char *part;
} refused[] = {
	{ &hash, "\"cat\"", EINVAL, 1, 6, "KEY: VALUE" },
	{ &hash, "\"cat\"\n", EINVAL, 1, 6, "KEY: VALUE" },
	{ &hash, "\"cat\":\n", EINVAL, 1, 7, "a number" },
	{ &hash, "12", EINVAL, 1, 1, "quotes" },
	{ &hash, "\"cat\" 12", EINVAL, 1, 7, "':' after the key" },
	{ &hash, "\"cat\":", EINVAL, 1, 7, "a number" },
	{ &hash, "\"cat\": 1: 2", EINVAL, 1, 9, "end of the line" },
	{ &hash, "\"cat\": 1, \"dog\": 2", EINVAL, 1, 9, "end of the line" },
	{ &hash, "\"cat\": null 1", EINVAL, 1, 13, "end of the line" },
	{ &hash, "null: 1", EINVAL, 1, 1, "quotes" },
	{ &hash, "\n\n  \"toolongkey\": 1", ERANGE, 3, 4, "10 bytes, 8 fit" },
	{ &queue, "{\"x\": 1}: 2", EINVAL, 1, 9, "no keys" },
	{ &queue, "null", EINVAL, 1, 1, "object" },
	{ &cpu_u32, "1: [1, 2]", EINVAL, 1, 9, "exactly 3" },
	{ &cpu_u32, "1: [1, 2, 3, 4]", EINVAL, 1, 12, "exactly 3" },
	{ &cpu_u32, "1: []", EINVAL, 1, 5, "a number" },
	{ &cpu_u32, "1: [1, 2; 3]", EINVAL, 1, 9, "',' or ']'" },
	{ &cpu_list, "1: [[1, 2], [3, 4]]", EINVAL, 1, 19, "exactly 3" },
	{ &cpu_list, "1: [1, 2, 3]", ERANGE, 1, 11, "2 elements" },
};

static void test_refused(void)
{
	__u8 key[8], value[64];
	enum bpffs_line what;
	struct bpffs_diag d;
	__u32 i;
	int err;

	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		err = parse(refused[i].fmt, refused[i].text, key, value, &what,
			    &d);
		if (!ok(err == -refused[i].err && d.err == err &&
			d.line == refused[i].line &&
			d.column == refused[i].column &&
			strstr(d.text, refused[i].part), "refused: line %u", i))
			note("%d %u:%u %s", err, d.line, d.column, d.text);
	}
}

static const char split_text[] =
	"1: 2\n"
	"\n"
	"# a comment [ \" {\n"
	"3: {\"a\": 1,\n \"b\": \"}]\\\"\"} # x\n"
	"4: [1, # ]\n2]\n"
	"5: ]\n"
	"6: \"open [\n"
	"7: [\"open [\n"
	"8: 1";

static const char * const split_lines[] = {
	"1: 2\n", "\n", "# a comment [ \" {\n",
	"3: {\"a\": 1,\n \"b\": \"}]\\\"\"} # x\n", "4: [1, # ]\n2]\n", "5: ]\n",
	"6: \"open [\n", "7: [\"open [\n",
};

static __u32 count_newlines(const char *text)
{
	__u32 nr = 0;

	for (; *text; text++)
		nr += *text == '\n';
	return nr;
}

/* The same lines come out whatever the pieces are that go in. */
static void test_split(void)
{
	size_t piece, pos, start, len = strlen(split_text), step;
	struct bpffs_splitter split;
	__u32 line, newlines;
	int bad;

	for (piece = 1; piece <= len; piece++) {
		memset(&split, 0, sizeof(split));
		line = 0;
		bad = 0;
		for (pos = 0, start = 0; pos < len; pos += step) {
			step = bpffs_split(&split, split_text + pos,
					   min(piece, len - pos), &newlines);
			if (!newlines)
				continue;
			bad += line >= ARRAY_SIZE(split_lines) ||
			       pos + step - start != strlen(split_lines[line]) ||
			       strncmp(split_text + start, split_lines[line],
				       pos + step - start);
			bad += newlines != count_newlines(split_lines[line]);
			start = pos + step;
			line++;
		}
		if (bad || line != ARRAY_SIZE(split_lines) ||
		    strcmp(split_text + start, "8: 1"))
			break;
	}
	is(piece, len + 1, "lines in pieces of any size");
	is(bpffs_split(&split, "", 0, &newlines), 0, "nothing");
	ok(!newlines, "is no line");
}

static const struct {
	const char *text;
	int err;
	const char *name;
	const char *value;
} settings[] = {
	{ "a:\n", EINVAL, "a", "" }, { "a\n", ENODATA, "a", "" },
	{ "threshold: 5\n", 0, "threshold", "5" },
	{ " maps.events.max_entries : 1024 # some\n", 0,
	  "maps.events.max_entries", "1024" },
	{ "\"on open\": \"uprobe/usr/bin/bash/readline\" ", 0, "on open",
	  "\"uprobe/usr/bin/bash/readline\"" },
	{ "a: \"x # y\" # z", 0, "a", "\"x # y\"" },
	{ "a: [1,\n 2]\n", 0, "a", "[1,\n 2]" },
	{ "*: \"x\"", 0, "*", "\"x\"" },
	{ "", 0, "", "" }, { "# x", 0, "", "" }, { "\n", 0, "", "" },
	{ "*\n", ENODATA, "*", "" }, { "on_open # x", ENODATA, "on_open", "" },
	{ ": 5", EINVAL, "", "" }, { "a:", EINVAL, "a", "" },
	{ "a b: 5", EINVAL, "a", "" }, { "\"a: 5", EINVAL, "", "" },
	{ "\"\": 5", EINVAL, "", "" }, { "{}", EINVAL, "", "" },
	{ "\"\\u0041\": 5", EINVAL, "", "" },
};

static void test_settings(void)
{
	const char *name, *value;
	size_t name_len, value_len;
	struct bpffs_diag d;
	__u32 i;
	int err;

	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		d.err = 0;
		err = bpffs_parse_setting(settings[i].text,
					  strlen(settings[i].text), &name,
					  &name_len, &value, &value_len, &d);
		if (!ok(err == -settings[i].err && d.err == err &&
			(!err || d.line == 1) &&
			name_len == strlen(settings[i].name) &&
			!memcmp(name, settings[i].name, name_len) &&
			value_len == strlen(settings[i].value) &&
			!memcmp(value, settings[i].value, value_len),
			"setting %u", i))
			note("%d %s '%.*s' '%.*s'", err, d.text,
			     (int)name_len, name, (int)value_len, value);
	}
}

static void test_words(void)
{
	char out[4];
	bool flag;
	u64 n;

	is(bpffs_parse_u64("5 # x", 5, 5, &n, NULL), 0, "number");
	is(n, 5, "as written");
	is(bpffs_parse_u64("0x10", 4, 16, &n, NULL), 0, "hex number");
	is(bpffs_parse_u64("6", 1, 5, &n, NULL), -ERANGE, "number too large");
	is(bpffs_parse_u64("-1", 2, 5, &n, NULL), -ERANGE, "negative number");
	is(bpffs_parse_u64("18446744073709551616", 20, ~0ULL, &n, NULL),
	   -ERANGE, "number of 65 bits");
	is(bpffs_parse_u64("x", 1, 5, &n, NULL), -EINVAL, "no number");
	is(bpffs_parse_u64("5 5", 3, 5, &n, NULL), -EINVAL, "two numbers");
	is(bpffs_parse_u64("", 0, 5, &n, NULL), -EINVAL, "nothing");
	is(bpffs_parse_bool("true", 4, &flag, NULL), 0, "true");
	is(flag, true, "is true");
	is(bpffs_parse_bool(" false\n", 7, &flag, NULL), 0, "false");
	is(flag, false, "is false");
	is(bpffs_parse_bool("1", 1, &flag, NULL), -EINVAL, "1 is neither");
	is(bpffs_parse_bool("falsey", 6, &flag, NULL), -EINVAL, "falsey");
	is(bpffs_parse_string("\"abc\"", 5, out, 4, NULL), 0, "string");
	is_str(out, "abc", "as written");
	is(bpffs_parse_string("\"abcd\"", 6, out, 4, NULL), -ERANGE, "too long");
	is(bpffs_parse_string("\"\\u0000\"", 8, out, 4, NULL), -EINVAL, "NUL");
	is(bpffs_parse_string("abc", 3, out, 4, NULL), -EINVAL, "no quotes");
	is(bpffs_parse_string("\"a\" b", 5, out, 4, NULL), -EINVAL, "and more");
}

int main(void)
{
	build();
	test_lines();
	test_other_lines();
	test_refused();
	test_split();
	test_settings();
	test_words();
	bpffs_btf_release(&btf);
	free(b.blob);
	return done_testing();
}
