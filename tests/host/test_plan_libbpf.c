// SPDX-License-Identifier: GPL-2.0
/*
 * What libbpf hands to the kernel for an object, and what the plan says.
 *
 * libbpf runs as it is; only its system call is ours. It takes note of maps,
 * their first entries and programs, and says that all went well.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <bpf/libbpf.h>
#include <bpf/btf.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include "../../kernel/bpf/loader/plan.h"
#include "test.h"
#include "objects/objects.h"

#define MAX_CALLS	64

/*
 * One program or map that was to be made. Templates are closed at once, so what
 * was @inner is known by its call, not by a number that others have had since.
 */
struct call {
	int fd;
	struct call *inner;
	char name[BPF_OBJ_NAME_LEN];
	union bpf_attr attr;
	struct bpf_insn *insns;
	void *func_info;
	void *line_info;
};

/* An entry that was to be set. */
struct update {
	int map;
	__u32 key;
	int value;
};

static struct call progs[MAX_CALLS];
static int nr_progs;
static struct call maps[MAX_CALLS];
static int nr_maps;
static struct update updates[MAX_CALLS];
static int nr_updates;

static void *keep(__u64 from, size_t size)
{
	void *copy = malloc(size + 1);

	if (size)
		memcpy(copy, (void *)(long)from, size);
	return copy;
}

