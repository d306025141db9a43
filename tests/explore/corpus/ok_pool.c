/* ok_pool.c - a small pool with an orderly shutdown */
/* SPDX-License-Identifier: MIT */
/*
 * Two workers, a queue of numbers of jobs. Correct, because queue and stop
 * flag change only under the lock; a worker tests both in the loop around
 * its wait, and leaves only when stop is set and the queue is empty: so no
 * job is dropped. The shutdown broadcasts, for both workers may wait, and
 * joins both without the lock. The callbacks run outside the lock; each job
 * is taken by one worker, under the lock, so each runs once.
 *
 * verdict: pass
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { JOBS = 3, WORKERS = 2 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int posted;		/* Guarded by lock, as the rest. */
static int taken;		/* Jobs taken..posted-1 are queued. */
static bool stop;
static atomic_int runs[JOBS];

static void
callback(int job)
{
	atomic_fetch_add(&runs[job], 1);
}

static void *
worker(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	for (;;) {
		while (taken == posted && !stop)
			pthread_cond_wait(&changed, &lock);
		if (taken == posted)
			break;
		int job = taken++;
		pthread_mutex_unlock(&lock);
		callback(job);
		pthread_mutex_lock(&lock);
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void
submit(void)
{
	pthread_mutex_lock(&lock);
	posted++;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
}

int
main(void)
{
	pthread_t thread[WORKERS];

	for (int i = 0; i < WORKERS; i++) {
		int error = pthread_create(&thread[i], NULL, worker, NULL);

		assert(error == 0);
	}
	for (int i = 0; i < JOBS; i++)
		submit();

	pthread_mutex_lock(&lock);
	stop = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(thread[i], NULL);
	for (int i = 0; i < JOBS; i++)
		assert(atomic_load(&runs[i]) == 1);
	return 0;
}
