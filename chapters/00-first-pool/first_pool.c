/* SPDX-License-Identifier: MIT */
/*
 * first_pool.c - N threads that take items from one queue
 *
 * Invariant, whenever the lock is free: from head, the items not yet begun
 * stand in the order of their submission, and tail points to the NULL that
 * ends the list: head itself if the list is empty. An item belongs to the
 * queue until a worker unlinks it, and to that worker from then on.
 * No function of the user's is ever called under the lock.
 */
#include "first_pool.h"

#include <errno.h>
#include <stdlib.h>

struct item {
	void (*function)(void *argument);
	void *argument;
	struct item *next;
};

static struct item *
take_locked(struct first_pool *pool)
{
	struct item *item = pool->head;

	pool->head = item->next;
	if (pool->head == NULL)
		pool->tail = &pool->head;
	return item;
}

static void *
worker(void *argument)
{
	struct first_pool *pool = argument;

	pthread_mutex_lock(&pool->lock);
	for (;;) {
		while (pool->head == NULL && !pool->stopping)
			pthread_cond_wait(&pool->changed, &pool->lock);
		if (pool->head == NULL)
			break;	/* stopping, and nothing left to do */
		struct item *item = take_locked(pool);
		pthread_mutex_unlock(&pool->lock);
		item->function(item->argument);
		free(item);
		pthread_mutex_lock(&pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

/* Starts the threads. Fails with EINVAL, ENOMEM or EAGAIN. */
int
first_pool_init(struct first_pool *pool, unsigned threads)
{
	int error = 0;

	if (threads == 0)
		return EINVAL;
	pool->threads = calloc(threads, sizeof *pool->threads);
	if (pool->threads == NULL)
		return ENOMEM;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->changed, NULL);
	pool->head = NULL;
	pool->tail = &pool->head;
	pool->stopping = false;
	for (pool->count = 0; pool->count < threads; pool->count++) {
		error = pthread_create(&pool->threads[pool->count], NULL,
		    worker, pool);
		if (error != 0) {
			first_pool_destroy(pool);
			break;
		}
	}
	return error;
}

/* Has a worker call function(argument), once. Fails with ENOMEM. */
int
first_pool_submit(struct first_pool *pool,
    void (*function)(void *argument), void *argument)
{
	struct item *item = malloc(sizeof *item);

	if (item == NULL)
		return ENOMEM;
	item->function = function;
	item->argument = argument;
	item->next = NULL;
	pthread_mutex_lock(&pool->lock);
	*pool->tail = item;
	pool->tail = &item->next;
	pthread_cond_signal(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
	return 0;
}

/* Runs what is queued, ends the threads, frees the memory. */
void
first_pool_destroy(struct first_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->stopping = true;
	pthread_cond_broadcast(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
	for (unsigned i = 0; i < pool->count; i++)
		pthread_join(pool->threads[i], NULL);
	pthread_cond_destroy(&pool->changed);
	pthread_mutex_destroy(&pool->lock);
	free(pool->threads);
}
