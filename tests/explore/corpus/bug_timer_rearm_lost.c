/* bug_timer_rearm_lost.c - disarmed after the callback, armed during it */
/* SPDX-License-Identifier: MIT */
/*
 * One timer, one thread that serves it. When the timer is due the thread
 * drops the lock, runs the callback, takes the lock and disarms the timer.
 * If main, told by the callback, arms it again before that, the new due time
 * is wiped out with the old one, and main waits for a second expiry that
 * never comes. The timer must be disarmed before its callback runs.
 *
 * verdict: deadlock
 * median: 2
 */
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;	/* For the timer's thread. */
static pthread_cond_t told = PTHREAD_COND_INITIALIZER;
static bool armed;		/* Guarded by lock, as all that follows. */
static struct timespec due;	/* Monotonic clock. */
static int expired;
static bool stop;

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

/* Caller holds the lock. */
static void
arm(void)
{
	clock_gettime(CLOCK_MONOTONIC, &due);
	due.tv_nsec += 1000 * 1000;
	if (due.tv_nsec >= 1000 * 1000 * 1000) {
		due.tv_sec++;
		due.tv_nsec -= 1000 * 1000 * 1000;
	}
	armed = true;
	pthread_cond_signal(&changed);
}

/* Caller holds the lock. */
static bool
is_due(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec > due.tv_sec
	    || (now.tv_sec == due.tv_sec && now.tv_nsec >= due.tv_nsec);
}

static void
callback(void)
{
	pthread_mutex_lock(&lock);
	expired++;
	pthread_cond_signal(&told);
	pthread_mutex_unlock(&lock);
}

static void *
serve(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	while (!stop) {
		if (!armed) {
			pthread_cond_wait(&changed, &lock);
		} else if (!is_due()) {
			pthread_cond_timedwait(&changed, &lock, &due);
		} else {
			pthread_mutex_unlock(&lock);
			callback();
			pthread_mutex_lock(&lock);
			armed = false;	/* BUG: may be armed anew */
		}
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void
make_condition(void)
{
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

int
main(void)
{
	make_condition();
	pthread_t thread = start(serve);

	pthread_mutex_lock(&lock);
	for (int times = 1; times <= 2; times++) {
		arm();
		while (expired < times)
			pthread_cond_wait(&told, &lock);
	}
	stop = true;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
	pthread_join(thread, NULL);
	pthread_cond_destroy(&changed);
	return 0;
}
