/* SPDX-License-Identifier: MIT */
/*
 * debounce.c - a text is saved when nothing has been typed for a while
 */
#include "must.h"

enum { QUIET = 200 };		/* ms */

static HANDLE saved;
static LONG typed, kept;	/* letters; Interlocked only */

static VOID CALLBACK
save(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance, (void)context, (void)timer;
	InterlockedExchange(&kept, InterlockedAdd(&typed, 0));
	SetEvent(saved);
}

static void
type(PTP_TIMER autosave)
{
	FILETIME due = in_ms(QUIET);

	InterlockedIncrement(&typed);
	SetThreadpoolTimer(autosave, &due, 0, 0);
}

int
main(void)
{
	PTP_TIMER autosave = new_timer(save, NULL);

	saved = new_event();
	for (int word = 0; word < 2; word++) {
		for (int letter = 0; letter < 4; letter++) {
			type(autosave);
			Sleep(10);
		}
		do			/* in a long pause it may come early */
			await(saved);
		while (InterlockedAdd(&kept, 0) != typed);
		printf("saved, with %ld letters\n", (long)typed);
	}
	finish(autosave);
	return 0;
}
