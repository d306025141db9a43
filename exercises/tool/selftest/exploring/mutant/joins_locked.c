/* joins_locked.c - a mutant: waits for the others with the lock that they need */
/* SPDX-License-Identifier: MIT */
/*
 * check: counts
 * message: nothing runs any more
 */
#include <pthread.h>

#include "count.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int counter;

static void *
add(void *unused)
{
	pthread_mutex_lock(&lock);
	counter++;
	pthread_mutex_unlock(&lock);
	return unused;
}

int
count(void)
{
	pthread_t threads[2];
	int result;

	pthread_mutex_lock(&lock);
	counter = 0;
	for (int i = 0; i < 2; i++)
		if (pthread_create(&threads[i], 0, add, 0) != 0)
			return -1;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], 0);
	result = counter;
	pthread_mutex_unlock(&lock);
	return result;
}
