/* bug_unlock_by_other.c - trylock failed, and unlocked all the same */
/* SPDX-License-Identifier: MIT */
/*
 * Main resets a counter if it can have the lock at once, and unlocks in any
 * case: the unlock stands behind the `if` instead of in it. When the worker
 * holds the lock, main unlocks a mutex that it does not own. That is
 * undefined behaviour; with a default mutex of Linux the worker goes on
 * unprotected, and nobody is told.
 *
 * verdict: misuse
 * message: unlock
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int count;		/* Guarded by lock. */

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
	pthread_mutex_lock(&lock);
	count++;
	pthread_mutex_unlock(&lock);
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(worker);

	if (pthread_mutex_trylock(&lock) == 0)
		count = 0;
	pthread_mutex_unlock(&lock);	/* BUG: even if it failed */
	pthread_join(thread, NULL);
	return 0;
}
