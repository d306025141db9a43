/* bug_check_then_wait.c - the test stands outside the lock */
/* SPDX-License-Identifier: MIT */
/*
 * A cousin of bug_lost_wakeup.c that remembers the fact, in an atomic flag,
 * and tests it, but before it takes the lock. The job may end between the
 * test and the wait: main saw "not done", the signal found nobody, and main
 * waits for ever. Making the flag atomic removed the data race and left the
 * bug where it was.
 *
 * verdict: deadlock
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;
static atomic_bool done;

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void *
job(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	atomic_store(&done, true);
	pthread_cond_signal(&ended);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(job);

	while (!atomic_load(&done)) {
		/* BUG: the job may end here. */
		pthread_mutex_lock(&lock);
		pthread_cond_wait(&ended, &lock);
		pthread_mutex_unlock(&lock);
	}
	pthread_join(thread, NULL);
	return 0;
}
