// SPDX-License-Identifier: GPL-2.0
/* KUnit: what becomes of the verifier's logs of one load. */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include "loading.h"

/**
 * struct log_fixture - a load that says something
 * @l: the load under way, of which only @load is there
 * @load: what was asked for, with room for what is said
 * @all: what was said
 */
struct log_fixture {
	struct bpffs_loading l;
	struct bpffs_load load;
	struct bpffs_vlog all;
};

static int log_init(struct kunit *test)
{
	struct log_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	if (!f)
		return -ENOMEM;
	f->l.load = &f->load;
	f->load.vlog = &f->all;
	test->priv = f;
	return 0;
}

static void log_exit(struct kunit *test)
{
	struct log_fixture *f = test->priv;

	if (f)
		bpffs_vlog_free(&f->all);
}

/* The verifier says @len times the same of @what. */
static void say(struct kunit *test, const char *what, char c, size_t len)
{
	struct log_fixture *f = test->priv;
	struct bpffs_vlog log = { .text = kvmalloc(len + 1, GFP_KERNEL), .len = len };

	KUNIT_ASSERT_NOT_NULL(test, log.text);
	memset(log.text, c, len);
	log.text[len] = '\0';
	loading_keep_log(&f->l, what, &log);
	KUNIT_EXPECT_NULL(test, log.text);
}

static void logs_follow_each_other(struct kunit *test)
{
	struct log_fixture *f = test->priv;

	say(test, "a", '1', 3);
	say(test, "b", '2', 4);
	KUNIT_EXPECT_STREQ(test, f->all.text, "a:\n111b:\n2222");
	KUNIT_EXPECT_EQ(test, f->all.len, strlen(f->all.text));
}

static void logs_that_are_too_long_leave_a_remark(struct kunit *test)
{
	static const char remark[] = "(the logs before this one are left out)\nb:\n2222";
	struct log_fixture *f = test->priv;

	say(test, "a", '1', SZ_32M);
	say(test, "b", '2', SZ_32M);
	KUNIT_EXPECT_TRUE(test, strstarts(f->all.text, remark));
	KUNIT_EXPECT_EQ(test, f->all.len, strlen(remark) - 4 + SZ_32M);
	KUNIT_EXPECT_EQ(test, f->all.text[f->all.len], '\0');
	say(test, "c", '3', 2);
	KUNIT_EXPECT_STREQ(test, f->all.text + f->all.len - 6, "2c:\n33");
}

/* One log alone may have as much as all. */
static void log_as_long_as_it_may_be(struct kunit *test)
{
	struct log_fixture *f = test->priv;

	say(test, "a", '1', SZ_64M);
	KUNIT_EXPECT_TRUE(test, strstarts(f->all.text, "a:\n111"));
	KUNIT_EXPECT_EQ(test, f->all.len, strlen("a:\n") + SZ_64M);
}

static struct kunit_case log_cases[] = {
	KUNIT_CASE(logs_follow_each_other),
	KUNIT_CASE(logs_that_are_too_long_leave_a_remark),
	KUNIT_CASE(log_as_long_as_it_may_be),
	{}
};

static struct kunit_suite log_suite = {
	.name = "bpffs-log",
	.init = log_init,
	.exit = log_exit,
	.test_cases = log_cases,
};

kunit_test_suite(log_suite);
