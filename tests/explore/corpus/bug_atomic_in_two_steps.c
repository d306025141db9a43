/* bug_atomic_in_two_steps.c - a load and a store are not an addition */
/* SPDX-License-Identifier: MIT */
/*
 * The cousin of bug_unlocked_counter.c that has been told to use atomics. The
 * load is atomic, the store is atomic, there is no data race any more, and a
 * hit is lost all the same when both threads load before either stores.
 *
 * verdict: assertion
 * needs: atomics
 * message: hits
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int hits;

static void *
visitor(void *unused)
{
	int now = atomic_load(&hits);

	(void)unused;
	atomic_store(&hits, now + 1);	/* BUG: atomic_fetch_add */
	return NULL;
}

int
main(void)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, visitor, NULL);

	assert(error == 0);
	visitor(NULL);
	pthread_join(thread, NULL);
	assert(atomic_load(&hits) == 2);
	return 0;
}
