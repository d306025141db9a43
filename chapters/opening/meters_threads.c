/* SPDX-License-Identifier: MIT */
/*
 * meters_threads.c - a hundred meters, read by custom waiter threads
 *
 * One call waits for at most 64 handles, and one of them is needed to quit:
 * a hundred meters take two waiters. Each reads its meters itself.
 */
#include "must.h"

enum { METERS = 100, WAITERS = 2, EACH = METERS / WAITERS };

struct waiter {
	HANDLE handles[EACH + 1];	/* its meters, and quit */
	DWORD thread;			/* which waits */
};

static struct waiter waiters[WAITERS];
static DWORD reader[METERS];	/* the thread that read it */
static LONG left = METERS;	/* not yet read; Interlocked only */
static HANDLE all_read;

static void
read_meter(int meter)
{
	reader[meter] = GetCurrentThreadId();
	if (InterlockedDecrement(&left) == 0)
		SetEvent(all_read);
}

static DWORD WINAPI
wait_for_meters(PVOID context)
{
	struct waiter *self = context;
	DWORD i;

	self->thread = GetCurrentThreadId();
	while ((i = WaitForMultipleObjects(EACH + 1, self->handles, FALSE,
	    INFINITE) - WAIT_OBJECT_0) < EACH)
		read_meter((int)(self - waiters) * EACH + (int)i);
	return 0;
}

int
main(void)
{
	HANDLE threads[WAITERS], quit = new_event(TRUE);
	int by_waiters = 0;

	all_read = new_event(TRUE);
	for (int m = 0; m < METERS; m++)
		waiters[m / EACH].handles[m % EACH] = new_event(FALSE);
	for (int w = 0; w < WAITERS; w++) {
		waiters[w].handles[EACH] = quit;
		threads[w] = CreateThread(NULL, 0, wait_for_meters,
		    &waiters[w], 0, NULL);
		must(threads[w] != NULL, "CreateThread");
	}
	for (int m = 0; m < METERS; m++)
		SetEvent(waiters[m / EACH].handles[m % EACH]);
	await(all_read);
	SetEvent(quit);
	must(WaitForMultipleObjects(WAITERS, threads, TRUE, INFINITE)
	    == WAIT_OBJECT_0, "WaitForMultipleObjects");
	for (int m = 0; m < METERS; m++)
		by_waiters += reader[m] == waiters[m / EACH].thread;
	printf("%d meters read\n", METERS);
	printf("read by a thread that was to wait: %d\n", by_waiters);
	return 0;
}
