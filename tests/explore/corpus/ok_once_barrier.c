/* ok_once_barrier.c - pthread_once, and two phases with barriers */
/* SPDX-License-Identifier: MIT */
/*
 * Three threads shift three cells to the left, twice, each its own: all
 * read, meet, all write, meet. Correct, because pthread_once fills the cells
 * exactly once and before any caller goes on; between two meetings the cells
 * are either only read or written each by one thread; and a barrier orders
 * all before it before all behind it. The cells are plain ints.
 *
 * verdict: pass
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

enum { CELLS = 3, PHASES = 2 };

static pthread_once_t filled = PTHREAD_ONCE_INIT;
static pthread_barrier_t meeting;
static int cell[CELLS];
static int number[CELLS] = { 0, 1, 2 };

static void
fill(void)
{
	for (int i = 0; i < CELLS; i++)
		cell[i] += i;
}

static void *
shift(void *arg)
{
	int me = *(int *)arg;

	pthread_once(&filled, fill);
	for (int phase = 0; phase < PHASES; phase++) {
		int next = cell[(me + 1) % CELLS];

		pthread_barrier_wait(&meeting);
		cell[me] = next;
		pthread_barrier_wait(&meeting);
	}
	return NULL;
}

int
main(void)
{
	pthread_t thread[CELLS - 1];

	pthread_barrier_init(&meeting, NULL, CELLS);
	for (int i = 0; i < CELLS - 1; i++) {
		int error = pthread_create(&thread[i], NULL, shift,
		    &number[i]);

		assert(error == 0);
	}
	shift(&number[CELLS - 1]);
	for (int i = 0; i < CELLS - 1; i++)
		pthread_join(thread[i], NULL);
	for (int i = 0; i < CELLS; i++)
		assert(cell[i] == (i + PHASES) % CELLS);
	pthread_barrier_destroy(&meeting);
	return 0;
}
