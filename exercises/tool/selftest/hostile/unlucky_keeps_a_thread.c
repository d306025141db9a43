/* unlucky_keeps_a_thread.c - loses an addition in some schedules, and a thread */
/* SPDX-License-Identifier: MIT */
/*
 * question: exploring
 * item: quiescence
 * verdict: fail
 * message: left behind: 1 thread
 * points: 1 1/2
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

static void *
stay(void *unused)
{
	static pthread_cond_t never = PTHREAD_COND_INITIALIZER;

	pthread_mutex_lock(&lock);
	for (;;)
		pthread_cond_wait(&never, &lock);
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
	if (pthread_create(&threads[0], 0, stay, 0) != 0)
		return -1;
	return counter;
}
