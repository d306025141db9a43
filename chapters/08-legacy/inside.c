/* SPDX-License-Identifier: MIT */
/*
 * inside.c - a callback that waits for its own end
 *
 * explore: must=misuse brief
 */
#include "must.h"

static HANDLE wait;

static VOID CALLBACK
answer_once(PVOID context, BOOLEAN timed_out)
{
	(void)context, (void)timed_out;
	UnregisterWaitEx(wait, INVALID_HANDLE_VALUE);
}

int
main(void)
{
	HANDLE bell = new_event(FALSE);

	must(RegisterWaitForSingleObject(&wait, bell, answer_once, NULL,
		INFINITE, WT_EXECUTEONLYONCE), "register");
	SetEvent(bell);
	Sleep(20);
	return 0;
}
