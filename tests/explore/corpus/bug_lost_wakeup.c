/* bug_lost_wakeup.c - a signal that nobody remembers */
/* SPDX-License-Identifier: MIT */
/*
 * Main starts a server and waits until it is ready. The server signals, and
 * main waits, both under the lock; but what main waits for is the signal and
 * not a fact. When the server is faster, the signal goes to nobody, and main
 * waits for ever. A condition variable has no memory: the fact (port != 0)
 * must be tested before waiting.
 *
 * verdict: deadlock
 * median: 2
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static int port;		/* Guarded by lock. */

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void *
server(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	port = 8080;
	pthread_cond_signal(&ready);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(server);

	pthread_mutex_lock(&lock);
	pthread_cond_wait(&ready, &lock);	/* BUG: while (port == 0) */
	pthread_mutex_unlock(&lock);
	pthread_join(thread, NULL);
	return 0;
}
