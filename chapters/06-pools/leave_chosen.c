/* SPDX-License-Identifier: MIT */
/*
 * leave_chosen.c - a worker that leaves although it has been chosen
 *
 * A pool of one worker, in forty lines. It sleeps for a second, and leaves
 * if nobody has come. After a second, somebody comes.
 *
 * explore: must=deadlock
 */
#include <pthread.h>
#include <stdbool.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static pthread_cond_t done = PTHREAD_COND_INITIALIZER;
static bool idle, woken, posted;		/* guarded by lock */

static void *
worker(void *unused)
{
	struct timespec deadline;

	clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_sec++;
	pthread_mutex_lock(&lock);
	idle = true;
	while (!woken)
		if (pthread_cond_timedwait(&wake, &lock, &deadline) != 0) {
			idle = false;
			pthread_mutex_unlock(&lock);
			return unused;	/* nobody has come: wrong */
		}
	posted = false;		/* runs the callback */
	pthread_cond_signal(&done);
	pthread_mutex_unlock(&lock);
	return unused;
}

int
main(void)
{
	struct timespec second = { .tv_sec = 1 };
	pthread_t thread;

	pthread_create(&thread, NULL, worker, NULL);
	nanosleep(&second, NULL);
	pthread_mutex_lock(&lock);
	if (idle) {		/* else: another would have to be made */
		idle = false;
		woken = true;
		posted = true;
		pthread_cond_signal(&wake);
	}
	while (posted)
		pthread_cond_wait(&done, &lock);
	pthread_mutex_unlock(&lock);
	pthread_join(thread, NULL);
	return 0;
}
