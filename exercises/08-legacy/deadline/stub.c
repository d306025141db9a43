/* deadline.c - a call that is made of two timers, with five faults */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: there are five faults, in how the timers end and in how they begin.
 * What the callbacks ask and say is right.
 */
#include <stdlib.h>

#include "call.h"

struct call {
	HANDLE asking;			/* the timer that asks */
	HANDLE deadline;		/* the timer that gives up */
	call_ask ask;
	call_over over;
	void *context;
};

/* Nothing of the call runs any more. */
static void
finish(struct call *call, bool answered)
{
	call->over(call->context, answered);
	free(call);
}

static VOID CALLBACK
ask(PVOID context, BOOLEAN unused)
{
	struct call *call = context;

	(void)unused;
	if (!call->ask(call->context))
		return;
	DeleteTimerQueueTimer(NULL, call->deadline, INVALID_HANDLE_VALUE);
	DeleteTimerQueueTimer(NULL, call->asking, NULL);
	finish(call, true);
}

static VOID CALLBACK
give_up(PVOID context, BOOLEAN unused)
{
	struct call *call = context;

	(void)unused;
	DeleteTimerQueueTimer(NULL, call->asking, INVALID_HANDLE_VALUE);
	DeleteTimerQueueTimer(NULL, call->deadline, NULL);
	finish(call, false);
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
	if (!CreateTimerQueueTimer(&call->asking, NULL, ask, call, 0,
	    interval, WT_EXECUTEDEFAULT) ||
	    !CreateTimerQueueTimer(&call->deadline, NULL, give_up, call,
	    limit, 0, WT_EXECUTEONLYONCE)) {
		free(call);
		return false;
	}
	return true;
}
