/* bug_join_under_lock.c - waiting for a thread that waits for my lock */
/* SPDX-License-Identifier: MIT */
/*
 * The shutdown joins the worker while it holds the pool's lock, so that
 * nobody can touch the pool meanwhile. A worker that still needs the lock
 * for its last step never gets it, and the join never returns. A worker that
 * is through already can be joined, lock or not; that is why it passes most
 * tests.
 *
 * verdict: deadlock
 */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int finished;		/* Guarded by lock. */
static sem_t answered;

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void *
worker(void *unused)
{
	(void)unused;
	sem_post(&answered);
	pthread_mutex_lock(&lock);
	finished++;
	pthread_mutex_unlock(&lock);
	return NULL;
}

int
main(void)
{
	sem_init(&answered, 0, 0);
	pthread_t thread = start(worker);

	sem_wait(&answered);
	pthread_mutex_lock(&lock);
	pthread_join(thread, NULL);	/* BUG: with the lock in hand */
	pthread_mutex_unlock(&lock);
	sem_destroy(&answered);
	return 0;
}
