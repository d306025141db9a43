/* bug_close_frees_running.c - close frees what a worker still uses */
/* SPDX-License-Identifier: MIT */
/*
 * A pool of one worker. close_item takes the item out of the queue if it
 * still stands there, and frees it. If the worker took it a moment before,
 * the item is no longer queued but runs: the worker calls through freed
 * memory, or counts the run in it. Close must wait for a running item, or
 * leave the freeing to the worker.
 *
 * verdict: misuse|race|sanitizer
 * median: 16
 */
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

struct item {
	long long runs;			/* Guarded by lock. */
	void (*callback)(void);		/* Read-only. */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct item *queued;		/* Guarded by lock. */
static bool stop;			/* Guarded by lock. */

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void
nothing(void)
{
}

static void *
worker(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	while (queued == NULL && !stop)
		pthread_cond_wait(&changed, &lock);
	struct item *item = queued;
	queued = NULL;
	pthread_mutex_unlock(&lock);

	if (item != NULL) {
		item->callback();
		pthread_mutex_lock(&lock);
		item->runs++;
		assert(item->runs == 1);
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static void
submit(struct item *item)
{
	pthread_mutex_lock(&lock);
	queued = item;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
}

static void
close_item(struct item *item)
{
	pthread_mutex_lock(&lock);
	if (queued == item)
		queued = NULL;
	stop = true;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
	free(item);			/* BUG: it may be running */
}

int
main(void)
{
	struct item *item = calloc(1, sizeof *item);

	assert(item != NULL);
	item->callback = nothing;
	pthread_t thread = start(worker);
	submit(item);
	close_item(item);
	pthread_join(thread, NULL);
	return 0;
}
