// SPDX-License-Identifier: GPL-2.0
/*
 * The other way to run an object, for comparison: libbpf opens, loads and
 * attaches it, runs a command, and tells what the maps hold afterwards.
 *
 *	libbpf_run OBJECT [--preset NAME=VALUE] [--map NAME] [--records NAME]
 *		   -- COMMAND...
 *
 * --map prints an entry a line: the key (a string where its type is an array
 * of char, a number otherwise), then every 8 bytes of the value as a number;
 * values of a per-CPU map are added up. --records prints what a ring buffer
 * got as 4-byte numbers, a record a line.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#define MAX_OPTIONS	16

static const char usage[] =
	"usage: libbpf_run OBJECT [--preset NAME=VALUE] [--map NAME] [--records NAME] -- COMMAND\n";

/* The command line, taken apart; every string is argv's own. */
struct run {
	const char *object;
	char *presets[MAX_OPTIONS];
	const char *maps[MAX_OPTIONS];
	int nr_presets;
	int nr_maps;
	const char *records;
	char **command;
};

static void die(const char *what, const char *name)
{
	fprintf(stderr, "libbpf_run: %s %s: %s\n", what, name, strerror(errno));
	exit(1);
}

static int quiet(enum libbpf_print_level level, const char *format, va_list args)
{
	return level == LIBBPF_DEBUG ? 0 : vfprintf(stderr, format, args);
}

static void set_in(const struct btf *btf, const struct btf_var_secinfo *info,
		   char *data, const char *value)
{
	const struct btf_type *type;
	unsigned long long number = strtoull(value, NULL, 0);
	int id = btf__resolve_type(btf, info->type);

	type = btf__type_by_id(btf, id);
	if (btf_is_var(type))
		type = btf__type_by_id(btf, btf__resolve_type(btf, type->type));
	if (btf_is_array(type))
		strncpy(data + info->offset, value, info->size);
	else
		memcpy(data + info->offset, &number, info->size);
}

/* Finds a variable in the data section that @map is made of, and sets it. */
static bool preset_in(struct bpf_object *obj, struct bpf_map *map,
		      const char *name, const char *value)
{
	const struct btf *btf = bpf_object__btf(obj);
	const struct btf_var_secinfo *info;
	const struct btf_type *section, *var;
	size_t size;
	char *data = (char *)bpf_map__initial_value(map, &size);
	int i;

	if (!data || !bpf_map__btf_value_type_id(map))
		return false;
	section = btf__type_by_id(btf, bpf_map__btf_value_type_id(map));
	info = btf_var_secinfos(section);
	for (i = 0; i < btf_vlen(section); i++, info++) {
		var = btf__type_by_id(btf, info->type);
		if (strcmp(btf__name_by_offset(btf, var->name_off), name))
			continue;
		set_in(btf, info, data, value);
		return true;
	}
	return false;
}

static void preset(struct bpf_object *obj, char *setting)
{
	char *value = strchr(setting, '=');
	struct bpf_map *map;

	if (!value)
		die("not NAME=VALUE:", setting);
	*value++ = '\0';
	bpf_object__for_each_map(map, obj)
		if (bpf_map__is_internal(map) && preset_in(obj, map, setting, value))
			return;
	errno = ENOENT;
	die("variable", setting);
}

static struct bpf_object *load(const struct run *run)
{
	struct bpf_program *prog;
	struct bpf_object *obj;
	int i;

	obj = bpf_object__open_file(run->object, NULL);
	if (!obj)
		die("open", run->object);
	for (i = 0; i < run->nr_presets; i++)
		preset(obj, run->presets[i]);
	if (bpf_object__load(obj))
		die("load", run->object);
	bpf_object__for_each_program(prog, obj)
		if (bpf_program__autoload(prog) && !bpf_program__attach(prog))
			die("attach", bpf_program__name(prog));
	return obj;
}

static int print_record(void *ctx, void *data, size_t size)
{
	const unsigned int *word = data;
	size_t i;

	for (i = 0; i < size / sizeof(*word); i++)
		printf("%s%u", i ? " " : "", word[i]);
	putchar('\n');
	return 0;
}

static struct ring_buffer *open_records(struct bpf_object *obj, const char *name)
{
	struct bpf_map *map;
	struct ring_buffer *ring;

	if (!name)
		return NULL;
	map = bpf_object__find_map_by_name(obj, name);
	if (!map)
		die("ring buffer", name);
	ring = ring_buffer__new(bpf_map__fd(map), print_record, NULL, NULL);
	if (!ring)
		die("ring buffer", name);
	return ring;
}

