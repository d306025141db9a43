/* bug_release_in_two_steps.c - the last one out is asked too late */
/* SPDX-License-Identifier: MIT */
/*
 * A shared object counts its references. release subtracts one, then reads
 * the count to see whether it was the last. Both steps are atomic, the pair
 * is not: two threads may both subtract before either reads, both see zero,
 * and both free; or one frees while the other has yet to read. The answer is
 * what atomic_fetch_sub returns.
 *
 * verdict: misuse|race|sanitizer
 * needs: atomics
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

struct shared {
	atomic_int refs;
};

static void
release(struct shared *shared)
{
	atomic_fetch_sub(&shared->refs, 1);
	if (atomic_load(&shared->refs) == 0)	/* BUG: a second look */
		free(shared);
}

static void *
user(void *arg)
{
	release(arg);
	return NULL;
}

int
main(void)
{
	struct shared *shared = malloc(sizeof *shared);
	pthread_t thread;

	assert(shared != NULL);
	atomic_init(&shared->refs, 2);
	int error = pthread_create(&thread, NULL, user, shared);
	assert(error == 0);
	release(shared);
	pthread_join(thread, NULL);
	return 0;
}
