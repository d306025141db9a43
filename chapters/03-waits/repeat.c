/* SPDX-License-Identifier: MIT */
/*
 * repeat.c - a wait that sets itself again, at the end of its callback
 *
 * Two letters come one by one, and then two at once, while the callback for
 * the one before them takes its time. It needs 15 ms for each.
 */
#include "must.h"

enum { LETTERS = 4 };

static HANDLE box;		/* semaphore: letters in the box */
static HANDLE all_read;		/* manual-reset event */
static int read_so_far;		/* by one callback at a time */

static VOID CALLBACK
read_letter(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance, (void)context;
	must(result == WAIT_OBJECT_0, "a letter");
	Sleep(15);
	printf("letter %d read\n", ++read_so_far);
	if (read_so_far == LETTERS)
		SetEvent(all_read);
	SetThreadpoolWait(wait, box, NULL);	/* the last line */
}

int
main(void)
{
	PTP_WAIT wait;

	box = new_semaphore();
	all_read = new_event(TRUE);
	wait = new_wait(read_letter, NULL, NULL);
	SetThreadpoolWait(wait, box, NULL);
	Sleep(10);
	ReleaseSemaphore(box, 1, NULL);
	Sleep(20);
	ReleaseSemaphore(box, 1, NULL);
	Sleep(5);
	ReleaseSemaphore(box, 2, NULL);
	await(all_read);
	/* The last callback may still set the wait: see shutdown.c. */
	WaitForThreadpoolWaitCallbacks(wait, FALSE);
	end(wait);
	CloseHandle(box);
	CloseHandle(all_read);
	puts("main: no letter left, none lost");
	return 0;
}
