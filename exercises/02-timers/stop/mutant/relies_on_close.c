/* relies_on_close.c - leaves it to CloseThreadpoolTimer to unset the timer */
/* SPDX-License-Identifier: MIT */
/*
 * check: no_tick_begins_after_beat_stop
 * message: Memory is used after it was freed
 * stage: schedules
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
	bool stopped;			/* guarded by lock */
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
is_stopped(struct beat *beat)
{
	bool stopped;

	EnterCriticalSection(&beat->lock);
	stopped = beat->stopped;
	LeaveCriticalSection(&beat->lock);
	return stopped;
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
	if (is_stopped(beat))
		return;
	ticking = beat;
	again = beat->tick(beat, beat->context);
	ticking = NULL;
	if (beat->period == 0 && again > 0)
		set_unless_stopped(beat, again);
}

/* Nobody will set the timer. */
static void
finish(struct beat *beat)
{
	WaitForThreadpoolTimerCallbacks(beat->timer, TRUE);
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
	set_timer(beat, first);
	return beat;
}

void
beat_stop(struct beat *beat)
{
	EnterCriticalSection(&beat->lock);
	beat->stopped = true;
	LeaveCriticalSection(&beat->lock);
	if (ticking == beat)
		SubmitThreadpoolWork(beat->closer);
	else
		finish(beat);
}
