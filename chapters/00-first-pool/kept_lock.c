/* SPDX-License-Identifier: MIT */
/*
 * kept_lock.c - the worker of lost_wakeup.c, which now keeps the lock
 *
 * explore: runs=2000
 */
#include "stage.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int queued;		/* items; guarded by lock */

static void *
worker(void *argument)
{
	(void)argument;
	pthread_mutex_lock(&lock);
	while (queued == 0)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
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
	pthread_t thread;

	must(pthread_create(&thread, NULL, worker, NULL));
	submit();
	must(pthread_join(thread, NULL));
	return 0;
}
