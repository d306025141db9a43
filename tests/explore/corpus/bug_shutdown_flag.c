/* bug_shutdown_flag.c - the flag that ends the worker is not locked */
/* SPDX-License-Identifier: MIT */
/*
 * The worker's loop tests the stop flag before it takes the lock, and main
 * sets it without the lock. That is a data race; and if main sets the flag
 * and signals after the worker has tested it and before the worker waits,
 * the worker sleeps for ever and main never joins it. Test and wait must
 * stand under one lock, and so must the change.
 *
 * verdict: race|deadlock
 * message: stop
 * median: 10
 */
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int queued;		/* Guarded by lock. */
static bool stop;		/* BUG: should be too */

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
	while (!stop) {
		pthread_mutex_lock(&lock);
		if (queued == 0)
			pthread_cond_wait(&changed, &lock);
		if (queued > 0)
			queued--;
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static void
submit(void)
{
	pthread_mutex_lock(&lock);
	queued++;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
}

int
main(void)
{
	pthread_t thread = start(worker);

	submit();
	stop = true;
	pthread_cond_signal(&changed);
	pthread_join(thread, NULL);
	return 0;
}
