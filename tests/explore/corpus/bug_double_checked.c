/* bug_double_checked.c - initialised once, and announced too early */
/* SPDX-License-Identifier: MIT */
/*
 * Double-checked initialisation without pthread_once: who finds the flag set
 * uses the table without a lock. Everything is atomic, so there is no data
 * race; but the flag is set before the table is filled, and a second thread
 * may come by in between and read a hole. The flag must be the last store.
 *
 * verdict: assertion
 * needs: atomics
 * message: square(3) == 9
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { SIZE = 4 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool made;
static atomic_int table[SIZE];

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static int
square(int n)
{
	if (!atomic_load(&made)) {
		pthread_mutex_lock(&lock);
		if (!atomic_load(&made)) {
			atomic_store(&made, true);	/* BUG: too early */
			for (int i = 0; i < SIZE; i++)
				atomic_store(&table[i], i * i);
		}
		pthread_mutex_unlock(&lock);
	}
	return atomic_load(&table[n]);
}

static void *
user(void *unused)
{
	(void)unused;
	assert(square(3) == 9);
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(user);

	user(NULL);
	pthread_join(thread, NULL);
	return 0;
}
