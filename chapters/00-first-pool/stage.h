/* SPDX-License-Identifier: MIT */
/*
 * stage.h - what the programs of this chapter have in common
 *
 * A gate is shut until it is opened, and stays open from then on: the way
 * in which one thread of these programs waits for another.
 * Interface: must, gate_open, gate_wait.
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

/* Ends the program if a call that this chapter relies on has failed. */
static inline void
must(int error)
{
	if (error != 0) {
		fprintf(stderr, "unexpected error %d\n", error);
		exit(EXIT_FAILURE);
	}
}

#endif
