/* ok_semaphore_ring.c - a baton goes round three times three hands */
/* SPDX-License-Identifier: MIT */
/*
 * Three runners, one semaphore before each. A runner waits for its own, adds
 * one to the baton, and posts the next one's. Correct, because the values of
 * all semaphores never add up to more than one: only one runner is between
 * its wait and its post, and the post orders its change before the next
 * runner's. A post is remembered, so it does not matter who comes first.
 *
 * verdict: pass
 */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

enum { RUNNERS = 3, ROUNDS = 3 };

static sem_t turn[RUNNERS];
static int baton;		/* Belongs to the runner whose turn it is. */
static int number[RUNNERS] = { 0, 1, 2 };

static void *
run(void *arg)
{
	int me = *(int *)arg;

	for (int round = 0; round < ROUNDS; round++) {
		sem_wait(&turn[me]);
		assert(baton == round * RUNNERS + me);
		baton++;
		sem_post(&turn[(me + 1) % RUNNERS]);
	}
	return NULL;
}

int
main(void)
{
	pthread_t thread[RUNNERS];

	for (int i = 0; i < RUNNERS; i++)
		sem_init(&turn[i], 0, i == 0);
	for (int i = 0; i < RUNNERS; i++) {
		int error = pthread_create(&thread[i], NULL, run,
		    &number[i]);

		assert(error == 0);
	}
	for (int i = 0; i < RUNNERS; i++)
		pthread_join(thread[i], NULL);
	assert(baton == RUNNERS * ROUNDS);
	for (int i = 0; i < RUNNERS; i++)
		sem_destroy(&turn[i]);
	return 0;
}
