/* SPDX-License-Identifier: MIT */
/*
 * first_pool.h - the thread pool that anyone writes first
 *
 * Interface: init, submit, destroy. The functions that can fail return 0
 * or an error number from <errno.h>, as the pthread functions do.
 */
#ifndef FIRST_POOL_H
#define FIRST_POOL_H

#include <pthread.h>
#include <stdbool.h>

struct first_pool {
	/* Read-only after init. */
	pthread_t *threads;
	unsigned count;			/* of threads */

	pthread_mutex_t lock;
	pthread_cond_t changed;		/* head or stopping has changed */

	/* Guarded by lock. */
	struct item *head;		/* the oldest item, or NULL */
	struct item **tail;		/* the NULL at the queue's end */
	bool stopping;			/* destroy has been called */
};

int first_pool_init(struct first_pool *pool, unsigned threads);
int first_pool_submit(struct first_pool *pool,
    void (*function)(void *argument), void *argument);
void first_pool_destroy(struct first_pool *pool);

#endif
