/* rounds.c - runs what an answer has planned, and prints it as CSV */
/* SPDX-License-Identifier: MIT */
/*
 * All counters come from the kernel, and none is a time: how many threads
 * there are, how often each has gone to sleep (voluntary_ctxt_switches), how
 * much memory can be written to (VmData). They are printed as they were
 * read; what follows from them is for the answer to say.
 *
 * Each batch runs in a process of its own: a thread that has just ended, and
 * a stack that is kept for the next one, would count for the batch after it.
 * And in each there is a thread of this program that sleeps: a process has
 * more threads than those that one is measuring. Linux.
 */
#include <dirent.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"

#define MOST_ROWS (WAYS * MOST_COUNTS * MOST_ROUNDS)

struct row {
	unsigned round, count;
	enum way way;
	struct sample sample;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t heard = PTHREAD_COND_INITIALIZER;
static HANDLE awaited;			/* guarded by lock; NULL: told */
static struct row rows[MOST_ROWS];

void
told(HANDLE event)
{
	pthread_mutex_lock(&lock);
	if (event == awaited) {
		awaited = NULL;
		pthread_cond_signal(&heard);
	}
	pthread_mutex_unlock(&lock);
}

void
ring(HANDLE event)
{
	pthread_mutex_lock(&lock);
	awaited = event;
	pthread_mutex_unlock(&lock);
	SetEvent(event);
	pthread_mutex_lock(&lock);
	while (awaited != NULL)
		pthread_cond_wait(&heard, &lock);
	pthread_mutex_unlock(&lock);
}

/* The number after a word of a file in /proc; 0: it is not there. */
static unsigned long
number_in(const char *name, const char *word)
{
	unsigned long number = 0;
	char line[200];
	FILE *file = fopen(name, "r");

	if (file == NULL)
		return 0;
	while (fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, word, strlen(word)) == 0)
			number = strtoul(line + strlen(word), NULL, 10);
	fclose(file);
	return number;
}

struct totals
totals(void)
{
	struct totals totals = { 0, 0, 0 };
	DIR *folder = opendir("/proc/self/task");
	struct dirent *entry;
	char name[300], own[32];

	if (folder == NULL) {
		fputs("measure: there is no /proc here\n", stderr);
		exit(1);
	}
	snprintf(own, sizeof(own), "%ld", (long)getpid());
	while ((entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		totals.threads++;
		snprintf(name, sizeof(name), "/proc/self/task/%s/status",
			entry->d_name);
		if (strcmp(entry->d_name, own) != 0)
			totals.wakes += number_in(name,
				"voluntary_ctxt_switches:");
	}
	closedir(folder);
	totals.kib = number_in("/proc/self/status", "VmData:");
	return totals;
}

static void *
sleep_for_ever(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void
print_row(const struct row *row)
{
	const struct totals *readings[] = { &row->sample.before,
		&row->sample.waiting, &row->sample.after };

	printf("%u,%s,%u,%u", row->round,
		row->way == THREADS ? "threads" : "pool", row->count,
		plan.signals);
	for (int i = 0; i < 3; i++)
		printf(",%lu,%lu,%lu", readings[i]->threads,
			readings[i]->wakes, readings[i]->kib);
	putchar('\n');
}

/* Runs a batch in a child, which passes on what it has read. */
static bool
run_batch(struct row *row)
{
	int ends[2];
	bool whole;
	pthread_t sleeper;
	pid_t child;

	if (pipe(ends) != 0 || (child = fork()) < 0)
		return false;
	if (child == 0) {
		if (pthread_create(&sleeper, NULL, sleep_for_ever, NULL) != 0)
			_exit(1);
		row->sample = batch(row->way, row->count, plan.signals);
		_exit(write(ends[1], &row->sample, sizeof(row->sample)) !=
			(ssize_t)sizeof(row->sample));
	}
	close(ends[1]);
	whole = read(ends[0], &row->sample, sizeof(row->sample)) ==
		(ssize_t)sizeof(row->sample);
	close(ends[0]);
	waitpid(child, NULL, 0);
	return whole;
}

int
main(void)
{
	unsigned used = 0;

	if (plan.rounds > MOST_ROUNDS || plan.count_count > MOST_COUNTS)
		return 1;
	for (unsigned i = 0; i < plan.rounds * WAYS * plan.count_count; i++) {
		struct row *row = &rows[used++];
		unsigned batch = i % (WAYS * plan.count_count);

		row->round = i / (WAYS * plan.count_count) + 1;
		row->way = batch < plan.count_count ? THREADS : POOL;
		row->count = plan.counts[batch % plan.count_count];
		if (!run_batch(row)) {
			fputs("measure: a batch has failed\n", stderr);
			return 1;
		}
	}
	puts("round,way,count,signals,threads0,wakes0,kib0,"
		"threads1,wakes1,kib1,threads2,wakes2,kib2");
	for (unsigned i = 0; i < used; i++)
		print_row(&rows[i]);
	return 0;
}
