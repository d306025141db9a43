/* program.c - a callback asks for two actions, and others look on */
/* SPDX-License-Identifier: MIT */
/*
 * What do they find? A second thread waits for the object, too, in every
 * run. The pool has one thread, and it is there from the start.
 */
#include <stdio.h>
#include <stdlib.h>

#include "threadpool.h"

#include "program.h"

static CRITICAL_SECTION section;
static HANDLE event;		/* manual-reset: to look changes nothing */
static HANDLE entered;		/* the callback is inside the section */
static HANDLE finalized;	/* both callbacks are over */
static volatile LONG last_line, other_wait;	/* 1: executed; over */

static void
must(BOOL ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "%s failed\n", what);
	exit(1);
}

static void
await(HANDLE object)
{
	must(WaitForSingleObject(object, INFINITE) == WAIT_OBJECT_0, "wait");
}

static BOOL
is_set(HANDLE object)
{
	return WaitForSingleObject(object, 0) == WAIT_OBJECT_0;
}

static BOOL
is_over(volatile LONG *moment)
{
	return InterlockedCompareExchange(moment, 0, 0) != 0;
}

static BOOL
is_free(void)
{
	if (!TryEnterCriticalSection(&section))
		return FALSE;
	LeaveCriticalSection(&section);
	return TRUE;
}

static VOID CALLBACK
callback(PTP_CALLBACK_INSTANCE instance, PVOID unused, PTP_WORK work)
{
	(void)unused;
	(void)work;
	EnterCriticalSection(&section);
	SetEventWhenCallbackReturns(instance, event);
	LeaveCriticalSectionWhenCallbackReturns(instance, &section);
	SetEvent(entered);
	finds(L, !is_over(&other_wait));
	InterlockedExchange(&last_line, 1);	/* the last line */
}

static VOID CALLBACK
finalize(PTP_CALLBACK_INSTANCE instance, PVOID unused)
{
	(void)instance;
	(void)unused;
	finds(B, !is_set(event));
	SetEvent(finalized);
}

static DWORD WINAPI
wait_too(PVOID work)
{
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	InterlockedExchange(&other_wait, 1);
	return 0;
}

static void
look_when_event_is_set(void)
{
	BOOL over;

	await(event);
	finds(A, is_over(&last_line));
	finds(D, is_free());
	over = is_over(&other_wait);
	finds(J, over);
	finds(K, !over);
}

static void
look_when_section_is_entered(void)
{
	BOOL set;

	await(entered);
	EnterCriticalSection(&section);
	finds(C, is_over(&last_line));
	set = is_set(event);
	LeaveCriticalSection(&section);
	finds(E, set);
	finds(F, !set);
}

static void
look_when_wait_is_over(PTP_WORK work)
{
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	finds(G, is_over(&last_line));
	finds(H, is_set(event));
	finds(I, is_free());
}

static void
play(enum sign sign, PTP_CALLBACK_ENVIRON environment)
{
	PTP_WORK work = CreateThreadpoolWork(callback, NULL, environment);
	HANDLE other;

	must(work != NULL, "CreateThreadpoolWork");
	SubmitThreadpoolWork(work);
	other = CreateThread(NULL, 0, wait_too, work, 0, NULL);
	must(other != NULL, "CreateThread");
	if (sign == EVENT)
		look_when_event_is_set();
	if (sign == SECTION)
		look_when_section_is_entered();
	if (sign == WAIT)
		look_when_wait_is_over(work);
	await(other);
	CloseHandle(other);
	CloseThreadpoolWork(work);
}

/* All is used until the last of it is done: here no order is relied on. */
static void
play_with_pool(enum sign sign)
{
	TP_CALLBACK_ENVIRON environment;
	PTP_POOL pool = CreateThreadpool(NULL);

	must(pool != NULL, "CreateThreadpool");
	SetThreadpoolThreadMaximum(pool, 1);
	must(SetThreadpoolThreadMinimum(pool, 1),
		"SetThreadpoolThreadMinimum");
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	TpSetCallbackFinalizationCallback(&environment, finalize);
	play(sign, &environment);
	EnterCriticalSection(&section);
	LeaveCriticalSection(&section);
	await(event);
	await(finalized);
	DestroyThreadpoolEnvironment(&environment);
	CloseThreadpool(pool);
}

void
program(enum sign sign)
{
	last_line = other_wait = 0;
	InitializeCriticalSection(&section);
	event = CreateEvent(NULL, TRUE, FALSE, NULL);
	entered = CreateEvent(NULL, TRUE, FALSE, NULL);
	finalized = CreateEvent(NULL, TRUE, FALSE, NULL);
	must(event != NULL && entered != NULL && finalized != NULL,
		"CreateEvent");
	play_with_pool(sign);
	CloseHandle(entered);
	CloseHandle(finalized);
	CloseHandle(event);
	DeleteCriticalSection(&section);
}
