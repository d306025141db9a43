/* bug_wall_clock.c - a time-out by a clock that somebody may set */
/* SPDX-License-Identifier: MIT */
/*
 * A thread waits 20 ms for an answer that does not come. Its deadline is on
 * the wall clock, which is what a condition variable uses unless told
 * otherwise. If the clock is set back ten seconds meanwhile, as happens
 * after a boot or by hand, the wait lasts ten seconds longer. Durations
 * belong on CLOCK_MONOTONIC. Nobody sets the clock natively: there, this
 * program always succeeds.
 *
 * verdict: assertion
 * message: waited
 */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <time.h>

#include "explore.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t answered = PTHREAD_COND_INITIALIZER;

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void *
wait_for_answer(void *unused)
{
	struct timespec begin, deadline, end;
	int error = 0;

	(void)unused;
	clock_gettime(CLOCK_MONOTONIC, &begin);
	clock_gettime(CLOCK_REALTIME, &deadline);	/* BUG */
	deadline.tv_nsec += 20 * 1000 * 1000;
	if (deadline.tv_nsec >= 1000 * 1000 * 1000) {
		deadline.tv_sec++;
		deadline.tv_nsec -= 1000 * 1000 * 1000;
	}
	pthread_mutex_lock(&lock);
	while (error != ETIMEDOUT)	/* There is no answer. */
		error = pthread_cond_timedwait(&answered, &lock, &deadline);
	pthread_mutex_unlock(&lock);
	clock_gettime(CLOCK_MONOTONIC, &end);

	long long waited = end.tv_sec - begin.tv_sec;	/* s */
	assert(waited < 5);
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(wait_for_answer);

	explore_step_wall(-10 * 1000);
	pthread_join(thread, NULL);
	return 0;
}
