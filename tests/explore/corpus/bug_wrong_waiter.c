/* bug_wrong_waiter.c - one condition variable for two conditions */
/* SPDX-License-Identifier: MIT */
/*
 * A buffer with room for one item; main puts two, each of two consumers
 * takes one. Those who wait for "not empty" and those who wait for "not
 * full" share one condition variable, and whoever changes the buffer signals
 * once. Let both consumers and then main wait: the consumer that takes the
 * first item may wake the other consumer instead of main. It finds nothing,
 * waits again, and the signal is used up.
 *
 * verdict: deadlock
 */
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool full;		/* Guarded by lock. */

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void
put(void)
{
	pthread_mutex_lock(&lock);
	while (full)
		pthread_cond_wait(&changed, &lock);
	full = true;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
}

static void *
consumer(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	while (!full)
		pthread_cond_wait(&changed, &lock);
	full = false;
	pthread_cond_signal(&changed);	/* BUG: may wake the wrong one */
	pthread_mutex_unlock(&lock);
	return NULL;
}

int
main(void)
{
	pthread_t first = start(consumer);
	pthread_t second = start(consumer);

	put();
	put();
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	return 0;
}
