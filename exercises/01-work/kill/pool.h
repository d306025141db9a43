/* pool.h - what the pools promise that your tests are for */
/* SPDX-License-Identifier: MIT */
#ifndef POOL_H
#define POOL_H

#include <stdbool.h>

struct pool;
struct work;

/*
 * Makes a pool with that many threads, at least one. It runs that many
 * callbacks at once: a post that is queued starts as soon as a thread has
 * nothing else to do. In which order posts start, and on which threads, is
 * not promised.
 */
struct pool *pool_start(unsigned threads);

/*
 * Returns when everything that has been submitted has run, and all threads
 * of the pool have ended; then the pool is gone. All work objects must have
 * been closed, though they may still have posts.
 */
void pool_stop(struct pool *pool);

/* Makes a work object: a function to be called. Nothing runs yet. */
struct work *work_create(struct pool *pool, void (*run)(void *argument),
	void *argument);

/*
 * Posts it once: one call of run(argument), on a thread of the pool. Posts
 * add up, and several may run at once. Callbacks may submit too.
 */
void work_submit(struct work *work);

/*
 * Returns when no post of this work object is queued and no callback of it
 * runs. cancel: first drops the posts that have not started. Several
 * threads may wait for the same work object.
 */
void work_wait(struct work *work, bool cancel);

/* Lets go of it. What is posted still runs. */
void work_close(struct work *work);

#endif /* POOL_H */
