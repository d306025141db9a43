/* counts_and_then_reads.c - takes a number, and then reads the clock */
/* SPDX-License-Identifier: MIT */
/*
 * check: measures_a_timer_that_overlaps_itself
 * message: not the callbacks in the order in which they began
 */
#include <pthread.h>
#include <stdatomic.h>
#include "threadpool.h"
#include "measure.h"

const struct figures predicted[EXPERIMENTS] = {
	{ 1, 20, 0, 0 },
	{ 3, 20, 0, 0 },
	{ 2, 270.0 / 11, 50, 2 },
	{ 1, 50, 330, 16 },
	{ 1, 70, 550, 27 }
};

struct run {
	const struct experiment *experiment;
	struct record *record;
	pthread_mutex_t lock;
	pthread_cond_t over;
	unsigned ended;
	atomic_uint begun;
};

static void
set(PTP_TIMER timer, const struct experiment *experiment)
{
	LONGLONG ticks = (LONGLONG)experiment->period * -10000;
	FILETIME due = { (DWORD)ticks, (DWORD)((ULONGLONG)ticks >> 32) };

	SetThreadpoolTimer(timer, &due, experiment->mode == PERIODIC ?
		experiment->period : 0, 0);
}

static VOID CALLBACK
callback(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct run *run = context;
	unsigned index;
	struct span *span;

	(void)instance;
	index = atomic_fetch_add(&run->begun, 1);
	if (index >= CALLBACKS)
		return;
	span = &run->record->callbacks[index];
	span->begin = now();
	spend(run->experiment->length);
	span->end = now();
	if (run->experiment->mode == AGAIN_AT_END)
		set(timer, run->experiment);
	pthread_mutex_lock(&run->lock);
	if (++run->ended == CALLBACKS)
		pthread_cond_signal(&run->over);
	pthread_mutex_unlock(&run->lock);
}

void
measure(const struct experiment *experiment, struct record *record)
{
	struct run run = { .experiment = experiment, .record = record };
	PTP_POOL pool = CreateThreadpool(NULL);
	TP_CALLBACK_ENVIRON environment;
	PTP_TIMER timer;

	if (pool == NULL)
		return;
	SetThreadpoolThreadMaximum(pool, experiment->threads);
	if (!SetThreadpoolThreadMinimum(pool, experiment->threads)) {
		CloseThreadpool(pool);
		return;
	}
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	pthread_mutex_init(&run.lock, NULL);
	pthread_cond_init(&run.over, NULL);
	timer = CreateThreadpoolTimer(callback, &run, &environment);
	if (timer != NULL) {
		record->set = now();
		set(timer, experiment);
		pthread_mutex_lock(&run.lock);
		while (run.ended < CALLBACKS)
			pthread_cond_wait(&run.over, &run.lock);
		pthread_mutex_unlock(&run.lock);
		SetThreadpoolTimer(timer, NULL, 0, 0);
		WaitForThreadpoolTimerCallbacks(timer, TRUE);
		CloseThreadpoolTimer(timer);
	}
	pthread_cond_destroy(&run.over);
	pthread_mutex_destroy(&run.lock);
	DestroyThreadpoolEnvironment(&environment);
	CloseThreadpool(pool);
}

const struct figures measured[EXPERIMENTS] = {
	{ 1, 19.83, 0.03, 0 },
	{ 3, 20.82, 9.20, 0 },
	{ 2, 30.87, 123.20, 6 },
	{ 1, 52.34, 355.79, 17 },
	{ 1, 86.40, 736.15, 36 },
};

const struct conclusions conclusions = {
	.limit = { BY_LENGTH, BY_LENGTH, BY_THREADS, BY_THREADS, BY_ITSELF },
	.reason = { ON_TIME, ON_TIME, QUEUES, QUEUES, DRIFTS },
	.start = FROM_DUE_TIME
};
