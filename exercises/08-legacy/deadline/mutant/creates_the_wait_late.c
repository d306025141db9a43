/* creates_the_wait_late.c - registers the wait when the call is decided */
/* SPDX-License-Identifier: MIT */
/*
 * check: only_the_beginning_may_fail
 * message: there was no more memory, and no thread to be had
 */
#include <stdlib.h>

#include "call.h"

struct call {
	HANDLE queue;			/* of both timers */
	HANDLE quiet;			/* an event: nothing runs any more */
	HANDLE wait;			/* for that event */
	call_ask ask;
	call_over over;
	void *context;

	CRITICAL_SECTION lock;

	/* Guarded by lock. */
	bool decided;
	bool answered;
};

static VOID CALLBACK finish(PVOID context, BOOLEAN unused);

static void
decide(struct call *call, bool answered)
{
	bool first;

	EnterCriticalSection(&call->lock);
	first = !call->decided;
	if (first)
		call->answered = answered;
	call->decided = true;
	LeaveCriticalSection(&call->lock);
	if (first && RegisterWaitForSingleObject(&call->wait, call->quiet,
	    finish, call, INFINITE, WT_EXECUTEONLYONCE))
		DeleteTimerQueueEx(call->queue, call->quiet);
}

static VOID CALLBACK
ask(PVOID context, BOOLEAN unused)
{
	struct call *call = context;

	(void)unused;
	if (call->ask(call->context))
		decide(call, true);
}

static VOID CALLBACK
give_up(PVOID context, BOOLEAN unused)
{
	(void)unused;
	decide(context, false);
}

static void
free_call(struct call *call)
{
	if (call->quiet != NULL)
		CloseHandle(call->quiet);
	DeleteCriticalSection(&call->lock);
	free(call);
}

/* The event is set. */
static VOID CALLBACK
finish(PVOID context, BOOLEAN unused)
{
	struct call *call = context;

	(void)unused;
	UnregisterWait(call->wait);
	call->over(call->context, call->answered);
	free_call(call);
}

static bool
create_timers(struct call *call, DWORD interval, DWORD limit)
{
	HANDLE timer;
	bool good;

	EnterCriticalSection(&call->lock);
	good = CreateTimerQueueTimer(&timer, call->queue, give_up, call,
		limit, 0, WT_EXECUTEONLYONCE) && CreateTimerQueueTimer(&timer,
		call->queue, ask, call, 0, interval, WT_EXECUTEDEFAULT);
	if (!good)
		call->decided = true;
	LeaveCriticalSection(&call->lock);
	return good;
}

bool
call_begin(DWORD interval, DWORD limit, call_ask function, call_over over,
	void *context)
{
	struct call *call = calloc(1, sizeof(*call));

	if (call == NULL)
		return false;
	call->ask = function;
	call->over = over;
	call->context = context;
	InitializeCriticalSection(&call->lock);
	call->quiet = CreateEvent(NULL, TRUE, FALSE, NULL);
	if (call->quiet == NULL) {
		free_call(call);
		return false;
	}
	call->queue = CreateTimerQueue();
	if (call->queue != NULL && create_timers(call, interval, limit))
		return true;
	if (call->queue != NULL)
		DeleteTimerQueueEx(call->queue, INVALID_HANDLE_VALUE);
	free_call(call);
	return false;
}
