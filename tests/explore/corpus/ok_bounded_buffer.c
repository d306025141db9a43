/* ok_bounded_buffer.c - two producers, two consumers, two places */
/* SPDX-License-Identifier: MIT */
/*
 * Correct, because every access to the buffer is under the lock, every wait
 * is a loop over its condition, each of the two conditions has a variable of
 * its own, and every put or get makes room for exactly one waiter, which it
 * signals. Four items go in and four come out, so nobody waits at the end.
 * The sum shows that none was lost or seen twice.
 *
 * verdict: pass
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

enum { PLACES = 2, EACH = 2 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER;
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER;
static int place[PLACES];	/* Guarded by lock, as all that follows. */
static int first;		/* The oldest item stands here. */
static int count;
static int sum;			/* Of what has come out. */

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void
put(int item)
{
	pthread_mutex_lock(&lock);
	while (count == PLACES)
		pthread_cond_wait(&not_full, &lock);
	place[(first + count) % PLACES] = item;
	count++;
	pthread_cond_signal(&not_empty);
	pthread_mutex_unlock(&lock);
}

static void
get(void)
{
	pthread_mutex_lock(&lock);
	while (count == 0)
		pthread_cond_wait(&not_empty, &lock);
	sum += place[first];
	first = (first + 1) % PLACES;
	count--;
	pthread_cond_signal(&not_full);
	pthread_mutex_unlock(&lock);
}

static void *
producer(void *unused)
{
	(void)unused;
	for (int i = 1; i <= EACH; i++)
		put(i);
	return NULL;
}

static void *
consumer(void *unused)
{
	(void)unused;
	for (int i = 1; i <= EACH; i++)
		get();
	return NULL;
}

int
main(void)
{
	pthread_t other = start(producer);
	pthread_t one = start(consumer);
	pthread_t two = start(consumer);

	producer(NULL);
	pthread_join(other, NULL);
	pthread_join(one, NULL);
	pthread_join(two, NULL);
	assert(count == 0 && sum == 2 * (1 + 2));
	return 0;
}
