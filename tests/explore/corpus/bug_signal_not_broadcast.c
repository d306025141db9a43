/* bug_signal_not_broadcast.c - a gate that lets one of two through */
/* SPDX-License-Identifier: MIT */
/*
 * Two runners wait at a gate; main opens it, once, for everybody, but
 * signals where it should broadcast. If at most one runner waits at that
 * moment all is well: whoever comes later finds the gate open. If both wait,
 * one of them is never woken.
 *
 * verdict: deadlock
 * median: 8
 */
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t opened = PTHREAD_COND_INITIALIZER;
static bool open_now;		/* Guarded by lock. */

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void *
runner(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	while (!open_now)
		pthread_cond_wait(&opened, &lock);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int
main(void)
{
	pthread_t first = start(runner);
	pthread_t second = start(runner);

	pthread_mutex_lock(&lock);
	open_now = true;
	pthread_cond_signal(&opened);	/* BUG: pthread_cond_broadcast */
	pthread_mutex_unlock(&lock);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	return 0;
}
