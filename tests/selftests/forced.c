// SPDX-License-Identifier: GPL-2.0
/*
 * forced [OPTION]... KIND OPERATION [UNDO]
 *
 * Forces an operation to fail at one place after the other, until it runs to
 * its end untouched. After every single failure the errno must be a right one,
 * everything must be as it was before, and the next try must succeed; UNDO
 * then takes back what that did. For the words of OPERATION and UNDO see
 * steps.h. Prints one line: how many places there were, and what came of it.
 *
 * KIND is what is forced:
 *	nth	the Nth allocation or copy from or to the user fails
 *		(/proc/self/fail-nth); ENOMEM and EFAULT are right
 *	nofile	N descriptors are to be had besides those in use; EMFILE
 *	space	there is room for N steps of 256 KiB in the address space; ENOMEM
 *	kill	a process that does it is killed after N milliseconds
 *
 *	--tree DIR	what must not change
 *	--stream NAME	a name in it whose content is not looked at
 *	--log FILE	must tell of every write that fails
 *	--also ERRNO	an errno that is right, too; may be repeated
 *	--ends ERRNO	what the operation comes to where nothing is forced
 *	--at-most N	nth: so many of the places, evenly spread
 *	--ms N		kill: milliseconds from one place to the next
 *	--threads	with a second thread, which shares all descriptors
 */
#define _GNU_SOURCE
#include "steps.h"
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#define MAX_ERRNO	133
#define SETTLE_TRIES	100
#define MAX_COMPLAINTS	6

static const char *tree, *stream, *log_file;
static int at_most, step_ms = 20, usual;
static int right[MAX_ERRNO + 1];

static struct step op[MAX_STEPS], undo[MAX_STEPS];
static int nr_op, nr_undo;

static int run_steps(struct step *steps, int nr)
{
	int i, err = 0;

	for (i = 0; i < nr && !err; i++)
		err = steps[i].run(&steps[i]);
	return err;
}

/*
 * nth. The count goes down with copies to the user, too, so that reading what
 * is left of it may be what fails.
 */
static int nth_fd;

static void nth_begin(void)
{
	nth_fd = open("/proc/thread-self/fail-nth", O_RDWR);
	if (nth_fd < 0)
		die("fail-nth");
	right[ENOMEM] = 1;
	right[EFAULT] = 1;
}

static void set_nth(int n)
{
	char text[16];
	int len = sprintf(text, "%d", n);

	while (pwrite(nth_fd, text, len, 0) != len)
		if (errno != EFAULT)
			die("fail-nth");
}

static int nth_run(int n, int *forced)
{
	char left[16] = "";
	int err;

	set_nth(n);
	err = run_steps(op, nr_op);
	*forced = pread(nth_fd, left, sizeof(left) - 1, 0) > 0 && !atoi(left);
	set_nth(0);
	return err;
}

/* nofile */
static void nofile_begin(void)
{
	right[EMFILE] = 1;
}

/* Limits bind what is beyond them from now on, so one past the last open one. */
static int nofile_run(int n, int *forced)
{
	struct rlimit old, new;
	int fd, err;

	getrlimit(RLIMIT_NOFILE, &old);
	fd = dup(0);
	close(fd);
	new = old;
	new.rlim_cur = fd + n - 1;
	setrlimit(RLIMIT_NOFILE, &new);
	err = run_steps(op, nr_op);
	setrlimit(RLIMIT_NOFILE, &old);
	*forced = n <= 12;
	return err;
}

/* space */
static void space_begin(void)
{
	right[ENOMEM] = 1;
}

static int space_run(int n, int *forced)
{
	struct rlimit old, new;
	unsigned long pages;
	FILE *statm = fopen("/proc/self/statm", "r");
	int err;

	if (!statm || fscanf(statm, "%lu", &pages) != 1)
		die("statm");
	fclose(statm);
	getrlimit(RLIMIT_AS, &old);
	new = old;
	new.rlim_cur = pages * sysconf(_SC_PAGESIZE) + ((n - 1) << 18);
	setrlimit(RLIMIT_AS, &new);
	err = run_steps(op, nr_op);
	setrlimit(RLIMIT_AS, &old);
	*forced = n <= 12;
	return err;
}

