/* SPDX-License-Identifier: MIT */
/*
 * by_hand.c - two jobs at their times, on one waitable timer and a thread
 *
 * A heartbeat is due every 20 ms, a report after 50 ms, and that takes 30.
 */
#include "must.h"

enum { BEATS = 5, NEVER = 1000000 };	/* NEVER: ms, long enough */

struct job {
	void (*run)(struct job *job);
	LONGLONG due;		/* ms after the start */
	LONGLONG period;	/* ms; 0: once */
};

static HANDLE alarm_clock;	/* a waitable timer */
static HANDLE stop;		/* the thread ends */
static ULONGLONG start;		/* ms */
static int beats;		/* the thread's */

static LONGLONG
now(void)
{
	return (LONGLONG)(GetTickCount64() - start);
}

static void
beat(struct job *job)
{
	if (++beats == 3)
		must(now() - job->due >= 10, "the third comes late");
	printf("beat %d%s\n", beats, beats == 3 ? ", late" : "");
	if (beats == BEATS)
		SetEvent(stop);
}

static void
report(struct job *job)
{
	(void)job;
	puts("report begins");
	Sleep(30);
	puts("report ends");
}

static struct job jobs[2] = { { beat, 20, 20 }, { report, 50, 0 } };

static struct job *
earliest(void)
{
	return jobs[0].due <= jobs[1].due ? &jobs[0] : &jobs[1];
}

static DWORD WINAPI
keep_time(PVOID unused)
{
	HANDLE handles[2] = { stop, alarm_clock };

	(void)unused;
	for (;;) {
		struct job *next = earliest();
		LONGLONG rest = next->due - now();
		LARGE_INTEGER due;

		due.QuadPart = rest > 0 ? -rest * 10000 : 0;
		must(SetWaitableTimer(alarm_clock, &due, 0, NULL, NULL,
			FALSE), "SetWaitableTimer");
		if (WaitForMultipleObjects(2, handles, FALSE, INFINITE) ==
		    WAIT_OBJECT_0)
			return 0;
		next->run(next);
		next->due += next->period > 0 ? next->period : NEVER;
	}
}

int
main(void)
{
	HANDLE thread;

	stop = new_event();
	alarm_clock = CreateWaitableTimer(NULL, FALSE, NULL);
	must(alarm_clock != NULL, "CreateWaitableTimer");
	start = GetTickCount64();
	thread = CreateThread(NULL, 0, keep_time, NULL, 0, NULL);
	must(thread != NULL, "CreateThread");
	await(thread);
	CloseHandle(thread);
	CloseHandle(alarm_clock);
	must(beats == BEATS, "five beats");
	return 0;
}
