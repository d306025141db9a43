/* bug_volatile_flag.c - waiting for a variable that is volatile */
/* SPDX-License-Identifier: MIT */
/*
 * The reader turns round a flag until it is set. volatile makes the compiler
 * look each time, and that is all: it orders nothing and is not atomic. What
 * was written before the flag may be seen after it.
 *
 * verdict: race
 * needs: accesses
 * message: ready
 */
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

static int answer;
static volatile bool ready;

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
	answer = 42;
	ready = true;			/* BUG: atomic, with release */
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(writer);

	while (!ready)
		;
	assert(answer == 42);
	pthread_join(thread, NULL);
	return 0;
}
