/* bug_unlocked_counter.c - hits++ by two threads, without a lock */
/* SPDX-License-Identifier: MIT */
/*
 * The first program of every course on threads. Two threads add one to a
 * plain int. The addition is a load, an add and a store; when both load
 * before either stores, one hit is lost. It is also a data race, which the
 * C standard calls undefined behaviour whatever the number that comes out.
 *
 * verdict: race|assertion
 * needs: races
 * message: hits
 * median: 3
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static int hits;		/* BUG: guarded by nothing */

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void *
visitor(void *unused)
{
	(void)unused;
	hits++;
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(visitor);

	visitor(NULL);
	pthread_join(thread, NULL);
	assert(hits == 2);
	return 0;
}
