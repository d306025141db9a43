/* bug_wait_returns_early.c - the item is counted off before it has run */
/* SPDX-License-Identifier: MIT */
/*
 * wait_for_all returns when no item is outstanding. The worker counts an
 * item off when it takes it, not when its callback has returned: while the
 * callback runs, nothing seems outstanding, and main reads a result that is
 * not there yet. Most runs end well, because a callback is short and a
 * wake-up takes long.
 *
 * verdict: assertion
 * message: result
 * median: 3
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t submitted = PTHREAD_COND_INITIALIZER;
static pthread_cond_t quiet = PTHREAD_COND_INITIALIZER;
static int outstanding;		/* Guarded by lock. */
static atomic_int result;

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
	atomic_store(&result, 42);
}

static void *
worker(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	while (outstanding == 0)
		pthread_cond_wait(&submitted, &lock);
	outstanding--;			/* BUG: belongs after the callback */
	pthread_cond_signal(&quiet);
	pthread_mutex_unlock(&lock);
	callback();
	return NULL;
}

static void
submit(void)
{
	pthread_mutex_lock(&lock);
	outstanding++;
	pthread_cond_signal(&submitted);
	pthread_mutex_unlock(&lock);
}

static void
wait_for_all(void)
{
	pthread_mutex_lock(&lock);
	while (outstanding > 0)
		pthread_cond_wait(&quiet, &lock);
	pthread_mutex_unlock(&lock);
}

int
main(void)
{
	pthread_t thread = start(worker);

	submit();
	wait_for_all();
	assert(atomic_load(&result) == 42);
	pthread_join(thread, NULL);
	return 0;
}
