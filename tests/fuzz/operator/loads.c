// SPDX-License-Identifier: GPL-2.0
/*
 * Loading objects and attaching programs by name.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "operator.h"

static unsigned int loads;

/* Is anything in @dir that the last load into it made? */
static bool is_loaded(const struct node *dir)
{
	struct node *maps = subdir(dir, "maps");
	const struct name *name;
	enum which which;

	for (which = PROGS; which <= VARS; which++)
		if (subdir(dir, which_names[which]) && subdir(dir, which_names[which])->names)
			return true;
	for (name = maps ? maps->names : NULL; name; name = name->next)
		if (dir->load && name->node->load == dir->load)
			return true;
	return false;
}

/* Maps that stand already take the place of those that would be made. */
static bool meets_maps(const struct node *dir, const struct object *object)
{
	const struct node *maps = subdir(dir, "maps");
	unsigned int i;

	for (i = 0; maps && i < object->nr_items; i++)
		if (object->items[i].which == MAPS && find_name(maps, object->items[i].name))
			return true;
	return false;
}

static int predict_load(const struct node *dir, const struct object *object)
{
	unsigned int i;

	if (is_loaded(dir))
		return -EBUSY;
	for (i = 0; i < object->nr_items; i++)
		if (!subdir(dir, which_names[object->items[i].which]))
			return -ENOENT;
	return 0;
}

static void model_load(struct node *dir, const struct object *object)
{
	const struct item *item;
	unsigned int i;

	dir->load = ++loads;
	for (i = 0; i < object->nr_items; i++) {
		item = &object->items[i];
		make_item(subdir(dir, which_names[item->which]), item, dir->load);
	}
}

static int predict_load_open(const char *path, struct place *place)
{
	int err = walk(path, place);

	if (err)
		return err;
	if (!may(place->node, W_OK))
		return -EACCES;
	return as_alice ? -EPERM : 0;
}

/* What log, beside the file at @path, has to say of a surprise. */
static void tell_log(const char *path)
{
	const char *slash = strrchr(path, '/');
	char log[PATH_SIZE], text[1000];
	ssize_t len;
	int fd;

	snprintf(log, sizeof(log), "%.*slog", slash ? (int)(slash + 1 - path) : 0, path);
	fd = open(log, O_RDONLY | O_CLOEXEC);
	len = fd < 0 ? -1 : read(fd, text, sizeof(text));
	if (len > 0)
		fprintf(stderr, "%.*s", (int)len, text);
	close(fd);
}

/* The object is loaded by root or not at all. */
static void do_load(void)
{
	const struct object *object = &objects[pick(nr_objects)];
	static const size_t steps[] = { 1 << 20, 1 << 20, 4096, 1000 };
	size_t step = steps[pick(ARRAY_SIZE(steps))];
	char path[PATH_SIZE];
	struct place place;
	int fd, want, got;

	pick_of_kind(path, CONTROL, LOAD);
	doing("load of %s into %s, by %zu", object->path, path, step);
	if (walk(path, &place) || place.node->kind != CONTROL || place.node->control != LOAD)
		return;
	if (meets_maps(place.dir, object) && !is_loaded(place.dir))
		return;
	want = predict_load_open(path, &place);
	check(try_as_user(fd = open(path, O_WRONLY | O_CLOEXEC)), want);
	if (want)
		return;
	want = predict_load(place.dir, object);
	got = object_write(fd, object, step);
	close(fd);
	if (got != want)
		tell_log(path);
	check(got, want);
	if (!got)
		model_load(place.dir, object);
}

/* Some kinds of hooks run one program once, wherever it is linked. */
static bool is_attached_once(const struct hook *hook)
{
	return strcmp(hook->name, "kprobe") && strcmp(hook->name, "kretprobe");
}

static bool is_attached_below(const struct node *dir, const struct node *prog)
{
	const struct name *name;

	for (name = dir->names; name; name = name->next)
		if (name->node == prog ||
		    (is_dir(name->node) && is_attached_below(name->node, prog)))
			return true;
	return false;
}

static bool has_other_name(const struct node *prog)
{
	return prog->nlink > 1;
}

/*
 * The errno that attaching has to give, once the names are seen to. *@perhaps
 * is set where it may be EBUSY or EEXIST as well.
 */