static int new_fd(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static int note_prog(const union bpf_attr *attr)
{
	struct call *call = &progs[nr_progs++ % MAX_CALLS];

	memset(call, 0, sizeof(*call));
	call->attr = *attr;
	strncpy(call->name, attr->prog_name, sizeof(call->name) - 1);
	call->insns = keep(attr->insns, attr->insn_cnt * sizeof(struct bpf_insn));
	call->func_info = keep(attr->func_info, attr->func_info_cnt *
			       attr->func_info_rec_size);
	call->line_info = keep(attr->line_info, attr->line_info_cnt *
			       attr->line_info_rec_size);
	call->fd = new_fd();
	return call->fd;
}

static struct call *map_call(int fd)
{
	int i;

	for (i = nr_maps - 1; i >= 0; i--) {
		if (maps[i].fd == fd)
			return &maps[i];
	}
	return NULL;
}

static int note_map(const union bpf_attr *attr)
{
	struct call *call = &maps[nr_maps++ % MAX_CALLS];

	memset(call, 0, sizeof(*call));
	call->attr = *attr;
	strncpy(call->name, attr->map_name, sizeof(call->name) - 1);
	call->inner = map_call(attr->inner_map_fd);
	call->fd = new_fd();
	return call->fd;
}

/* Contents of data sections are not what is looked for here. */
static int note_update(const union bpf_attr *attr)
{
	struct update *update = &updates[nr_updates % MAX_CALLS];
	struct call *map = map_call(attr->map_fd);

	if (!map || map->attr.map_type == BPF_MAP_TYPE_ARRAY)
		return 0;
	update->map = attr->map_fd;
	update->key = *(__u32 *)(long)attr->key;
	update->value = *(int *)(long)attr->value;
	nr_updates++;
	return 0;
}

static long fake_bpf(int cmd, const union bpf_attr *attr, unsigned int size)
{
	union bpf_attr full = {};

	memcpy(&full, attr, size < sizeof(full) ? size : sizeof(full));
	switch (cmd) {
	case BPF_PROG_LOAD:
		return note_prog(&full);
	case BPF_MAP_CREATE:
		return note_map(&full);
	case BPF_BTF_LOAD:
		return new_fd();
	case BPF_MAP_UPDATE_ELEM:
		return note_update(&full);
	case BPF_MAP_FREEZE:
		return 0;
	default:
		errno = EINVAL;
		return -1;
	}
}

long syscall(long nr, ...)
{
	long a[6];
	va_list args;
	int i;

	va_start(args, nr);
	for (i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	if (nr == __NR_bpf)
		return fake_bpf(a[0], (void *)a[1], a[2]);
	errno = EINVAL;
	return -1;
}

static int silent(enum libbpf_print_level level, const char *fmt, va_list args)
{
	if (level == LIBBPF_WARN && getenv("V"))
		return vfprintf(stderr, fmt, args);
	return 0;
}

static bool same_name(const char *libbpf, const char *ours)
{
	size_t len = strlen(libbpf), tail = strlen(ours);

	if (*ours != '.')
		return !strcmp(libbpf, ours);
	return len >= tail && !strcmp(libbpf + len - tail, ours);
}

static const struct bpffs_plan_map *find_map(const struct bpffs_plan *plan,
					     const char *name)
{
	__u32 i;

	for (i = 0; i < plan->nr_maps; i++) {
		if (same_name(name, plan->maps[i].name))
			return &plan->maps[i];
	}
	return NULL;
}

/* What libbpf asked the kernel for, be it a map or the template for one. */
static void compare_call(const struct bpffs_plan_map *ours,
			 const struct call *call)
{
	__u32 entries = ours->max_entries;
	bool btf = bpffs_map_takes_btf(ours->type);

	if (!ok(!!call, "libbpf makes it"))
		return;
	if (ours->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY && !entries)
		entries = libbpf_num_possible_cpus();
	is(ours->type, call->attr.map_type, "type");
	is(ours->key_size, call->attr.key_size, "key size");
	is(ours->value_size, call->attr.value_size, "value size");
	is(entries, call->attr.max_entries, "entries");
	is(ours->flags, call->attr.map_flags, "flags");
	is(ours->numa_node, call->attr.numa_node, "NUMA node");
	is(ours->map_extra, call->attr.map_extra, "extra");
	is(btf ? ours->key_type : 0, call->attr.btf_key_type_id,
	   "BTF of the key");
	is(btf ? ours->value_type : 0, call->attr.btf_value_type_id,
	   "BTF of the value");
	if (ours->inner)
		compare_call(ours->inner, call->inner);
}

static void compare_map(const struct bpffs_plan *plan, struct bpf_map *map)
{
	const struct bpffs_plan_map *ours = find_map(plan, bpf_map__name(map));
	const void *data;
	size_t size;

	if (!ok(!!ours, "map %s is in the plan", bpf_map__name(map)))
		return;
	compare_call(ours, map_call(bpf_map__fd(map)));
	data = bpf_map__initial_value(map, &size);
	if (!ours->data || !data)
		return;
	ok(size == ours->value_size && !memcmp(data, ours->data, size),
	   "contents");
}

static int fd_of_map(struct bpf_object *obj, const char *name)
{
	struct bpf_map *map = bpf_object__find_map_by_name(obj, name);

	return map ? bpf_map__fd(map) : -1;
}

static int fd_of_prog(struct bpf_object *obj, const char *name)
{
	struct bpf_program *prog = bpf_object__find_program_by_name(obj, name);

	return prog ? bpf_program__fd(prog) : -1;
}

static bool was_set(int map, __u32 key, int value)
{
	int i;

	for (i = 0; i < nr_updates; i++) {
		if (updates[i].map == map && updates[i].key == key &&
		    updates[i].value == value)
			return true;
	}
	return false;
}

static void compare_slots(const struct bpffs_plan *plan, struct bpf_object *obj)
{
	const struct bpffs_plan_slot *slot;
	const struct bpffs_plan_map *map;
	__u32 i;
	int fd;

	is(plan->nr_slots, nr_updates, "entries that maps begin with");
	for (i = 0; i < plan->nr_slots; i++) {
		slot = &plan->slots[i];
		map = &plan->maps[slot->map];
		if (bpffs_map_holds_maps(map->type))
			fd = fd_of_map(obj, plan->maps[slot->target].name);
		else
			fd = fd_of_prog(obj, plan->progs[slot->target].name);
		ok(was_set(fd_of_map(obj, map->name), slot->index, fd),
		   "entry %u of %s", slot->index, map->name);
	}
}

/* Which map of ours an instruction names that libbpf gave a descriptor. */
static const char *map_of_fd(struct bpf_object *obj, int fd)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, obj) {
		if (bpf_map__fd(map) == fd)
			return bpf_map__name(map);
	}
	return "";
}

