/* waits_once.c - a mutant: waits with if, not while, for the thread before */
/* SPDX-License-Identifier: MIT */
/*
 * check: counts
 * message: count() was 3
 * stage: schedules
 */
#include <pthread.h>
#include <stdbool.h>

#include "count.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t first_is_done = PTHREAD_COND_INITIALIZER;
static bool done;
static int counter;

static void *
first(void *unused)
{
	pthread_mutex_lock(&lock);
	counter = counter + 1;
	done = true;
	pthread_cond_signal(&first_is_done);
	pthread_mutex_unlock(&lock);
	return unused;
}

static void *
second(void *unused)
{
	pthread_mutex_lock(&lock);
	if (!done)
		pthread_cond_wait(&first_is_done, &lock);
	counter = 2;
	pthread_mutex_unlock(&lock);
	return unused;
}

int
count(void)
{
	pthread_t threads[2];

	counter = 0;
	done = false;
	if (pthread_create(&threads[0], 0, second, 0) != 0 ||
	    pthread_create(&threads[1], 0, first, 0) != 0)
		return -1;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], 0);
	return counter;
}
