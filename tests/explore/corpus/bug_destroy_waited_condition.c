/* bug_destroy_waited_condition.c - torn down under a sleeper */
/* SPDX-License-Identifier: MIT */
/*
 * A queue is closed: main sets the flag, signals, and destroys the condition
 * variable. That would be right if everybody who waits had been woken; but
 * two threads may wait and one signal wakes one of them. The other still
 * waits on what has been destroyed. With a broadcast POSIX allows to destroy
 * at once.
 *
 * verdict: misuse
 * message: destroy
 */
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static bool closed;		/* Guarded by lock. */

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void *
reader(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	while (!closed)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int
main(void)
{
	pthread_cond_init(&changed, NULL);
	pthread_t first = start(reader);
	pthread_t second = start(reader);

	pthread_mutex_lock(&lock);
	closed = true;
	pthread_cond_signal(&changed);	/* BUG: pthread_cond_broadcast */
	pthread_mutex_unlock(&lock);
	pthread_cond_destroy(&changed);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	return 0;
}
