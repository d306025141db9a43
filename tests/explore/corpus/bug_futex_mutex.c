/* bug_futex_mutex.c - a mutex that forgets that others wait */
/* SPDX-License-Identifier: MIT */
/*
 * A mutex of one futex word: 0 free, 1 locked, 2 locked and somebody may
 * wait. Unlocking wakes one waiter only if the word was 2. A waiter that
 * wakes up takes the lock as 1, although others may still wait: with two
 * waiters, the first one woken unlocks a 1, wakes nobody, and the second
 * sleeps for ever. Who has waited must lock with 2: see ok_futex_mutex.c.
 *
 * verdict: deadlock
 * needs: atomics
 */
#define _DEFAULT_SOURCE		/* syscall() */
#include <assert.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FREE, LOCKED, CONTENDED };

static atomic_uint word = FREE;
static int count;		/* Guarded by word. */

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void
lock(void)
{
	unsigned int seen = FREE;

	while (!atomic_compare_exchange_strong(&word, &seen, LOCKED)) {
		/* BUG: after a wait it should be CONTENDED */
		if (seen == CONTENDED
		    || atomic_compare_exchange_strong(&word, &seen,
		    CONTENDED))
			syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE,
			    CONTENDED, NULL);
		seen = FREE;
	}
}

static void
unlock(void)
{
	if (atomic_exchange(&word, FREE) == CONTENDED)
		syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1);
}

static void *
add_one(void *unused)
{
	(void)unused;
	lock();
	count++;
	unlock();
	return NULL;
}

int
main(void)
{
	pthread_t first = start(add_one);
	pthread_t second = start(add_one);

	add_one(NULL);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	assert(count == 3);
	return 0;
}
