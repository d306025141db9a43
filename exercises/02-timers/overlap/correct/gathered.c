/* gathered.c - right: each callback measures for itself; sorted at the end */
/* SPDX-License-Identifier: MIT */
/*
 * A callback takes a unit of a semaphore that has twelve; who gets none
 * returns. Its span goes into the record when it has ended, and the record
 * is sorted when all have. A second semaphore counts those who are through.
 */
#include <stdatomic.h>
#include <stdlib.h>

#include "threadpool.h"

#include "measure.h"

struct run {
	const struct experiment *experiment;
	struct record *record;
	HANDLE tickets, ended;
	atomic_uint places;
};

static void
set_timer(PTP_TIMER timer, const struct experiment *experiment)
{
	ULARGE_INTEGER ticks;
	FILETIME due;

	ticks.QuadPart = 0 - 10000ULL * experiment->period;
	due.dwLowDateTime = ticks.u.LowPart;
	due.dwHighDateTime = ticks.u.HighPart;
	SetThreadpoolTimer(timer, &due,
		experiment->mode == PERIODIC ? experiment->period : 0, 0);
}

static VOID CALLBACK
callback(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct run *run = context;
	struct span span;

	(void)instance;
	if (WaitForSingleObject(run->tickets, 0) != WAIT_OBJECT_0)
		return;
	span.begin = now();
	spend(run->experiment->length);
	span.end = now();
	run->record->callbacks[atomic_fetch_add(&run->places, 1)] = span;
	if (run->experiment->mode == AGAIN_AT_END)
		set_timer(timer, run->experiment);
	ReleaseSemaphore(run->ended, 1, NULL);
}

static int
by_begin(const void *one, const void *other)
{
	const struct span *a = one, *b = other;

	return (a->begin > b->begin) - (a->begin < b->begin);
}

void
measure(const struct experiment *experiment, struct record *record)
{
	struct run run = { .experiment = experiment, .record = record };
	TP_CALLBACK_ENVIRON environment;
	PTP_POOL pool = CreateThreadpool(NULL);
	PTP_TIMER timer;

	run.tickets = CreateSemaphore(NULL, CALLBACKS, CALLBACKS, NULL);
	run.ended = CreateSemaphore(NULL, 0, CALLBACKS, NULL);
	if (pool == NULL || run.tickets == NULL || run.ended == NULL)
		abort();
	SetThreadpoolThreadMaximum(pool, experiment->threads);
	if (!SetThreadpoolThreadMinimum(pool, experiment->threads))
		abort();
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	timer = CreateThreadpoolTimer(callback, &run, &environment);
	if (timer == NULL)
		abort();
	record->set = now();
	set_timer(timer, experiment);
	for (unsigned i = 0; i < CALLBACKS; i++)
		WaitForSingleObject(run.ended, INFINITE);
	(void)SetThreadpoolTimerEx(timer, NULL, 0, 0);
	WaitForThreadpoolTimerCallbacks(timer, TRUE);
	CloseThreadpoolTimer(timer);
	DestroyThreadpoolEnvironment(&environment);
	CloseThreadpool(pool);
	CloseHandle(run.tickets);
	CloseHandle(run.ended);
	qsort(record->callbacks, CALLBACKS, sizeof(struct span), by_begin);
}

const struct figures predicted[EXPERIMENTS] = {
	{ .at_once = 1, .apart = 20, .late = 0, .missing = 0 },
	{ .at_once = 3, .apart = 20, .late = 0, .missing = 0 },
	{ .at_once = 2, .apart = 24.55, .late = 50, .missing = 2 },
	{ .at_once = 1, .apart = 50, .late = 330, .missing = 16 },
	{ .at_once = 1, .apart = 70, .late = 550, .missing = 27 }
};

const struct figures measured[EXPERIMENTS] = {
	{ .at_once = 1, .apart = 19.862, .late = 0.06, .missing = 0 },
	{ .at_once = 3, .apart = 19.960, .late = 0.06, .missing = 0 },
	{ .at_once = 2, .apart = 25.166, .late = 56.85, .missing = 2 },
	{ .at_once = 1, .apart = 50.294, .late = 333.29, .missing = 16 },
	{ .at_once = 1, .apart = 97.758, .late = 855.37, .missing = 42 }
};

const struct conclusions conclusions = {
	.limit = { BY_LENGTH, BY_LENGTH, BY_THREADS, BY_THREADS, BY_ITSELF },
	.reason = { ON_TIME, ON_TIME, QUEUES, QUEUES, DRIFTS },
	.start = FROM_DUE_TIME
};
