/* program.c - eight timers, set in eight ways; when does each fire? */
/* SPDX-License-Identifier: MIT */
/*
 * All of them are set at time 0, or so soon after it that no clock tells the
 * difference; two are set once more, 20 ms later.
 */
#include <stdio.h>
#include <stdlib.h>

#include "threadpool.h"

#include "program.h"

static PTP_TIMER timers[TIMER_COUNT];

static void
must(BOOL ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "%s failed\n", what);
	exit(1);
}

static VOID CALLBACK
callback(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	enum letter letter = (enum letter)((PTP_TIMER *)context - timers);

	(void)instance;
	(void)timer;
	fired(letter);
	if (letter == F)
		Sleep(20);			/* its callback takes 20 ms */
}

static FILETIME
file_time(long long time)
{
	return (FILETIME){ .dwLowDateTime = (DWORD)(time & 0xFFFFFFFF),
		.dwHighDateTime = (DWORD)((unsigned long long)time >> 32) };
}

static void
set(enum letter letter, long long due, DWORD period, DWORD window)
{
	FILETIME time = file_time(due);

	SetThreadpoolTimer(timers[letter], &time, period, window);
}

static long long
now(void)
{
	FILETIME time;

	GetSystemTimeAsFileTime(&time);
	return (long long)((unsigned long long)time.dwHighDateTime << 32 |
		time.dwLowDateTime);
}

/* What the question is about. */
static void
set_all(void)
{
	set(A, -1000000, 0, 0);
	set(B, now() + 700000, 0, 0);
	set(C, 0, 50, 0);
	set(D, -300000, 0, 0);
	set(E, -1, 0, 0);
	set(F, -400000, 50, 0);
	set(G, -600000, 0, 0);
	set(H, -850000, 0, 10);
	Sleep(20);
	SetThreadpoolTimer(timers[D], NULL, 0, 0);
	set(G, -1000000, 0, 0);
}

void
program(void)
{
	PTP_POOL pool = CreateThreadpool(NULL);
	TP_CALLBACK_ENVIRON environment;

	must(pool != NULL, "CreateThreadpool");
	SetThreadpoolThreadMaximum(pool, TIMER_COUNT);
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	for (int i = 0; i < TIMER_COUNT; i++) {
		timers[i] = CreateThreadpoolTimer(callback, &timers[i],
			&environment);
		must(timers[i] != NULL, "CreateThreadpoolTimer");
	}
	begun();
	set_all();
	Sleep(HORIZON - 20 - 1);	/* now it is 199 ms */
	for (int i = 0; i < TIMER_COUNT; i++)
		SetThreadpoolTimer(timers[i], NULL, 0, 0);
	for (int i = 0; i < TIMER_COUNT; i++) {
		WaitForThreadpoolTimerCallbacks(timers[i], TRUE);
		CloseThreadpoolTimer(timers[i]);
	}
	DestroyThreadpoolEnvironment(&environment);
	CloseThreadpool(pool);
}
