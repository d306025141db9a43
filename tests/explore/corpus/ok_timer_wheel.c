/* ok_timer_wheel.c - one thread serves many timers, each at its time */
/* SPDX-License-Identifier: MIT */
/*
 * The thread sleeps until the earliest due time; adding a timer wakes it, so
 * that one that is due earlier shortens the sleep. Correct, because the
 * timers change only under the lock, and the thread looks for the earliest
 * one anew after every wait, whatever ended it: signal, time-out or neither.
 * A timer is disarmed before it is counted as served, so none is served
 * twice; and never before the clock has reached its due time. In virtual
 * time that is exact; natively the thread may be late.
 *
 * verdict: pass
 */
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "explore.h"

enum { TIMERS = 3, MS = 1000 * 1000 };

struct timer {
	long long due;		/* ns, monotonic. All guarded by lock. */
	long long served;	/* ns, when it was */
	bool armed;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static struct timer timers[TIMERS];

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static long long
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000LL * MS + time.tv_nsec;
}

static void
add(int i, int ms)
{
	pthread_mutex_lock(&lock);
	timers[i].due = now() + (long long)ms * MS;
	timers[i].armed = true;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
}

/* The armed timer that is due first, or NULL. Caller holds the lock. */
static struct timer *
earliest(void)
{
	struct timer *best = NULL;

	for (int i = 0; i < TIMERS; i++)
		if (timers[i].armed
		    && (best == NULL || timers[i].due < best->due))
			best = &timers[i];
	return best;
}

static void *
serve(void *unused)
{
	int left = TIMERS;

	(void)unused;
	pthread_mutex_lock(&lock);
	while (left > 0) {
		struct timer *timer = earliest();

		if (timer == NULL) {
			pthread_cond_wait(&changed, &lock);
		} else if (now() < timer->due) {
			struct timespec until = {
				timer->due / (1000LL * MS),
				timer->due % (1000LL * MS)
			};

			pthread_cond_timedwait(&changed, &lock, &until);
		} else {
			timer->armed = false;
			timer->served = now();
			left--;
		}
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

int
main(void)
{
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_t thread = start(serve);

	add(0, 3);
	add(1, 1);
	add(2, 2);
	pthread_join(thread, NULL);
	for (int i = 0; i < TIMERS; i++) {
		assert(timers[i].served >= timers[i].due);
		if (explore_active())
			assert(timers[i].served == timers[i].due);
	}
	pthread_cond_destroy(&changed);
	return 0;
}
