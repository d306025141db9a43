/* bug_eventfd_count.c - two posts come as one read */
/* SPDX-License-Identifier: MIT */
/*
 * Main queues two jobs and writes 1 to an eventfd for each; a worker reads
 * the eventfd once per job. But a read returns the sum and sets it to zero:
 * if both writes come before the first read, that read says 2, the worker
 * takes it for one job, and the second read waits for a post that has been
 * had. What a read returns is the number of jobs.
 *
 * verdict: deadlock
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { JOBS = 2 };

static int posts;		/* The eventfd. */

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
	(void)unused;
	for (int job = 0; job < JOBS; job++) {
		uint64_t count;
		ssize_t got = read(posts, &count, sizeof count);

		assert(got == sizeof count);	/* BUG: ignores count */
	}
	return NULL;
}

int
main(void)
{
	const uint64_t one = 1;

	posts = eventfd(0, 0);
	assert(posts >= 0);
	pthread_t thread = start(worker);
	for (int job = 0; job < JOBS; job++) {
		ssize_t sent = write(posts, &one, sizeof one);

		assert(sent == sizeof one);
	}
	pthread_join(thread, NULL);
	close(posts);
	return 0;
}
