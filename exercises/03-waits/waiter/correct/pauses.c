/* pauses.c - right: who sets a wait object has the waiter thread step aside */
/* SPDX-License-Identifier: MIT */
/*
 * Each wait object has a slot of its waiter, guarded by a lock. Who changes
 * a slot asks for a pause, wakes the waiter thread, waits until it is
 * neither asleep nor at work, and lets it go on. The thread begins each look
 * one slot further on, so that no object is always the last.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "waiter.h"

struct wait {
	struct waiter *waiter;
	wait_callback callback;
	void *context;

	/* Guarded by waiter->lock. */
	HANDLE handle;			/* NULL: waits for nothing */
	ULONGLONG since;		/* when it was set, ms */
	DWORD limit;			/* ms, or INFINITE */
};

struct waiter {
	struct waiter *next;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;		/* busy, pauses, ending */
	HANDLE control;			/* auto-reset: look at pauses */

	/* Guarded by lock. */
	struct wait *slots[WAITS_OF_A_THREAD];
	bool busy;			/* uses what the slots say */
	unsigned pauses;		/* that are asked for */
	bool ending;
	unsigned first;			/* the slot to begin with */
};

struct waits {
	pthread_mutex_t lock;
	struct waiter *waiters;		/* guarded by lock */
};

/* ---- The waiter thread ---- */

static DWORD
rest(const struct wait *wait)
{
	ULONGLONG gone = GetTickCount64() - wait->since;

	if (wait->limit == INFINITE)
		return INFINITE;
	return gone < wait->limit ? (DWORD)(wait->limit - gone) : 0;
}

/* What the slots say: handles, whose they are, and the time to sleep. */
struct look {
	DWORD count;
	HANDLE handles[MAXIMUM_WAIT_OBJECTS];
	struct wait *whose[MAXIMUM_WAIT_OBJECTS];
	DWORD milliseconds;
};

static void
look_locked(struct waiter *waiter, struct look *look)
{
	look->count = 1;
	look->handles[0] = waiter->control;
	look->milliseconds = INFINITE;
	for (unsigned i = 0; i < WAITS_OF_A_THREAD; i++) {
		struct wait *wait = waiter->slots[(waiter->first + i) %
			WAITS_OF_A_THREAD];

		if (wait == NULL || wait->handle == NULL)
			continue;
		look->handles[look->count] = wait->handle;
		look->whose[look->count++] = wait;
		if (rest(wait) < look->milliseconds)
			look->milliseconds = rest(wait);
	}
	waiter->first++;
}

static void
finish(struct wait *wait, DWORD result)
{
	wait->handle = NULL;
	deliver(wait->callback, wait->context, result);
}

/* Nobody changes a slot while the waiter is busy: no lock is needed. */
static void
serve(struct look *look)
{
	DWORD result = WaitForMultipleObjects(look->count, look->handles,
		FALSE, look->milliseconds);

	if (result >= WAIT_ABANDONED_0 &&
	    result < WAIT_ABANDONED_0 + look->count)
		finish(look->whose[result - WAIT_ABANDONED_0],
			WAIT_ABANDONED_0);
	else if (result > WAIT_OBJECT_0 &&
	    result < WAIT_OBJECT_0 + look->count)
		finish(look->whose[result - WAIT_OBJECT_0], WAIT_OBJECT_0);
	for (DWORD i = 1; i < look->count; i++)
		if (look->whose[i]->handle != NULL &&
		    rest(look->whose[i]) == 0)
			finish(look->whose[i], WaitForSingleObject(
				look->whose[i]->handle, 0));
}

static void *
run(void *argument)
{
	struct waiter *waiter = argument;
	struct look look;

	pthread_mutex_lock(&waiter->lock);
	for (;;) {
		while (waiter->pauses > 0)
			pthread_cond_wait(&waiter->changed, &waiter->lock);
		if (waiter->ending)
			break;
		look_locked(waiter, &look);
		waiter->busy = true;
		pthread_mutex_unlock(&waiter->lock);
		serve(&look);
		pthread_mutex_lock(&waiter->lock);
		waiter->busy = false;
		pthread_cond_broadcast(&waiter->changed);
	}
	pthread_mutex_unlock(&waiter->lock);
	return NULL;
}

