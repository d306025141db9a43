/* SPDX-License-Identifier: MIT */
/*
 * freed_early.c - unregisters a wait, and frees what its callback uses
 *
 * explore: must=misuse brief
 */
#include "must.h"

struct door {
	HANDLE bell;
	int rings;
};

static VOID CALLBACK
answer(PVOID context, BOOLEAN timed_out)
{
	struct door *door = context;

	(void)timed_out;
	door->rings++;
}

int
main(void)
{
	struct door *door = calloc(1, sizeof(*door));
	HANDLE wait;

	must(door != NULL, "calloc");
	door->bell = new_event(FALSE);
	must(RegisterWaitForSingleObject(&wait, door->bell, answer, door,
		INFINITE, WT_EXECUTEDEFAULT), "register");
	SetEvent(door->bell);
	UnregisterWait(wait);
	CloseHandle(door->bell);
	free(door);
	Sleep(20);
	return 0;
}
