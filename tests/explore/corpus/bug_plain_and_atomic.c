/* bug_plain_and_atomic.c - an atomic variable that memset resets */
/* SPDX-License-Identifier: MIT */
/*
 * Statistics are counted atomically, and reset by memset, which knows nothing
 * of atomics: it may write byte by byte. A variable is as atomic as the
 * plainest access to it.
 *
 * verdict: race
 * needs: races
 * message: statistics
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

static struct {
	atomic_int hits, misses;
} statistics;

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void *
counter(void *unused)
{
	(void)unused;
	atomic_fetch_add(&statistics.hits, 1);
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(counter);

	memset(&statistics, 0, sizeof(statistics));	/* BUG */
	pthread_join(thread, NULL);
	return 0;
}
