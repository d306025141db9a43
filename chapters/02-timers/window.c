/* SPDX-License-Identifier: MIT */
/*
 * window.c - three timers, due at 20, 30 and 40 ms: three wake-ups, or one
 */
#include "must.h"

enum { TIMERS = 3 };

static HANDLE all_came;
static LONG missing;		/* callbacks; Interlocked only */

static VOID CALLBACK
come(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance, (void)context, (void)timer;
	if (InterlockedDecrement(&missing) == 0)
		SetEvent(all_came);
}

static void
run(PTP_TIMER timers[TIMERS], DWORD window)
{
	InterlockedExchange(&missing, TIMERS);
	for (int i = 0; i < TIMERS; i++) {
		FILETIME due = in_ms(20 + 10 * i);

		SetThreadpoolTimer(timers[i], &due, 0, window);
	}
	await(all_came);
	printf("windows of %lu ms: all %d came\n", (unsigned long)window,
		TIMERS);
}

int
main(void)
{
	PTP_TIMER timers[TIMERS];

	all_came = new_event();
	for (int i = 0; i < TIMERS; i++)
		timers[i] = new_timer(come, NULL);
	run(timers, 0);
	run(timers, 30);
	for (int i = 0; i < TIMERS; i++)
		finish(timers[i]);
	return 0;
}
