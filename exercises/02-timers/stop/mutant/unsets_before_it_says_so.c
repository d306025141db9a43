/* unsets_before_it_says_so.c - unsets the timer before it sets the flag */
/* SPDX-License-Identifier: MIT */
/*
 * check: a_tick_that_sets_the_timer_again_is_stopped_too
 * message: while a callback of its timer was queued or running
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "beat.h"

struct beat {
	PTP_TIMER timer;
	PTP_TIMER end;
	DWORD period;
	beat_tick tick;
	void (*done)(void *context);
	void *context;
	pthread_mutex_t lock;
	bool stopped;
};

static _Thread_local struct beat *ticking;

static void
set_timer(PTP_TIMER timer, DWORD ms, DWORD period)
{
	LONGLONG ticks = (LONGLONG)ms * -10000;
	FILETIME due = { .dwLowDateTime = (DWORD)(ticks & 0xFFFFFFFF),
		.dwHighDateTime = (DWORD)((ULONGLONG)ticks >> 32) };

	SetThreadpoolTimer(timer, &due, period, 0);
}

static VOID CALLBACK
run(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct beat *beat = context;
	DWORD again;
	bool stopped;

	(void)instance;
	pthread_mutex_lock(&beat->lock);
	stopped = beat->stopped;
	pthread_mutex_unlock(&beat->lock);
	if (stopped)
		return;
	ticking = beat;
	again = beat->tick(beat, beat->context);
	ticking = NULL;
	pthread_mutex_lock(&beat->lock);
	if (!beat->stopped && beat->period == 0 && again > 0)
		set_timer(timer, again, 0);
	pthread_mutex_unlock(&beat->lock);
}

static void
finish(struct beat *beat)
{
	WaitForThreadpoolTimerCallbacks(beat->timer, TRUE);
	CloseThreadpoolTimer(beat->timer);
	beat->done(beat->context);
	CloseThreadpoolTimer(beat->end);
	pthread_mutex_destroy(&beat->lock);
	free(beat);
}

static VOID CALLBACK
end(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance;
	(void)timer;
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
	if (beat->timer == NULL) {
		free(beat);
		return NULL;
	}
	beat->end = CreateThreadpoolTimer(end, beat, environment);
	if (beat->end == NULL) {
		CloseThreadpoolTimer(beat->timer);
		free(beat);
		return NULL;
	}
	pthread_mutex_init(&beat->lock, NULL);
	set_timer(beat->timer, first, period);
	return beat;
}

void
beat_stop(struct beat *beat)
{
	SetThreadpoolTimer(beat->timer, NULL, 0, 0);
	pthread_mutex_lock(&beat->lock);
	beat->stopped = true;
	pthread_mutex_unlock(&beat->lock);
	if (ticking == beat)
		set_timer(beat->end, 0, 0);
	else
		finish(beat);
}
