/* shared.c - right: one condition for all, and a list of those still to tell */
/* SPDX-License-Identifier: MIT */
/*
 * Who is told leaves the list in the same step, so that nobody can tell it
 * something else. All share a condition, which is broadcast: each looks into
 * its own record, and most go to sleep again.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "event.h"

struct place {
	struct place *next, *previous;	/* NULL: told, or the end */
	bool waits;			/* is in the list */
	enum outcome outcome;
};

struct event {
	bool manual;
	pthread_mutex_t lock;
	pthread_cond_t told;		/* somebody has left the list */

	/* Guarded by lock. */
	bool set;
	struct place *first, *last;
};

static void
leave(struct event *event, struct place *place, enum outcome outcome)
{
	if (place->previous != NULL)
		place->previous->next = place->next;
	else
		event->first = place->next;
	if (place->next != NULL)
		place->next->previous = place->previous;
	else
		event->last = place->previous;
	place->waits = false;
	place->outcome = outcome;
}

static void
enter(struct event *event, struct place *place)
{
	*place = (struct place){ .previous = event->last, .waits = true };
	if (event->last != NULL)
		event->last->next = place;
	else
		event->first = place;
	event->last = place;
}

static void
leave_all(struct event *event, enum outcome outcome)
{
	while (event->first != NULL)
		leave(event, event->first, outcome);
	pthread_cond_broadcast(&event->told);
}

void
event_set(struct event *event)
{
	pthread_mutex_lock(&event->lock);
	if (event->manual) {
		event->set = true;
		leave_all(event, SIGNALLED);
	} else if (event->first != NULL) {
		leave(event, event->first, SIGNALLED);
		pthread_cond_broadcast(&event->told);
	} else {
		event->set = true;
	}
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
	leave_all(event, CANCELLED);
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
	struct place self = { .waits = false, .outcome = SIGNALLED };
	struct timespec until = deadline(milliseconds);

	pthread_mutex_lock(&event->lock);
	if (!event->set)
		enter(event, &self);
	else if (!event->manual)
		event->set = false;
	while (self.waits) {
		int error = milliseconds == 0 ? ETIMEDOUT : 0;

		if (milliseconds == FOREVER)
			pthread_cond_wait(&event->told, &event->lock);
		else if (milliseconds > 0)
			error = pthread_cond_timedwait(&event->told,
				&event->lock, &until);
		if (self.waits && error == ETIMEDOUT)
			leave(event, &self, TIMED_OUT);
	}
	pthread_mutex_unlock(&event->lock);
	return self.outcome;
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
	pthread_cond_init(&event->told, &attributes);
	pthread_condattr_destroy(&attributes);
	return event;
}

void
event_free(struct event *event)
{
	pthread_cond_destroy(&event->told);
	pthread_mutex_destroy(&event->lock);
	free(event);
}
