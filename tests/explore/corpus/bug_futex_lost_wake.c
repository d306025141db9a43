/* bug_futex_lost_wake.c - a condition variable that looks too late */
/* SPDX-License-Identifier: MIT */
/*
 * A condition variable of one futex word: a signal adds one to it and wakes;
 * a waiter sleeps only while the word is still what it was. Here the waiter
 * reads "what it was" after it has unlocked the mutex. A signal between the
 * two changes the word before the waiter looks, so nothing seems to have
 * happened, and the waiter sleeps for ever. The word must be read under the
 * lock.
 *
 * verdict: deadlock
 */
#define _DEFAULT_SOURCE		/* syscall() */
#include <assert.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool done;		/* Guarded by lock. */
static atomic_uint signals;	/* The futex. */

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

/* Caller holds the lock, and holds it again afterwards. */
static void
wait_signal(void)
{
	pthread_mutex_unlock(&lock);
	unsigned int seen = atomic_load(&signals);	/* BUG: too late */
	syscall(SYS_futex, &signals, FUTEX_WAIT_PRIVATE, seen, NULL);
	pthread_mutex_lock(&lock);
}

static void
send_signal(void)
{
	atomic_fetch_add(&signals, 1);
	syscall(SYS_futex, &signals, FUTEX_WAKE_PRIVATE, 1);
}

static void *
job(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	done = true;
	send_signal();
	pthread_mutex_unlock(&lock);
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(job);

	pthread_mutex_lock(&lock);
	while (!done)
		wait_signal();
	pthread_mutex_unlock(&lock);
	pthread_join(thread, NULL);
	return 0;
}
