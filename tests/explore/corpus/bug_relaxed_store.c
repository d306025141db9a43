/* bug_relaxed_store.c - published, but not released */
/* SPDX-License-Identifier: MIT */
/*
 * A writer fills in a price and then says in an atomic flag that it is there.
 * The flag is atomic, so it is never seen half written; but its store is
 * relaxed, and orders nothing else. Compiler and processor may let the flag
 * be seen first. ok_memory_orders.c has the ways that are right.
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
	price = 42;
	atomic_store_explicit(&known, 1, memory_order_relaxed);	/* BUG */
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(writer);

	if (atomic_load_explicit(&known, memory_order_acquire) == 1)
		assert(price == 42);
	pthread_join(thread, NULL);
	return 0;
}
