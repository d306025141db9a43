/* ok_barrier.c - a barrier that can be used again */
/* SPDX-License-Identifier: MIT */
/*
 * bug_barrier_reuse.c with the cure: meetings are numbered. Who comes early
 * waits while the number is the one it came to; the last to come sets the
 * count back and goes to the next number, under the lock. Correct, because a
 * number once passed never returns, so a slow waiter cannot be caught by the
 * next meeting; and the next meeting cannot end without the slow one.
 *
 * verdict: pass
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

enum { PARTIES = 3, MEETINGS = 2 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t everybody = PTHREAD_COND_INITIALIZER;
static int arrived;		/* Guarded by lock. */
static int meeting;		/* Guarded by lock. */
static atomic_int walked;	/* Steps taken by all. */

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void
meet(void)
{
	pthread_mutex_lock(&lock);
	int mine = meeting;
	if (++arrived == PARTIES) {
		arrived = 0;
		meeting++;
		pthread_cond_broadcast(&everybody);
	}
	while (meeting == mine)
		pthread_cond_wait(&everybody, &lock);
	pthread_mutex_unlock(&lock);
}

static void *
walk(void *unused)
{
	(void)unused;
	for (int i = 1; i <= MEETINGS; i++) {
		atomic_fetch_add(&walked, 1);
		meet();
		assert(atomic_load(&walked) >= i * PARTIES);
	}
	return NULL;
}

int
main(void)
{
	pthread_t one = start(walk);
	pthread_t two = start(walk);

	walk(NULL);
	pthread_join(one, NULL);
	pthread_join(two, NULL);
	assert(walked == MEETINGS * PARTIES);
	return 0;
}
