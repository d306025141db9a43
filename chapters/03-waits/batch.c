/* SPDX-License-Identifier: MIT */
/*
 * batch.c - a hundred items of work, and a wait that reports their end
 *
 * The last item to finish sets an event, and knows nothing of what comes
 * then. A wait object watches the event.
 */
#include "must.h"

enum { ITEMS = 100 };

static LONG next, left = ITEMS;		/* Interlocked only */
static LONG squares[ITEMS];		/* each written by one callback */
static HANDLE done, reported;		/* auto-reset events */

static VOID CALLBACK
do_item(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	LONG item = InterlockedIncrement(&next);

	(void)instance, (void)context, (void)work;
	squares[item - 1] = item * item;
	if (InterlockedDecrement(&left) == 0)
		SetEvent(done);
}

static VOID CALLBACK
report(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	LONG sum = 0;

	(void)instance, (void)context, (void)wait;
	must(result == WAIT_OBJECT_0, "no time-out was given");
	for (int i = 0; i < ITEMS; i++)
		sum += squares[i];
	printf("report: %d items are done, the sum is %ld\n", ITEMS,
		(long)sum);
	SetEvent(reported);
}

int
main(void)
{
	PTP_WORK work = CreateThreadpoolWork(do_item, NULL, NULL);
	PTP_WAIT wait = new_wait(report, NULL, NULL);

	must(work != NULL, "CreateThreadpoolWork");
	done = new_event(FALSE);
	reported = new_event(FALSE);
	SetThreadpoolWait(wait, done, NULL);
	for (int i = 0; i < ITEMS; i++)
		SubmitThreadpoolWork(work);
	puts("main: everything submitted");
	await(reported);
	end(wait);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
	CloseHandle(done);
	CloseHandle(reported);
	puts("main: the batch is finished");
	return 0;
}
