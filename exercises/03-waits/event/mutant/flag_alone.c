/* flag_alone.c - a mutant: a flag and a condition, as in many textbooks */
/* SPDX-License-Identifier: MIT */
/*
 * check: a_manual_reset_event_frees_all_that_wait
 * message: did not run before it was reset
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "event.h"

struct event {
	bool manual;
	pthread_mutex_t lock;
	pthread_cond_t changed;

	/* Guarded by lock. */
	bool set;
	unsigned long cancels;
};

void
event_set(struct event *event)
{
	pthread_mutex_lock(&event->lock);
	event->set = true;
	pthread_cond_broadcast(&event->changed);
	pthread_mutex_unlock(&event->lock);
}

void
event_reset(struct event *event)
{
	pthread_mutex_lock(&event->lock);
	event->set = false;
	pthread_mutex_unlock(&event->lock);
}

void
event_cancel(struct event *event)
{
	pthread_mutex_lock(&event->lock);
	event->cancels++;
	pthread_cond_broadcast(&event->changed);
	pthread_mutex_unlock(&event->lock);
}

static struct timespec
deadline(long milliseconds)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	time.tv_sec += milliseconds / 1000;
	time.tv_nsec += milliseconds % 1000 * 1000000;
	time.tv_sec += time.tv_nsec / 1000000000;
	time.tv_nsec %= 1000000000;
	return time;
}

enum outcome
event_wait(struct event *event, long milliseconds)
{
	struct timespec until = deadline(milliseconds);
	enum outcome outcome = SIGNALLED;
	unsigned long cancels;
	int error = 0;

	pthread_mutex_lock(&event->lock);
	cancels = event->cancels;
	if (milliseconds == 0)
		error = ETIMEDOUT;
	while (!event->set && cancels == event->cancels && error == 0) {
		if (milliseconds == FOREVER)
			pthread_cond_wait(&event->changed, &event->lock);
		else
			error = pthread_cond_timedwait(&event->changed,
				&event->lock, &until);
	}
	if (!event->set)
		outcome = cancels != event->cancels ? CANCELLED : TIMED_OUT;
	else if (!event->manual)
		event->set = false;
	pthread_mutex_unlock(&event->lock);
	return outcome;
}

struct event *
event_create(bool manual, bool set)
{
	struct event *event = calloc(1, sizeof(*event));
	pthread_condattr_t attributes;

	if (event == NULL)
		return NULL;
	event->manual = manual;
	event->set = set;
	pthread_mutex_init(&event->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&event->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	return event;
}

void
event_free(struct event *event)
{
	pthread_cond_destroy(&event->changed);
	pthread_mutex_destroy(&event->lock);
	free(event);
}
