/* bug_destroy_locked.c - finished, but not yet out of the lock */
/* SPDX-License-Identifier: MIT */
/*
 * A request carries its own mutex. The worker says "finished" while it still
 * holds that mutex; main hears it and destroys the mutex at once. If the
 * worker has not unlocked by then, a locked mutex is destroyed, and a
 * destroyed one unlocked. What another thread may still leave cannot be torn
 * down: join first, or say it after the unlock.
 *
 * verdict: misuse
 * message: destroy
 */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

struct request {
	pthread_mutex_t lock;
	int answer;		/* Guarded by lock. */
};

static struct request request;
static sem_t finished;

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
	pthread_mutex_lock(&request.lock);
	request.answer = 42;
	sem_post(&finished);		/* BUG: still inside */
	pthread_mutex_unlock(&request.lock);
	return NULL;
}

int
main(void)
{
	pthread_mutex_init(&request.lock, NULL);
	sem_init(&finished, 0, 0);
	pthread_t thread = start(worker);

	sem_wait(&finished);
	pthread_mutex_destroy(&request.lock);
	pthread_join(thread, NULL);
	sem_destroy(&finished);
	return 0;
}
