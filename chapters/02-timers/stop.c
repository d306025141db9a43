/* SPDX-License-Identifier: MIT */
/*
 * stop.c - the safe end of a timer: no more posts, no more calls, close
 *
 * The pool has one thread, and the callback takes longer than the period;
 * so when main stops the timer, one callback runs and others are queued.
 *
 * explore: runs=2000
 */
#include "must.h"

struct window {
	LONG hands;		/* drawn so often; Interlocked only */
};

static HANDLE first_runs;

static VOID CALLBACK
draw_hands(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct window *window = context;

	(void)instance, (void)timer;
	SetEvent(first_runs);
	Sleep(50);
	InterlockedIncrement(&window->hands);
}

int
main(void)
{
	PTP_POOL pool = CreateThreadpool(NULL);
	TP_CALLBACK_ENVIRON environment;
	struct window *window = calloc(1, sizeof(*window));
	FILETIME due = in_ms(20);
	PTP_TIMER clock;

	must(pool != NULL && window != NULL, "pool and window");
	SetThreadpoolThreadMaximum(pool, 1);
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	first_runs = new_event();
	clock = CreateThreadpoolTimer(draw_hands, window, &environment);
	must(clock != NULL, "CreateThreadpoolTimer");
	SetThreadpoolTimer(clock, &due, 20, 0);
	await(first_runs);
	Sleep(45);
	finish(clock);
	must(window->hands >= 1, "the callback that ran has ended");
	free(window);		/* nothing draws in it any more */
	CloseThreadpool(pool);
	puts("main: the clock has stopped, and its window is gone");
	return 0;
}
