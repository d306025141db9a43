/* bug_leaked_thread.c - a worker hired after the shutdown has counted */
/* SPDX-License-Identifier: MIT */
/*
 * A pool that grows: the first worker hires a second one when it finds more
 * than one job. The shutdown reads how many workers there are and joins so
 * many. A worker hired after that is never joined: at the end of the program
 * it may still run, among data that are torn down. The hiring must see the
 * shutdown under the same lock.
 *
 * verdict: leftover
 * options: leftovers
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_t crew[2];	/* Guarded by lock. */
static int hired;		/* Guarded by lock. */
static int jobs = 2;		/* Guarded by lock. */

static void *worker(void *unused);

static void
hire(void)
{
	pthread_mutex_lock(&lock);
	int error = pthread_create(&crew[hired], NULL, worker, NULL);
	assert(error == 0);
	hired++;
	pthread_mutex_unlock(&lock);
}

static void *
worker(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	int left = --jobs;
	pthread_mutex_unlock(&lock);
	if (left > 0)
		hire();			/* BUG: is there a shutdown? */
	return NULL;
}

int
main(void)
{
	hire();
	pthread_mutex_lock(&lock);
	int count = hired;
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < count; i++)
		pthread_join(crew[i], NULL);
	return 0;
}
