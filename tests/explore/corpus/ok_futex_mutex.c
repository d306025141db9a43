/* ok_futex_mutex.c - a mutex of one word and two system calls */
/* SPDX-License-Identifier: MIT */
/*
 * The word is 0 when free, 1 when locked, 2 when locked and somebody may
 * wait: the three states that Ulrich Drepper's paper on futexes made known.
 * Correct, because only 0 is taken, by an exchange that one thread alone can
 * win; whoever is about to sleep has just put 2 into the word, and sleeps
 * only while it is 2; and whoever has waited takes the lock as 2, since
 * others may still sleep. So every unlock of a word with sleepers finds a 2
 * and wakes one. At worst it wakes for nothing.
 *
 * verdict: pass
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
	unsigned int free_word = FREE;

	if (atomic_compare_exchange_strong(&word, &free_word, LOCKED))
		return;
	while (atomic_exchange(&word, CONTENDED) != FREE)
		syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, CONTENDED,
		    NULL);
}

static void
unlock(void)
{
	if (atomic_exchange(&word, FREE) == CONTENDED)
		syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1);
}

static void *
add_two(void *unused)
{
	(void)unused;
	for (int i = 0; i < 2; i++) {
		lock();
		count++;
		unlock();
	}
	return NULL;
}

int
main(void)
{
	pthread_t one = start(add_two);
	pthread_t two = start(add_two);

	add_two(NULL);
	pthread_join(one, NULL);
	pthread_join(two, NULL);
	assert(count == 6);
	return 0;
}
