/* SPDX-License-Identifier: MIT */
/*
 * lost_wakeup.c - a worker that drops the lock between its look and its sleep
 *
 * The worker here is broken on purpose; its queue is a mere counter, and the
 * pool of first_pool.c is not used. On most days this program ends at once.
 *
 * explore: must=deadlock
 */
#include "stage.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int queued;		/* items; guarded by lock */

static bool
queue_is_empty(void)
{
	pthread_mutex_lock(&lock);
	bool empty = queued == 0;
	pthread_mutex_unlock(&lock);
	return empty;
}

static void *
broken_worker(void *argument)
{
	(void)argument;
	if (queue_is_empty()) {			/* decides here, ... */
		pthread_mutex_lock(&lock);
		pthread_cond_wait(&changed, &lock);	/* sleeps here */
		pthread_mutex_unlock(&lock);
	}
	puts("worker: there is an item");
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
	pthread_t worker;

	must(pthread_create(&worker, NULL, broken_worker, NULL));
	submit();
	must(pthread_join(worker, NULL));
	return 0;
}
