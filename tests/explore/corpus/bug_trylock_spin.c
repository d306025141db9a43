/* bug_trylock_spin.c - a deadlock that keeps the processors busy */
/* SPDX-License-Identifier: MIT */
/*
 * Two threads need two locks, in opposite order. Somebody has "cured" the
 * deadlock with trylock: nobody sleeps any more. But nobody gives back the
 * lock that he holds either, so when each has one, both try for ever. Who
 * fails to get the second lock must let go of the first.
 *
 * verdict: livelock
 */
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void
use_both(pthread_mutex_t *first, pthread_mutex_t *second)
{
	pthread_mutex_lock(first);
	while (pthread_mutex_trylock(second) != 0)
		sched_yield();		/* BUG: still holds the first */
	pthread_mutex_unlock(second);
	pthread_mutex_unlock(first);
}

static void *
left_handed(void *unused)
{
	(void)unused;
	use_both(&left, &right);
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(left_handed);

	use_both(&right, &left);
	pthread_join(thread, NULL);
	return 0;
}
