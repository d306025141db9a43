/* bug_once_under_lock.c - a first use that needs the caller's lock */
/* SPDX-License-Identifier: MIT */
/*
 * The module makes itself ready at the first use, whoever's that is, and
 * takes the lock to do so. One caller holds the lock already: that was
 * thought of, the lock is a recursive one. But if the other caller has begun
 * and wants the lock, then the one who has it waits for the first use to
 * end. pthread_once is a lock as well, and has its place in their order.
 *
 * verdict: deadlock
 */
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

static pthread_mutex_t lock;	/* Recursive. */
static pthread_once_t first = PTHREAD_ONCE_INIT;
static bool ready;		/* Guarded by lock. */

static void
make_ready(void)
{
	pthread_mutex_lock(&lock);	/* BUG: lock, then once; and here? */
	ready = true;
	pthread_mutex_unlock(&lock);
}

static void *
use(void *unused)
{
	(void)unused;
	pthread_once(&first, make_ready);
	return NULL;
}

static void
use_locked(void)
{
	pthread_mutex_lock(&lock);
	pthread_once(&first, make_ready);
	assert(ready);
	pthread_mutex_unlock(&lock);
}

int
main(void)
{
	pthread_mutexattr_t recursive;
	pthread_t thread;
	int error;

	pthread_mutexattr_init(&recursive);
	pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&lock, &recursive);
	error = pthread_create(&thread, NULL, use, NULL);
	assert(error == 0);
	use_locked();
	pthread_join(thread, NULL);
	return 0;
}