/*
 * kill. Whether the process got its work done just before it died nobody can
 * tell it, so the work is undone where it is.
 */
static void kill_begin(void)
{
	right[EINTR] = 1;
}

static int kill_run(int n, int *forced)
{
	struct timespec time = {
		.tv_sec = (n - 1) * step_ms / 1000,
		.tv_nsec = (n - 1) * step_ms % 1000 * 1000000,
	};
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(run_steps(op, nr_op));
	nanosleep(&time, NULL);
	kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
	*forced = WIFSIGNALED(status);
	if (*forced)
		run_steps(undo, nr_undo);
	return *forced ? EINTR : WEXITSTATUS(status);
}

static const struct kind {
	const char *name;
	void (*begin)(void);
	int (*run)(int n, int *forced);
} kinds[] = {
	{ "nth", nth_begin, nth_run },
	{ "nofile", nofile_begin, nofile_run },
	{ "space", space_begin, space_run },
	{ "kill", kill_begin, kill_run },
	{ }
};

static const struct kind *find_kind(const char *name)
{
	const struct kind *kind;

	for (kind = kinds; kind->name; kind++)
		if (!strcmp(kind->name, name))
			return kind;
	errno = EINVAL;
	die(name);
	return NULL;
}

/* What --at-most chooses from. */
static int all_places;

/* From one place to the next. */
static int stride(const struct kind *kind)
{
	unsigned int left;
	char text[16] = "";

	if (kind->run != nth_run || !at_most)
		return 1;
	set_nth(INT_MAX);
	run_steps(op, nr_op);
	if (pread(nth_fd, text, sizeof(text) - 1, 0) <= 0)
		die("fail-nth");
	left = strtoul(text, NULL, 10);
	set_nth(0);
	run_steps(undo, nr_undo);
	all_places = INT_MAX - left;
	return all_places / at_most + 1;
}

static int complaints;

static void complain(int n, const char *what, const char *detail)
{
	fprintf(stderr, "place %d: %s: %s\n", n, what, detail);
	complaints++;
}

/* The first line in which two states differ. */
static void tell_difference(int n, const char *before, const char *after)
{
	const char *line = before;
	char text[256];

	for (; *before && *before == *after; before++, after++)
		if (*before == '\n')
			line = before + 1;
	after -= before - line;
	snprintf(text, sizeof(text), "was \"%.*s\", is \"%.*s\"", (int)strcspn(line, "\n"), line,
		 (int)strcspn(after, "\n"), after);
	complain(n, "something changed", text);
}

/* What is let go of goes a grace period later. */
static void expect_state(int n, const char *before)
{
	struct timespec pause = { .tv_nsec = 50000000 };
	int try;

	for (try = 0; try < SETTLE_TRIES; try++) {
		if (!strcmp(state(tree, stream), before))
			return;
		nanosleep(&pause, NULL);
	}
	tell_difference(n, before, state_text);
}

/* The state, once what was let go of before is gone. */
static const char *settled_state(void)
{
	struct timespec pause = { .tv_nsec = 200000000 };
	char *last = strdup(state(tree, stream));
	int same = 0, try;

	for (try = 0; try < SETTLE_TRIES && same < 5; try++) {
		nanosleep(&pause, NULL);
		same = strcmp(state(tree, stream), last) ? 0 : same + 1;
		free(last);
		last = strdup(state_text);
	}
	return last;
}

static void expect_log(int n, int err)
{
	char line[256] = "", wanted[64];
	FILE *log;

	/* What is wrong with the memory that it wrote from, the writer knows. */
	if (!log_file || !op[nr_op - 1].wrote || err == EFAULT)
		return;
	log = fopen(log_file, "r");
	if (!log)
		die(log_file);
	if (!fgets(line, sizeof(line), log))
		line[0] = '\0';
	fclose(log);
	snprintf(wanted, sizeof(wanted), "error: %s: ", strerrorname_np(err));
	if (strncmp(line, wanted, strlen(wanted)))
		complain(n, strerrorname_np(err), *line ? line : "the log is empty");
	else if (!strstr(line + strlen(wanted), " "))
		complain(n, "the log is no sentence", line);
}

/* What a take has to see, whenever it sees anything. */
static char *expected;
static size_t expected_len;

