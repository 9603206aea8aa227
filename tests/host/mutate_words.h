/* SPDX-License-Identifier: GPL-2.0 */
/* Changes by words that mean something: names, lines of text, words of BTF. */
#ifndef _BPFFS_MUTATE_WORDS_H
#define _BPFFS_MUTATE_WORDS_H

#include <linux/kernel.h>
#include <linux/btf.h>
#include "fuzz.h"

/* Names of sections, those that are refused and those of programs too. */
static const char * const section_words[] = {
	".maps", "maps", ".data", ".data.x", ".rodata", ".rodata.x",
	".rodata.str1.1", ".bss", ".bss.x", ".kconfig", ".ksyms",
	".struct_ops", ".struct_ops.link", "license", "version", ".BTF",
	".BTF.ext", ".text", ".addrsig", "kprobe/x", "kprobe/x+0x10",
	"?kprobe/x", "tracepoint/a/b", "tp/a", "raw_tp/x", "fentry/x",
	"fentry.s/x", "lsm/x", "xdp", "tc", "cgroup/dev", "iter/task",
	"freplace/x", "syscall", "usdt//bin/sh:a:b", "uprobe//bin/sh:x+4",
	"kprobe.multi/x*", "ksyscall/x", "socket", "", "a\nb", "/", "..",
};

/* What lines of a config file are made of. */
static const char * const line_words[] = {
	"log_level", "threshold", "name", "total", "maps.", "progs.",
	"maps.by_key.", "maps.events.", "maps..rodata.", "progs.on_open.",
	"max_entries", "key_size", "value_size", "numa_node", "record", "autocreate",
	"inner", "autoload", "attach_to", "type", "true", "false", "null",
	"\"struct event\"", "\"vfs_read\"", "\"\"", "\"\\u0041\"", "0", "1",
	"-1", "4096", "4294967295", "4294967296", "18446744073709551616",
	"0x10", "1e3", "[1, 2]", "{\"a\": 1}", "# ", "\n", " ", ":", ": ",
	": ", ",", "\"", "{", "}", "[", "]", "\\", "\t", "\r\n",
};

static inline const char *words_pick(struct fuzz_random *random,
				     const char * const *words, u32 nr)
{
	return words[fuzz_pick(random, nr)];
}

/* Lines of random words, at most @max bytes of them. */
static inline size_t words_lines(struct fuzz_random *random, char *out,
				 size_t max)
{
	u32 nr = 1 + fuzz_pick(random, 24);
	const char *word;
	size_t len = 0;

	while (nr--) {
		word = words_pick(random, line_words, ARRAY_SIZE(line_words));
		if (strlen(word) > max - len)
			break;
		memcpy(out + len, word, strlen(word));
		len += strlen(word);
	}
	return len;
}

/* A word put in, or over what is there; returns the new size. */
static inline size_t mutate_text(struct fuzz_random *random, u8 *data,
				 size_t size, size_t max)
{
	const char *word = words_pick(random, line_words,
				      ARRAY_SIZE(line_words));
	size_t len = strlen(word), at = fuzz_pick(random, size + 1);
	bool insert = fuzz_pick(random, 2);

	if (!fuzz_pick(random, 4) || at + len > max || size + len > max)
		return fuzz_mutate_bytes(data, size, max);
	if (insert)
		memmove(data + at + len, data + at, size - at);
	memcpy(data + at, word, len);
	return insert ? size + len : max(size, at + len);
}

/* One of the 32-bit words that lie in @data, aligned as they are there. */
static inline void mutate_word(struct fuzz_random *random, u8 *data,
			       size_t size)
{
	u8 *word = data + 4 * fuzz_pick(random, size / 4);
	u32 value;

	if (size < 4)
		return;
	memcpy(&value, word, sizeof(value));
	value = fuzz_number(random, value, size);
	memcpy(word, &value, sizeof(value));
}

/* A word of the types: an id, an offset, a size, a number of members, a kind. */
static inline void mutate_btf_type(struct fuzz_random *random, u8 *data,
				   size_t size)
{
	u8 *word = data + 4 * fuzz_pick(random, size / 4);
	u32 value;

	if (size < 4)
		return;
	memcpy(&value, word, sizeof(value));
	switch (fuzz_pick(random, 5)) {
	case 0:		/* another kind, in what may be an info */
		value &= ~(0x1fU << 24);
		value |= fuzz_pick(random, 21) << 24;
		break;
	case 1:
		value ^= 1U << 31;
		break;
	case 2:		/* what another word says */
		memcpy(&value, data + 4 * fuzz_pick(random, size / 4),
		       sizeof(value));
		break;
	case 3:
		value = fuzz_pick(random, 64);
		break;
	default:
		value = fuzz_number(random, value, size);
	}
	memcpy(word, &value, sizeof(value));
}

/* A blob of BTF: mostly its types, seldom its header or its strings. */
static inline void mutate_btf_blob(struct fuzz_random *random, u8 *data,
				   size_t size)
{
	struct btf_header hdr;
	size_t types, strings;

	if (size < sizeof(hdr) || !fuzz_pick(random, 16)) {
		mutate_word(random, data, min(size, sizeof(hdr)));
		return;
	}
	memcpy(&hdr, data, sizeof(hdr));
	types = min_t(u64, (u64)hdr.hdr_len + hdr.type_off, size);
	strings = min_t(u64, (u64)hdr.hdr_len + hdr.str_off, size);
	if (strings < size && !fuzz_pick(random, 8))
		fuzz_mutate_bytes(data + strings, size - strings,
				  size - strings);
	else
		mutate_btf_type(random, data + types,
				min_t(size_t, hdr.type_len, size - types));
}

#endif /* _BPFFS_MUTATE_WORDS_H */
