/* bug_interrupted_read.c - a read that was interrupted is taken for the end */
/* SPDX-License-Identifier: MIT */
/*
 * A worker reads jobs from a pipe, a byte each, until there are no more: it
 * ends when read does not give one. But a read may end without a byte for
 * another reason: a signal handler ran meanwhile (EINTR). Then the jobs that
 * are still in the pipe are never done. The explorer has no signals, but it
 * can make a call end in this way, if the program exposes the descriptor.
 *
 * verdict: assertion
 * message: done == JOBS
 * options: fail=eintr:2
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

#include "explore.h"

enum { JOBS = 3 };

static int jobs[2];		/* A pipe: read end, write end. */
static int done;		/* Read when the worker has ended. */

static void *
worker(void *unused)
{
	char job;

	(void)unused;
	while (read(jobs[0], &job, 1) == 1)	/* BUG: and errno? */
		done++;
	return NULL;
}

int
main(void)
{
	int failed = pipe(jobs);
	pthread_t thread;

	assert(!failed);
	explore_expose(jobs[0], EXPLORE_DELAYS);
	failed = pthread_create(&thread, NULL, worker, NULL);
	assert(!failed);
	for (int i = 0; i < JOBS; i++) {
		ssize_t sent = write(jobs[1], "j", 1);

		assert(sent == 1);
	}
	close(jobs[1]);
	pthread_join(thread, NULL);
	close(jobs[0]);
	assert(done == JOBS);
	return 0;
}
