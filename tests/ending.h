/* ending.h - what the scenarios of the legacy pool have in common */
/* SPDX-License-Identifier: MIT */
/*
 * A callee is a registered wait or a queue timer, and what its callbacks did.
 * They leave marks in plain memory, which nothing but the pool orders. Who has
 * been told that nothing of it runs any more says so in a plain flag, at which
 * each callback looks. So a callback that comes too late meets an assertion or
 * a data race, whichever the schedule makes of it.
 *
 * There are three ways to end one, and what holds in each of them:
 *
 *	at once		TRUE: it is over now; FALSE: something is left
 *	by an event	the same, and when it is over the event is set, once;
 *			if it is so now, the event is set by now
 *	blocking	it is over when the call returns
 *
 * Everything here is inline: a suite takes what it needs.
 */
#ifndef ENDING_H
#define ENDING_H

#include "objects.h"
#include "timing.h"

#define MARKS	8

enum ending { AT_ONCE, BY_EVENT, BLOCKING };

struct callee {
	HANDLE handle;		/* where the call that makes it puts it */
	HANDLE queue;		/* of a timer */
	bool is_timer;
	bool gone;		/* no callback may run any more */
	LONG volatile started, finished, timeouts;
	int turns;		/* of a wait: one callback after the other */
	int marks[MARKS];	/* of the first ones */
};

/* ---- What callbacks do ---- */

/* Each begins so. Returns its number, from 1 on. */
static inline LONG
begin(struct callee *callee)
{
	LONG n = InterlockedIncrement(&callee->started);

	ck_assert(!callee->gone);
	if (n <= MARKS)
		callee->marks[n - 1] = 1;
	return n;
}

/* And ends so. */
static inline void
end(struct callee *callee)
{
	InterlockedIncrement(&callee->finished);
}

static inline VOID CALLBACK
note(PVOID context, BOOLEAN timed_out)
{
	struct callee *callee = context;

	(void)begin(callee);
	if (!callee->is_timer)
		callee->turns++;
	if (timed_out)
		InterlockedIncrement(&callee->timeouts);
	end(callee);
}

/* ---- Making one ---- */

/* A registered wait, or nothing. */
static inline bool
try_wait(struct callee *callee, HANDLE target, WAITORTIMERCALLBACK callback,
	DWORD milliseconds, ULONG flags)
{
	if (RegisterWaitForSingleObject(&callee->handle, target, callback,
	    callee, milliseconds, flags))
		return true;
	tolerate(GetLastError());
	return false;
}

/* A timer in callee->queue, or nothing. */
static inline bool
try_timer(struct callee *callee, WAITORTIMERCALLBACK callback, DWORD due,
	DWORD period, ULONG flags)
{
	callee->is_timer = true;
	if (CreateTimerQueueTimer(&callee->handle, callee->queue, callback,
	    callee, due, period, flags))
		return true;
	tolerate(GetLastError());
	return false;
}

/* ---- The end ---- */

static inline bool
is_empty(TP_POOL *pool)
{
	bool empty;

	tp_lock(&pool->lock);
	empty = pool->objects == 0;
	tp_unlock(&pool->lock);
	return empty;
}

/* For await: has all that was ended in these pools been freed? */
static inline bool
nothing_is_left(void *unused)
{
	(void)unused;
	return is_empty(tp_pool_default()) &&
		is_empty(tp_pool_single(TP_SINGLE_WAIT)) &&
		is_empty(tp_pool_single(TP_SINGLE_TIMER));
}

/* What a call that ends something has said: is it over? */
static inline bool
says_over(BOOL result)
{
	if (!result)
		ck_assert_uint_eq(GetLastError(), ERROR_IO_PENDING);
	return result != FALSE;
}

static inline BOOL
end_with(struct callee *callee, HANDLE completion)
{
	return callee->is_timer ? DeleteTimerQueueTimer(callee->queue,
		callee->handle, completion) :
		UnregisterWaitEx(callee->handle, completion);
}

/*
 * Nothing of it runs, and nothing will. The plain memory first, since a
 * counter would make it visible.
 */
static inline void
assert_over(struct callee *callee)
{
	LONG started;
	int marks = 0;

	callee->gone = true;
	for (int i = 0; i < MARKS; i++)
		marks += callee->marks[i];
	started = count_of(&callee->started);
	ck_assert_int_eq(marks, started < MARKS ? started : MARKS);
	ck_assert_int_eq(count_of(&callee->finished), started);
}

/*
 * After a call that ends something said `over`: waits until it is. completion:
 * what the call was given; an auto-reset event, or NULL.
 */
static inline void
await_end(bool over, HANDLE completion)
{
	if (completion != NULL)
		ck_assert_uint_eq(WaitForSingleObject(completion, INFINITE),
			WAIT_OBJECT_0);
	else if (!over)
		await(nothing_is_left, NULL);
}

/* A call that was given the event has said that it is over: it takes it. */
static inline void
assert_set_by_now(HANDLE event)
{
	ck_assert_uint_eq(poll(event), WAIT_OBJECT_0);
}

/* Ends it, in one of the three ways; it is over when this returns. */
static inline void
end_callee(struct callee *callee, enum ending ending, HANDLE event)
{
	HANDLE completion = ending == BY_EVENT ? event : NULL;
	bool over = true;

	if (ending == BLOCKING)
		ck_assert(end_with(callee, INVALID_HANDLE_VALUE));
	else
		over = says_over(end_with(callee, completion));
	if (over)
		assert_over(callee);
	if (over && completion != NULL)
		assert_set_by_now(completion);
	await_end(over, over ? NULL : completion);
	assert_over(callee);
	if (!over)
		ck_assert_int_ge(count_of(&callee->started), 1);
}

/* What comes too late has its time; and so has an event that is set twice. */
static inline void
let_rest(HANDLE event)
{
	await(nothing_is_left, NULL);
	if (explore_active())
		Sleep(50);
	ck_assert_uint_eq(poll(event), WAIT_TIMEOUT);
}

#endif /* ENDING_H */
