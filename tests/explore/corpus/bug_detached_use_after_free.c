/* bug_detached_use_after_free.c - the answer is out, the thread is not */
/* SPDX-License-Identifier: MIT */
/*
 * A detached thread serves a request and posts "done"; main takes the answer
 * and frees the request. But the thread writes one more field after its
 * post, and nobody can join it: if main is quick, that write goes to freed
 * memory. The post that gives the request away must be the last thing that
 * touches it.
 *
 * verdict: misuse|race|sanitizer
 */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <stdlib.h>

struct request {
	int answer;
	int state;		/* 0 new, 1 closed */
};

static sem_t done;
static sem_t gone;		/* So that main does not end first. */

static void *
serve(void *arg)
{
	struct request *request = arg;

	request->answer = 42;
	sem_post(&done);
	request->state = 1;		/* BUG: after the post */
	sem_post(&gone);
	return NULL;
}

int
main(void)
{
	struct request *request = calloc(1, sizeof *request);
	pthread_t thread;

	assert(request != NULL);
	sem_init(&done, 0, 0);
	sem_init(&gone, 0, 0);
	int error = pthread_create(&thread, NULL, serve, request);
	assert(error == 0);
	pthread_detach(thread);
	sem_wait(&done);
	assert(request->answer == 42);
	free(request);
	sem_wait(&gone);
	return 0;
}
