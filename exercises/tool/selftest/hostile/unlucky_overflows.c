/* unlucky_overflows.c - loses an addition in some schedules; and writes too far */
/* SPDX-License-Identifier: MIT */
/*
 * question: exploring
 * item: memory
 * verdict: fail
 * message: it went past the end of an allocation
 * points: 1 1/2
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
	volatile size_t size = 16;
	volatile char *memory = malloc(size);

	counter = 0;
	for (int i = 0; i < 2; i++)
		if (pthread_create(&threads[i], 0, add, 0) != 0)
			return -1;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], 0);
	if (memory == NULL)
		return -1;
	memory[size] = 1;
	free((void *)memory);
	return counter;
}
