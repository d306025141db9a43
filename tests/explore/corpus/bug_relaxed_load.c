/* bug_relaxed_load.c - released, but not acquired */
/* SPDX-License-Identifier: MIT */
/*
 * The other half of bug_relaxed_store.c. The writer releases what it has
 * written; the reader looks at the flag by a relaxed load, "since it only
 * looks", and may read the price before the flag.
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
	atomic_store_explicit(&known, 1, memory_order_release);
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(writer);

	if (atomic_load_explicit(&known, memory_order_relaxed) == 1)
		assert(price == 42);	/* BUG: in no order with the store */
	pthread_join(thread, NULL);
	return 0;
}
