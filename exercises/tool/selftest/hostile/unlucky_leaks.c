/* unlucky_leaks.c - loses an addition in some schedules, and memory in all */
/* SPDX-License-Identifier: MIT */
/*
 * question: exploring
 * item: memory
 * verdict: fail
 * message: it left memory that nobody can free
 * points: 1 1/4
 */
#include <pthread.h>
#include <stdlib.h>

#include "count.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int counter;

static void *
add(void *unused)
{
	int seen;

	pthread_mutex_lock(&lock);
	seen = counter;
	pthread_mutex_unlock(&lock);
	pthread_mutex_lock(&lock);
	counter = seen + 1;
	pthread_mutex_unlock(&lock);
	return unused;
}

int
count(void)
{
	pthread_t threads[2];

	counter = 0;
	for (int i = 0; i < 2; i++)
		if (pthread_create(&threads[i], 0, add, 0) != 0)
			return -1;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], 0);
	if (malloc(16) == NULL)
		return -1;
	return counter;
}
