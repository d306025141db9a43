/* locks.c - right: a lock */
/* SPDX-License-Identifier: MIT */
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

	counter = 0;
	for (int i = 0; i < 2; i++)
		if (pthread_create(&threads[i], 0, add, 0) != 0)
			return -1;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], 0);
	return counter;
}
