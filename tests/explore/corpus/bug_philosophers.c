/* bug_philosophers.c - one guest too many at the table */
/* SPDX-License-Identifier: MIT */
/*
 * Three philosophers, three forks; each takes the left fork and then the
 * right one. So that they cannot all hold one fork and wait for the next, a
 * semaphore lets only so many sit down; but it starts at three instead of
 * two and keeps nobody out. All three sit, each takes its left fork, and
 * nobody ever eats.
 *
 * verdict: deadlock
 */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

enum { GUESTS = 3 };

static pthread_mutex_t fork_lock[GUESTS] = {
	PTHREAD_MUTEX_INITIALIZER,
	PTHREAD_MUTEX_INITIALIZER,
	PTHREAD_MUTEX_INITIALIZER,
};
static sem_t chairs;
static int number[GUESTS] = { 0, 1, 2 };

static void *
dine(void *arg)
{
	int left = *(int *)arg;
	int right = (left + 1) % GUESTS;

	sem_wait(&chairs);
	pthread_mutex_lock(&fork_lock[left]);
	pthread_mutex_lock(&fork_lock[right]);
	pthread_mutex_unlock(&fork_lock[right]);
	pthread_mutex_unlock(&fork_lock[left]);
	sem_post(&chairs);
	return NULL;
}

int
main(void)
{
	pthread_t thread[GUESTS];

	sem_init(&chairs, 0, GUESTS);	/* BUG: GUESTS - 1 */
	for (int i = 0; i < GUESTS; i++) {
		int error = pthread_create(&thread[i], NULL, dine,
		    &number[i]);

		assert(error == 0);
	}
	for (int i = 0; i < GUESTS; i++)
		pthread_join(thread[i], NULL);
	sem_destroy(&chairs);
	return 0;
}
