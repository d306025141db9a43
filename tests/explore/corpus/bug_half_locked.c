/* bug_half_locked.c - one of the two takes the lock */
/* SPDX-License-Identifier: MIT */
/*
 * The seller counts under the lock, as the comment at the variable demands.
 * The auditor only looks, "and an int is read in one piece". A lock keeps out
 * those who take it, and nobody else.
 *
 * verdict: race
 * needs: races
 * message: sold
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int sold;		/* Guarded by lock. */

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void *
seller(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	sold++;
	pthread_mutex_unlock(&lock);
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(seller);
	int seen = sold;		/* BUG: without the lock */

	pthread_join(thread, NULL);
	return seen <= 1 ? 0 : 1;
}
