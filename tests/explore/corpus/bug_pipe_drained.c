/* bug_pipe_drained.c - poll said there is a byte, another has read it */
/* SPDX-License-Identifier: MIT */
/*
 * Two workers poll the same two pipes: one carries jobs, a byte each, the
 * other says stop. Main sends one job. Both workers may be told that it is
 * there; one reads it, and the other blocks in read on the empty pipe, where
 * it no longer hears of the stop. What poll says may be stale when it is
 * acted upon: a descriptor shared by readers must be non-blocking.
 *
 * verdict: deadlock
 */
#include <assert.h>
#include <poll.h>
#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

static int jobs[2];		/* A pipe: read end, write end. */
static int stop[2];

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void *
worker(void *unused)
{
	struct pollfd ready[] = {
		{ .fd = jobs[0], .events = POLLIN },
		{ .fd = stop[0], .events = POLLIN },
	};
	char job;

	(void)unused;
	for (;;) {
		int count = poll(ready, 2, -1);

		assert(count > 0);
		if (ready[1].revents != 0)
			return NULL;
		ssize_t got = read(jobs[0], &job, 1);	/* BUG: blocks */
		assert(got == 1);
	}
}

static void
send_byte(const int *ends)
{
	ssize_t sent = write(ends[1], "x", 1);

	assert(sent == 1);
}

int
main(void)
{
	int failed = pipe(jobs) + pipe(stop);

	assert(!failed);
	pthread_t first = start(worker);
	pthread_t second = start(worker);

	send_byte(jobs);
	send_byte(stop);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	for (int i = 0; i < 2; i++) {
		close(jobs[i]);
		close(stop[i]);
	}
	return 0;
}