static bool is_map_load(const struct bpf_insn *insn)
{
	return insn->code == (BPF_LD | BPF_IMM | BPF_DW) &&
	       (insn->src_reg == BPF_PSEUDO_MAP_FD ||
		insn->src_reg == BPF_PSEUDO_MAP_VALUE);
}

static int different_insn(const struct bpffs_plan *plan,
			  struct bpf_object *obj, const struct call *theirs,
			  const struct bpffs_plan_prog *ours)
{
	struct bpf_insn left, right;
	__u32 i, ref = 0;
	const char *name;

	for (i = 0; i < ours->nr_insns; i++) {
		left = theirs->insns[i];
		right = ours->insns[i];
		if (is_map_load(&left)) {
			name = map_of_fd(obj, left.imm);
			if (ref == ours->nr_map_refs ||
			    ours->map_refs[ref].insn != i ||
			    !same_name(name, plan->maps[ours->map_refs[ref].map].name))
				return i;
			ref++;
			left.imm = 0;
			right.imm = 0;
		}
		if (memcmp(&left, &right, sizeof(left)))
			return i;
	}
	return ref == ours->nr_map_refs ? -1 : (int)i;
}

static struct call *find_call(const char *name)
{
	int i;

	for (i = nr_progs - 1; i >= 0; i--) {
		if (!strncmp(progs[i].name, name, BPF_OBJ_NAME_LEN - 1))
			return &progs[i];
	}
	return NULL;
}

static void same_records(const void *ours, const void *theirs, __u32 nr_ours,
			 __u32 nr_theirs, size_t size, const char *what)
{
	if (is(nr_ours, nr_theirs, what) && nr_ours)
		ok(!memcmp(ours, theirs, nr_ours * size), "%s: same", what);
}

static void compare_prog(const struct bpffs_plan *plan, struct bpf_object *obj,
			 const struct bpffs_plan_prog *ours)
{
	struct bpf_program *prog;
	struct call *call;

	prog = bpf_object__find_program_by_name(obj, ours->name);
	if (!ok(!!prog, "program %s is one for libbpf", ours->name))
		return;
	is_str(ours->section + (*ours->section == '?'),
	       bpf_program__section_name(prog), "section");
	is(ours->def->type, bpf_program__type(prog), "type");
	is(ours->def->attach_type, bpf_program__expected_attach_type(prog),
	   "attach type");
	is(ours->autoload, bpf_program__autoload(prog), "autoload");
	if (!ours->autoload)
		return;
	call = find_call(ours->name);
	if (!ok(!!call, "libbpf loads it"))
		return;
	is(ours->prog_flags, call->attr.prog_flags, "flags");
	if (!is(ours->nr_insns, call->attr.insn_cnt, "instructions"))
		return;
	is(different_insn(plan, obj, call, ours), -1,
	   "first instruction that differs");
	same_records(ours->func_info, call->func_info, ours->nr_func_info,
		     call->attr.func_info_cnt, sizeof(*ours->func_info),
		     "function records");
	same_records(ours->line_info, call->line_info, ours->nr_line_info,
		     call->attr.line_info_cnt, sizeof(*ours->line_info),
		     "line records");
}

static void compare_btf(const struct bpffs_plan *plan, struct bpf_object *obj)
{
	struct btf *btf = bpf_object__btf(obj);
	const void *data;
	__u32 size;

	if (!btf) {
		is(plan->btf_size, 0, "no BTF");
		return;
	}
	data = btf__raw_data(btf, &size);
	is(plan->btf_size, size, "size of BTF");
	ok(!memcmp(plan->btf_data, data, size), "BTF is the same");
}

