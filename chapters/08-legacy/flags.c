/* SPDX-License-Identifier: MIT */
/*
 * flags.c - every WT_ flag: what it does, or does no longer
 */
#include "items.h"

static HANDLE both_met, one_more;
static LONG here, calls;		/* Interlocked only */
static DWORD threads[2];		/* that ran two callbacks */

/* ---- Work items ---- */

/* Two items, and each waits for the other: so they run at one time. */
static DWORD WINAPI
meet(PVOID context)
{
	if (InterlockedIncrement(&here) == 2)
		SetEvent(both_met);
	await(both_met);
	ReleaseSemaphore(context, 1, NULL);
	return 0;
}

static void
two_items(const char *name, ULONG flag)
{
	here = 0;
	ResetEvent(both_met);
	queue(meet, one_more, flag);
	queue(meet, one_more, flag);
	await(one_more);
	await(one_more);
	printf("items, %s: two run at one time\n", name);
}

static DWORD WINAPI
note_thread(PVOID thread)
{
	*(DWORD *)thread = GetCurrentThreadId();
	ReleaseSemaphore(one_more, 1, NULL);
	return 0;
}

static void
items(void)
{
	two_items("DEFAULT", WT_EXECUTEDEFAULT);
	two_items("INIOTHREAD", WT_EXECUTEINIOTHREAD);
	two_items("INUITHREAD", WT_EXECUTEINUITHREAD);
	two_items("INWAITTHREAD", WT_EXECUTEINWAITTHREAD);
	two_items("ONLYONCE", WT_EXECUTEONLYONCE);
	two_items("LONGFUNCTION", WT_EXECUTELONGFUNCTION);
	two_items("INTIMERTHREAD", WT_EXECUTEINTIMERTHREAD);
	two_items("TRANSFER_IMPERSONATION", WT_TRANSFER_IMPERSONATION);
	queue(note_thread, &threads[0], WT_EXECUTEINPERSISTENTTHREAD);
	queue(note_thread, &threads[1], WT_EXECUTEINPERSISTENTTHREAD);
	await(one_more);
	await(one_more);
	if (ours())
		must(threads[0] == threads[1], "the timer thread");
	puts("items, INPERSISTENTTHREAD: both have run");
}

/* ---- Registered waits ---- */

/* Resets the event only when it has been called three times. */
static VOID CALLBACK
count(PVOID event, BOOLEAN timed_out)
{
	must(!timed_out, "a signal");
	if (InterlockedIncrement(&calls) == 3)
		ResetEvent(event);
	ReleaseSemaphore(one_more, 1, NULL);
}

static void
waits(const char *name, ULONG flag, int expected)
{
	HANDLE event = new_event(TRUE), wait;

	calls = 0;
	must(RegisterWaitForSingleObject(&wait, event, count, event,
		INFINITE, flag), "RegisterWaitForSingleObject");
	SetEvent(event);
	for (int i = 0; i < expected; i++)
		await(one_more);
	Sleep(20);		/* time for one too many */
	must(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE),
		"UnregisterWaitEx");
	while (is_set(one_more))	/* they may be more than expected */
		continue;
	CloseHandle(event);
	must(expected == 1 ? calls == 1 : calls >= expected, "calls");
	printf("waits, %s: called %s\n", name,
		expected == 1 ? "once" : "again and again");
}

static VOID CALLBACK
note(PVOID thread, BOOLEAN timed_out)
{
	(void)timed_out;
	note_thread(thread);
}

static void
two_waits(void)
{
	ULONG flags = WT_EXECUTEINWAITTHREAD | WT_EXECUTEONLYONCE;
	HANDLE event = new_event(TRUE), wait[2];

	for (int i = 0; i < 2; i++)
		must(RegisterWaitForSingleObject(&wait[i], event, note,
			&threads[i], INFINITE, flags),
			"RegisterWaitForSingleObject");
	SetEvent(event);
	for (int i = 0; i < 2; i++)
		await(one_more);
	for (int i = 0; i < 2; i++)
		must(UnregisterWaitEx(wait[i], INVALID_HANDLE_VALUE),
			"UnregisterWaitEx");
	CloseHandle(event);
	must(threads[0] == threads[1], "the wait thread");
	puts("waits, INWAITTHREAD: two callbacks on one thread");
}

/* ---- Timers ---- */

static void
two_timers(void)
{
	HANDLE queue = CreateTimerQueue(), timer;

	must(queue != NULL, "CreateTimerQueue");
	for (int i = 0; i < 2; i++)
		must(CreateTimerQueueTimer(&timer, queue, note,
			&threads[i], 0, 0, WT_EXECUTEINTIMERTHREAD),
			"CreateTimerQueueTimer");
	for (int i = 0; i < 2; i++)
		await(one_more);
	must(DeleteTimerQueueEx(queue, INVALID_HANDLE_VALUE),
		"DeleteTimerQueueEx");
	if (ours())
		must(threads[0] == threads[1], "the timer thread");
	puts("timers, INTIMERTHREAD: both have run");
}

int
main(void)
{
	ULONG flags = WT_EXECUTELONGFUNCTION;

	both_met = new_event(TRUE);
	one_more = new_semaphore(0);
	items();
	waits("DEFAULT", WT_EXECUTEDEFAULT, 3);
	waits("ONLYONCE", WT_EXECUTEONLYONCE, 1);
	two_waits();
	two_timers();
	WT_SET_MAX_THREADPOOL_THREADS(flags, 1000);
	printf("LONGFUNCTION and a limit of 1000: 0x%08lx\n",
		(unsigned long)flags);
	return 0;
}
