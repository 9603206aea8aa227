// SPDX-License-Identifier: GPL-2.0
/* Values of .kconfig, out of the text of a kernel's configuration. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include "build.h"

/* enum libbpf_tristate */
#define TRISTATE_NO	0
#define TRISTATE_YES	1
#define TRISTATE_MODULE	2

/**
 * struct option - a line of the configuration
 * @ext: the extern of that name
 * @text: what stands behind the '='
 * @len: bytes in @text, at least 1
 * @to: the extern's variable
 * @diag: where refusals go
 */
struct option {
	const struct bpffs_plan_extern *ext;
	const char *text;
	size_t len;
	void *to;
	struct bpffs_diag *diag;
};

static const char * const type_names[] = {
	[BPFFS_KCONFIG_BOOL] = "a bool",
	[BPFFS_KCONFIG_TRISTATE] = "a tristate",
	[BPFFS_KCONFIG_CHAR] = "a char",
	[BPFFS_KCONFIG_INT] = "an integer",
	[BPFFS_KCONFIG_STRING] = "an array of char",
};

static int refuse(const struct option *o, int err, const char *what)
{
	return bpffs_diag(o->diag, err,
			  "extern \"%s\" is %s of %u bytes, and %s: the kernel has %s=%.*s",
			  o->ext->name, type_names[o->ext->value], o->ext->size, what,
			  o->ext->name, (int)min_t(size_t, o->len, 64), o->text);
}

static bool number_fits(const struct bpffs_plan_extern *ext, u64 number)
{
	u32 bits = ext->size * 8;

	if (bits >= 64)
		return true;
	if (ext->is_signed)
		return number + (1ULL << (bits - 1)) < 1ULL << bits;
	return !(number >> bits);
}

/**
 * bpffs_kconfig_is_option() - is it the configuration that has the extern
 * @ext: an extern of .kconfig
 *
 * Return: true for CONFIG_*, false for what is no option (LINUX_*).
 */
bool bpffs_kconfig_is_option(const struct bpffs_plan_extern *ext)
{
	return !strncmp(ext->name, "CONFIG_", strlen("CONFIG_"));
}

/**
 * bpffs_kconfig_set() - give an extern a number
 * @ext: an extern of .kconfig
 * @number: its value, negative ones extended to 64 bits
 * @data: of the map of .kconfig
 * @diag: receives the sentence of a refusal
 *
 * Return: 0; -EINVAL if its type holds no numbers; -ERANGE if not this one.
 */
int bpffs_kconfig_set(const struct bpffs_plan_extern *ext, u64 number, void *data,
		      struct bpffs_diag *diag)
{
	u64 most = ext->value == BPFFS_KCONFIG_BOOL ? 1 : U64_MAX;

	if (ext->value == BPFFS_KCONFIG_STRING || ext->value == BPFFS_KCONFIG_TRISTATE)
		return bpffs_diag(diag, -EINVAL,
				  "extern \"%s\" is %s, and the kernel has the number %llu for it",
				  ext->name, type_names[ext->value], number);
	if (number > most || !number_fits(ext, number))
		return bpffs_diag(diag, -ERANGE,
				  "extern \"%s\" is %s of %u bytes, which the kernel's %lld does not fit",
				  ext->name, type_names[ext->value], ext->size, (s64)number);
	/* Both BPF and its loader are of the machine's endianness. */
	switch (ext->size) {
	case 1:
		*(u8 *)(data + ext->offset) = number;
		break;
	case 2:
		*(u16 *)(data + ext->offset) = number;
		break;
	case 4:
		*(u32 *)(data + ext->offset) = number;
		break;
	default:
		memcpy(data + ext->offset, &number, sizeof(number));
		break;
	}
	return 0;
}

/* y, m or n */
static int set_choice(const struct option *o)
{
	char choice = o->text[0];

	switch (o->ext->value) {
	case BPFFS_KCONFIG_BOOL:
		if (choice == 'm')
			return refuse(o, -EINVAL, "only a tristate or a char can be a module");
		*(u8 *)o->to = choice == 'y';
		return 0;
	case BPFFS_KCONFIG_TRISTATE:
		*(u32 *)o->to = choice == 'y' ? TRISTATE_YES :
				choice == 'm' ? TRISTATE_MODULE : TRISTATE_NO;
		return 0;
	case BPFFS_KCONFIG_CHAR:
		*(u8 *)o->to = choice;
		return 0;
	default:
		return refuse(o, -EINVAL, "only a bool, a tristate or a char can be that");
	}
}

