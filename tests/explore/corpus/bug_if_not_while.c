/* bug_if_not_while.c - a woken consumer that does not look again */
/* SPDX-License-Identifier: MIT */
/*
 * Two consumers take one item each; main puts two. A consumer that finds
 * nothing waits, and when it is woken it takes. Between the signal and the
 * moment when the woken consumer has the lock again, the other consumer may
 * come by and take the item: the woken one then takes from an empty store.
 * After a wait the condition must be tested again: while, not if.
 *
 * verdict: assertion
 * message: items > 0
 * median: 6
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER;
static int items;		/* Guarded by lock. */

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
	items++;
	pthread_cond_signal(&not_empty);
	pthread_mutex_unlock(&lock);
}

static void *
consumer(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	if (items == 0)			/* BUG: while */
		pthread_cond_wait(&not_empty, &lock);
	assert(items > 0);
	items--;
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
