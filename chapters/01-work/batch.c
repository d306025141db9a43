/* SPDX-License-Identifier: MIT */
/*
 * batch.c - one hundred items, and the last one to finish reports
 *
 * Nobody waits for the items in order to add up their results: the one that
 * brings the count of unfinished items to 0 does it, whichever it is.
 */
#include <stdio.h>
#include <stdlib.h>

#include "threadpool.h"

enum { ITEMS = 100 };

struct batch {
	LONG next;		/* item to be taken; Interlocked only */
	LONG left;		/* items not finished; Interlocked only */
	LONG reports;		/* written by the reporting callback */
	LONG square[ITEMS];	/* each written by the callback of its item */
};

/* Ends the program unless ok. what: the call or promise that failed. */
static void
must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "failed: %s\n", what);
	exit(1);
}

/* Called by the last callback alone: every square has been written. */
static void
report(struct batch *batch)
{
	LONG sum = 0;

	for (int i = 0; i < ITEMS; i++)
		sum += batch->square[i];
	batch->reports++;
	printf("the last of %d items reports: the sum is %ld\n", ITEMS,
		(long)sum);
	must(sum == 338350, "the sum of the squares from 1 to 100");
}

static VOID CALLBACK
do_item(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct batch *batch = context;
	LONG item = InterlockedIncrement(&batch->next);

	(void)instance;
	(void)work;
	batch->square[item - 1] = item * item;
	if (InterlockedDecrement(&batch->left) == 0)
		report(batch);
}

int
main(void)
{
	static struct batch batch = { .left = ITEMS };
	PTP_WORK work = CreateThreadpoolWork(do_item, &batch, NULL);

	must(work != NULL, "CreateThreadpoolWork");
	for (int i = 0; i < ITEMS; i++)
		SubmitThreadpoolWork(work);
	puts("main: everything submitted");
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
	must(batch.next == ITEMS, "one callback for each submit");
	must(batch.reports == 1, "one report");
	puts("main: the batch is finished");
	return 0;
}