/* ---- Pauses ---- */

/* Locks the waiter at a moment when its thread is not busy. */
static void
pause_begin(struct waiter *waiter)
{
	pthread_mutex_lock(&waiter->lock);
	waiter->pauses++;
	SetEvent(waiter->control);
	while (waiter->busy)
		pthread_cond_wait(&waiter->changed, &waiter->lock);
}

static void
pause_end(struct waiter *waiter)
{
	waiter->pauses--;
	pthread_cond_broadcast(&waiter->changed);
	pthread_mutex_unlock(&waiter->lock);
}

/* ---- Waiters ---- */

static struct waiter *
waiter_new(void)
{
	struct waiter *waiter = calloc(1, sizeof(*waiter));

	if (waiter == NULL)
		return NULL;
	pthread_mutex_init(&waiter->lock, NULL);
	pthread_cond_init(&waiter->changed, NULL);
	waiter->control = CreateEvent(NULL, FALSE, FALSE, NULL);
	if (waiter->control != NULL &&
	    pthread_create(&waiter->thread, NULL, run, waiter) == 0)
		return waiter;
	if (waiter->control != NULL)
		CloseHandle(waiter->control);
	free(waiter);
	return NULL;
}

static void
waiter_end(struct waiter *waiter)
{
	pause_begin(waiter);
	waiter->ending = true;
	pause_end(waiter);
	pthread_join(waiter->thread, NULL);
	CloseHandle(waiter->control);
	pthread_cond_destroy(&waiter->changed);
	pthread_mutex_destroy(&waiter->lock);
	free(waiter);
}

/* Puts the wait object into a free slot. False: there is none. */
static bool
take_slot(struct waiter *waiter, struct wait *wait)
{
	bool taken = false;

	pause_begin(waiter);
	for (unsigned i = 0; i < WAITS_OF_A_THREAD && !taken; i++) {
		if (waiter->slots[i] != NULL)
			continue;
		waiter->slots[i] = wait;
		wait->waiter = waiter;
		taken = true;
	}
	pause_end(waiter);
	return taken;
}

/* ---- What waiter.h promises ---- */

struct waits *
waits_open(void)
{
	struct waits *waits = calloc(1, sizeof(*waits));

	if (waits != NULL)
		pthread_mutex_init(&waits->lock, NULL);
	return waits;
}

void
waits_close(struct waits *waits)
{
	struct waiter *waiter, *next;

	for (waiter = waits->waiters; waiter != NULL; waiter = next) {
		next = waiter->next;
		waiter_end(waiter);
	}
	pthread_mutex_destroy(&waits->lock);
	free(waits);
}

struct wait *
wait_create(struct waits *waits, wait_callback callback, void *context)
{
	struct wait *wait = calloc(1, sizeof(*wait));
	struct waiter *waiter;

	if (wait == NULL)
		return NULL;
	wait->callback = callback;
	wait->context = context;
	pthread_mutex_lock(&waits->lock);
	for (waiter = waits->waiters; waiter != NULL; waiter = waiter->next)
		if (take_slot(waiter, wait))
			break;
	if (waiter == NULL && (waiter = waiter_new()) != NULL) {
		(void)take_slot(waiter, wait);
		waiter->next = waits->waiters;
		waits->waiters = waiter;
	}
	pthread_mutex_unlock(&waits->lock);
	if (waiter == NULL) {
		free(wait);
		return NULL;
	}
	return wait;
}

void
wait_set(struct wait *wait, HANDLE handle, DWORD milliseconds)
{
	ULONGLONG now = GetTickCount64();

	pause_begin(wait->waiter);
	wait->handle = handle;
	wait->since = now;
	wait->limit = milliseconds;
	pause_end(wait->waiter);
}

void
wait_close(struct wait *wait)
{
	struct waiter *waiter = wait->waiter;

	pause_begin(waiter);
	for (unsigned i = 0; i < WAITS_OF_A_THREAD; i++)
		if (waiter->slots[i] == wait)
			waiter->slots[i] = NULL;
	pause_end(waiter);
	free(wait);
}
