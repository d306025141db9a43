/* fifo.c - a right pool: one queue, and the oldest post starts first */
/* SPDX-License-Identifier: MIT */
/*
 * One lock, one condition for the threads, one for whoever waits. A post
 * is a node in the queue; a work object counts its posts, queued and
 * running, and goes when it is closed and has none.
 *
 * lifo.c is this one with another order, and the wrong pools are this one
 * with a mistake: they define one of the macros below, and include it.
 */
#include <pthread.h>
#include <stdlib.h>

#include "../pool.h"

#ifndef NEW_POSTS_AT
#define NEW_POSTS_AT(pool)	((pool)->end)
#endif
#ifndef WHILE_NOT
#define WHILE_NOT(condition)	while (!(condition))
#endif
#ifndef WAKE_FOR_STOP
#define WAKE_FOR_STOP(pool)	pthread_cond_broadcast(&(pool)->changed)
#endif
#ifndef MAY_LEAVE
#define MAY_LEAVE(pool)		((pool)->stopping && (pool)->first == NULL)
#endif
#ifndef RUN
#define RUN(pool, work) \
	do { \
		pthread_mutex_unlock(&(pool)->lock); \
		(work)->run((work)->argument); \
		pthread_mutex_lock(&(pool)->lock); \
	} while (0)
#endif
#ifndef ALREADY_POSTED
#define ALREADY_POSTED(work)	false
#endif
#ifndef QUIET
#define QUIET(work)		((work)->queued + (work)->running == 0)
#endif
#ifndef WAKE_WAITERS
#define WAKE_WAITERS(pool)	pthread_cond_broadcast(&(pool)->quiet)
#endif
#ifndef WAITS_AFTER_CANCEL
#define WAITS_AFTER_CANCEL	true
#endif
#ifndef WAKE_AFTER_CANCEL
#define WAKE_AFTER_CANCEL(pool)	WAKE_WAITERS(pool)
#endif

struct post {
	struct work *work;
	struct post *next;
};

struct pool {
	pthread_t *threads;
	unsigned count;			/* of threads */

	pthread_mutex_t lock;
	pthread_cond_t changed;		/* queue or stopping has changed */
	pthread_cond_t quiet;		/* some work may be quiet */

	/* Guarded by lock. */
	struct post *first, **end;
	unsigned long queued, running;	/* of all work objects */
	bool stopping;
};

struct work {
	void (*run)(void *argument);
	void *argument;
	struct pool *pool;

	/* Guarded by pool->lock. */
	unsigned long queued, running;
	unsigned waiters;
	bool closed;
};

static void
free_if_done_locked(struct work *work)
{
	if (work->closed && work->queued + work->running == 0 &&
	    work->waiters == 0)
		free(work);
}

static struct work *
take_locked(struct pool *pool)
{
	struct post *post = pool->first;
	struct work *work = post->work;

	pool->first = post->next;
	if (pool->first == NULL)
		pool->end = &pool->first;
	free(post);
	pool->queued--;
	pool->running++;
	work->queued--;
	work->running++;
	return work;
}

static void *
worker(void *argument)
{
	struct pool *pool = argument;
	struct work *work;

	pthread_mutex_lock(&pool->lock);
	for (;;) {
		WHILE_NOT(pool->first != NULL || pool->stopping)
			pthread_cond_wait(&pool->changed, &pool->lock);
		if (MAY_LEAVE(pool))
			break;
		work = take_locked(pool);
		RUN(pool, work);
		pool->running--;
		work->running--;
		if (QUIET(work))
			WAKE_WAITERS(pool);
		free_if_done_locked(work);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

struct pool *
pool_start(unsigned threads)
{
	struct pool *pool = calloc(1, sizeof(*pool));

	if (pool == NULL)
		abort();
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->changed, NULL);
	pthread_cond_init(&pool->quiet, NULL);
	pool->end = &pool->first;
	pool->threads = calloc(threads, sizeof(*pool->threads));
	for (; pool->count < threads; pool->count++)
		if (pthread_create(&pool->threads[pool->count], NULL, worker,
		    pool) != 0)
			abort();
	return pool;
}

void
pool_stop(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->stopping = true;
	WAKE_FOR_STOP(pool);
	pthread_mutex_unlock(&pool->lock);
	for (unsigned i = 0; i < pool->count; i++)
		pthread_join(pool->threads[i], NULL);
	pthread_cond_destroy(&pool->quiet);
	pthread_cond_destroy(&pool->changed);
	pthread_mutex_destroy(&pool->lock);
	free(pool->threads);
	free(pool);
}

struct work *
work_create(struct pool *pool, void (*run)(void *argument), void *argument)
{
	struct work *work = calloc(1, sizeof(*work));

	if (work == NULL)
		abort();
	work->pool = pool;
	work->run = run;
	work->argument = argument;
	return work;
}

static void
put_locked(struct pool *pool, struct post *post)
{
	struct post **place = NEW_POSTS_AT(pool);

	post->next = *place;
	*place = post;
	if (post->next == NULL)
		pool->end = &post->next;
}

void
work_submit(struct work *work)
{
	struct pool *pool = work->pool;
	struct post *post = calloc(1, sizeof(*post));

	if (post == NULL)
		abort();
	post->work = work;
	pthread_mutex_lock(&pool->lock);
	if (ALREADY_POSTED(work)) {
		free(post);
	} else {
		put_locked(pool, post);
		pool->queued++;
		work->queued++;
		pthread_cond_signal(&pool->changed);
	}
	pthread_mutex_unlock(&pool->lock);
}

static void
drop_locked(struct work *work)
{
	struct pool *pool = work->pool;
	struct post **link = &pool->first;

	while (*link != NULL) {
		struct post *post = *link;

		if (post->work != work) {
			link = &post->next;
			continue;
		}
		*link = post->next;
		free(post);
		pool->queued--;
		work->queued--;
	}
	pool->end = link;
}

void
work_wait(struct work *work, bool cancel)
{
	struct pool *pool = work->pool;

	pthread_mutex_lock(&pool->lock);
	work->waiters++;
	if (cancel) {
		drop_locked(work);
		if (QUIET(work))
			WAKE_AFTER_CANCEL(pool);
	}
	while ((!cancel || WAITS_AFTER_CANCEL) && !QUIET(work))
		pthread_cond_wait(&pool->quiet, &pool->lock);
	work->waiters--;
	free_if_done_locked(work);
	pthread_mutex_unlock(&pool->lock);
}

void
work_close(struct work *work)
{
	struct pool *pool = work->pool;

	pthread_mutex_lock(&pool->lock);
	work->closed = true;
	free_if_done_locked(work);
	pthread_mutex_unlock(&pool->lock);
}
