/* ok_work_stealing.c - who has nothing to do takes from the other */
/* SPDX-License-Identifier: MIT */
/*
 * Two workers with a queue each; all jobs stand in the first one. A worker
 * takes its own newest job, or else the oldest of the other. Correct,
 * because a queue changes only under its lock, and no thread holds two
 * locks, so there is no order to get wrong. Nothing is added once the
 * workers run: a queue found empty stays empty, so a worker that has found
 * both empty may leave, and every job has been taken, once.
 *
 * verdict: pass
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

enum { JOBS = 3, NONE = -1 };

struct queue {
	pthread_mutex_t lock;
	int job[JOBS];		/* Guarded by lock, as the rest. */
	int oldest;
	int end;		/* Jobs oldest..end-1 are queued. */
};

static struct queue queues[2] = {
	{ PTHREAD_MUTEX_INITIALIZER, { 0, 1, 2 }, 0, JOBS },
	{ PTHREAD_MUTEX_INITIALIZER, { 0 }, 0, 0 },
};
static atomic_int runs[JOBS];
static int number[2] = { 0, 1 };

static int
take_newest(struct queue *queue)
{
	int job = NONE;

	pthread_mutex_lock(&queue->lock);
	if (queue->oldest < queue->end)
		job = queue->job[--queue->end];
	pthread_mutex_unlock(&queue->lock);
	return job;
}

static int
steal_oldest(struct queue *queue)
{
	int job = NONE;

	pthread_mutex_lock(&queue->lock);
	if (queue->oldest < queue->end)
		job = queue->job[queue->oldest++];
	pthread_mutex_unlock(&queue->lock);
	return job;
}

static void *
worker(void *arg)
{
	int me = *(int *)arg;

	for (;;) {
		int job = take_newest(&queues[me]);

		if (job == NONE)
			job = steal_oldest(&queues[1 - me]);
		if (job == NONE)
			return NULL;
		atomic_fetch_add(&runs[job], 1);
	}
}

int
main(void)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, worker, &number[1]);

	assert(error == 0);
	worker(&number[0]);
	pthread_join(thread, NULL);
	for (int i = 0; i < JOBS; i++)
		assert(atomic_load(&runs[i]) == 1);
	return 0;
}
