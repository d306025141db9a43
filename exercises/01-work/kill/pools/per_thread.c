/* per_thread.c - a right pool: each thread has a queue of its own */
/* SPDX-License-Identifier: MIT */
/*
 * Posts go to the threads' queues in turn. A thread takes from its own
 * queue first, and from another's when its own is empty, so that nothing
 * waits while a thread is free. Each thread sleeps on a condition of its
 * own, and each work object has one for those who wait for it.
 */
#include <pthread.h>
#include <stdlib.h>

#include "../pool.h"

struct post {
	struct work *work;
	struct post *next;
};

/* One thread's part of the pool. */
struct lane {
	pthread_t thread;
	struct pool *pool;
	pthread_cond_t wake;

	/* Guarded by pool->lock. */
	struct post *first, **end;
	bool asleep;
};

struct pool {
	pthread_mutex_t lock;
	unsigned count;			/* of lanes */

	/* Guarded by lock. */
	unsigned turn;			/* the lane that gets the next post */
	bool stopping;

	struct lane lanes[];
};

struct work {
	void (*run)(void *argument);
	void *argument;
	struct pool *pool;
	pthread_cond_t quiet;

	/* Guarded by pool->lock. */
	unsigned long queued, running;
	unsigned holders;		/* posts, callbacks, waits, owner */
};

static void
release_locked(struct work *work)
{
	if (--work->holders > 0)
		return;
	pthread_cond_destroy(&work->quiet);
	free(work);
}

static bool
quiet_locked(const struct work *work)
{
	return work->queued == 0 && work->running == 0;
}

static struct work *
take_from_locked(struct lane *lane)
{
	struct post *post = lane->first;
	struct work *work;

	if (post == NULL)
		return NULL;
	lane->first = post->next;
	if (lane->first == NULL)
		lane->end = &lane->first;
	work = post->work;
	free(post);
	work->queued--;
	work->running++;
	return work;
}

/* From its own queue, or else from the next one that has something. */
static struct work *
take_locked(struct lane *lane)
{
	struct pool *pool = lane->pool;
	unsigned own = (unsigned)(lane - pool->lanes);
	struct work *work = NULL;

	for (unsigned i = 0; i < pool->count && work == NULL; i++)
		work = take_from_locked(
			&pool->lanes[(own + i) % pool->count]);
	return work;
}

static void
run_locked(struct pool *pool, struct work *work)
{
	pthread_mutex_unlock(&pool->lock);
	work->run(work->argument);
	pthread_mutex_lock(&pool->lock);
	work->running--;
	if (quiet_locked(work))
		pthread_cond_broadcast(&work->quiet);
	release_locked(work);
}

static void *
worker(void *argument)
{
	struct lane *lane = argument;
	struct pool *pool = lane->pool;
	struct work *work;

	pthread_mutex_lock(&pool->lock);
	for (;;) {
		while ((work = take_locked(lane)) != NULL)
			run_locked(pool, work);
		if (pool->stopping)
			break;
		lane->asleep = true;
		pthread_cond_wait(&lane->wake, &pool->lock);
		lane->asleep = false;
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

struct pool *
pool_start(unsigned threads)
{
	struct pool *pool = calloc(1, sizeof(*pool) +
		threads * sizeof(pool->lanes[0]));

	if (pool == NULL)
		abort();
	pthread_mutex_init(&pool->lock, NULL);
	pool->count = threads;
	for (unsigned i = 0; i < threads; i++) {
		pool->lanes[i].pool = pool;
		pool->lanes[i].end = &pool->lanes[i].first;
		pthread_cond_init(&pool->lanes[i].wake, NULL);
	}
	for (unsigned i = 0; i < threads; i++)
		if (pthread_create(&pool->lanes[i].thread, NULL, worker,
		    &pool->lanes[i]) != 0)
			abort();
	return pool;
}

void
pool_stop(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->stopping = true;
	for (unsigned i = 0; i < pool->count; i++)
		pthread_cond_signal(&pool->lanes[i].wake);
	pthread_mutex_unlock(&pool->lock);
	for (unsigned i = 0; i < pool->count; i++)
		pthread_join(pool->lanes[i].thread, NULL);
	for (unsigned i = 0; i < pool->count; i++)
		pthread_cond_destroy(&pool->lanes[i].wake);
	pthread_mutex_destroy(&pool->lock);
	free(pool);
}

struct work *
work_create(struct pool *pool, void (*run)(void *argument), void *argument)
{
	struct work *work = calloc(1, sizeof(*work));

	if (work == NULL)
		abort();
	pthread_cond_init(&work->quiet, NULL);
	work->pool = pool;
	work->run = run;
	work->argument = argument;
	work->holders = 1;
	return work;
}

static void
wake_one_locked(struct pool *pool)
{
	for (unsigned i = 0; i < pool->count; i++)
		if (pool->lanes[i].asleep) {
			pool->lanes[i].asleep = false;
			pthread_cond_signal(&pool->lanes[i].wake);
			return;
		}
}

void
work_submit(struct work *work)
{
	struct pool *pool = work->pool;
	struct post *post = calloc(1, sizeof(*post));
	struct lane *lane;

	if (post == NULL)
		abort();
	post->work = work;
	pthread_mutex_lock(&pool->lock);
	lane = &pool->lanes[pool->turn++ % pool->count];
	*lane->end = post;
	lane->end = &post->next;
	work->queued++;
	work->holders++;
	wake_one_locked(pool);
	pthread_mutex_unlock(&pool->lock);
}

static void
drop_locked(struct work *work, struct lane *lane)
{
	struct post **link = &lane->first;

	while (*link != NULL) {
		struct post *post = *link;

		if (post->work != work) {
			link = &post->next;
			continue;
		}
		*link = post->next;
		free(post);
		work->queued--;
		work->holders--;	/* not the last: the waiter's is left */
	}
	lane->end = link;
}

void
work_wait(struct work *work, bool cancel)
{
	struct pool *pool = work->pool;

	pthread_mutex_lock(&pool->lock);
	work->holders++;
	for (unsigned i = 0; cancel && i < pool->count; i++)
		drop_locked(work, &pool->lanes[i]);
	if (quiet_locked(work))
		pthread_cond_broadcast(&work->quiet);
	while (!quiet_locked(work))
		pthread_cond_wait(&work->quiet, &pool->lock);
	release_locked(work);
	pthread_mutex_unlock(&pool->lock);
}

void
work_close(struct work *work)
{
	struct pool *pool = work->pool;

	pthread_mutex_lock(&pool->lock);
	release_locked(work);
	pthread_mutex_unlock(&pool->lock);
}
