/* SPDX-License-Identifier: MIT */
/*
 * one_too_many.c - two threads both make the last worker that is allowed
 *
 * They count it when it has been made, as a careful person would.
 *
 * explore: must=assertion
 */
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

enum { MAXIMUM = 1 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int workers;		/* guarded by lock */

static void *
work(void *unused)
{
	return unused;
}

static void *
post(void *unused)
{
	pthread_t worker;
	bool room;

	pthread_mutex_lock(&lock);
	room = workers < MAXIMUM;
	pthread_mutex_unlock(&lock);
	if (!room)
		return unused;
	pthread_create(&worker, NULL, work, NULL);
	pthread_mutex_lock(&lock);
	workers++;
	assert(workers <= MAXIMUM);
	pthread_mutex_unlock(&lock);
	pthread_join(worker, NULL);
	return unused;
}

int
main(void)
{
	pthread_t other;

	pthread_create(&other, NULL, post, NULL);
	post(NULL);
	pthread_join(other, NULL);
	return 0;
}
