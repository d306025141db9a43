/* queue.c - many commands, some at a time, none of which outlives it */
/* SPDX-License-Identifier: MIT */
/*
 * usage: class run JOBS LIST COMMAND...
 *	class guard COMMAND...
 *
 * Runs COMMAND LINE for each line of the file LIST, JOBS at a time. COMMAND
 * finds in its environment SLOT, a number below JOBS that no other has at the
 * time, and ATTEMPT. Its exit status: 0 full marks, 1 less, 3 or anything
 * else an error: then it is run once more, as the second attempt; 4, nothing
 * can be written any more: the queue ends. The queue's own status is 0, 3 if
 * there was an error, 4 if it has ended before all was done.
 *
 * Each command has a guard, a process of its own that is the reaper of all
 * that the command starts. It ends all of that when the command has ended,
 * and when the queue has, however that came: the guard looks who its parent
 * is. `class guard` is such a guard alone.
 */
#include "class.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "process.h"

#define LOOK_MS 100
#define LIVE_MS 500l		/* between two changes of the live line */
#define LINE_MS 10000l		/* between two lines of a log */
#define FULL 4			/* status: nothing can be written */

static volatile sig_atomic_t told_to_end;

static void
on_signal(int number)
{
	told_to_end = number;
}

static void
on_child(int number)
{
	(void)number;
}

/* Signals are taken only in nap(). */
static void
take_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	action.sa_handler = on_child;
	sigaction(SIGCHLD, &action, NULL);
}

/* Until a child has ended, a signal has come, or a moment has passed. */
static void
nap(void)
{
	struct timespec moment = { 0, LOOK_MS * 1000000l };
	sigset_t none;

	sigemptyset(&none);
	pselect(0, NULL, NULL, NULL, &moment, &none);
}

static long
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- The guard ---- */

static void
stop(pid_t pid)
{
	kill(pid, SIGSTOP);
}

static void
end(pid_t pid)
{
	kill(pid, SIGKILL);
}

/* All that is below this process, and what comes up from below that. */
static void
end_all(pid_t group)
{
	struct timespec pause = { 0, 2000000 };
	pid_t pid;

	for (;;) {
		while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
			continue;
		if (pid == -1 && errno == ECHILD)
			return;
		process_each(group, getpid(), stop);
		process_each(group, getpid(), end);
		nanosleep(&pause, NULL);
	}
}

static pid_t
start(char **command)
{
	sigset_t none;
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setpgid(0, 0);
	execvp(command[0], command);
	perror(command[0]);
	_exit(127);
}

/* Runs the command; its exit status, or 3 if it had to be ended. */
static int
guard(char **command, pid_t parent)
{
	int status = 0;
	pid_t pid, ended = 0;

	take_signals();
#ifdef __linux__
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
#endif
	pid = start(command);
	while (pid > 0 && !told_to_end && getppid() == parent) {
		ended = waitpid(pid, &status, WNOHANG);
		if (ended != 0)
			break;
		nap();
	}
	end_all(pid);
	return ended > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 3;
}

int
run_guarded(char **command)
{
	return guard(command, getppid());
}

/* ---- The queue ---- */

struct job {
	pid_t guard;		/* 0: the slot is free */
	char *line;
	int attempt;
};

static struct {
	FILE *list;
	char **command;		/* the last but one is the line */
	size_t words;		/* of the command, without it */
	int jobs;
	struct job *job;
	pid_t parent;
	unsigned long all, done, below, errors;
	bool full;		/* nothing can be written any more */
	bool live;		/* on a terminal */
	long begun, told;	/* ms */
} queue;

static void
tell(bool last)
{
	long now = now_ms();
	double minutes = (double)(now - queue.begun) / 60000;

	if (!last && now - queue.told < (queue.live ? LIVE_MS : LINE_MS))
		return;
	queue.told = now;
	fprintf(stderr, "%sbatch: %lu of %lu graded, %lu left, %.1f a minute;"
		" %lu below full marks, %lu errors%s%s", queue.live ? "\r" :
		"", queue.done, queue.all, queue.all - queue.done,
		minutes > 0 ? (double)queue.done / minutes : 0, queue.below,
		queue.errors, queue.live ? "\033[K" : "",
		queue.live && !last ? "" : "\n");
}

static void
begin(struct job *job, int attempt)
{
	char number[20];
	pid_t parent = getpid();

	job->attempt = attempt;
	snprintf(number, sizeof(number), "%d", (int)(job - queue.job));
	setenv("SLOT", number, 1);
	setenv("ATTEMPT", attempt == 1 ? "1" : "2", 1);
	queue.command[queue.words] = job->line;
	fflush(NULL);
	job->guard = fork();
	if (job->guard == 0) {
		setpgid(0, 0);
		_exit(guard(queue.command, parent));
	}
	if (job->guard == -1) {
		perror("batch: fork");
		exit(3);
	}
}

/* The next line of the list, if there is one, into this slot. */
static void
next(struct job *job)
{
	size_t size = 0;
	ssize_t length;

	job->line = NULL;
	length = getline(&job->line, &size, queue.list);
	if (length <= 0) {
		free(job->line);
		return;
	}
	if (job->line[length - 1] == '\n')
		job->line[length - 1] = '\0';
	begin(job, 1);
}

static void
finish(struct job *job, int status)
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : 3;

	job->guard = 0;
	queue.full = queue.full || code == FULL;
	if (code > 1 && !queue.full && job->attempt == 1) {
		begin(job, 2);
		return;
	}
	queue.done += code <= 1;
	queue.below += code == 1;
	queue.errors += code > 1;
	free(job->line);
}

/* Takes those that have ended; how many are still busy? */
static int
collect(void)
{
	int status, busy = 0;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (int i = 0; i < queue.jobs; i++)
			if (queue.job[i].guard == pid)
				finish(&queue.job[i], status);
	for (int i = 0; i < queue.jobs; i++) {
		if (queue.job[i].guard <= 0 && !queue.full)
			next(&queue.job[i]);
		busy += queue.job[i].guard > 0;
	}
	return busy;
}

static unsigned long
count_lines(FILE *list)
{
	unsigned long lines = 0;
	int c;

	while ((c = getc(list)) != EOF)
		lines += c == '\n';
	rewind(list);
	return lines;
}

static void
set_up(int jobs, const char *list, char **command)
{
	queue.list = fopen(list, "r");
	queue.jobs = jobs < 1 ? 1 : jobs;
	queue.job = calloc((size_t)queue.jobs, sizeof(*queue.job));
	while (command[queue.words] != NULL)
		queue.words++;
	queue.command = calloc(queue.words + 2, sizeof(char *));
	if (queue.list == NULL || queue.job == NULL ||
	    queue.command == NULL) {
		perror(list);
		exit(3);
	}
	memcpy(queue.command, command, queue.words * sizeof(char *));
	queue.parent = getppid();
	queue.all = count_lines(queue.list);
	queue.live = isatty(STDERR_FILENO);
	queue.begun = queue.told = now_ms();
}

int
run_queue(int jobs, const char *list, char **command)
{
	set_up(jobs, list, command);
	take_signals();
	while (collect() > 0) {
		if (told_to_end || getppid() != queue.parent)
			return FULL;
		tell(false);
		nap();
	}
	tell(true);
	return queue.full ? FULL : queue.errors > 0 ? 3 : 0;
}
