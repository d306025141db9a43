/* SPDX-License-Identifier: MIT */
/*
 * over.c - freed_early.c, and an event says when the callback is over
 *
 * explore: runs=2000
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
	HANDLE wait, over = new_event(TRUE);

	must(door != NULL, "calloc");
	door->bell = new_event(FALSE);
	must(RegisterWaitForSingleObject(&wait, door->bell, answer, door,
		INFINITE, WT_EXECUTEDEFAULT), "register");
	SetEvent(door->bell);
	/* [the end] */
	must(UnregisterWaitEx(wait, over) ||
		GetLastError() == ERROR_IO_PENDING, "unregister");
	await(over);
	/* [end] */
	must(door->rings <= 1, "one ring");
	CloseHandle(door->bell);
	CloseHandle(over);
	free(door);
	puts("the door is gone, and nobody will open it");
	return 0;
}
