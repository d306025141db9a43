/* bug_ready_once_more.c - poll said ready, read says "not yet" */
/* SPDX-License-Identifier: MIT */
/*
 * A worker polls a pipe that does not block, and then reads. What poll says
 * is a hint: another thread may have read it, a checksum may have been wrong,
 * and the read finds nothing (EAGAIN). That is no error, and whoever takes it
 * for one gives up a pipe in which there is something, or will be.
 *
 * verdict: assertion
 * message: got == 1
 * options: fail=eagain:1
 */
#include <assert.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

#include "explore.h"

static int jobs[2];		/* A pipe: read end, write end. */

static void *
worker(void *unused)
{
	struct pollfd ready = { .fd = jobs[0], .events = POLLIN };
	char job;
	ssize_t got;
	int count = poll(&ready, 1, -1);

	(void)unused;
	assert(count == 1);
	got = read(jobs[0], &job, 1);
	assert(got == 1);		/* BUG: or EAGAIN, and once more */
	return NULL;
}

int
main(void)
{
	int failed = pipe(jobs);
	pthread_t thread;
	ssize_t sent;

	assert(!failed);
	failed = fcntl(jobs[0], F_SETFL, O_NONBLOCK);
	assert(!failed);
	explore_expose(jobs[0], EXPLORE_DELAYS);
	failed = pthread_create(&thread, NULL, worker, NULL);
	assert(!failed);
	sent = write(jobs[1], "j", 1);
	assert(sent == 1);
	pthread_join(thread, NULL);
	close(jobs[0]);
	close(jobs[1]);
	return 0;
}
