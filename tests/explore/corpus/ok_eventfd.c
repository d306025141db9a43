/* ok_eventfd.c - an eventfd read once for as many jobs as it says */
/* SPDX-License-Identifier: MIT */
/*
 * bug_eventfd_count.c with the cure. Correct, because a read of an eventfd
 * returns the sum of all that was written since the last read, and the
 * worker takes that many jobs: however the writes and the reads fall, the
 * sums add up to the jobs, and the worker reads again only while some are
 * missing. A write is counted before main goes on, so none can be missed.
 *
 * verdict: pass
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { JOBS = 3 };

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
	uint64_t done = 0;

	(void)unused;
	while (done < JOBS) {
		uint64_t count;
		ssize_t got = read(posts, &count, sizeof count);

		assert(got == sizeof count && count > 0);
		done += count;
	}
	assert(done == JOBS);
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
