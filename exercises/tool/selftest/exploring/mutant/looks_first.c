/* looks_first.c - a mutant: looks and changes under the lock, one at a time */
/* SPDX-License-Identifier: MIT */
/*
 * check: counts
 * message: count() was 1
 * stage: schedules
 */
#include <pthread.h>

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
	return counter;
}