static void run_command(const struct run *run, struct ring_buffer *ring)
{
	int status, err;
	pid_t pid;

	pid = fork();
	if (pid < 0)
		die("fork for", run->command[0]);
	if (!pid) {
		execvp(run->command[0], run->command);
		_exit(127);
	}
	while (!waitpid(pid, &status, ring ? WNOHANG : 0)) {
		err = ring_buffer__poll(ring, 20);
		if (err < 0 && err != -EINTR)
			die("poll", run->records);
	}
	if (ring)
		ring_buffer__consume(ring);
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return;
	fprintf(stderr, "libbpf_run: %s failed\n", run->command[0]);
	exit(1);
}

static bool key_is_string(const struct bpf_object *obj, const struct bpf_map *map)
{
	const struct btf *btf = bpf_object__btf(obj);
	unsigned int id = bpf_map__btf_key_type_id(map);

	return id && btf_is_array(btf__type_by_id(btf, btf__resolve_type(btf, id)));
}

static bool per_cpu(const struct bpf_map *map)
{
	switch (bpf_map__type(map)) {
	case BPF_MAP_TYPE_PERCPU_ARRAY:
	case BPF_MAP_TYPE_PERCPU_HASH:
	case BPF_MAP_TYPE_LRU_PERCPU_HASH:
		return true;
	default:
		return false;
	}
}

static void print_entry(const struct bpf_map *map, bool string, const void *key,
			const __u64 *value)
{
	size_t words = (bpf_map__value_size(map) + 7) / 8, i;
	int cpus = per_cpu(map) ? libbpf_num_possible_cpus() : 1, cpu;
	unsigned long long number = 0, sum;

	if (string) {
		printf("%s", (const char *)key);
	} else {
		memcpy(&number, key, bpf_map__key_size(map));
		printf("%llu", number);
	}
	for (i = 0; i < words; i++) {
		for (sum = 0, cpu = 0; cpu < cpus; cpu++)
			sum += value[cpu * words + i];
		printf(" %llu", sum);
	}
	putchar('\n');
}

static void print_map(const struct bpf_object *obj, const char *name)
{
	const struct bpf_map *map = bpf_object__find_map_by_name(obj, name);
	void *key = NULL, *next;
	bool string;
	__u64 *value;
	int fd;

	if (!map)
		die("map", name);
	fd = bpf_map__fd(map);
	string = key_is_string(obj, map);
	next = calloc(1, bpf_map__key_size(map) + 8);
	value = calloc(libbpf_num_possible_cpus(), bpf_map__value_size(map) + 8);
	if (!next || !value)
		die("memory for", name);
	while (!bpf_map_get_next_key(fd, key, next)) {
		key = next;
		if (!bpf_map_lookup_elem(fd, key, value))
			print_entry(map, string, key, value);
	}
	free(next);
	free(value);
}

static bool add(const char **list, int *nr, const char *value)
{
	if (!value || *nr == MAX_OPTIONS)
		return false;
	list[(*nr)++] = value;
	return true;
}

static bool parse(struct run *run, int argc, char **argv)
{
	int i;

	if (argc < 4)
		return false;
	run->object = argv[1];
	for (i = 2; i + 1 < argc && strcmp(argv[i], "--"); i += 2) {
		if (!strcmp(argv[i], "--preset") && run->nr_presets < MAX_OPTIONS)
			run->presets[run->nr_presets++] = argv[i + 1];
		else if (!strcmp(argv[i], "--records"))
			run->records = argv[i + 1];
		else if (strcmp(argv[i], "--map") ||
			 !add(run->maps, &run->nr_maps, argv[i + 1]))
			return false;
	}
	run->command = argv + i + 1;
	return i + 1 < argc;
}

int main(int argc, char **argv)
{
	struct run run = {};
	struct ring_buffer *ring;
	struct bpf_object *obj;
	int i;

	if (!parse(&run, argc, argv)) {
		fputs(usage, stderr);
		return 2;
	}
	libbpf_set_print(quiet);
	setvbuf(stdout, NULL, _IOLBF, 0);
	obj = load(&run);
	ring = open_records(obj, run.records);
	run_command(&run, ring);
	for (i = 0; i < run.nr_maps; i++)
		print_map(obj, run.maps[i]);
	ring_buffer__free(ring);
	bpf_object__close(obj);
	return 0;
}
