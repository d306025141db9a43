/* ok_barrier_leave.c - a barrier that is gone before all have left it */
/* SPDX-License-Identifier: MIT */
/*
 * Three threads meet; the one that is told to be the serial thread destroys
 * the barrier at once, and makes a new one at the same place, at which
 * nobody waits. Correct, because a meeting is over when its last has
 * arrived: who has not returned yet does not touch the barrier any more,
 * and POSIX wants nobody to be blocked at a barrier that is destroyed, not
 * nobody to be on the way out.
 *
 * verdict: pass
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

enum { PARTIES = 3 };

static pthread_barrier_t barrier;
static int answer[PARTIES];
static int number[PARTIES] = { 0, 1, 2 };

static void *
meet(void *arg)
{
	int me = *(int *)arg;

	answer[me] = pthread_barrier_wait(&barrier);
	if (answer[me] == PTHREAD_BARRIER_SERIAL_THREAD) {
		pthread_barrier_destroy(&barrier);
		pthread_barrier_init(&barrier, NULL, 1);
	}
	return NULL;
}

int
main(void)
{
	pthread_t thread[PARTIES - 1];
	int serial = 0;

	pthread_barrier_init(&barrier, NULL, PARTIES);
	for (int i = 0; i < PARTIES - 1; i++) {
		int error = pthread_create(&thread[i], NULL, meet, &number[i]);

		assert(error == 0);
	}
	meet(&number[PARTIES - 1]);
	for (int i = 0; i < PARTIES - 1; i++)
		pthread_join(thread[i], NULL);
	for (int i = 0; i < PARTIES; i++)
		serial += answer[i] == PTHREAD_BARRIER_SERIAL_THREAD;
	assert(serial == 1);
	assert(pthread_barrier_wait(&barrier) ==
	    PTHREAD_BARRIER_SERIAL_THREAD);
	pthread_barrier_destroy(&barrier);
	return 0;
}
