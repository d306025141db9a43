/* SPDX-License-Identifier: MIT */
/*
 * deadlock.c - three items wait for a fourth, and only three may run
 *
 * explore: must=deadlock brief
 */
#include "items.h"

enum { LIMIT = 3 };

static HANDLE released, all_done;
static LONG left = LIMIT;	/* Interlocked only */

static DWORD WINAPI
wait_for_the_last(PVOID context)
{
	(void)context;
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

int
main(void)
{
	ULONG flags = WT_EXECUTELONGFUNCTION;

	released = new_event(TRUE);
	all_done = new_event(TRUE);
	WT_SET_MAX_THREADPOOL_THREADS(flags, LIMIT);
	for (int i = 0; i < LIMIT; i++)
		queue(wait_for_the_last, NULL, flags);
	queue(release_all, NULL, flags);
	await(all_done);
	return 0;
}
