/* notes_who_came.c - a mutant: notes without the lock who came last */
/* SPDX-License-Identifier: MIT */
/*
 * check: counts
 * message: nothing orders the two
 * stage: race
 */
#include <pthread.h>

#include "count.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int counter;
pthread_t last;		/* who came, for somebody who asks */

static void *
add(void *unused)
{
	last = pthread_self();
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
