/* ok_detached.c - detached threads, awaited by a counter */
/* SPDX-License-Identifier: MIT */
/*
 * Two detached threads serve a request each; nobody can join them. Correct,
 * because main waits, in a loop, until the counter of live threads is zero,
 * and each thread counts itself off as the last thing it does, under the
 * lock; after that it touches only the lock, which is static and outlives
 * it. The requests are freed by main, after the wait. main may return while a
 * thread is on its last way out: there is nothing left that it could harm.
 *
 * verdict: pass
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

enum { REQUESTS = 2 };

struct request {
	int question;
	int answer;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t none_left = PTHREAD_COND_INITIALIZER;
static int live;		/* Guarded by lock. */

static void *
serve(void *arg)
{
	struct request *request = arg;

	request->answer = 2 * request->question;
	pthread_mutex_lock(&lock);
	if (--live == 0)
		pthread_cond_signal(&none_left);
	pthread_mutex_unlock(&lock);
	return NULL;
}

static struct request *
send(int question)
{
	struct request *request = malloc(sizeof *request);
	pthread_t thread;

	assert(request != NULL);
	request->question = question;
	pthread_mutex_lock(&lock);
	live++;
	pthread_mutex_unlock(&lock);
	int error = pthread_create(&thread, NULL, serve, request);
	assert(error == 0);
	pthread_detach(thread);
	return request;
}

int
main(void)
{
	struct request *request[REQUESTS];

	for (int i = 0; i < REQUESTS; i++)
		request[i] = send(i);
	pthread_mutex_lock(&lock);
	while (live > 0)
		pthread_cond_wait(&none_left, &lock);
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < REQUESTS; i++) {
		assert(request[i]->answer == 2 * i);
		free(request[i]);
	}
	return 0;
}
