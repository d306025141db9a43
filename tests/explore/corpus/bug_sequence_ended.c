/* bug_sequence_ended.c - a store in between takes the release away */
/* SPDX-License-Identifier: MIT */
/*
 * A writer fills in a report and releases its state, 1: written. A clerk
 * raises the state from 1 to 2 (counted) by a plain relaxed store, because
 * it has nothing to add. But who reads the 2 has read the clerk's store, not
 * the writer's, and has not heard of the report. A read-modify-write, such as
 * atomic_fetch_add, would have continued the writer's release sequence.
 *
 * verdict: race
 * needs: accesses
 * message: pages
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static int pages;
static atomic_int state;

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void *
writer(void *unused)
{
	(void)unused;
	pages = 7;
	atomic_store_explicit(&state, 1, memory_order_release);
	return NULL;
}

static void *
clerk(void *unused)
{
	(void)unused;
	if (atomic_load_explicit(&state, memory_order_relaxed) == 1)
		/* BUG: what the writer released is not in this store. */
		atomic_store_explicit(&state, 2, memory_order_relaxed);
	return NULL;
}

int
main(void)
{
	pthread_t first = start(writer), second = start(clerk);

	if (atomic_load_explicit(&state, memory_order_acquire) == 2)
		assert(pages == 7);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	return 0;
}