static void expect_taken(int n)
{
	if (!expected) {
		expected = memcpy(malloc(taken_len + 1), taken, taken_len);
		expected_len = taken_len;
	}
	if (taken_len != expected_len || memcmp(taken, expected, taken_len))
		complain(n, "something else was read", "");
}

static void next_try(int n)
{
	int err = run_steps(op, nr_op);

	if (err != usual)
		complain(n, "the next try fails", strerrorname_np(err));
	else
		expect_taken(n);
}

static void take_back(int n)
{
	int err = usual ? 0 : run_steps(undo, nr_undo);

	if (err)
		complain(n, "it cannot be undone", strerrorname_np(err));
}

static int outcomes[MAX_ERRNO + 1];

/* Returns whether a failure was forced: if not, there are no more places. */
static int force(const struct kind *kind, int n, const char *before)
{
	int forced, err;

	err = kind->run(n, &forced);
	if (err < 0 || err > MAX_ERRNO)
		err = MAX_ERRNO;
	if (forced)
		outcomes[err]++;
	if (err != usual) {
		if (!forced || !right[err])
			complain(n, "it fails", strerrorname_np(err));
		expect_log(n, err);
		expect_state(n, before);
		next_try(n);
	} else {
		expect_taken(n);
	}
	take_back(n);
	expect_state(n, before);
	return forced;
}

static void report(int places)
{
	int err;

	printf("%d", places);
	if (all_places)
		printf(" of %d", all_places);
	printf(" places");
	for (err = 1; err <= MAX_ERRNO; err++)
		if (outcomes[err])
			printf(", %d %s", outcomes[err], strerrorname_np(err));
	if (outcomes[0])
		printf(", %d successes", outcomes[0]);
	putchar('\n');
}

static void *idle(void *unused)
{
	pause();
	return NULL;
}

static void start_thread(void)
{
	pthread_t thread;

	errno = pthread_create(&thread, NULL, idle, NULL);
	if (errno)
		die("thread");
}

static const struct option options[] = {
	{ "tree", required_argument, NULL, 't' },
	{ "stream", required_argument, NULL, 's' },
	{ "log", required_argument, NULL, 'l' },
	{ "also", required_argument, NULL, 'a' },
	{ "ends", required_argument, NULL, 'e' },
	{ "at-most", required_argument, NULL, 'n' },
	{ "ms", required_argument, NULL, 'm' },
	{ "threads", no_argument, NULL, 'T' },
	{ }
};

static int errno_of(const char *name)
{
	int err;

	for (err = 1; err <= MAX_ERRNO; err++)
		if (strerrorname_np(err) && !strcmp(strerrorname_np(err), name))
			return err;
	errno = EINVAL;
	die(name);
	return 0;
}

static void take_option(int option)
{
	switch (option) {
	case 't':
		tree = optarg;
		break;
	case 's':
		stream = optarg;
		break;
	case 'l':
		log_file = optarg;
		break;
	case 'a':
		right[errno_of(optarg)] = 1;
		break;
	case 'e':
		usual = errno_of(optarg);
		break;
	case 'n':
		at_most = atoi(optarg);
		break;
	case 'm':
		step_ms = atoi(optarg);
		break;
	case 'T':
		start_thread();
		break;
	default:
		exit(2);
	}
}

int main(int argc, char **argv)
{
	const struct kind *kind;
	int option, every, forced, n, places = 0;
	const char *before;

	while ((option = getopt_long(argc, argv, "+", options, NULL)) >= 0)
		take_option(option);
	argv += optind;
	if (argc - optind < 2)
		exit(2);
	kind = find_kind(argv[0]);
	nr_op = parse_steps(op, argv[1]);
	nr_undo = argv[2] ? parse_steps(undo, argv[2]) : 0;
	setvbuf(stdout, NULL, _IONBF, 0);
	kind->begin();
	before = settled_state();
	/* Once for whatever is allocated once, and to see that it works. */
	next_try(0);
	take_back(0);
	expect_state(0, before);
	every = stride(kind);
	for (n = 1, forced = 1; forced && complaints < MAX_COMPLAINTS; n += every) {
		forced = force(kind, n, before);
		places += forced;
	}
	report(places);
	return complaints ? 1 : 0;
}
