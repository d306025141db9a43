/* counts_its_ticks.c - counts ticks, and waits for the count alone */
/* SPDX-License-Identifier: MIT */
/*
 * check: a_tick_that_sets_the_timer_again_is_stopped_too
 * message: while a callback of its timer was queued or running
 */
#include <stdbool.h>
#include <stdlib.h>

#include "beat.h"

struct beat {
	PTP_TIMER timer;
	PTP_WORK closer;		/* ends what a tick has stopped */
	DWORD period;			/* ms; 0: the ticks set the timer */
	beat_tick tick;
	void (*done)(void *context);
	void *context;

	CRITICAL_SECTION lock;
	CONDITION_VARIABLE changed;
	bool stopped;			/* guarded by lock */
	unsigned running;		/* ticks; guarded by lock */
};

static _Thread_local struct beat *ticking;	/* this thread runs its tick */

/* Has the timer fire in so many ms, and then perhaps every period. */
static void
set_timer(struct beat *beat, DWORD ms)
{
	LONGLONG ticks = (LONGLONG)ms * -10000;
	FILETIME due = { .dwLowDateTime = (DWORD)(ticks & 0xFFFFFFFF),
		.dwHighDateTime = (DWORD)((ULONGLONG)ticks >> 32) };

	SetThreadpoolTimer(beat->timer, &due, beat->period, 0);
}

static bool
begin(struct beat *beat)
{
	bool go;

	EnterCriticalSection(&beat->lock);
	go = !beat->stopped;
	beat->running += go;
	LeaveCriticalSection(&beat->lock);
	return go;
}

/* Under the lock, or beat_stop could come between the look and the set. */
static void
set_unless_stopped(struct beat *beat, DWORD ms)
{
	EnterCriticalSection(&beat->lock);
	if (!beat->stopped)
		set_timer(beat, ms);
	LeaveCriticalSection(&beat->lock);
}

static VOID CALLBACK
run(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct beat *beat = context;
	DWORD again;

	(void)instance;
	(void)timer;
	if (!begin(beat))
		return;
	ticking = beat;
	again = beat->tick(beat, beat->context);
	ticking = NULL;
	if (beat->period == 0 && again > 0)
		set_unless_stopped(beat, again);
	EnterCriticalSection(&beat->lock);
	beat->running--;
	WakeAllConditionVariable(&beat->changed);
	LeaveCriticalSection(&beat->lock);
}

/* The timer is not set, and nobody will set it. */
static void
finish(struct beat *beat)
{
	EnterCriticalSection(&beat->lock);
	while (beat->running > 0)
		SleepConditionVariableCS(&beat->changed, &beat->lock,
			INFINITE);
	LeaveCriticalSection(&beat->lock);
	CloseThreadpoolTimer(beat->timer);
	CloseThreadpoolWork(beat->closer);
	DeleteCriticalSection(&beat->lock);
	beat->done(beat->context);
	free(beat);
}

static VOID CALLBACK
close_later(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	finish(context);
}

struct beat *
beat_start(PTP_CALLBACK_ENVIRON environment, DWORD first, DWORD period,
	beat_tick tick, void (*done)(void *context), void *context)
{
	struct beat *beat = calloc(1, sizeof(*beat));

	if (beat == NULL)
		return NULL;
	beat->period = period;
	beat->tick = tick;
	beat->done = done;
	beat->context = context;
	beat->timer = CreateThreadpoolTimer(run, beat, environment);
	beat->closer = CreateThreadpoolWork(close_later, beat, environment);
	if (beat->timer == NULL || beat->closer == NULL) {
		if (beat->timer != NULL)
			CloseThreadpoolTimer(beat->timer);
		if (beat->closer != NULL)
			CloseThreadpoolWork(beat->closer);
		free(beat);
		return NULL;
	}
	InitializeCriticalSection(&beat->lock);
	InitializeConditionVariable(&beat->changed);
	set_timer(beat, first);
	return beat;
}

void
beat_stop(struct beat *beat)
{
	EnterCriticalSection(&beat->lock);
	beat->stopped = true;
	SetThreadpoolTimerEx(beat->timer, NULL, 0, 0);
	LeaveCriticalSection(&beat->lock);
	if (ticking == beat)
		SubmitThreadpoolWork(beat->closer);
	else
		finish(beat);
}
