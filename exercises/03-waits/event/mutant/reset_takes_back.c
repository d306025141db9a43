/* reset_takes_back.c - a mutant: a reset takes back what a wait has been told */
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

/* Somebody who waits: lives in its event_wait. */
struct waiter {
	struct waiter *next;
	pthread_cond_t wake;

	/* Guarded by event->lock. */
	bool told;
	enum outcome outcome;		/* what it was told */
};

struct event {
	bool manual;
	pthread_mutex_t lock;

	/* Guarded by lock. */
	bool set;
	struct waiter *waiters;		/* the oldest first; also who was told
					   and has not woken up yet */
};

/* ---- The list ---- */

static void
append(struct event *event, struct waiter *waiter)
{
	struct waiter **link = &event->waiters;

	while (*link != NULL)
		link = &(*link)->next;
	*link = waiter;
}

static void
take_out(struct event *event, struct waiter *waiter)
{
	struct waiter **link = &event->waiters;

	while (*link != waiter)
		link = &(*link)->next;
	*link = waiter->next;
}

/* The oldest that nobody has told anything yet, or NULL. */
static struct waiter *
first_untold(struct event *event)
{
	struct waiter *waiter = event->waiters;

	while (waiter != NULL && waiter->told)
		waiter = waiter->next;
	return waiter;
}

static void
tell(struct waiter *waiter, enum outcome outcome)
{
	waiter->told = true;
	waiter->outcome = outcome;
	pthread_cond_signal(&waiter->wake);
}

/* ---- Setting ---- */

void
event_set(struct event *event)
{
	struct waiter *waiter;

	pthread_mutex_lock(&event->lock);
	waiter = first_untold(event);
	if (event->manual || waiter == NULL)
		event->set = true;
	while (waiter != NULL) {
		tell(waiter, SIGNALLED);
		waiter = event->manual ? first_untold(event) : NULL;
	}
	pthread_mutex_unlock(&event->lock);
}

void
event_reset(struct event *event)
{
	struct waiter *waiter;

	pthread_mutex_lock(&event->lock);
	event->set = false;
	for (waiter = event->waiters; waiter != NULL; waiter = waiter->next)
		if (waiter->outcome == SIGNALLED)
			waiter->told = false;
	pthread_mutex_unlock(&event->lock);
}

void
event_cancel(struct event *event)
{
	struct waiter *waiter;

	pthread_mutex_lock(&event->lock);
	while ((waiter = first_untold(event)) != NULL)
		tell(waiter, CANCELLED);
	pthread_mutex_unlock(&event->lock);
}

/* ---- Waiting ---- */

/* So many milliseconds from now, by the clock of the conditions. */
static struct timespec
deadline(long milliseconds)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	time.tv_sec += milliseconds / 1000;
	time.tv_nsec += milliseconds % 1000 * 1000000;
	if (time.tv_nsec >= 1000000000) {
		time.tv_sec++;
		time.tv_nsec -= 1000000000;
	}
	return time;
}

static void
waiter_init(struct waiter *waiter)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&waiter->wake, &attributes);
	pthread_condattr_destroy(&attributes);
	waiter->next = NULL;
	waiter->told = false;
	waiter->outcome = TIMED_OUT;
}

/* Waits until it is told something; the event is not set. */
static enum outcome
sleep_locked(struct event *event, long milliseconds)
{
	struct timespec until = deadline(milliseconds);
	struct waiter self;
	int error = 0;

	waiter_init(&self);
	append(event, &self);
	while (!self.told && error != ETIMEDOUT) {
		if (milliseconds == FOREVER)
			pthread_cond_wait(&self.wake, &event->lock);
		else
			error = pthread_cond_timedwait(&self.wake,
				&event->lock, &until);
	}
	take_out(event, &self);
	pthread_cond_destroy(&self.wake);
	return self.told ? self.outcome : TIMED_OUT;
}

enum outcome
event_wait(struct event *event, long milliseconds)
{
	enum outcome outcome = TIMED_OUT;

	pthread_mutex_lock(&event->lock);
	if (event->set) {
		event->set = event->manual;
		outcome = SIGNALLED;
	} else if (milliseconds != 0) {
		outcome = sleep_locked(event, milliseconds);
	}
	pthread_mutex_unlock(&event->lock);
	return outcome;
}

/* ---- Its life ---- */

struct event *
event_create(bool manual, bool set)
{
	struct event *event = calloc(1, sizeof(*event));

	if (event == NULL)
		return NULL;
	event->manual = manual;
	event->set = set;
	pthread_mutex_init(&event->lock, NULL);
	return event;
}

void
event_free(struct event *event)
{
	pthread_mutex_destroy(&event->lock);
	free(event);
}
