// SPDX-License-Identifier: GPL-2.0
/*
 * In the guest: write changed objects to load, each into a directory of its
 * own. A load that fails says why and leaves a directory that rmdir(2) takes;
 * one that does not is taken down with all it made.
 * Usage: mutants DIRECTORY SEED COUNT OBJECT...
 * Mutant I of a seed is the same in every run: "mutants DIR SEED+I 1" has it.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>
#include "mutate_bytes.h"
#include "mutate_elf.h"

#define OBJECT_MAX	(512U << 10)
#define OBJECTS_MAX	64

struct object {
	u8 *data;
	size_t size;
};

static struct object objects[OBJECTS_MAX];
static u32 nr_objects, nr_loaded, nr_refused, nr_short;
static unsigned int seed;

static void wrong(const char *what)
{
	printf("mutant %u: %s: %s\n", seed, what, strerror(errno));
	exit(1);
}

static void read_object(const char *path)
{
	struct object *object = &objects[nr_objects++];
	int fd = open(path, O_RDONLY);
	ssize_t size;

	object->data = malloc(OBJECT_MAX);
	size = fd < 0 ? -1 : read(fd, object->data, OBJECT_MAX);
	if (size < 0) {
		perror(path);
		exit(1);
	}
	object->size = size;
	close(fd);
}

/* Returns 0 if every byte was taken, else the errno. */
static int write_load(const char *dir, const u8 *data, size_t size)
{
	int fd, err = 0;
	ssize_t done;
	char path[256];

	snprintf(path, sizeof(path), "%s/load", dir);
	fd = open(path, O_WRONLY);
	if (fd < 0)
		wrong(path);
	while (size && !err) {
		done = write(fd, data, size);
		if (done <= 0) {
			err = done ? errno : EIO;
			break;
		}
		data += done;
		size -= done;
	}
	close(fd);
	return err;
}

static void read_log(const char *dir, char *log, size_t size)
{
	char path[256];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "%s/log", dir);
	fd = open(path, O_RDONLY);
	len = fd < 0 ? -1 : read(fd, log, size - 1);
	if (len < 0)
		wrong(path);
	log[len] = '\0';
	close(fd);
}

static int take_down(const char *path, const struct stat *st, int type,
		     struct FTW *ftw)
{
	/* What goes with its directory may be gone already, or not go alone. */
	if (!ftw->level && rmdir(path))
		wrong("a directory that was loaded into does not go");
	if (ftw->level)
		remove(path);
	return 0;
}

static void judge(const char *dir, int err)
{
	char log[4096];

	read_log(dir, log, sizeof(log));
	if (!err && !strncmp(log, "ok: ", 4)) {
		nr_loaded++;
		nftw(dir, take_down, 16, FTW_DEPTH | FTW_PHYS);
		return;
	}
	errno = err;
	if (strncmp(log, "error: ", 7) || strlen(log) < 16)
		wrong(log);
	if (err)
		nr_refused++;
	else
		nr_short++;
	if (rmdir(dir))
		wrong("a failed load left something");
}

static void try_mutant(const char *top)
{
	static u8 data[OBJECT_MAX];
	const struct object *from;
	char dir[200];
	size_t size;
	u32 times;

	fuzz_seed(&chance, seed);
	from = &objects[fuzz_pick(&chance, nr_objects)];
	size = from->size;
	memcpy(data, from->data, size);
	for (times = 1 + fuzz_pick(&chance, 2); times; times--)
		size = elf_mutate(data, size, sizeof(data),
				  fuzz_pick(&chance, 1U << 30));
	snprintf(dir, sizeof(dir), "%s/mutant", top);
	if (mkdir(dir, 0700))
		wrong(dir);
	judge(dir, write_load(dir, data, size));
}

int main(int argc, char **argv)
{
	u32 i, count;

	if (argc < 5 || argc - 4 > OBJECTS_MAX)
		return 2;
	seed = strtoul(argv[2], NULL, 0);
	count = strtoul(argv[3], NULL, 0);
	for (i = 4; i < argc; i++)
		read_object(argv[i]);
	for (i = 0; i < count; i++, seed++)
		try_mutant(argv[1]);
	printf("%u mutants: %u loaded, %u refused, %u cut short\n", count,
	       nr_loaded, nr_refused, nr_short);
	return !nr_refused;
}