/* Programs that attach by BTF need that of a running kernel: not those. */
static void compare(const char *name)
{
	struct object object = object_read(name);
	struct bpffs_diag diag = {};
	struct bpf_program *prog;
	struct bpffs_plan *plan;
	struct bpf_object *obj;
	struct bpf_map *map;
	__u32 i;

	note("object %s", name);
	nr_maps = 0;
	nr_updates = 0;
	plan = bpffs_plan_build(object.image, object.size, NULL, &diag);
	obj = bpf_object__open_mem(object.image, object.size, NULL);
	if (!is_str(diag.text, "", "the loader takes it") || !obj)
		return;
	bpf_object__for_each_program(prog, obj) {
		if (bpf_program__type(prog) == BPF_PROG_TYPE_TRACING)
			bpf_program__set_autoload(prog, false);
	}
	is(bpf_object__load(obj), 0, "libbpf takes it");
	for (i = 0, map = NULL; (map = bpf_object__next_map(obj, map)); i++)
		compare_map(plan, map);
	is(plan->nr_maps, i, "number of maps");
	compare_slots(plan, obj);
	for (i = 0; i < plan->nr_progs; i++) {
		if (plan->progs[i].def->type != BPF_PROG_TYPE_TRACING)
			compare_prog(plan, obj, &plan->progs[i]);
	}
	compare_btf(plan, obj);
	bpf_object__close(obj);
	bpffs_plan_free(plan);
	object_free(&object);
}

static const char config[] = "CONFIG_YES=y\nCONFIG_MODULE=m\nCONFIG_BUILT_IN=y\nCONFIG_LETTER=n\n"
	"CONFIG_SMALL=-5\nCONFIG_NEGATIVE=-300\nCONFIG_HEX=0xabcdef\nCONFIG_WIDE=010\n"
	"CONFIG_STRING=\"some\"\nCONFIG_LONG_STRING=\"much too long\"\nCONFIG_NO=n\n"
	"CONFIG_MISSING=0\n";

/* Values that libbpf takes out of a configuration, and where it puts them. */
static void compare_kconfig(void)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .kconfig = config);
	struct object object = object_read("kconfig");
	struct bpffs_diag diag = {};
	struct bpffs_plan *plan;
	struct bpf_object *obj;
	bool found[32] = {};
	const struct bpffs_plan_extern *ext;
	const __u8 *data;
	size_t size;
	__u32 i;

	plan = bpffs_plan_build(object.image, object.size, NULL, &diag);
	obj = bpf_object__open_mem(object.image, object.size, &opts);
	if (!is_str(diag.text, "", "an object of values has a plan") || !obj)
		return;
	is(bpffs_kconfig_read(plan, config, sizeof(config) - 1, found, &diag), 0, "it is read");
	is(bpf_object__load(obj), 0, "libbpf takes it");
	data = bpf_map__initial_value(bpf_object__next_map(obj, NULL), &size);
	is(size, plan->maps[0].value_size, "size of .kconfig");
	for (i = 0; i < plan->nr_externs; i++) {
		ext = &plan->externs[i];
		if (bpffs_kconfig_is_option(ext))
			ok(!memcmp(plan->maps[0].data + ext->offset, data + ext->offset,
				   ext->size), "value of %s", ext->name);
	}
	compare_prog(plan, obj, &plan->progs[0]);
	compare_btf(plan, obj);
	bpf_object__close(obj);
	bpffs_plan_free(plan);
	object_free(&object);
}

/* Functions need the BTF of a running kernel to be loaded, not to be opened. */
static void compare_extern_btf(void)
{
	struct object object = object_read("externs");
	struct bpffs_diag diag = {};
	struct bpffs_plan *plan;
	struct bpf_object *obj;

	plan = bpffs_plan_build(object.image, object.size, NULL, &diag);
	obj = bpf_object__open_mem(object.image, object.size, NULL);
	if (!is_str(diag.text, "", "an object of externs has a plan") || !obj)
		return;
	compare_btf(plan, obj);
	bpf_object__close(obj);
	bpffs_plan_free(plan);
	object_free(&object);
}

int main(void)
{
	libbpf_set_print(silent);
	compare_kconfig();
	compare_extern_btf();
	compare("whole");
	compare("maps");
	compare("bare");
	compare("refused-ok");
	return done_testing();
}
