/* bug_half_started.c - the second thread fails, the first one is forgotten */
/* SPDX-License-Identifier: MIT */
/*
 * A pool starts two workers. If the second cannot be had, the pool is freed
 * and the caller is told; but the first worker lives and waits in the freed
 * pool. It must be stopped and joined before the pool goes. The explorer
 * makes the second creation of a thread fail.
 *
 * verdict: misuse|sanitizer|race|leftover
 * options: leftovers fail=thread:2
 */
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

enum { WORKERS = 2 };

struct pool {
	pthread_t worker[WORKERS];
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool stop;		/* Guarded by lock. */
};

static void *
work(void *arg)
{
	struct pool *pool = arg;

	pthread_mutex_lock(&pool->lock);
	while (!pool->stop)
		pthread_cond_wait(&pool->changed, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

static struct pool *
create_pool(void)
{
	struct pool *pool = calloc(1, sizeof *pool);

	assert(pool != NULL);
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->changed, NULL);
	for (int i = 0; i < WORKERS; i++)
		if (pthread_create(&pool->worker[i], NULL, work, pool) != 0) {
			free(pool);	/* BUG: worker 0 lives in it */
			return NULL;
		}
	return pool;
}

static void
close_pool(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->stop = true;
	pthread_cond_broadcast(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(pool->worker[i], NULL);
	pthread_cond_destroy(&pool->changed);
	pthread_mutex_destroy(&pool->lock);
	free(pool);
}

int
main(void)
{
	struct pool *pool = create_pool();

	if (pool != NULL)
		close_pool(pool);
	return 0;
}
