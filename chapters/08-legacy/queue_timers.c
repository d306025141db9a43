/* SPDX-License-Identifier: MIT */
/*
 * queue_timers.c - a timer queue: due times, changes, and the end of it all
 */
#include "must.h"

enum { ROUNDS = 3, NEVER = 3000000 };	/* NEVER: ms, long enough */

static HANDLE queue;
static HANDLE called;			/* semaphore: callbacks */

static HANDLE
new_timer(WAITORTIMERCALLBACK callback, PVOID context, DWORD due,
	DWORD period)
{
	HANDLE timer = NULL;

	must(CreateTimerQueueTimer(&timer, queue, callback, context, due,
		period, WT_EXECUTEDEFAULT), "CreateTimerQueueTimer");
	return timer;
}

static VOID CALLBACK
count(PVOID context, BOOLEAN timed_out)
{
	LONG *calls = context;

	must(timed_out, "a timer has no other reason to call");
	InterlockedIncrement(calls);
	ReleaseSemaphore(called, 1, NULL);
}

/* Once, at once; and again and again. */
static void
by_period(void)
{
	LONG once = 0, often = 0;
	HANDLE timer = new_timer(count, &once, 0, 0);

	await(called);
	must(DeleteTimerQueueTimer(queue, timer, INVALID_HANDLE_VALUE),
		"DeleteTimerQueueTimer");
	printf("due at once, no period: callbacks %ld\n", (long)once);
	timer = new_timer(count, &often, 10, 10);
	for (int i = 0; i < ROUNDS; i++)
		await(called);
	must(DeleteTimerQueueTimer(queue, timer, INVALID_HANDLE_VALUE),
		"DeleteTimerQueueTimer");
	must(often >= ROUNDS, "all rounds");
	while (is_set(called))
		;		/* the last ones, while it was deleted */
	printf("due in 10 ms, period 10 ms: %d came\n", ROUNDS);
}

/* ---- A change in the callback ---- */

struct retry {
	HANDLE timer;
	DWORD delay;		/* ms; by one callback at a time */
	int tries;		/* as well */
	HANDLE given_up;	/* manual-reset event */
};

/* Each try waits twice as long as the one before. */
static VOID CALLBACK
try_again(PVOID context, BOOLEAN timed_out)
{
	struct retry *retry = context;

	(void)timed_out;
	printf("try %d, after %lu ms\n", ++retry->tries,
		(unsigned long)retry->delay);
	retry->delay *= 2;
	if (retry->tries == ROUNDS)
		SetEvent(retry->given_up);
	else
		must(ChangeTimerQueueTimer(queue, retry->timer, retry->delay,
			NEVER), "ChangeTimerQueueTimer");
}

static void
by_change(void)
{
	struct retry retry = { .delay = 10 };
	HANDLE over = new_event(TRUE);

	retry.given_up = new_event(TRUE);
	/* It needs a period: without one, there is nothing to change later. */
	retry.timer = new_timer(try_again, &retry, NEVER, NEVER);
	must(ChangeTimerQueueTimer(queue, retry.timer, retry.delay, NEVER),
		"ChangeTimerQueueTimer");
	await(retry.given_up);
	if (!DeleteTimerQueueTimer(queue, retry.timer, over))
		must(GetLastError() == ERROR_IO_PENDING, "no failure");
	await(over);			/* in both cases */
	puts("deleted with an event: it has been set");
	CloseHandle(over);
	CloseHandle(retry.given_up);
}

/* ---- The end of a queue ---- */

/* Its timers end with it, and need not be deleted one by one. */
static void
by_queue(void)
{
	LONG frequent = 0, late = 0;

	(void)new_timer(count, &frequent, 10, 10);
	(void)new_timer(count, &late, NEVER, 0);
	await(called);
	must(DeleteTimerQueueEx(queue, INVALID_HANDLE_VALUE),
		"DeleteTimerQueueEx");
	must(frequent > 0, "it came");
	printf("the queue is deleted; of the late timer: callbacks %ld\n",
		(long)late);
	must(!DeleteTimerQueueEx(NULL, NULL) &&
		GetLastError() == ERROR_INVALID_HANDLE, "never that one");
	puts("the default queue cannot be deleted");
}

int
main(void)
{
	queue = CreateTimerQueue();
	must(queue != NULL, "CreateTimerQueue");
	called = new_semaphore(0);
	by_period();
	by_change();
	by_queue();
	CloseHandle(called);
	return 0;
}
