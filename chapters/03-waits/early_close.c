/* SPDX-License-Identifier: MIT */
/*
 * early_close.c - the only handle of an event, closed while a wait is set
 */
#include "must.h"

static HANDLE told;		/* auto-reset event */

static VOID CALLBACK
tell(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance, (void)context, (void)wait;
	must(result == WAIT_TIMEOUT, "nobody can set the event any more");
	puts("callback: WAIT_TIMEOUT");
	SetEvent(told);
}

int
main(void)
{
	HANDLE event = new_event(FALSE);
	PTP_WAIT wait = new_wait(tell, NULL, NULL);
	FILETIME timeout = from_now(20);

	told = new_event(FALSE);
	SetThreadpoolWait(wait, event, &timeout);
	CloseHandle(event);
	must(!SetEvent(event), "a closed handle names nothing");
	await(told);
	end(wait);
	CloseHandle(told);
	puts("main: nobody has been harmed");
	return 0;
}
