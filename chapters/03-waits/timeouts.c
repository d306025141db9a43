/* SPDX-License-Identifier: MIT */
/*
 * timeouts.c - one event, and four waits that have more or less patience
 *
 * Nobody sets the event before 40 ms. The pool has one thread.
 */
#include "must.h"

static HANDLE told;		/* semaphore: callbacks that have printed */

static LONG64
wall_clock(void)
{
	ULARGE_INTEGER now;
	FILETIME time;

	GetSystemTimeAsFileTime(&time);
	now.LowPart = time.dwLowDateTime;
	now.HighPart = time.dwHighDateTime;
	return (LONG64)now.QuadPart;
}

static VOID CALLBACK
tell(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	const char *name = context;

	(void)instance, (void)wait;
	printf("%s: %s\n", name, result == WAIT_OBJECT_0 ? "WAIT_OBJECT_0" :
		result == WAIT_TIMEOUT ? "WAIT_TIMEOUT" : "something else");
	ReleaseSemaphore(told, 1, NULL);
}

int
main(void)
{
	static char names[][16] = { "zero", "20 ms", "at a time", "NULL" };
	TP_CALLBACK_ENVIRON environment;
	PTP_POOL pool = one_thread(&environment);
	HANDLE event = new_event(TRUE);
	FILETIME times[3];
	PTP_WAIT waits[4];

	told = new_semaphore();
	for (int i = 0; i < 4; i++)
		waits[i] = new_wait(tell, names[i], &environment);
	times[0] = file_time(0);
	times[1] = from_now(20);
	times[2] = file_time((ULONGLONG)wall_clock() + 300000);	/* 30 ms */
	for (int i = 0; i < 4; i++)
		SetThreadpoolWait(waits[i], event, i < 3 ? &times[i] : NULL);
	Sleep(40);
	for (int i = 0; i < 3; i++)
		await(told);
	SetEvent(event);
	await(told);
	for (int i = 0; i < 4; i++)
		end(waits[i]);
	CloseHandle(event);
	CloseHandle(told);
	CloseThreadpool(pool);
	return 0;
}
