/* rounds.c - right: no lock, but Set and Wait twice; a timer to close with */
/* SPDX-License-Identifier: MIT */
/*
 * A callback may have looked at the flag before it was raised, and set the
 * timer afterwards. When the first wait has returned, that callback is over:
 * every later one sees the flag. So the second round is the last.
 *
 * Which threads run ticks is a list, of nodes on their stacks.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "beat.h"

struct ticker {
	pthread_t thread;
	struct ticker *next;
};

struct beat {
	PTP_TIMER timer, closer;
	DWORD period;			/* ms; 0: the ticks set the timer */
	beat_tick tick;
	void (*done)(void *context);
	void *context;
	atomic_bool stopped;

	pthread_mutex_t lock;
	struct ticker *tickers;		/* guarded by lock */
};

static void
set_timer(PTP_TIMER timer, DWORD ms, DWORD period)
{
	ULONGLONG ticks = (ULONGLONG)ms * 10000;
	FILETIME due;

	ticks = 0 - ticks;
	due.dwLowDateTime = (DWORD)ticks;
	due.dwHighDateTime = (DWORD)(ticks >> 32);
	SetThreadpoolTimer(timer, &due, period, 0);
}

static void
enter(struct beat *beat, struct ticker *ticker)
{
	pthread_mutex_lock(&beat->lock);
	ticker->thread = pthread_self();
	ticker->next = beat->tickers;
	beat->tickers = ticker;
	pthread_mutex_unlock(&beat->lock);
}

static void
leave(struct beat *beat, struct ticker *ticker)
{
	struct ticker **link = &beat->tickers;

	pthread_mutex_lock(&beat->lock);
	while (*link != ticker)
		link = &(*link)->next;
	*link = ticker->next;
	pthread_mutex_unlock(&beat->lock);
}

/* Is the calling thread in a tick of this beat? */
static bool
in_tick(struct beat *beat)
{
	bool found = false;

	pthread_mutex_lock(&beat->lock);
	for (struct ticker *t = beat->tickers; t != NULL; t = t->next)
		if (pthread_equal(t->thread, pthread_self()))
			found = true;
	pthread_mutex_unlock(&beat->lock);
	return found;
}

static VOID CALLBACK
run(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct beat *beat = context;
	struct ticker ticker;
	DWORD again;

	(void)instance;
	if (atomic_load(&beat->stopped))
		return;
	enter(beat, &ticker);
	again = beat->tick(beat, beat->context);
	leave(beat, &ticker);
	if (beat->period == 0 && again > 0 && !atomic_load(&beat->stopped))
		set_timer(timer, again, 0);
}

static void
finish(struct beat *beat)
{
	for (int round = 0; round < 2; round++) {
		SetThreadpoolTimer(beat->timer, NULL, 0, 0);
		WaitForThreadpoolTimerCallbacks(beat->timer, TRUE);
	}
	CloseThreadpoolTimer(beat->timer);
	CloseThreadpoolTimer(beat->closer);
	pthread_mutex_destroy(&beat->lock);
	beat->done(beat->context);
	free(beat);
}

static VOID CALLBACK
close_later(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
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
	beat->timer = CreateThreadpoolTimer(run, beat, environment);
	if (beat->timer == NULL)
		goto no_timer;
	beat->closer = CreateThreadpoolTimer(close_later, beat, environment);
	if (beat->closer == NULL)
		goto no_closer;
	beat->period = period;
	beat->tick = tick;
	beat->done = done;
	beat->context = context;
	atomic_init(&beat->stopped, false);
	pthread_mutex_init(&beat->lock, NULL);
	set_timer(beat->timer, first, period);
	return beat;
no_closer:
	CloseThreadpoolTimer(beat->timer);
no_timer:
	free(beat);
	return NULL;
}

void
beat_stop(struct beat *beat)
{
	bool inside = in_tick(beat);

	atomic_store(&beat->stopped, true);
	if (inside)
		set_timer(beat->closer, 0, 0);
	else
		finish(beat);
}
