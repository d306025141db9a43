/* bug_semaphore_error_path.c - the way out that forgets the post */
/* SPDX-License-Identifier: MIT */
/*
 * A store guarded by a semaphore used as a mutex. A buyer that finds the
 * store empty goes away with an error, and takes the semaphore along: that
 * return has no sem_post. Then the supplier waits for ever. If the supplier
 * comes first, the error path is not taken and nobody notices.
 *
 * verdict: deadlock
 */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stddef.h>

static sem_t mutex;
static int stock;		/* Guarded by mutex. */

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static bool
buy(void)
{
	sem_wait(&mutex);
	if (stock == 0)
		return false;		/* BUG: no sem_post */
	stock--;
	sem_post(&mutex);
	return true;
}

static void *
supplier(void *unused)
{
	(void)unused;
	sem_wait(&mutex);
	stock++;
	sem_post(&mutex);
	return NULL;
}

static void *
buyer(void *unused)
{
	(void)unused;
	buy();
	return NULL;
}

int
main(void)
{
	sem_init(&mutex, 0, 1);
	pthread_t first = start(supplier);
	pthread_t second = start(buyer);

	pthread_join(first, NULL);
	pthread_join(second, NULL);
	sem_destroy(&mutex);
	return 0;
}
