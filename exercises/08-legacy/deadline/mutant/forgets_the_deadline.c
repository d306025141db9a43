/* forgets_the_deadline.c - the limit is never deleted if there is an answer */
/* SPDX-License-Identifier: MIT */
/*
 * check: two_answers_end_the_call_once
 * message: Memory is used after it was freed
 */
#include <stdatomic.h>
#include <stdlib.h>

#include "call.h"

struct call {
	PTP_POOL pool;			/* of `end` alone */
	PTP_WORK end;
	HANDLE asking, deadline;	/* the timers */
	call_ask ask;
	call_over over;
	void *context;
	bool answered;			/* written by whoever decides */
	atomic_bool decided;
	atomic_uint reached;		/* of the two things */
};

static void
reach(struct call *call)
{
	if (atomic_fetch_add(&call->reached, 1) == 1)
		SubmitThreadpoolWork(call->end);
}

static void
decide(struct call *call, bool answered)
{
	if (atomic_exchange(&call->decided, true))
		return;
	call->answered = answered;
	reach(call);
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

/* Ends what there is of it. */
static void
delete_all(struct call *call)
{
	if (call->asking != NULL)
		DeleteTimerQueueTimer(NULL, call->asking,
			INVALID_HANDLE_VALUE);
	if (call->deadline != NULL && !call->answered)
		DeleteTimerQueueTimer(NULL, call->deadline,
			INVALID_HANDLE_VALUE);
	if (call->end != NULL)
		CloseThreadpoolWork(call->end);
	if (call->pool != NULL)
		CloseThreadpool(call->pool);
}

static VOID CALLBACK
end(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct call *call = context;

	(void)instance;
	(void)work;
	delete_all(call);
	call->over(call->context, call->answered);
	free(call);
}

static bool
create_all(struct call *call, DWORD interval, DWORD limit)
{
	TP_CALLBACK_ENVIRON environment;

	call->pool = CreateThreadpool(NULL);
	if (call->pool == NULL)
		return false;
	SetThreadpoolThreadMaximum(call->pool, 1);
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, call->pool);
	call->end = CreateThreadpoolWork(end, call, &environment);
	return call->end != NULL &&
		CreateTimerQueueTimer(&call->asking, NULL, ask, call, 0,
			interval, WT_EXECUTEDEFAULT) &&
		CreateTimerQueueTimer(&call->deadline, NULL, give_up, call,
			limit, 0, WT_EXECUTEONLYONCE);
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
	if (!create_all(call, interval, limit)) {
		delete_all(call);
		free(call);
		return false;
	}
	reach(call);
	return true;
}
