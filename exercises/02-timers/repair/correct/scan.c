/* scan.c - right: a list in no order, and sleep until a whole millisecond */
/* SPDX-License-Identifier: MIT */
/*
 * New timers go to the end of the list. Before it sleeps, the thread looks
 * for the earliest, and of several the one that was added first. Whoever
 * adds or stops counts up `changes` and always signals; the thread looks
 * again whenever the number is another than when it last looked.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "timers.h"

struct timer {
	int64_t due;			/* ns, CLOCK_MONOTONIC */
	void (*run)(void *argument);
	void *argument;
	struct timer *next;
};

struct timers {
	pthread_t thread;

	pthread_mutex_t lock;
	pthread_cond_t changed;

	/* Guarded by lock. */
	struct timer *list;		/* in the order of adding */
	unsigned long changes;
	bool stopping;
};

static int64_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* The next whole millisecond: never early, and one wake-up for several. */
static int64_t
full(int64_t due)
{
	return (due + 999999) / 1000000 * 1000000;
}

/* The place of the earliest in the list; NULL: the list is empty. */
static struct timer **
earliest_locked(struct timers *timers)
{
	struct timer **best = &timers->list;

	if (*best == NULL)
		return NULL;
	for (struct timer **at = best; *at != NULL; at = &(*at)->next)
		if ((*at)->due < (*best)->due)
			best = at;
	return best;
}

/* Sleeps until then, or until something has changed; 0: no limit. */
static void
sleep_locked(struct timers *timers, int64_t until)
{
	struct timespec when = { .tv_sec = (time_t)(until / 1000000000),
		.tv_nsec = (long)(until % 1000000000) };
	unsigned long seen = timers->changes;

	while (timers->changes == seen && (until == 0 || now() < until))
		if (until == 0)
			pthread_cond_wait(&timers->changed, &timers->lock);
		else
			pthread_cond_timedwait(&timers->changed,
				&timers->lock, &when);
}

static void
run_unlocked(struct timers *timers, struct timer **place)
{
	struct timer *timer = *place;

	*place = timer->next;
	pthread_mutex_unlock(&timers->lock);
	timer->run(timer->argument);
	free(timer);
	pthread_mutex_lock(&timers->lock);
}

static void *
serve(void *argument)
{
	struct timers *timers = argument;
	struct timer **place;

	pthread_mutex_lock(&timers->lock);
	while (!timers->stopping) {
		place = earliest_locked(timers);
		if (place == NULL)
			sleep_locked(timers, 0);
		else if (now() < (*place)->due)
			sleep_locked(timers, full((*place)->due));
		else
			run_unlocked(timers, place);
	}
	pthread_mutex_unlock(&timers->lock);
	return NULL;
}

static void
change_locked(struct timers *timers)
{
	timers->changes++;
	pthread_cond_signal(&timers->changed);
}

struct timers *
timers_start(void)
{
	struct timers *timers = calloc(1, sizeof(*timers));
	pthread_condattr_t attributes;

	if (timers == NULL)
		return NULL;
	pthread_mutex_init(&timers->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&timers->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	if (pthread_create(&timers->thread, NULL, serve, timers) == 0)
		return timers;
	pthread_cond_destroy(&timers->changed);
	pthread_mutex_destroy(&timers->lock);
	free(timers);
	return NULL;
}

bool
timers_add(struct timers *timers, long long microseconds,
	void (*run)(void *argument), void *argument)
{
	struct timer *timer = malloc(sizeof(*timer)), **end;

	if (timer == NULL)
		return false;
	timer->due = now() + microseconds * 1000;
	timer->run = run;
	timer->argument = argument;
	timer->next = NULL;
	pthread_mutex_lock(&timers->lock);
	for (end = &timers->list; *end != NULL; end = &(*end)->next)
		continue;
	*end = timer;
	change_locked(timers);
	pthread_mutex_unlock(&timers->lock);
	return true;
}

void
timers_stop(struct timers *timers)
{
	pthread_mutex_lock(&timers->lock);
	timers->stopping = true;
	change_locked(timers);
	pthread_mutex_unlock(&timers->lock);
	pthread_join(timers->thread, NULL);
	for (struct timer *timer; (timer = timers->list) != NULL; free(timer))
		timers->list = timer->next;
	pthread_cond_destroy(&timers->changed);
	pthread_mutex_destroy(&timers->lock);
	free(timers);
}
