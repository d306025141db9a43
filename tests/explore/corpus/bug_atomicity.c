/* bug_atomicity.c - each access is locked, the whole is not */
/* SPDX-License-Identifier: MIT */
/*
 * Three threads count a visitor each. Reading the counter is locked and so
 * is writing it, so there is no data race, and no race detector says a word.
 * But "read, add one, write" is one step only if the lock is held from the
 * first to the last: two threads may read the same number, and one visitor
 * is lost.
 *
 * verdict: assertion
 * message: get() == 3
 * median: 1
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int visitors;		/* Guarded by lock. */

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static int
get(void)
{
	pthread_mutex_lock(&lock);
	int seen = visitors;
	pthread_mutex_unlock(&lock);
	return seen;
}

static void
set(int value)
{
	pthread_mutex_lock(&lock);
	visitors = value;
	pthread_mutex_unlock(&lock);
}

static void *
visitor(void *unused)
{
	(void)unused;
	set(get() + 1);			/* BUG: the lock is let go between */
	return NULL;
}

int
main(void)
{
	pthread_t first = start(visitor);
	pthread_t second = start(visitor);

	visitor(NULL);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	assert(get() == 3);
	return 0;
}
