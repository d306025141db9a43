/* SPDX-License-Identifier: MIT */
/*
 * hundred.c - four threads and a hundred items, and somebody in a hurry
 *
 * The first four items stand before a gate until both urgent ones have been
 * handed over: one to the same pool, one to a pool of its own.
 */
#include "items.h"

enum { ITEMS = 100, THREADS = 4 };

static HANDLE four_inside, gate, answered, all_done;
static LONG begun, ended, inside, most;		/* Interlocked only */
static LONG ended_before;			/* the urgent one */

static void
enter(void)
{
	LONG now = InterlockedIncrement(&inside);
	LONG before = InterlockedCompareExchange(&most, 0, 0);

	while (now > before && InterlockedCompareExchange(&most, now,
	    before) != before)
		before = InterlockedCompareExchange(&most, 0, 0);
}

static DWORD WINAPI
serve(PVOID context)
{
	(void)context;
	enter();
	if (InterlockedIncrement(&begun) == THREADS)
		SetEvent(four_inside);
	await(gate);
	InterlockedDecrement(&inside);
	if (InterlockedIncrement(&ended) == ITEMS)
		SetEvent(all_done);
	return 0;
}

static DWORD WINAPI
answer(PVOID context)
{
	(void)context;
	ended_before = InterlockedCompareExchange(&ended, 0, 0);
	SetEvent(answered);
	return 0;
}

static VOID CALLBACK
answer_apart(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	SetEvent(context);
}

/* Has an urgent item run in a pool of its own, and waits for it. */
static void
serve_apart(void)
{
	HANDLE served = new_event(TRUE);
	PTP_POOL pool = CreateThreadpool(NULL);
	TP_CALLBACK_ENVIRON environment;

	must(pool != NULL, "CreateThreadpool");
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	must(TrySubmitThreadpoolCallback(answer_apart, served,
		&environment), "TrySubmitThreadpoolCallback");
	await(served);
	CloseThreadpool(pool);
	puts("urgent, in a pool of its own: served before the gate opened");
}

int
main(void)
{
	ULONG flags = WT_EXECUTEDEFAULT;

	four_inside = new_event(TRUE);
	gate = new_event(TRUE);
	answered = new_event(TRUE);
	all_done = new_event(TRUE);
	WT_SET_MAX_THREADPOOL_THREADS(flags, THREADS);
	for (int i = 0; i < ITEMS; i++)
		queue(serve, NULL, flags);
	queue(answer, NULL, WT_EXECUTELONGFUNCTION);
	await(four_inside);
	serve_apart();
	SetEvent(gate);
	await(answered);
	await(all_done);
	if (ours()) {
		must(most == THREADS, "four at a time");
		must(ended_before > ITEMS - THREADS, "one after another");
	}
	puts("urgent, in the same pool: served");
	printf("items served: %d\n", (int)ended);
	return 0;
}
