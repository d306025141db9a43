/* bug_barrier_off_by_one.c - a meeting that starts one person too soon */
/* SPDX-License-Identifier: MIT */
/*
 * Main and two helpers each fill one cell and then meet; behind the meeting
 * every cell must be full. The meeting was written for the helpers, and main
 * was forgotten: it opens when two of the three have come. If the third has
 * filled its cell by then nobody notices; if not, somebody reads an empty
 * cell.
 *
 * verdict: assertion
 * message: full == PARTIES
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

enum { HELPERS = 2, PARTIES = HELPERS + 1 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t everybody = PTHREAD_COND_INITIALIZER;
static int arrived;		/* Guarded by lock. */
static atomic_int cell[PARTIES];
static int number[PARTIES] = { 0, 1, 2 };

static void
meet(void)
{
	pthread_mutex_lock(&lock);
	arrived++;
	pthread_cond_broadcast(&everybody);
	while (arrived < HELPERS)	/* BUG: PARTIES */
		pthread_cond_wait(&everybody, &lock);
	pthread_mutex_unlock(&lock);
}

static void *
fill(void *arg)
{
	int full = 0;

	atomic_store(&cell[*(int *)arg], 1);
	meet();
	for (int i = 0; i < PARTIES; i++)
		full += atomic_load(&cell[i]);
	assert(full == PARTIES);
	return NULL;
}

int
main(void)
{
	pthread_t thread[HELPERS];

	for (int i = 0; i < HELPERS; i++) {
		int error = pthread_create(&thread[i], NULL, fill,
		    &number[i]);

		assert(error == 0);
	}
	fill(&number[HELPERS]);
	for (int i = 0; i < HELPERS; i++)
		pthread_join(thread[i], NULL);
	return 0;
}
