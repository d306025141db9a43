/* SPDX-License-Identifier: MIT */
/*
 * many.c - a hundred waits at one time, signalled in reverse order
 */
#include "must.h"

enum { MANY = 100 };

static HANDLE events[MANY], ran;	/* auto-reset; a semaphore */
static int called[MANY];		/* by the pool's one thread */

static VOID CALLBACK
note(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	int *mine = context;

	(void)instance, (void)wait;
	must(result == WAIT_OBJECT_0, "its event");
	++*mine;
	ReleaseSemaphore(ran, 1, NULL);
}

int
main(void)
{
	TP_CALLBACK_ENVIRON environment;
	PTP_POOL pool = one_thread(&environment);
	PTP_WAIT waits[MANY];

	ran = new_semaphore();
	for (int i = 0; i < MANY; i++) {
		events[i] = new_event(FALSE);
		waits[i] = new_wait(note, &called[i], &environment);
		SetThreadpoolWait(waits[i], events[i], NULL);
	}
	must(WaitForMultipleObjects(MANY, events, FALSE, 0) == WAIT_FAILED,
		"64 at most");
	puts("one call that waits for 100 objects: refused");
	for (int i = MANY - 1; i >= 0; i--) {
		SetEvent(events[i]);
		await(ran);
		must(called[i] == 1, "the right one, at once");
	}
	for (int i = 0; i < MANY; i++) {
		end(waits[i]);
		CloseHandle(events[i]);
	}
	CloseThreadpool(pool);
	puts("100 wait objects: each called when its own event was set");
	return 0;
}
