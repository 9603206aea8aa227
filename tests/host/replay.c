// SPDX-License-Identifier: GPL-2.0
/*
 * A fuzzer without libFuzzer, as a test: the inputs that once found something,
 * the seeds, and a few thousand changes to them that are the same in every run.
 *
 * Inputs that found something are files of corpus/NAME, as text: pairs of
 * hexadecimal digits and white space, with comments from '#' to the line's end.
 */
#include <dirent.h>
#include <libgen.h>
#include <linux/kernel.h>
#include "../../kernel/bpf/codec/number.h"
#include "fuzz.h"
#include "mutate_bytes.h"
#include "test.h"

#define ROUNDS		4000
#define INPUTS_MAX	256
#define CHANGED_MAX	(256U << 10)

#pragma weak fuzz_mutate

struct input {
	u8 *data;
	size_t size;
};

static struct input inputs[INPUTS_MAX];
static u32 nr_inputs;

static struct input read_input(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct input input;

	if (!file || fseek(file, 0, SEEK_END)) {
		perror(path);
		exit(1);
	}
	input.size = ftell(file);
	input.data = malloc(input.size);
	rewind(file);
	if (fread(input.data, 1, input.size, file) != input.size)
		exit(1);
	fclose(file);
	return input;
}

static void decode_hex(struct input *input)
{
	size_t from, to = 0;
	bool comment = false;
	int digit, high = -1;

	for (from = 0; from < input->size; from++) {
		if (input->data[from] == '#' || input->data[from] == '\n')
			comment = input->data[from] == '#';
		digit = bpffs_hex_digit(input->data[from]);
		if (comment || digit < 0)
			continue;
		if (high >= 0)
			input->data[to++] = high << 4 | digit;
		high = high < 0 ? digit : -1;
	}
	input->size = to;
}

static void try(const struct input *input)
{
	u8 *copy = fuzz_copy(input->data, input->size);

	fuzz_one(copy, input->size);
	free(copy);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* Every file of a directory that there may be, in an order that is the same. */
static void read_all(const char *dir, bool found)
{
	struct dirent **entries;
	char path[4096];
	int i, nr;

	nr = scandir(dir, &entries, NULL, by_name);
	for (i = 0; i < nr; i++) {
		struct input *input = &inputs[nr_inputs];

		snprintf(path, sizeof(path), "%s/%s", dir, entries[i]->d_name);
		free(entries[i]);
		if (strrchr(path, '/')[1] == '.' || nr_inputs == INPUTS_MAX)
			continue;
		*input = read_input(path);
		if (found) {
			decode_hex(input);
			try(input);
			ok(1, "%s", strrchr(path, '/') + 1);
		}
		nr_inputs++;
	}
	if (nr >= 0)
		free(entries);
}

static void try_changed(void)
{
	const struct input *from = &inputs[fuzz_pick(&chance, nr_inputs)];
	struct input changed = { .size = from->size };
	u32 i, times = 1 + fuzz_pick(&chance, 4);

	if (from->size > CHANGED_MAX)
		return;
	changed.data = malloc(CHANGED_MAX);
	memcpy(changed.data, from->data, from->size);
	for (i = 0; i < times; i++)
		changed.size = fuzz_mutate ?
			fuzz_mutate(changed.data, changed.size, CHANGED_MAX,
				    fuzz_pick(&chance, 1U << 30)) :
			fuzz_mutate_bytes(changed.data, changed.size,
					  CHANGED_MAX);
	try(&changed);
	free(changed.data);
}

int main(int argc, char **argv)
{
	const char *name = strstr(basename(argv[0]), "fuzz_");
	char dir[4096];
	u32 i;

	fuzz_seed(&chance, 1);
	name = name ? name + strlen("fuzz_") : "";
	snprintf(dir, sizeof(dir), "%s/%s", FOUND, name);
	read_all(dir, true);
	snprintf(dir, sizeof(dir), "%s/%s", SEEDS, name);
	read_all(dir, false);
	ok(nr_inputs > 0, "there are inputs to begin with");
	for (i = 0; i < nr_inputs; i++)
		try(&inputs[i]);
	ok(1, "%u inputs as they are", nr_inputs);
	for (i = 0; nr_inputs && i < ROUNDS; i++)
		try_changed();
	ok(1, "%u inputs that were changed", ROUNDS);
	for (i = 0; i < nr_inputs; i++)
		free(inputs[i].data);
	return done_testing();
}
