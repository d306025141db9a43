/* bug_barrier_reuse.c - a barrier that closes before everybody is through */
/* SPDX-License-Identifier: MIT */
/*
 * A barrier of mutex, condition and count, used twice. The last to arrive
 * sets the count back and wakes the other, which tests whether the count is
 * still short. If the fast thread comes to the second meeting before the
 * slow one has left the first, the count is one again, the slow one sleeps
 * on in the first meeting, and each waits for the other. A barrier needs a
 * number for the meeting: see ok_barrier.c.
 *
 * verdict: deadlock
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

enum { PARTIES = 2 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t everybody = PTHREAD_COND_INITIALIZER;
static int arrived;		/* Guarded by lock. */

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void
meet(void)
{
	pthread_mutex_lock(&lock);
	if (++arrived == PARTIES) {
		arrived = 0;
		pthread_cond_broadcast(&everybody);
	}
	while (arrived != 0)		/* BUG: which meeting? */
		pthread_cond_wait(&everybody, &lock);
	pthread_mutex_unlock(&lock);
}

static void *
walk(void *unused)
{
	(void)unused;
	meet();
	meet();
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(walk);

	walk(NULL);
	pthread_join(thread, NULL);
	return 0;
}
