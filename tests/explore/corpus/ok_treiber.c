/* ok_treiber.c - a free list without locks, with a version at its top */
/* SPDX-License-Identifier: MIT */
/*
 * bug_aba.c with the cure. The top is one 64-bit word: the node's number in
 * the lower half, in the upper half a version that every successful swing
 * raises. A swing succeeds only if version and node are what was read, so
 * nothing at all has happened to the stack since, and the node below is
 * still the one below. (The version repeats after 2^32 swings.) `below` may
 * be read of a node that has been taken meanwhile, but the array stays and
 * the swing then fails. A failed swing means that another succeeded: so
 * threads repeat, but never all of them.
 *
 * verdict: pass
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NODES = 4, NONE = NODES };

static _Atomic uint64_t top = 0;
static _Atomic uint32_t below[NODES] = { 1, 2, 3, NONE };
static atomic_bool held[NODES];

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

/* The word that replaces `old`: another node on top, the next version. */
static uint64_t
swing(uint64_t old, uint32_t node)
{
	return ((old >> 32) + 1) << 32 | node;
}

static uint32_t
take(void)
{
	uint64_t old = atomic_load(&top);
	uint32_t node, next;

	do {
		node = (uint32_t)old;
		assert(node != NONE);
		next = atomic_load(&below[node]);
	} while (!atomic_compare_exchange_strong(&top, &old,
	    swing(old, next)));

	bool twice = atomic_exchange(&held[node], true);
	assert(!twice);
	return node;
}

static void
give(uint32_t node)
{
	uint64_t old = atomic_load(&top);

	atomic_store(&held[node], false);
	do
		atomic_store(&below[node], (uint32_t)old);
	while (!atomic_compare_exchange_strong(&top, &old, swing(old, node)));
}

static void *
borrower(void *unused)
{
	(void)unused;
	uint32_t first = take();
	uint32_t second = take();

	give(first);
	give(second);
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(borrower);
	int count = 0;

	borrower(NULL);
	pthread_join(thread, NULL);
	for (uint32_t node = (uint32_t)top; node != NONE; node = below[node])
		count++;
	assert(count == NODES);
	return 0;
}
