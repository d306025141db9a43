/* SPDX-License-Identifier: MIT */
/*
 * drift.c - every 20 ms: by a period, and by setting the timer again
 *
 * Both callbacks take 5 ms. The program prints little; the chapter shows
 * its timeline.
 */
#include "must.h"

enum { ROUNDS = 4 };

struct series {
	LONG rounds;		/* Interlocked only */
	HANDLE finished;
};

static VOID CALLBACK
by_period(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct series *series = context;

	(void)instance, (void)timer;
	Sleep(5);
	if (InterlockedIncrement(&series->rounds) == ROUNDS)
		SetEvent(series->finished);
}

static VOID CALLBACK
set_again(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct series *series = context;
	FILETIME due = in_ms(20);

	(void)instance;
	Sleep(5);
	if (InterlockedIncrement(&series->rounds) == ROUNDS)
		SetEvent(series->finished);
	else
		SetThreadpoolTimer(timer, &due, 0, 0);
}

static void
run(const char *how, PTP_TIMER_CALLBACK callback, DWORD period)
{
	struct series series = { 0, new_event() };
	PTP_TIMER timer = new_timer(callback, &series);
	FILETIME due = in_ms(20);

	SetThreadpoolTimer(timer, &due, period, 0);
	await(series.finished);
	finish(timer);
	CloseHandle(series.finished);
	must(series.rounds >= ROUNDS, "all rounds");
	printf("%s: %d rounds\n", how, ROUNDS);
}

int
main(void)
{
	run("by a period", by_period, 20);
	run("set again", set_again, 0);
	return 0;
}
