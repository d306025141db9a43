/* bug_starved_pool.c - jobs that wait for jobs, and no worker left */
/* SPDX-License-Identifier: MIT */
/*
 * A pool of two workers. A parent job posts a child job and waits for it, on
 * the worker that runs it. While one parent runs, the other worker runs the
 * child, and all is well. When both workers have taken a parent, both
 * children stand in the queue, and the only ones who could run them wait for
 * them. A callback must not wait for another callback of a full pool.
 *
 * verdict: deadlock
 */
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int parents;		/* Queued; guarded by lock, as the rest. */
static int children;		/* Queued; they go first. */
static int grown_up;		/* Children that have run. */
static int finished;		/* Parents that have run. */
static bool stop;

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void
run_parent(void)
{
	pthread_mutex_lock(&lock);
	children++;
	pthread_cond_broadcast(&changed);
	while (grown_up == 0)		/* BUG: waits on a worker */
		pthread_cond_wait(&changed, &lock);
	grown_up--;
	finished++;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static void *
worker(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	while (!stop) {
		if (children > 0) {
			children--;
			grown_up++;
			pthread_cond_broadcast(&changed);
		} else if (parents > 0) {
			parents--;
			pthread_mutex_unlock(&lock);
			run_parent();
			pthread_mutex_lock(&lock);
		} else {
			pthread_cond_wait(&changed, &lock);
		}
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

int
main(void)
{
	pthread_t first = start(worker);
	pthread_t second = start(worker);

	pthread_mutex_lock(&lock);
	parents = 2;
	pthread_cond_broadcast(&changed);
	while (finished < 2)
		pthread_cond_wait(&changed, &lock);
	stop = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	return 0;
}
