/* ok_recursive.c - a function under a lock calls another under the same */
/* SPDX-License-Identifier: MIT */
/*
 * An account whose mutex is recursive, so that move may call add twice while
 * it holds the lock itself. Correct, because the owner may lock again, and
 * the mutex is free only after as many unlocks as locks: nobody sees the
 * account between the two adds of a move.
 *
 * verdict: pass
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t lock;	/* Recursive. */
static int left = 5, right = 5;	/* Guarded by lock. */

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void
add(int *side, int coins)
{
	pthread_mutex_lock(&lock);
	*side += coins;
	pthread_mutex_unlock(&lock);
}

static void
move(int coins)
{
	pthread_mutex_lock(&lock);
	add(&left, -coins);
	add(&right, coins);
	pthread_mutex_unlock(&lock);
}

static void *
mover(void *unused)
{
	(void)unused;
	move(1);
	move(2);
	return NULL;
}

static void *
auditor(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	assert(left + right == 10);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int
main(void)
{
	pthread_mutexattr_t recursive;

	pthread_mutexattr_init(&recursive);
	pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&lock, &recursive);
	pthread_mutexattr_destroy(&recursive);
	pthread_t one = start(mover);
	pthread_t two = start(auditor);

	mover(NULL);
	pthread_join(one, NULL);
	pthread_join(two, NULL);
	assert(left == -1 && right == 11);
	pthread_mutex_destroy(&lock);
	return 0;
}
