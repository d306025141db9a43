/* SPDX-License-Identifier: MIT */
/*
 * stage.h - what the programs of this chapter direct their threads with
 *
 * A gate is shut until it is opened, and stays open from then on. With
 * gates a program forces the one order of events that it wants to show, on
 * every run and every machine; nothing here sleeps or measures time.
 *
 * Interface: must, gate_open, gate_wait, gate_is_open, await_destroy.
 */
#ifndef STAGE_H
#define STAGE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "first_pool.h"

struct gate {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool open;		/* guarded by lock */
};

#define GATE_SHUT \
	{ PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false }

static inline void
gate_open(struct gate *gate)
{
	pthread_mutex_lock(&gate->lock);
	gate->open = true;
	pthread_cond_broadcast(&gate->changed);
	pthread_mutex_unlock(&gate->lock);
}

static inline void
gate_wait(struct gate *gate)
{
	pthread_mutex_lock(&gate->lock);
	while (!gate->open)
		pthread_cond_wait(&gate->changed, &gate->lock);
	pthread_mutex_unlock(&gate->lock);
}

static inline bool
gate_is_open(struct gate *gate)
{
	pthread_mutex_lock(&gate->lock);
	bool open = gate->open;
	pthread_mutex_unlock(&gate->lock);
	return open;
}

/* Ends the program if a call that this chapter relies on has failed. */
static inline void
must(int error)
{
	if (error != 0) {
		fprintf(stderr, "unexpected error %d\n", error);
		exit(EXIT_FAILURE);
	}
}

/*
 * Returns when another thread is inside first_pool_destroy. To be called
 * only while no items are submitted: it waits where the workers wait, and
 * could receive a signal that was meant for one of them.
 */
static inline void
await_destroy(struct first_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	while (!pool->stopping)
		pthread_cond_wait(&pool->changed, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
}

#endif
