/* pills.c - right: an item that ends its worker, and no flag */
/* SPDX-License-Identifier: MIT */
/*
 * pool_stop queues one last item for every thread; whoever takes one ends.
 * Since the queue is first in first out, everything submitted before has
 * been taken by then. The items for the end are made with the pool, so that
 * stopping needs no memory. Items are counted by a semaphore.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

#include "pool.h"

struct pool {
	pthread_t *threads;
	struct item *pills;		/* one for each thread */
	unsigned count;			/* of threads */
	sem_t items;			/* how many are in the queue */

	pthread_mutex_t lock;
	struct queue queue;		/* guarded by lock */
};

static struct item *
take(struct pool *pool)
{
	struct item *item;

	while (sem_wait(&pool->items) == -1 && errno == EINTR)
		continue;
	pthread_mutex_lock(&pool->lock);
	item = queue_pop(&pool->queue);
	pthread_mutex_unlock(&pool->lock);
	return item;
}

static void
put(struct pool *pool, struct item *item)
{
	pthread_mutex_lock(&pool->lock);
	queue_push(&pool->queue, item);
	pthread_mutex_unlock(&pool->lock);
	sem_post(&pool->items);
}

static void *
worker(void *argument)
{
	struct pool *pool = argument;
	struct item *item;

	while (item = take(pool), item->run != NULL) {
		item->run(item->argument);
		free(item);
	}
	return NULL;
}

struct pool *
pool_start(unsigned threads)
{
	struct pool *pool = calloc(1, sizeof(*pool));

	if (pool == NULL)
		return NULL;
	pthread_mutex_init(&pool->lock, NULL);
	sem_init(&pool->items, 0, 0);
	queue_init(&pool->queue);
	pool->threads = calloc(threads, sizeof(*pool->threads));
	pool->pills = calloc(threads, sizeof(*pool->pills));
	while (pool->threads != NULL && pool->pills != NULL &&
	    pool->count < threads && pthread_create(
	    &pool->threads[pool->count], NULL, worker, pool) == 0)
		pool->count++;
	if (pool->count < threads) {
		pool_stop(pool);
		return NULL;
	}
	return pool;
}

bool
pool_submit(struct pool *pool, void (*run)(void *argument), void *argument)
{
	struct item *item = malloc(sizeof(*item));

	if (item == NULL)
		return false;
	item->run = run;
	item->argument = argument;
	put(pool, item);
	return true;
}

void
pool_stop(struct pool *pool)
{
	for (unsigned i = 0; i < pool->count; i++)
		put(pool, &pool->pills[i]);
	for (unsigned i = 0; i < pool->count; i++)
		pthread_join(pool->threads[i], NULL);
	sem_destroy(&pool->items);
	pthread_mutex_destroy(&pool->lock);
	free(pool->pills);
	free(pool->threads);
	free(pool);
}
