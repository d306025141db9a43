/* ok_pipe_poll.c - two readers of one pipe, and neither blocks in read */
/* SPDX-License-Identifier: MIT */
/*
 * bug_pipe_drained.c with the cure. Main sends three jobs, a byte each, and
 * closes the write end. Correct, because the read end is non-blocking: a
 * reader whom poll has told of a byte that another then reads gets EAGAIN
 * and polls again. A byte is read by one reader only. When the pipe is empty
 * and its write end closed, poll returns for everybody and read returns 0.
 *
 * verdict: pass
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

enum { JOBS = 3 };

static int jobs[2];		/* A pipe: read end, write end. */
static atomic_int sum;		/* Of the jobs read. */

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
	struct pollfd ready = { .fd = jobs[0], .events = POLLIN };
	char job;

	(void)unused;
	for (;;) {
		int count = poll(&ready, 1, -1);
		ssize_t got = read(jobs[0], &job, 1);

		assert(count == 1);
		if (got == 0)
			return NULL;
		if (got == 1)
			atomic_fetch_add(&sum, job);
		else
			assert(errno == EAGAIN);
	}
}

int
main(void)
{
	int failed = pipe(jobs);

	assert(!failed);
	failed = fcntl(jobs[0], F_SETFL, O_NONBLOCK);
	assert(!failed);
	pthread_t one = start(worker);
	pthread_t two = start(worker);

	for (char job = 1; job <= JOBS; job++) {
		ssize_t sent = write(jobs[1], &job, 1);

		assert(sent == 1);
	}
	close(jobs[1]);
	pthread_join(one, NULL);
	pthread_join(two, NULL);
	close(jobs[0]);
	assert(atomic_load(&sum) == 1 + 2 + 3);
	return 0;
}
