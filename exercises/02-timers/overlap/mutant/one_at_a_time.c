/* one_at_a_time.c - a mutant: holds the section while it spends the length */
/* SPDX-License-Identifier: MIT */
/*
 * check: measures_a_timer_that_overlaps_itself
 * message: is virtual here
 */
#include <stdlib.h>

#include "threadpool.h"

#include "measure.h"

struct run {
	const struct experiment *experiment;
	struct record *record;
	CRITICAL_SECTION section;
	unsigned begun, ended;		/* guarded by section */
	HANDLE over;
};

static void
set_timer(PTP_TIMER timer, const struct experiment *experiment)
{
	LONGLONG ticks = -10000LL * experiment->period;
	FILETIME due = { (DWORD)ticks, (DWORD)(ticks >> 32) };

	SetThreadpoolTimer(timer, &due,
		experiment->mode == PERIODIC ? experiment->period : 0, 0);
}

static VOID CALLBACK
callback(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct run *run = context;
	struct span *span = NULL;
	BOOL last;

	(void)instance;
	EnterCriticalSection(&run->section);
	if (run->begun < CALLBACKS) {
		span = &run->record->callbacks[run->begun++];
		span->begin = now();
	}
	if (span == NULL) {
		LeaveCriticalSection(&run->section);
		return;
	}
	spend(run->experiment->length);
	span->end = now();
	LeaveCriticalSection(&run->section);
	if (run->experiment->mode == AGAIN_AT_END)
		set_timer(timer, run->experiment);
	EnterCriticalSection(&run->section);
	last = ++run->ended == CALLBACKS;
	LeaveCriticalSection(&run->section);
	if (last)
		SetEvent(run->over);
}

static void
play(struct run *run, PTP_CALLBACK_ENVIRON environment)
{
	PTP_TIMER timer = CreateThreadpoolTimer(callback, run, environment);

	if (timer == NULL)
		abort();
	run->record->set = now();
	set_timer(timer, run->experiment);
	WaitForSingleObject(run->over, INFINITE);
	SetThreadpoolTimer(timer, NULL, 0, 0);
	WaitForThreadpoolTimerCallbacks(timer, TRUE);
	CloseThreadpoolTimer(timer);
}

void
measure(const struct experiment *experiment, struct record *record)
{
	struct run run = { .experiment = experiment, .record = record };
	PTP_POOL pool = CreateThreadpool(NULL);
	TP_CALLBACK_ENVIRON environment;

	run.over = CreateEvent(NULL, TRUE, FALSE, NULL);
	if (pool == NULL || run.over == NULL)
		abort();
	SetThreadpoolThreadMaximum(pool, experiment->threads);
	if (!SetThreadpoolThreadMinimum(pool, experiment->threads))
		abort();
	InitializeCriticalSection(&run.section);
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	play(&run, &environment);
	DestroyThreadpoolEnvironment(&environment);
	CloseThreadpool(pool);
	DeleteCriticalSection(&run.section);
	CloseHandle(run.over);
}

const struct figures predicted[EXPERIMENTS] = {
	{ .at_once = 1, .apart = 20, .late = 0, .missing = 0 },
	{ .at_once = 3, .apart = 20, .late = 0, .missing = 0 },
	{ .at_once = 2, .apart = 24.55, .late = 50, .missing = 2 },
	{ .at_once = 1, .apart = 50, .late = 330, .missing = 16 },
	{ .at_once = 1, .apart = 70, .late = 550, .missing = 27 }
};

const struct figures measured[EXPERIMENTS] = {
	{ .at_once = 2, .apart = 19.953, .late = 0.04, .missing = 0 },
	{ .at_once = 3, .apart = 19.452, .late = 1.31, .missing = 0 },
	{ .at_once = 2, .apart = 24.925, .late = 58.00, .missing = 2 },
	{ .at_once = 1, .apart = 51.045, .late = 341.54, .missing = 17 },
	{ .at_once = 1, .apart = 70.489, .late = 555.42, .missing = 27 }
};

const struct conclusions conclusions = {
	.limit = { BY_LENGTH, BY_LENGTH, BY_THREADS, BY_THREADS, BY_ITSELF },
	.reason = { ON_TIME, ON_TIME, QUEUES, QUEUES, DRIFTS },
	.start = FROM_DUE_TIME
};
