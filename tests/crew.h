/* crew.h - what the suites of ref/compat/ have in common */
/* SPDX-License-Identifier: MIT */
/*
 * A crew is a number of threads that all run one function. No rule of the
 * pool speaks of the functions of ref/compat/, so each test names the
 * promise only.
 */
#ifndef CREW_H
#define CREW_H

#include "harness.h"

#define CREW_MAX 8

#define ROUNDS 50000

struct crew {
	pthread_t threads[CREW_MAX];
	unsigned size;
};

/* Starts `size` threads that run body(argument). */
static inline void
crew_start(struct crew *crew, unsigned size, void *(*body)(void *),
	void *argument)
{
	crew->size = size;
	for (unsigned i = 0; i < size; i++)
		ck_assert_int_eq(pthread_create(&crew->threads[i], NULL, body,
			argument), 0);
}

static inline void
crew_join(struct crew *crew)
{
	for (unsigned i = 0; i < crew->size; i++)
		ck_assert_int_eq(pthread_join(crew->threads[i], NULL), 0);
}

#endif /* CREW_H */
