/* bug_aba.c - a free list that takes the same node for the same list */
/* SPDX-License-Identifier: MIT */
/*
 * A stack of free nodes without locks: take reads the top and the node under
 * it, and swings the top from one to the other if the top is still the same.
 * Let main stop just before the swing, with top A and next B. The other
 * thread takes A, takes B, and gives A back: the top is A again, the swing
 * succeeds, and B is free although the other thread holds it. The cure is a
 * version number beside the top: see ok_treiber.c.
 *
 * verdict: assertion
 * needs: atomics
 * message: twice
 * median: 144
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { NONE = -1, NODES = 4 };

static atomic_int top = 0;
static atomic_int below[NODES] = { 1, 2, 3, NONE };
static atomic_bool held[NODES];

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static int
take(void)
{
	int node = atomic_load(&top);
	int next;

	do {
		assert(node != NONE);
		next = atomic_load(&below[node]);
	} while (!atomic_compare_exchange_strong(&top, &node, next));

	bool twice = atomic_exchange(&held[node], true);
	assert(!twice);
	return node;
}

static void
give(int node)
{
	int next = atomic_load(&top);

	atomic_store(&held[node], false);
	do
		atomic_store(&below[node], next);
	while (!atomic_compare_exchange_strong(&top, &next, node));
}

static void *
borrower(void *unused)
{
	(void)unused;
	int first = take();

	take();
	give(first);
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(borrower);

	take();
	give(take());
	pthread_join(thread, NULL);
	return 0;
}
