/* SPDX-License-Identifier: MIT */
/*
 * exit_code.c - a callback when a thread ends, and what it ended with
 */
#include "must.h"

static HANDLE told;		/* auto-reset event */

static DWORD WINAPI
measure(PVOID context)
{
	(void)context;
	return 42;
}

static VOID CALLBACK
thread_ended(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	HANDLE *thread = context;
	DWORD code;

	(void)instance, (void)wait;
	must(result == WAIT_OBJECT_0, "the thread's end");
	must(GetExitCodeThread(*thread, &code), "GetExitCodeThread");
	printf("callback: the thread has ended with %lu\n",
		(unsigned long)code);
	SetEvent(told);
}

int
main(void)
{
	HANDLE thread = CreateThread(NULL, 0, measure, NULL, 0, NULL);
	PTP_WAIT wait = new_wait(thread_ended, &thread, NULL);

	must(thread != NULL, "CreateThread");
	told = new_event(FALSE);
	SetThreadpoolWait(wait, thread, NULL);
	await(told);
	must(WaitForSingleObject(thread, 0) == WAIT_OBJECT_0,
		"it stays signalled");
	end(wait);
	CloseHandle(thread);
	CloseHandle(told);
	puts("main: and it is still signalled");
	return 0;
}
