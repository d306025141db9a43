/* bug_freed_twice.c - two threads, each sure that it is the last user */
/* SPDX-License-Identifier: MIT */
/*
 * Two users of a block count themselves out, and the last one frees it. Each
 * takes one from the count and then looks at the count again: when both have
 * taken theirs before either looks, both see 0, and both free the block. What
 * the subtraction itself returned would have told them apart.
 *
 * verdict: misuse|sanitizer
 * needs: accesses
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

static atomic_int users = 2;
static char *block;

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void *
leave(void *unused)
{
	(void)unused;
	atomic_fetch_sub(&users, 1);
	if (atomic_load(&users) == 0)	/* BUG: both may see it */
		free(block);
	return NULL;
}

int
main(void)
{
	pthread_t thread;

	block = malloc(64);
	assert(block != NULL);
	thread = start(leave);
	leave(NULL);
	pthread_join(thread, NULL);
	return 0;
}
