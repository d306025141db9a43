/* bug_cancel_pending.c - cancelled, and run all the same */
/* SPDX-License-Identifier: MIT */
/*
 * cancel promises: if it returns true, the item will not run, so the caller
 * takes its buffer back. The worker takes the item out of the queue in one
 * critical section and marks it as running in the next. A cancel that comes
 * between the two sees an item that does not run yet, says true, and the
 * callback runs on a buffer that is gone. Taking and marking must be one
 * step.
 *
 * verdict: assertion
 * message: lent
 * median: 5
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool queued;		/* Guarded by lock. */
static bool running;		/* Guarded by lock. */
static bool stop;		/* Guarded by lock. */
static atomic_bool lent;	/* The item may use the buffer. */

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void
callback(void)
{
	assert(lent);
}

static void *
worker(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	while (!queued && !stop)
		pthread_cond_wait(&changed, &lock);
	bool taken = queued;
	queued = false;
	pthread_mutex_unlock(&lock);	/* BUG: neither queued nor running */

	if (taken) {
		pthread_mutex_lock(&lock);
		running = true;
		pthread_mutex_unlock(&lock);
		callback();
	}
	return NULL;
}

static void
submit(void)
{
	pthread_mutex_lock(&lock);
	queued = true;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
}

/* True when the item will not run. */
static bool
cancel(void)
{
	pthread_mutex_lock(&lock);
	bool cancelled = !running;
	queued = false;
	stop = true;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
	return cancelled;
}

int
main(void)
{
	pthread_t thread = start(worker);

	atomic_store(&lent, true);
	submit();
	if (cancel())
		atomic_store(&lent, false);
	pthread_join(thread, NULL);
	return 0;
}
