/* atomic.c - right: an atomic counter */
/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <stdatomic.h>

#include "count.h"

static atomic_int counter;

static void *
add(void *unused)
{
	atomic_fetch_add(&counter, 1);
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