/* What is too long is cut off: libbpf does, and programs count on it. */
static int set_string(const struct option *o)
{
	size_t len;

	if (o->ext->value != BPFFS_KCONFIG_STRING)
		return refuse(o, -EINVAL, "only an array of char can be a string");
	if (o->len < 2 || o->text[o->len - 1] != '"')
		return refuse(o, -EINVAL, "the string does not end");
	len = min_t(size_t, o->len - 2, o->ext->size - 1);
	memcpy(o->to, o->text + 1, len);
	return 0;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

/* As strtoull() with base 0 has it, for the whole of @text. */
static bool parse_number(const char *text, size_t len, u64 *number)
{
	bool negative = len && text[0] == '-';
	size_t i = negative;
	u32 base = 10;
	u64 value = 0;

	if (i < len && text[i] == '0' && i + 1 < len) {
		base = (text[i + 1] | ' ') == 'x' ? 16 : 8;
		i += base == 16 ? 2 : 1;
	}
	if (i == len)
		return false;
	for (; i < len; i++) {
		u32 next = digit(text[i]);

		if (next >= base || value > (U64_MAX - next) / base)
			return false;
		value = value * base + next;
	}
	*number = negative ? -value : value;
	return true;
}

static int set_number(const struct option *o, void *data)
{
	u64 number;

	if (!parse_number(o->text, o->len, &number))
		return refuse(o, -EINVAL, "this is no value that a configuration has");
	if (o->ext->value != BPFFS_KCONFIG_INT && o->ext->value != BPFFS_KCONFIG_CHAR)
		return refuse(o, -EINVAL, "only an integer or a char can be a number");
	return bpffs_kconfig_set(o->ext, number, data, o->diag);
}

static int set_option(const struct option *o, void *data)
{
	switch (o->text[0]) {
	case 'y':
	case 'm':
	case 'n':
		return set_choice(o);
	case '"':
		return set_string(o);
	default:
		return set_number(o, data);
	}
}

/* An unordered search: objects want a handful of options. */
static u32 find_option(const struct bpffs_plan *plan, const char *name, size_t len)
{
	const struct bpffs_plan_extern *ext;
	u32 i;

	for (i = 0; i < plan->nr_externs; i++) {
		ext = &plan->externs[i];
		if (ext->kind != BPFFS_EXTERN_KCONFIG)
			break;
		if (strnlen(ext->name, len + 1) == len && !memcmp(ext->name, name, len))
			return i;
	}
	return plan->nr_externs;
}

/* The first line of an option is the one that counts. */
static int read_line(struct bpffs_plan *plan, const char *line, size_t len, bool *found,
		     struct bpffs_diag *diag)
{
	const char *value = memchr(line, '=', len);
	struct option o = { .diag = diag };
	void *data = plan->maps[plan->kconfig_map].data;
	u32 i;

	if (!value || value + 1 == line + len || strncmp(line, "CONFIG_", strlen("CONFIG_")))
		return 0;
	i = find_option(plan, line, value - line);
	if (i == plan->nr_externs || found[i])
		return 0;
	found[i] = true;
	o.ext = &plan->externs[i];
	o.text = value + 1;
	o.len = line + len - o.text;
	o.to = data + o.ext->offset;
	return set_option(&o, data);
}

/**
 * bpffs_kconfig_read() - give the externs of .kconfig their options' values
 * @plan: has externs of .kconfig
 * @text: a configuration as the kernel's build writes it, of any bytes
 * @size: bytes in @text
 * @found: one for each extern of the plan; those that are true are let alone,
 *	those that the configuration has become true
 * @diag: receives the sentence of a refusal
 *
 * May sleep.
 *
 * Return: 0; -EINVAL for a value that is none of the extern's type; -ERANGE for
 * a number that does not fit it; -EINTR after a fatal signal.
 */
int bpffs_kconfig_read(struct bpffs_plan *plan, const char *text, size_t size, bool *found,
		       struct bpffs_diag *diag)
{
	const char *end;
	size_t len;
	int err;

	while (size) {
		end = memchr(text, '\n', size);
		len = end ? end - text : size;
		err = read_line(plan, text, len, found, diag);
		if (err)
			return err;
		/* Whoever wants thousands of options waits for them. */
		cond_resched();
		if (fatal_signal_pending(current))
			return bpffs_diag(diag, -EINTR, "killed while options were looked for");
		len += !!end;
		text += len;
		size -= len;
	}
	return 0;
}
