/* other_plan.c - a mutant: the CSV is of another plan */
/* SPDX-License-Identifier: MIT */
/*
 * check: the_csv_holds_what_was_planned
 * message: is not the batch that the plan has there
 */
#include <stdlib.h>

#include "measure.h"

const struct plan plan = {
	.count_count = 4, .counts = { 16, 64, 512, 1024 },
	.signals = 1024,
	.rounds = 5
};

/* ---- A thread for each ---- */

struct threads {
	HANDLE end;			/* manual-reset: all go */
	HANDLE ready;			/* a semaphore: one more waits */
	HANDLE *handles;		/* of the threads */
};

struct one {
	HANDLE event;
	struct threads *threads;
};

static DWORD WINAPI
wait_in_thread(LPVOID argument)
{
	struct one *one = argument;
	HANDLE handles[2] = { one->threads->end, one->event };

	ReleaseSemaphore(one->threads->ready, 1, NULL);
	while (WaitForMultipleObjects(2, handles, FALSE, INFINITE) ==
	    WAIT_OBJECT_0 + 1)
		told(one->event);
	return 0;
}

static void *
must(void *result)
{
	if (result == NULL)
		abort();
	return result;
}

static void
ring_all(const HANDLE *events, unsigned count, unsigned signals)
{
	for (unsigned i = 0; i < signals; i++)
		ring(events[i % count]);
}

static struct sample
batch_of_threads(const HANDLE *events, unsigned count, unsigned signals)
{
	struct threads threads;
	struct sample sample;
	struct one *ones;

	sample.before = totals();
	threads.end = must(CreateEvent(NULL, TRUE, FALSE, NULL));
	threads.ready = must(CreateSemaphore(NULL, 0, 65536, NULL));
	threads.handles = must(calloc(count, sizeof(HANDLE)));
	ones = must(calloc(count, sizeof(*ones)));
	for (unsigned i = 0; i < count; i++) {
		ones[i] = (struct one){ events[i], &threads };
		threads.handles[i] = must(CreateThread(NULL, 0,
			wait_in_thread, &ones[i], 0, NULL));
	}
	for (unsigned i = 0; i < count; i++)
		WaitForSingleObject(threads.ready, INFINITE);
	sample.waiting = totals();
	ring_all(events, count, signals);
	sample.after = totals();

	SetEvent(threads.end);
	for (unsigned i = 0; i < count; i++) {
		WaitForSingleObject(threads.handles[i], INFINITE);
		CloseHandle(threads.handles[i]);
	}
	CloseHandle(threads.end);
	CloseHandle(threads.ready);
	free(threads.handles);
	free(ones);
	return sample;
}

/* ---- Wait objects ---- */

static VOID CALLBACK
signalled(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance;
	(void)result;
	SetThreadpoolWait(wait, context, NULL);
	told(context);
}

static struct sample
batch_of_waits(const HANDLE *events, unsigned count, unsigned signals)
{
	TP_CALLBACK_ENVIRON environment;
	struct sample sample;
	PTP_WAIT *waits;
	PTP_POOL pool;

	sample.before = totals();
	pool = must(CreateThreadpool(NULL));
	SetThreadpoolThreadMaximum(pool, 1);
	if (!SetThreadpoolThreadMinimum(pool, 1))
		abort();
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	waits = must(calloc(count, sizeof(*waits)));
	for (unsigned i = 0; i < count; i++) {
		waits[i] = must(CreateThreadpoolWait(signalled, events[i],
			&environment));
		SetThreadpoolWait(waits[i], events[i], NULL);
	}
	sample.waiting = totals();
	ring_all(events, count, signals);
	sample.after = totals();

	for (unsigned i = 0; i < count; i++) {
		WaitForThreadpoolWaitCallbacks(waits[i], FALSE);
		SetThreadpoolWait(waits[i], NULL, NULL);
		WaitForThreadpoolWaitCallbacks(waits[i], TRUE);
		CloseThreadpoolWait(waits[i]);
	}
	free(waits);
	DestroyThreadpoolEnvironment(&environment);
	CloseThreadpool(pool);
	return sample;
}

struct sample
batch(enum way way, unsigned count, unsigned signals)
{
	HANDLE *events = must(calloc(count, sizeof(HANDLE)));
	struct sample sample;

	for (unsigned i = 0; i < count; i++)
		events[i] = must(CreateEvent(NULL, FALSE, FALSE, NULL));
	sample = way == THREADS ? batch_of_threads(events, count, signals) :
		batch_of_waits(events, count, signals);
	for (unsigned i = 0; i < count; i++)
		CloseHandle(events[i]);
	free(events);
	return sample;
}

const struct claims claims = {
	.figures = {
		[THREADS] = {
			{ 16, 1.495, 8192.00 },	/* 16 events */
			{ 64, 1.468, 8192.00 },	/* 64 events */
			{ 256, 1.673, 8192.52 },	/* 256 events */
			{ 1024, 1.684, 8192.53 }	/* 1024 events */
		},
		[POOL] = {
			{ 2, 0.804, 1024.00 },	/* 16 events */
			{ 2, 0.808, 256.00 },	/* 64 events */
			{ 2, 0.814, 64.39 },	/* 256 events */
			{ 2, 0.824, 16.23 }	/* 1024 events */
		}
	},
	.threads = { [THREADS] = ONE_FOR_EACH, [POOL] = NOT_AT_ALL },
	.wakes_of_the_pool = LESS,
	.memory_of_the_pool = LESS
};
