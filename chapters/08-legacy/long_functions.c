/* SPDX-License-Identifier: MIT */
/*
 * long_functions.c - functions that take long: without the flag that says
 * so, with it, and with pauses
 *
 * Four functions of 20 ms each, on two processors.
 */
#include "items.h"

enum { FUNCTIONS = 4 };

static HANDLE all_done;
static LONG left;		/* Interlocked only */

static DWORD WINAPI
take_long(PVOID context)
{
	(void)context;
	compute(20);
	if (InterlockedDecrement(&left) == 0)
		SetEvent(all_done);
	return 0;
}

static void
play(const char *how, ULONG flags, DWORD pause)
{
	left = FUNCTIONS;
	for (int i = 0; i < FUNCTIONS; i++) {
		if (i > 0)
			Sleep(pause);
		queue(take_long, NULL, flags);
	}
	await(all_done);
	printf("%s: %d functions have run\n", how, FUNCTIONS);
}

int
main(void)
{
	setting("TP_PROCESSORS", "2");
	all_done = new_event(FALSE);
	play("without the flag", WT_EXECUTEDEFAULT, 0);
	play("with the flag", WT_EXECUTELONGFUNCTION, 0);
	play("with the flag, and pauses", WT_EXECUTELONGFUNCTION, 10);
	CloseHandle(all_done);
	return 0;
}
