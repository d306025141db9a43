/* bug_everlasting_end.c - a queue that is emptied, and never empty */
/* SPDX-License-Identifier: MIT */
/*
 * A pool ends when its queue is empty. One of the items, a heartbeat, puts
 * itself into the queue again whenever it runs. So the queue is never empty,
 * and the pool never ends: every thread is busy, and nothing gets done. The
 * end must refuse new items, or drop those that have not begun.
 *
 * verdict: livelock
 * options: steps=3000
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t emptied = PTHREAD_COND_INITIALIZER;
static int beats;		/* Queued; guarded by lock, as the rest. */
static int beaten;

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void
post_heartbeat(void)
{
	pthread_mutex_lock(&lock);
	beats++;
	pthread_mutex_unlock(&lock);
}

static void *
worker(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	while (beats > 0) {
		beats--;
		pthread_mutex_unlock(&lock);
		post_heartbeat();	/* BUG: again, although the end waits */
		pthread_mutex_lock(&lock);
		beaten++;
	}
	pthread_cond_broadcast(&emptied);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int
main(void)
{
	pthread_t thread;

	post_heartbeat();
	thread = start(worker);
	pthread_mutex_lock(&lock);
	while (beats > 0)
		pthread_cond_wait(&emptied, &lock);
	pthread_mutex_unlock(&lock);
	pthread_join(thread, NULL);
	return 0;
}
