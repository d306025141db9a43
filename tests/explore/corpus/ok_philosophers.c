/* ok_philosophers.c - the fork with the lower number first */
/* SPDX-License-Identifier: MIT */
/*
 * Three philosophers, three forks between them, each used by two. Correct,
 * because everybody takes the fork with the lower number first: among those
 * who hold a fork, the one who holds the highest waits for none, eats and
 * puts both back. So there is no circle. Each counter is touched only with
 * its fork in hand.
 *
 * verdict: pass
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

enum { GUESTS = 3 };

struct fork {
	pthread_mutex_t lock;
	int uses;		/* Guarded by lock. */
};

static struct fork forks[GUESTS] = {
	{ PTHREAD_MUTEX_INITIALIZER, 0 },
	{ PTHREAD_MUTEX_INITIALIZER, 0 },
	{ PTHREAD_MUTEX_INITIALIZER, 0 },
};
static int number[GUESTS] = { 0, 1, 2 };

static void *
dine(void *arg)
{
	int left = *(int *)arg;
	int right = (left + 1) % GUESTS;
	struct fork *low = &forks[left < right ? left : right];
	struct fork *high = &forks[left < right ? right : left];

	pthread_mutex_lock(&low->lock);
	pthread_mutex_lock(&high->lock);
	low->uses++;
	high->uses++;
	pthread_mutex_unlock(&high->lock);
	pthread_mutex_unlock(&low->lock);
	return NULL;
}

int
main(void)
{
	pthread_t thread[GUESTS];

	for (int i = 0; i < GUESTS; i++) {
		int error = pthread_create(&thread[i], NULL, dine,
		    &number[i]);

		assert(error == 0);
	}
	for (int i = 0; i < GUESTS; i++)
		pthread_join(thread[i], NULL);
	for (int i = 0; i < GUESTS; i++)
		assert(forks[i].uses == 2);
	return 0;
}
