/* stop.c - a beat, made of one timer */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: write beat_stop, and change the rest as it needs. Begin with a beat
 * that has a period and is stopped by main; then the one whose ticks set the
 * timer again; then the one that is stopped by its own tick.
 */
#include <stdlib.h>

#include "beat.h"

struct beat {
	PTP_TIMER timer;
	DWORD period;			/* ms; 0: the ticks set the timer */
	beat_tick tick;
	void (*done)(void *context);
	void *context;
};

/* Has the timer fire in so many ms, and then perhaps every period. */
static void
set_timer(struct beat *beat, DWORD ms)
{
	LONGLONG ticks = (LONGLONG)ms * -10000;
	FILETIME due = { .dwLowDateTime = (DWORD)(ticks & 0xFFFFFFFF),
		.dwHighDateTime = (DWORD)((ULONGLONG)ticks >> 32) };

	SetThreadpoolTimer(beat->timer, &due, beat->period, 0);
}

static VOID CALLBACK
run(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct beat *beat = context;
	DWORD again = beat->tick(beat, beat->context);

	(void)instance;
	(void)timer;
	if (beat->period == 0 && again > 0)
		set_timer(beat, again);
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
	set_timer(beat, first);
	return beat;
}

void
beat_stop(struct beat *beat)
{
	(void)beat;			/* TODO */
}
