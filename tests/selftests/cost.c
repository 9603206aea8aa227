// SPDX-License-Identifier: GPL-2.0
/*
 * What something costs, in nanoseconds of the guest's clock. In a guest with
 * --icount one nanosecond is one instruction, and a figure repeats.
 *
 *	cost getppid N			one getppid(2), the mean of N
 *	cost run OUT COMMAND...		a command from fork to its end, with its
 *					standard output in the file OUT
 *
 * Of several rounds the cheapest counts: the others met the timer.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS	10

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static long long round_of_getppid(long nr)
{
	long long begin = now();
	long i;

	for (i = 0; i < nr; i++)
		syscall(SYS_getppid);
	return now() - begin;
}

static int cost_getppid(long nr)
{
	long long best = 0, took;
	int round;

	for (round = 0; round < ROUNDS; round++) {
		took = round_of_getppid(nr);
		if (!best || took < best)
			best = took;
	}
	printf("%.1f\n", (double)best / nr);
	return 0;
}

static void run(const char *out, char **command)
{
	int fd = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0) {
		perror(out);
		_exit(127);
	}
	execvp(command[0], command);
	perror(command[0]);
	_exit(127);
}

static int cost_run(const char *out, char **command)
{
	long long begin = now();
	int status;
	pid_t pid;

	pid = fork();
	if (!pid)
		run(out, command);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 1;
	printf("%lld\n", now() - begin);
	return status != 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "getppid") && atol(argv[2]) > 0)
		return cost_getppid(atol(argv[2]));
	if (argc > 3 && !strcmp(argv[1], "run"))
		return cost_run(argv[2], argv + 3);
	fprintf(stderr, "usage: cost getppid N | cost run OUT COMMAND...\n");
	return 2;
}
