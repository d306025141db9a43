/* bug_fence_too_early.c - a release fence before what it should release */
/* SPDX-License-Identifier: MIT */
/*
 * A fence orders what stands before it with the relaxed store after it. Here
 * the price is written between the two, so the fence says nothing about it.
 * Both fences are there, and both accesses to the flag are right: one line
 * stands one line too low.
 *
 * verdict: race
 * needs: races
 * message: price
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static int price;
static atomic_int known;

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
	atomic_thread_fence(memory_order_release);
	price = 42;				/* BUG: after the fence */
	atomic_store_explicit(&known, 1, memory_order_relaxed);
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(writer);

	if (atomic_load_explicit(&known, memory_order_relaxed) == 1) {
		atomic_thread_fence(memory_order_acquire);
		assert(price == 42);
	}
	pthread_join(thread, NULL);
	return 0;
}