int predict_attach(const struct node *prog, const struct hook *hook, const char *target,
		   bool *perhaps)
{
	const struct item *item = prog->item;
	bool kprobe = !strcmp(hook->name, "kprobe") || !strcmp(hook->name, "kretprobe");
	bool any_target = kprobe || !strcmp(hook->name, "tracepoint") ||
			  !strcmp(hook->name, "raw_tracepoint");

	*perhaps = false;
	if (kprobe ? strcmp(item->hook, "kprobe") && strcmp(item->hook, "kretprobe") :
		     strcmp(item->hook, hook->name) != 0)
		return -EINVAL;
	if (!any_target && strcmp(target, item->target))
		return -EINVAL;
	if (as_alice)
		return -EPERM;
	if (strcmp(target, hook->targets[0]) && strcmp(target, hook->targets[1]))
		return -ENOENT;
	*perhaps = is_attached_once(hook) && has_other_name(prog);
	return 0;
}

static const struct hook *hook_of(const struct node *prog)
{
	unsigned int i;

	for (i = 0; i < nr_hooks; i++)
		if (!strcmp(hooks[i].name, prog->item->hook))
			return &hooks[i];
	return NULL;
}

/* Attaching @prog under @text where its section says. */
static int predict_by_section(struct node *hooks_dir, const struct node *prog,
			      const char *text, bool *perhaps)
{
	const struct hook *hook = hook_of(prog);
	struct node *leaf;
	char path[128];

	*perhaps = false;
	if (!hook)
		return -EOPNOTSUPP;
	if (!*prog->item->target)
		return -EINVAL;
	snprintf(path, sizeof(path), "%s/%s", hook->name, prog->item->target);
	leaf = use_hook_dir(hooks_dir, path);
	if (find_name(leaf, text))
		return -EEXIST;
	return predict_attach(prog, hook, prog->item->target, perhaps);
}

static void model_attach(struct node *hooks_dir, struct node *prog, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", prog->item->hook, prog->item->target);
	add_name(use_hook_dir(hooks_dir, path), text, prog);
}

static int write_line(int fd, const char *text)
{
	char line[PATH_SIZE];
	int len = snprintf(line, sizeof(line), "%s\n", text);

	return write(fd, line, len) == len ? 0 : -errno;
}

static void attach_one(int fd, struct node *dir, const char *text)
{
	struct node *hooks_dir = subdir(dir, "hooks"), *progs = subdir(dir, "progs");
	struct node *prog = progs ? subdir(progs, text) : NULL;
	bool perhaps = false;
	int want = -ENOENT, got;

	if (prog && hooks_dir)
		want = predict_by_section(hooks_dir, prog, text, &perhaps);
	got = write_line(fd, text);
	if (!perhaps || (got && got != -EBUSY))
		check_any(got, want, perhaps ? -EEXIST : want);
	if (!got)
		model_attach(hooks_dir, prog, text);
}

/* The names of programs change while their attachments are made. */
static void attach_all(int fd, struct node *dir)
{
	struct node *hooks_dir = subdir(dir, "hooks"), *progs = subdir(dir, "progs");
	bool perhaps = false, once = false;
	int want = 0, got, each;
	struct name *name;

	for (name = progs ? progs->names : NULL; name && hooks_dir; name = name->next) {
		if (!*name->node->item->target || is_attached_below(hooks_dir, name->node))
			continue;
		each = predict_by_section(hooks_dir, name->node, name->text, &once);
		/* Two names of one program: the first one is enough. */
		perhaps |= once || name->node->nlink > 1;
		want = want ?: each;
	}
	if (!hooks_dir || !progs)
		want = -ENOENT;
	if (perhaps)
		return;
	got = write_line(fd, "*");
	check(got, want);
	for (name = progs ? progs->names : NULL; name && !got; name = name->next)
		if (*name->node->item->target && !is_attached_below(hooks_dir, name->node))
			model_attach(hooks_dir, name->node, name->text);
}

static void do_attach(void)
{
	char path[PATH_SIZE], text[NAME_SIZE] = "*";
	const struct name *name;
	struct node *progs;
	struct place place;
	int fd, want;

	pick_of_kind(path, CONTROL, ATTACH);
	if (walk(path, &place) || place.node->kind != CONTROL || place.node->control != ATTACH)
		return;
	progs = subdir(place.dir, "progs");
	for (name = progs ? progs->names : NULL; name && !strcmp(text, "*"); name = name->next)
		if (pick(3))
			strcpy(text, name->text);
	doing("attach %s by %s", text, path);
	want = may(place.node, W_OK) ? as_alice ? -EPERM : 0 : -EACCES;
	check(try_as_user(fd = open(path, O_WRONLY | O_CLOEXEC)), want);
	if (want)
		return;
	if (!strcmp(text, "*"))
		attach_all(fd, place.dir);
	else
		attach_one(fd, place.dir, text);
	close(fd);
}

void (* const load_operations[])(void) = {
	do_load, do_attach, do_attach,
};

const unsigned int nr_load_operations = ARRAY_SIZE(load_operations);
