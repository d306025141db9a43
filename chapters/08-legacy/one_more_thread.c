/* SPDX-License-Identifier: MIT */
/*
 * one_more_thread.c - deadlock.c, and somebody who sees it raises the limit
 */
#include "items.h"

enum { LIMIT = 3 };

static HANDLE all_wait, released, all_done;
static LONG waiting, left = LIMIT;	/* Interlocked only */

static DWORD WINAPI
wait_for_the_last(PVOID context)
{
	(void)context;
	if (InterlockedIncrement(&waiting) == LIMIT)
		SetEvent(all_wait);
	await(released);
	if (InterlockedDecrement(&left) == 0)
		SetEvent(all_done);
	return 0;
}

static DWORD WINAPI
release_all(PVOID context)
{
	(void)context;
	SetEvent(released);
	return 0;
}

static DWORD WINAPI
do_nothing(PVOID context)
{
	(void)context;
	return 0;
}

int
main(void)
{
	ULONG flags = WT_EXECUTELONGFUNCTION, raised = WT_EXECUTEDEFAULT;

	all_wait = new_event(TRUE);
	released = new_event(TRUE);
	all_done = new_event(TRUE);
	WT_SET_MAX_THREADPOOL_THREADS(flags, LIMIT);
	for (int i = 0; i < LIMIT; i++)
		queue(wait_for_the_last, NULL, flags);
	queue(release_all, NULL, flags);
	await(all_wait);
	if (ours())
		must(!is_set(released), "the last one cannot begin");
	WT_SET_MAX_THREADPOOL_THREADS(raised, LIMIT + 1);
	queue(do_nothing, NULL, raised);
	await(all_done);
	puts("all three have been released");
	return 0;
}
