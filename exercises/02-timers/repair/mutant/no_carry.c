/* no_carry.c - a mutant: adds nanoseconds beyond a second */
/* SPDX-License-Identifier: MIT */
/*
 * check: any_time_and_any_fraction_of_a_second_will_do
 * message: the threads run on and get nowhere
 */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "timers.h"

struct timer {
	struct timespec due;
	void (*run)(void *argument);
	void *argument;
	struct timer *next;
};

struct timers {
	pthread_t thread;

	pthread_mutex_t lock;
	pthread_cond_t changed;		/* first or stopping has changed */

	/* Guarded by lock. */
	struct timer *first;		/* in the order of their times */
	bool stopping;
};

/* The time when so many microseconds will have passed. */
static struct timespec
time_after(long long microseconds)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	time.tv_sec += microseconds / 1000000;
	time.tv_nsec += microseconds % 1000000 * 1000;
	return time;
}

static bool
is_before(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec < b->tv_sec ||
		(a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

static bool
has_come(const struct timespec *due)
{
	struct timespec now = time_after(0);

	return !is_before(&now, due);
}

/* Behind all that come before it or at the same time. */
static void
insert(struct timers *timers, struct timer *timer)
{
	struct timer **link = &timers->first;

	while (*link != NULL && !is_before(&timer->due, &(*link)->due))
		link = &(*link)->next;
	timer->next = *link;
	*link = timer;
}

static void *
serve(void *argument)
{
	struct timers *timers = argument;
	struct timer *timer;

	pthread_mutex_lock(&timers->lock);
	while (!timers->stopping) {
		timer = timers->first;
		if (timer == NULL) {
			pthread_cond_wait(&timers->changed, &timers->lock);
			continue;
		}
		if (!has_come(&timer->due)) {
			pthread_cond_timedwait(&timers->changed,
				&timers->lock, &timer->due);
			continue;
		}
		timers->first = timer->next;
		pthread_mutex_unlock(&timers->lock);
		timer->run(timer->argument);
		free(timer);
		pthread_mutex_lock(&timers->lock);
	}
	pthread_mutex_unlock(&timers->lock);
	return NULL;
}

static void
make_condition(pthread_cond_t *condition)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(condition, &attributes);
	pthread_condattr_destroy(&attributes);
}

struct timers *
timers_start(void)
{
	struct timers *timers = calloc(1, sizeof(*timers));

	if (timers == NULL)
		return NULL;
	pthread_mutex_init(&timers->lock, NULL);
	make_condition(&timers->changed);
	if (pthread_create(&timers->thread, NULL, serve, timers) != 0) {
		pthread_cond_destroy(&timers->changed);
		pthread_mutex_destroy(&timers->lock);
		free(timers);
		return NULL;
	}
	return timers;
}

bool
timers_add(struct timers *timers, long long microseconds,
	void (*run)(void *argument), void *argument)
{
	struct timer *timer = malloc(sizeof(*timer));

	if (timer == NULL)
		return false;
	timer->due = time_after(microseconds);
	timer->run = run;
	timer->argument = argument;
	pthread_mutex_lock(&timers->lock);
	insert(timers, timer);
	if (timers->first == timer)
		pthread_cond_signal(&timers->changed);
	pthread_mutex_unlock(&timers->lock);
	return true;
}

void
timers_stop(struct timers *timers)
{
	struct timer *timer;

	pthread_mutex_lock(&timers->lock);
	timers->stopping = true;
	pthread_cond_signal(&timers->changed);
	pthread_mutex_unlock(&timers->lock);
	pthread_join(timers->thread, NULL);
	while ((timer = timers->first) != NULL) {
		timers->first = timer->next;
		free(timer);
	}
	pthread_cond_destroy(&timers->changed);
	pthread_mutex_destroy(&timers->lock);
	free(timers);
}
