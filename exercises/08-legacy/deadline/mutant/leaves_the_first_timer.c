/* leaves_the_first_timer.c - forgets the first timer if the second fails */
/* SPDX-License-Identifier: MIT */
/*
 * check: only_the_beginning_may_fail
 * message: call_begin failed, and left something behind
 */
#include <pthread.h>
#include <stdlib.h>

#include "call.h"

enum { ASKING, DEADLINE, PARTS };

struct call {
	HANDLE timers[PARTS];
	HANDLE quiet[PARTS];		/* events: its callbacks are over */
	PTP_WAIT waits[PARTS];		/* for these */
	call_ask ask;
	call_over over;
	void *context;

	pthread_mutex_t lock;

	/* Guarded by lock. */
	bool decided;
	bool answered;
	unsigned running;		/* parts that are not over */
};

static void
decide(struct call *call, bool answered)
{
	pthread_mutex_lock(&call->lock);
	if (!call->decided) {
		call->decided = true;
		call->answered = answered;
		for (int i = 0; i < PARTS; i++)
			DeleteTimerQueueTimer(NULL, call->timers[i],
				call->quiet[i]);
	}
	pthread_mutex_unlock(&call->lock);
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
	for (int i = 0; i < PARTS; i++) {
		if (call->waits[i] != NULL)
			CloseThreadpoolWait(call->waits[i]);
		if (call->quiet[i] != NULL)
			CloseHandle(call->quiet[i]);
	}
	pthread_mutex_destroy(&call->lock);
	free(call);
}

/* One of the events is set. */
static VOID CALLBACK
end_part(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	struct call *call = context;
	bool last;

	(void)instance;
	(void)wait;
	(void)result;
	pthread_mutex_lock(&call->lock);
	last = --call->running == 0;
	pthread_mutex_unlock(&call->lock);
	if (last) {
		call->over(call->context, call->answered);
		free_call(call);
	}
}

static bool
prepare(struct call *call)
{
	for (int i = 0; i < PARTS; i++) {
		call->quiet[i] = CreateEvent(NULL, FALSE, FALSE, NULL);
		call->waits[i] = CreateThreadpoolWait(end_part, call, NULL);
		if (call->quiet[i] == NULL || call->waits[i] == NULL)
			return false;
	}
	for (int i = 0; i < PARTS; i++)
		SetThreadpoolWait(call->waits[i], call->quiet[i], NULL);
	call->running = PARTS;
	return true;
}

/* Under the lock: nobody decides yet. */
static bool
create_timers_locked(struct call *call, DWORD interval, DWORD limit)
{
	if (!CreateTimerQueueTimer(&call->timers[DEADLINE], NULL, give_up,
	    call, limit, 0, WT_EXECUTEDEFAULT))
		return false;
	if (CreateTimerQueueTimer(&call->timers[ASKING], NULL, ask, call, 0,
	    interval, WT_EXECUTEDEFAULT))
		return true;
	call->decided = true;
	return false;
}

bool
call_begin(DWORD interval, DWORD limit, call_ask function, call_over over,
	void *context)
{
	struct call *call = calloc(1, sizeof(*call));
	bool begun;

	if (call == NULL)
		return false;
	call->ask = function;
	call->over = over;
	call->context = context;
	pthread_mutex_init(&call->lock, NULL);
	if (!prepare(call)) {
		free_call(call);
		return false;
	}
	pthread_mutex_lock(&call->lock);
	begun = create_timers_locked(call, interval, limit);
	pthread_mutex_unlock(&call->lock);
	if (begun)
		return true;
	free_call(call);
	return false;
}
