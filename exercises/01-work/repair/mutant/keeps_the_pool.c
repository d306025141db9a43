/* keeps_the_pool.c - a mutant: keeps a stopped pool for the next start */
/* SPDX-License-Identifier: MIT */
/*
 * check: a_worker_takes_an_item_when_there_is_one_and_only_then
 * stage: quiescence
 * message: left behind
 */
#include <pthread.h>
#include <stdlib.h>

#include "pool.h"

struct pool {
	pthread_t *threads;
	unsigned count;			/* of threads */

	pthread_mutex_t lock;
	pthread_cond_t changed;		/* queue or stopping has changed */

	/* Guarded by lock. */
	struct queue queue;
	bool stopping;
};

static struct pool *spare;

static void *
worker(void *argument)
{
	struct pool *pool = argument;
	struct item *item;

	pthread_mutex_lock(&pool->lock);
	for (;;) {
		while (queue_empty(&pool->queue) && !pool->stopping)
			pthread_cond_wait(&pool->changed, &pool->lock);
		if (queue_empty(&pool->queue))
			break;
		item = queue_pop(&pool->queue);
		pthread_mutex_unlock(&pool->lock);
		item->run(item->argument);
		free(item);
		pthread_mutex_lock(&pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

struct pool *
pool_start(unsigned threads)
{
	struct pool *pool = spare != NULL ? spare : calloc(1, sizeof(*pool));

	spare = NULL;
	if (pool != NULL)
		pool->stopping = false;
	if (pool == NULL)
		return NULL;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->changed, NULL);
	pool->count = 0;
	queue_init(&pool->queue);
	pool->threads = calloc(threads, sizeof(*pool->threads));
	while (pool->threads != NULL && pool->count < threads &&
	    pthread_create(&pool->threads[pool->count], NULL, worker,
	    pool) == 0)
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
	pthread_mutex_lock(&pool->lock);
	queue_push(&pool->queue, item);
	pthread_cond_signal(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
	return true;
}

void
pool_stop(struct pool *pool)
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
	spare = pool;
}
