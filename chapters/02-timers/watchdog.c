/* SPDX-License-Identifier: MIT */
/*
 * watchdog.c - a timer that is set again before it expires, until it is not
 */
#include "must.h"

enum { PATIENCE = 200 };	/* ms */

static HANDLE barked;
static LONG barks;		/* Interlocked only */

static VOID CALLBACK
bark(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance, (void)context, (void)timer;
	if (InterlockedIncrement(&barks) == 1)	/* once is enough */
		puts("watchdog: no sign of life");
	SetEvent(barked);
}

static void
sign_of_life(PTP_TIMER watchdog)
{
	FILETIME due = in_ms(PATIENCE);

	SetThreadpoolTimer(watchdog, &due, 0, 0);
}

int
main(void)
{
	PTP_TIMER watchdog = new_timer(bark, NULL);

	barked = new_event();
	for (int i = 1; i <= 4; i++) {
		sign_of_life(watchdog);
		printf("main: at work, %d\n", i);
		Sleep(10);
	}
	await(barked);		/* main hangs */
	finish(watchdog);
	return 0;
}
