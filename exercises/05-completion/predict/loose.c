/* loose.c - a pool that keeps every promise, and no order */
/* SPDX-License-Identifier: MIT */
/*
 * What Microsoft promises of the end of a callback is that certain things
 * are done after it. Here each is done by a thread of its own, except that
 * the section is left by the thread that has entered it: so they come in
 * every order that there is. A program that holds here, in every schedule,
 * relies on promises alone. key.c runs the program of this question with
 * this pool as well.
 *
 * It has as much of a pool as that program needs: one work object, one
 * callback.
 */
#include "loose.h"

#include <stdlib.h>

static struct {
	PTP_WORK_CALLBACK function;
	PTP_SIMPLE_CALLBACK finalization;
	PVOID context;
	HANDLE event;			/* what it asks for */
	PCRITICAL_SECTION section;
	HANDLE over;			/* nobody need wait any longer */
} the;

static DWORD WINAPI
finalize_alone(PVOID instance)
{
	the.finalization(instance, the.context);
	return 0;
}

static DWORD WINAPI
set_event_alone(PVOID instance)
{
	(void)instance;
	SetEvent(the.event);
	return 0;
}

static DWORD WINAPI
end_waits_alone(PVOID instance)
{
	(void)instance;
	SetEvent(the.over);
	return 0;
}

static DWORD WINAPI
run(PVOID work)
{
	static const LPTHREAD_START_ROUTINE parts[] = {
		end_waits_alone, set_event_alone, finalize_alone
	};

	the.function(work, the.context, work);
	for (int i = 0; i < 3; i++)
		if (CreateThread(NULL, 0, parts[i], work, 0, NULL) == NULL)
			abort();
	LeaveCriticalSection(the.section);
	return 0;
}

/* The address of what there is serves as work object and as instance. */
PTP_WORK
loose_create(PTP_WORK_CALLBACK function, PVOID context,
	PTP_CALLBACK_ENVIRON environment)
{
	the.function = function;
	the.context = context;
	the.finalization = environment->FinalizationCallback;
	the.over = CreateEvent(NULL, TRUE, FALSE, NULL);
	return (PTP_WORK)(void *)&the;
}

void
loose_submit(PTP_WORK work)
{
	if (CreateThread(NULL, 0, run, work, 0, NULL) == NULL)
		abort();
}

void
loose_wait(PTP_WORK work)
{
	(void)work;
	WaitForSingleObject(the.over, INFINITE);
}

void
loose_close(PTP_WORK work)
{
	(void)work;
}

void
loose_set_event(PTP_CALLBACK_INSTANCE instance, HANDLE event)
{
	(void)instance;
	the.event = event;
}

void
loose_leave(PTP_CALLBACK_INSTANCE instance, PCRITICAL_SECTION section)
{
	(void)instance;
	the.section = section;
}
