// SPDX-License-Identifier: GPL-2.0
/*
 * The verifier writes the addresses of maps into its log. Who may read the log
 * is a matter of the file's mode, and need not be who may know addresses.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "verdict.h"

#define DIGITS	16

/* Small negative numbers fill the last page, where no address is. */
#define LAST_PAGE_DIGITS	"fffffffffffff"

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* An address has its highest byte set, and just as many digits as it takes. */
static bool is_address(const char *digits, const char *end)
{
	int i;

	if (end - digits < DIGITS || digits[0] != 'f' || digits[1] != 'f')
		return false;
	for (i = 0; i < DIGITS; i++)
		if (!is_hex(digits[i]))
			return false;
	if (end - digits > DIGITS && is_hex(digits[DIGITS]))
		return false;
	return memcmp(digits, LAST_PAGE_DIGITS, strlen(LAST_PAGE_DIGITS));
}

/**
 * bpffs_log_mask() - hide kernel addresses in a verifier's log
 * @log: text, written to in place; need not end in a NUL
 * @len: bytes in @log
 */
void bpffs_log_mask(char *log, size_t len)
{
	char *end = log + len, *x;

	for (x = log; (x = memchr(x, 'x', end - x)); x++)
		if (x > log && x[-1] == '0' && is_address(x + 1, end))
			memset(x + 1, '*', DIGITS);
}
