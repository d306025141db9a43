/* pool.h - a small pool: what it promises, and the queue it is made with */
/* SPDX-License-Identifier: MIT */
#ifndef POOL_H
#define POOL_H

#include <stdbool.h>

/*
 * The pool: yours to repair. pool_start gives a pool with that many threads,
 * or NULL. pool_submit has one of them call run(argument), once; false if
 * there is no memory. Callbacks may call pool_submit, until pool_stop is
 * called: from then on nothing is submitted. pool_stop returns when
 * everything that was submitted has run and all threads of the pool have
 * ended; then the pool is gone.
 */
struct pool;

struct pool *pool_start(unsigned threads);
bool pool_submit(struct pool *pool, void (*run)(void *argument),
	void *argument);
void pool_stop(struct pool *pool);

/* The queue: given, and right. It has no lock of its own. */
struct item {
	void (*run)(void *argument);
	void *argument;
	struct item *next;
};

struct queue {
	struct item *head;
	struct item **tail;
};

void queue_init(struct queue *queue);
bool queue_empty(const struct queue *queue);
void queue_push(struct queue *queue, struct item *item);	/* at its end */
struct item *queue_pop(struct queue *queue);	/* the first; not if empty */

#endif /* POOL_H */
